// Opens the portal in a shadow root: on a page of our own and inside a merchant's. Until
// the wasm runs, a first paint stands in its place.
import { skeleton, write } from "./first-paint.js";

/**
 * A whole address on the portal's server, which is where this script comes from, whatever the page
 * around the portal is and its `<base>` says.
 * @param {string} path
 */
const own = (path) => new URL(path, import.meta.url).href;

/** After so many milliseconds the customer is offered the way back. */
const PATIENCE = 8000;

/** Where what the page has for `name` shows, or else what is `inside`. @param {string} name @param {Node[]} inside */
function slot(name, ...inside) {
  const element = Object.assign(document.createElement("slot"), { name });
  element.append(...inside);
  return element;
}

/**
 * The same answer once its text is here: whoever asks for that again, and again, need not wait, so
 * that the portal is on the screen with all that it shows.
 * @param {Response} answer
 */
async function read(answer) {
  const text = await answer.text();
  return Object.assign(answer, { text: async () => text });
}

/**
 * Asks the API for what the portal shows first, by path below the API's base. The portal
 * takes these answers over instead of asking again.
 * @param {string} base where the portal is served
 * @param {string[]} paths below its API
 * @param {typeof fetch} [send]
 * @returns {Record<string, Promise<Response>>}
 */
export function firstAnswers(base, paths, send = fetch) {
  return Object.fromEntries(
    paths.map((path) => {
      const asked = send(own(`${base}/api${path}`), { headers: { accept: "application/json" } });
      const answer = asked.then(read);
      // Whoever takes the promise over sees the failure; until then nobody listens.
      answer.catch(() => {});
      return [path, answer];
    }),
  );
}

/** @param {CSSStyleSheet} sheet @param {string} url */
async function fill(sheet, url) {
  const answer = await fetch(own(url));
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return sheet.replace(await answer.text());
}

/**
 * The style of the first page, a sheet for that of all others, and one for the merchant's theme.
 * @param {string} css
 */
const styleSheets = async (css) => [await fill(new CSSStyleSheet(), css), new CSSStyleSheet(), new CSSStyleSheet()];

/** The roots of portals, whose page may change between light and dark. */
const followers = new Set();

/** Lets each portal follow the page around it, where that says whether it is light or dark. */
function follow() {
  const meta = document.querySelector('meta[name="color-scheme"]');
  for (const root of followers) {
    if (!root.isConnected) followers.delete(root);
    else
      root.toggleAttribute("data-follow", meta || getComputedStyle(root.getRootNode().host).colorScheme !== "normal");
  }
}

let observer;

/** @param {HTMLElement} root */
function followPage(root) {
  followers.add(root);
  follow();
  if (observer) return;
  observer = new MutationObserver(follow);
  for (const place of [document.documentElement, document.body]) observer.observe(place, { attributes: true });
}

/** @param {string} glue @param {string} wasm */
async function code(glue, wasm) {
  const module = fetch(own(wasm));
  // Where the glue does not come, nobody awaits it.
  module.catch(() => {});
  const { default: init, mount } = await import(own(glue));
  await init({ module_or_path: module });
  return mount;
}

/** The card fields of the processors, each fetched when a customer adds a card. */
const TOKENISERS = { stripe: "/portal/stripe.js", sandbox: "/portal/sandbox.js" };

/** @param {string} kind @returns {Promise<{ mount: typeof import("./tokenisers/tokeniser.js").mount }>} */
const tokeniser = (kind) => import(own(TOKENISERS[kind]));

/** What is typed into a field. */
const FIELDS = "input, textarea, select";

/**
 * Keeps what is typed into a field, and the keys of an open dialog, from the shortcuts of the page
 * around the portal.
 * @this {ShadowRoot}
 * @param {Event} event
 */
function keep(event) {
  const target = /** @type {Element} */ (event.target);
  if (target.matches?.(FIELDS) || this.querySelector("dialog[open]")) event.stopPropagation();
}

/**
 * Where the files of this release are gone, since another one is served now, loads a page of our
 * own again: once, lest a stale copy of the page do it for ever. Anywhere else the banner in `root`
 * asks the customer to.
 * @param {string} glue
 * @param {HTMLElement} root
 */
async function renew(glue, root) {
  const { status } = await fetch(own(glue), { method: "HEAD", cache: "no-store" });
  if (status !== 404) return;
  const key = "perennial.renewed";
  if (root.dataset.page === undefined || sessionStorage.getItem(key) === glue) {
    root.querySelector("[data-crash]")?.removeAttribute("hidden");
  } else {
    sessionStorage.setItem(key, glue);
    location.reload();
  }
}

