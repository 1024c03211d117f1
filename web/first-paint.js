// What stands in the portal's place until the wasm runs: the shape of the page, and of the overview
// the next delivery, as soon as the first answers are here. The elements and classes are those that
// the portal draws, so that nothing moves when it takes over.

/** @typedef {any[]} Shape an element as `tag.classes`, and the texts and shapes in it */

/** Keeps an empty line as high as one with text. */
const BLANK = "\u00a0";

/** @type {Shape} */
const LINE = ["p.skeleton line", BLANK];

/** @type {Shape} */
const SHORT = ["p.small skeleton short", BLANK];

/** @type {Shape} */
const MARK = [".skeleton mark"];

/** @type {Shape} */
const PRESS = [".skeleton press"];

/** @type {Shape} */
const HEADER = [".page-header", ["h1.skeleton line", BLANK]];

/** @type {Shape} */
const MEDIA = [".media", MARK, [".stack stack-small", LINE, SHORT]];

/** @type {Shape} */
const FACT = [".row row-between", SHORT, LINE];

/** @type {Shape} */
const CARD = [".card", MEDIA];

/**
 * The card that leads the overview. Where the delivery goes, until when it can be changed and what can be done
 * with it stay shapes.
 * @param {Shape[]} when @param {number} pictures @param {Shape} sum
 * @returns {Shape}
 */
const lead = (when, pictures, sum) => [
  ".card lead",
  [".stack stack-tight", ...when],
  [".row lead-pictures", ...Array(pictures).fill(MARK)],
  [".stack stack-tight", sum, LINE, SHORT],
  [".actions actions-wide", PRESS, PRESS],
];

/** What is on the pages that have no cards, by a word of their address. @type {Record<string, Shape>} */
const PAGES = {
  deliveries: [".card card-flush", ...Array(4).fill(MEDIA)],
  history: [".card card-flush", ...Array(6).fill(MEDIA)],
  "/customer": [".card", FACT, FACT, FACT, FACT],
};

/**
 * A page with what is above and below its heading, or what leads it where that is shown alone.
 * @param {string | undefined} part @param {Shape[]} above @param {Shape} header @param {Shape[]} content
 * @returns {Shape}
 */
const page = (part, above, header, ...content) =>
  part
    ? [".part", ...content]
    : [
        ".frame",
        [".rail", [".brand", LINE], [".nav"]],
        [".main", ...above, [".stack stack-large", header, [".stack stack-section", ...content]]],
      ];

/** @param {string} text @returns {Shape} */
const heading = (text) => [".page-header", ["h1.typed", text]];

/**
 * The elements of a shape. Not from text: a page with Trusted Types would refuse it.
 * @param {Shape} shape
 * @returns {HTMLElement}
 */
function draw([name, ...inside]) {
  const dot = name.indexOf(".");
  const element = document.createElement(name.slice(0, dot) || "div");
  element.className = name.slice(dot + 1);
  const [first] = element.classList;
  if (["card", "banner"].includes(first)) element.part.add(first);
  if (first === "banner") element.dataset.tone = "stop";
  if (first === "big") element.setAttribute("elementtiming", "next-delivery");
  element.append(...inside.map((part) => (typeof part === "string" ? part : draw(part))));
  return element;
}

/** The same, silent: what takes its place is read out, and not both. @param {Shape} shape */
function drawn(shape) {
  const element = draw(shape);
  element.setAttribute("aria-hidden", "true");
  return element;
}

/**
 * Draws the shape of a page, or of a part that is shown alone.
 * @param {boolean} isOverview @param {string} address of the page
 * @param {string} [part]
 */
export function skeleton(isOverview, address, part) {
  const when = [SHORT, ["p.skeleton line big", BLANK]];
  const named = Object.keys(PAGES).find((name) => address.includes(name));
  const content = isOverview ? [lead(when, 3, LINE)] : named ? [PAGES[named]] : [CARD, CARD, CARD];
  return drawn(page(part, [], HEADER, ...content));
}