/** Whether the browser, and the policy of the page, let WebAssembly run. */
function canRun() {
  try {
    return Boolean(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return false;
  }
}

/**
 * A tag in any form, such as `de-CH`, `en_GB` or `en-US@posix`; American English where it is none.
 * @param {string} tag
 */
function parse(tag) {
  try {
    return new Intl.Locale(tag.replace(/[@.].*/, "").replaceAll("_", "-"));
  } catch {
    return new Intl.Locale("en-US");
  }
}

/**
 * How dates, numbers and money are written: in the language of the words, or a page would mix two,
 * and in the ways of the reader's region. Dates are those of the calendar on the page, and digits
 * those of card numbers.
 * @param {string} tag what the reader asks for
 * @param {string} [language] that of the words
 */
export function formatLocale(tag, language = "en") {
  const asked = parse(tag);
  if (parse(language).language === asked.language && asked.language !== "en") {
    const ways = { calendar: "gregory", numberingSystem: "latn" };
    return new Intl.Locale(asked.baseName, ways).toString();
  }
  if (parse(language).language !== "en") return language;
  const { region } = asked.maximize();
  const locale = region ? `en-${region}` : "en-US";
  // A region that the browser does not know would be written as in America.
  const isKnown = new Intl.DateTimeFormat(locale).resolvedOptions().locale !== "en";
  return isKnown ? locale : "en-GB";
}

/**
 * The words in the first of the languages that there is, or in English, which the program holds.
 * @param {string} base where the portal is served
 * @param {string} mode
 * @param {readonly string[]} tags
 * @returns {Promise<{ language: string, texts?: string }>}
 */
async function words(base, mode, tags) {
  const english = { language: "en" };
  const { language, region, baseName } = parse(tags[0]);
  // The middleware finds the nearest language; files alone are called by it.
  const alone = region === "XA" ? baseName : language;
  const name = mode === "http" ? tags.map((tag) => parse(tag).baseName).join() : alone;
  if (mode !== "http" && name === "en") return english;
  try {
    const answer = await fetch(own(`${base}/texts/${name}.txt`));
    const spoken = answer.headers.get("content-language");
    if (answer.status !== 200) return { language: (answer.ok && spoken) || "en" };
    return { language: spoken ?? name, texts: await answer.text() };
  } catch {
    return english;
  }
}

/**
 * The words with the locale for what is written between them.
 * @param {ReturnType<typeof words>} reading
 * @param {readonly string[]} tags
 */
async function speak(reading, tags) {
  const { language, texts } = await reading;
  const { language: spoken, region } = parse(language);
  // A language with a region is what the shop asked for with the session.
  const asked = region ? language : tags.find((tag) => parse(tag).language === spoken);
  return { language, texts, locale: formatLocale(asked ?? tags[0], language) };
}

/** @typedef {{ glue: string, wasm: string, css: string, lazyCss: string }} Files the addresses of what a portal is made of */

/** What is made of the files, once for the document however often a portal is opened in it. */
let parts;

/** @param {Files} files */
function load({ glue, wasm, css }) {
  parts ??= { mount: code(glue, wasm), styles: styleSheets(css) };
  for (const part of Object.values(parts)) {
    // The next one tries again.
    part.catch(() => (parts = undefined));
  }
  return parts;
}

/** The style of all pages but the first, on its way or here, once for the document. */
let lazyStyle;

/** @param {Promise<CSSStyleSheet[]>} styles @param {string} url */
function loadLazyStyle(styles, url) {
  lazyStyle ??= styles.then(([, sheet]) => fill(sheet, url));
  lazyStyle.catch(() => (lazyStyle = undefined));
  return lazyStyle;
}

/**
 * Opens the portal on `host`. Where it cannot be opened, or not soon, what the page has in the
 * slot `fallback` shows. Answers with the portal's handle; with nothing where it failed or the
 * host has left the page, or was opened anew, meanwhile.
 * @param {HTMLElement} host
 * @param {Files} files
 * @param {object} config as `mount` takes it
 * @returns {Promise<{ unmount(): void, free(): void } | undefined>}
 */
export async function open(host, files, config) {
  const { mount, styles } = load(files);
  const tags = config.locale ? [config.locale] : navigator.languages;
  const speaking = speak(config.words ?? words(config.base, config.mode, tags), tags);
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const root = document.createElement("div");
  root.className = "portal";
  if (!config.routing) root.dataset.page = "";
  shadow.replaceChildren(root);
  for (const type of ["keydown", "keypress", "keyup"]) shadow.addEventListener(type, keep);
  const missing = () => renew(files.glue, root).catch(console.error);
  let failed = false;
  /** @param {string} reason */
  const giveUp = (reason) => {
    // It may have been closed, or opened anew, meanwhile.
    if (failed || !root.isConnected) return;
    failed = true;
    host.dataset.failed = "";
    const runs = canRun();
    const detail = { version: 1, reason: runs ? reason : "unsupported" };
    root.replaceChildren();
    const event = new CustomEvent("perennial:boot:error", { bubbles: true, composed: true, cancelable: true, detail });
    if (!host.dispatchEvent(event)) return;
    const name = runs ? "fallback" : "unsupported";
    root.replaceChildren(slot(name, slot("fallback")));
    host.querySelector(`[slot="${name}"]`)?.removeAttribute("hidden");
  };
  const patience = setTimeout(giveUp, PATIENCE, "timeout");
  try {
    const sheets = await styles;
    shadow.adoptedStyleSheets = sheets;
    followPage(root);
    const adoptTheme = (theme) => sheets[2].replaceSync(`:host{${theme}}`);
    config.first?.["/session"]
      ?.then((answer) => answer.text())
      .then((text) => adoptTheme(JSON.parse(text).merchant.theme ?? ""))
      .catch(() => {});
    const address = [config.page ?? "", location.pathname, location.hash].join("/");
    const shape = skeleton("/overview" in (config.first ?? {}), address, config.view);
    root.replaceChildren(shape);
    // Without it the shape stays.
    write(shape, { ...config.first }, config.view, speaking).catch(console.debug);
    const start = await mount;
    delete host.dataset.failed;
    const lazy = (kind) => {
      const module = tokeniser(kind);
      module.catch(missing);
      return module;
    };
    const style = () => loadLazyStyle(styles, files.lazyCss);
    const spoken = await speaking;
    if (!root.isConnected) return undefined;
    const settings = { fetch, ...config, server: own(config.base), ...spoken };
    return start(root, { ...settings, tokeniser: lazy, missing, lazyStyle: style, adoptTheme });
  } catch (error) {
    giveUp("failure");
    console.error(error);
    missing();
    return undefined;
  } finally {
    clearTimeout(patience);
  }
}