/**
 * What writes texts and values in a language. It does as the portal does, which is in Rust
 * (`src/i18n`, `src/overview/words.rs`).
 * @param {string} locale @param {string} [texts] those of a translation
 */
function writer(locale, texts = "") {
  const [fingerprint, ...lines] = texts.split("\n");
  const isKnown = fingerprint === PERENNIAL_TEXTS.fingerprint;
  /** @param {string} key @returns {string} */
  const find = (key) => {
    const [number, english] = PERENNIAL_TEXTS[key];
    return (isKnown && lines[number]) || english;
  };
  const direction = find("language.direction");
  const within = (mark, text) => (direction === "rtl" ? `${mark}${text}\u2069` : text);
  const isolated = (text) => within("\u2068", text);
  const fill = (text, values) => text.replace(/\{(\d)\}/g, (_, place) => isolated(values[place]));
  const number = (value, options) => new Intl.NumberFormat(locale, options).format(value);
  return {
    direction,
    text: (key, ...values) => fill(find(key), values),
    /** @param {string} key @param {number} count @param {...string} others */
    plural(key, count, ...others) {
      const forms = Object.fromEntries(
        find(key)
          .split("\t")
          .map((form) => form.split(/=(.*)/s)),
      );
      const category = new Intl.PluralRules(locale).select(count);
      return fill(forms[category] ?? forms.other, [number(count), ...others]);
    },
    /** Text of the shop or the customer among our own. @param {string} text */
    short(text) {
      if (/^[\s\p{Cc}\p{Cf}]*$/u.test(text)) return find("item.untitled");
      const letters = [...text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")];
      const shown = letters.slice(0, 120).join("");
      return isolated(letters.length > 120 ? `${shown.trimEnd()}…` : shown);
    },
    /** @param {string[]} items */
    list: (items) => new Intl.ListFormat(locale).format(items),
    money({ amount, currency }) {
      const digits = amount.split(".")[1]?.length ?? 0;
      const options = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits };
      return within("\u2066", number(amount, options).replace(/[\u200e\u200f\u061c]/g, ""));
    },
    /** @param {string} date @param {string} today */
    date(date, today) {
      const year = date.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
      const options = { weekday: "long", day: "numeric", month: "long", year, timeZone: "UTC" };
      return new Intl.DateTimeFormat(locale, /** @type {Intl.DateTimeFormatOptions} */ (options)).format(
        new Date(date),
      );
    },
    /** @param {string} date @param {string} today */
    relative(date, today) {
      const days = (Date.parse(date) - Date.parse(today)) / 86_400_000;
      const far = Math.abs(days);
      const [length, unit] = far < 14 ? [1, "day"] : far < 56 ? [7, "week"] : [30, "month"];
      const ways = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
      return ways.format(Math.trunc(days / length), /** @type {Intl.RelativeTimeFormatUnit} */ (unit));
    },
  };
}

/** The states of a delivery to come that its date alone does not tell. */
const STATES = { processing: "delivery.processing", prepaid: "delivery.prepaid", failed: "delivery.failed" };

/** Why a payment failed. */
const FAILURES = {
  card: "failure.card",
  card_updated: "failure.card_updated",
  stock: "failure.stock",
  given_up: "failure.given_up",
};

/** The next delivery. @returns {Shape} */
function nextDelivery({ key, state, items, totals, estimated, updating }, today, write) {
  const { text } = write;
  const coming = items.filter(({ skipped }) => !skipped);
  const titles = coming.map(({ title }) => write.short(title));
  const names =
    titles.length > 3
      ? write.plural("items.and_more", titles.length - 2, titles.slice(0, 2).join(text("list.comma")))
      : write.list(titles);
  const total = totals ? write.money(totals.total) : "";
  const amount = updating ? text("delivery.updating") : estimated && total ? text("delivery.about", total) : total;
  const date = [
    ["h2.big", write.date(key.date, today)],
    ["span.muted", write.relative(key.date, today)],
    ...(STATES[state] ? [["span.pill", text(STATES[state])]] : []),
  ];
  return lead(
    [
      ["p.small muted", text("overview.next")],
      [".row lead-date", ...date],
    ],
    Math.min(coming.length, 4),
    ["p.lead-sum", ["span.typed", names], ["strong.strong", ["span.money", amount]]],
  );
}

/** A payment that failed. @returns {Shape} */
function failedPayment({ key, failure }, today, { text, money, date }) {
  const day = date(key.date, today);
  const title = failure.amount
    ? text("warning.failed", money(failure.amount), day)
    : text("warning.failed_unknown", day);
  const why = [text(FAILURES[failure.reason] ?? "failure.payment")];
  if (failure.retry_on) why.push(text("failure.retry", date(failure.retry_on, today)));
  return [
    ".failed-payment",
    [".banner", [".icon"], [".banner-text", ["p.banner-title", title], ["p.", why.join(" ")]], [".actions", PRESS]],
  ];
}

/** Why there is nothing to show, and what to do. @param {string} problem its type @returns {Shape} */
function trouble(problem, part, { text }) {
  if (problem === "session_ended") {
    return page(part, [], heading(text("ended.title")), [
      ".card",
      [".empty", [".drawing"], ["p.", text("ended.text")]],
    ]);
  }
  const isBusy = ["too_many_requests", "unavailable", "upstream"].includes(problem);
  const why = isBusy
    ? [text("trouble.busy_title"), text("trouble.busy_text")]
    : [text("trouble.internal_title"), text("trouble.internal_text")];
  return page(part, [], heading(text("overview.title")), [".empty", [".drawing"], ["p.", why.join(" ")]]);
}

/** The overview as it is. @returns {Shape} */
function overview(session, { next, warnings, active_count, cancelled_count }, part, write) {
  const { text } = write;
  const name = session.first_name;
  const title = name ? text("overview.hello", write.short(name)) : text("overview.title");
  const failed = warnings.map((warning) => warning.payment_failed).find(Boolean);
  const above = failed ? [failedPayment(failed, session.today, write)] : [];
  const { headline } = session.merchant;
  const header = headline ? [".stack stack-large", heading(title), ["p.page-lead typed", headline]] : heading(title);
  if (next) return page(part, above, header, nextDelivery(next, session.today, write));
  const why = active_count
    ? text("overview.empty_active")
    : cancelled_count
      ? text("overview.empty_cancelled")
      : text("overview.empty_new");
  return page(part, above, header, [".card", [".empty", [".drawing"], ["p.", why], PRESS]]);
}

/**
 * Writes what the first answers say in place of the `shape`, unless the portal has taken that place
 * or is about to show something else.
 * @param {Element} shape
 * @param {Record<string, Promise<Response>>} first
 * @param {string | undefined} part
 * @param {Promise<{ language: string, locale: string, texts?: string }>} speaking
 */
export async function write(shape, first, part, speaking) {
  const answers = await Promise.all([first["/session"], first["/overview"]]);
  const { language, locale, texts } = await speaking;
  const [session, view] = await Promise.all(answers.map(async (answer) => answer && JSON.parse(await answer.text())));
  const refused = answers.find((answer) => answer && !answer.ok);
  // A busy server is asked once more, and a page that was left is gone back to.
  if (refused?.headers.has("retry-after") || sessionStorage.getItem("perennial.path")) return;
  if (!refused && (!view || session.flow)) return;
  const write = writer(locale, texts);
  const problem = JSON.parse((await refused?.text()) ?? "{}").type;
  const element = drawn(problem ? trouble(problem, part, write) : overview(session, view, part, write));
  Object.assign(element, { lang: language, dir: write.direction });
  shape.replaceWith(element);
}
