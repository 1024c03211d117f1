// The overview without a framework, as small and fast as it can be written by hand: what the portal is
// compared with.

const ROOT = document.querySelector("#portal");
const SECTIONS = ["Overview", "Subscriptions", "Deliveries", "History", "Addresses", "Payment methods", "Details"];

/** @param {string} name `tag.classes` @param {...(Node | string)} inside */
function h(name, ...inside) {
  const dot = name.indexOf(".");
  const element = document.createElement(name.slice(0, dot) || "div");
  element.className = name.slice(dot + 1);
  element.append(...inside);
  return element;
}

/** The data block of the page with the answer to `path`, once all of it is here. */
function block(path) {
  return new Promise((found) => {
    const look = () => {
      const element = document.querySelector(`[data-answer="${path}"]`);
      if (!element?.nextSibling && document.readyState === "loading") return;
      observer.disconnect();
      found(element);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true });
    document.addEventListener("DOMContentLoaded", look, { once: true });
    look();
  });
}

async function answer(path) {
  const found = await block(path);
  return found ? JSON.parse(found.textContent) : (await fetch(`/portal/api${path}`)).json();
}

const money = ({ amount, currency }) => new Intl.NumberFormat("en", { style: "currency", currency }).format(amount);

function date(day, options) {
  return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(new Date(day));
}

const long = (day) => date(day, { weekday: "long", day: "numeric", month: "long" });
const short = (day) => date(day, { weekday: "short", day: "numeric", month: "short" });

function relative(day, today) {
  const days = (Date.parse(day) - Date.parse(today)) / 86_400_000;
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day");
}

const list = (items) => new Intl.ListFormat("en").format(items.map(({ title }) => title));

function picture({ image }, size) {
  const frame = h(`.picture ${size}`);
  if (image) frame.append(Object.assign(h("img."), { src: image, alt: "", loading: "lazy" }));
  return frame;
}

function button(label, kind, press) {
  const element = h(`button.button ${kind}`, h("span.", label));
  element.addEventListener("click", press);
  return element;
}

/** Asks whether the delivery is to be skipped. */
function skip(delivery) {
  const close = () => dialog.remove();
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      "dialog.sheet",
      h("h2.", "Skip this delivery?"),
      h("p.", `${list(delivery.items)} won’t ship on ${long(delivery.key.date)}.`),
      h(".actions", button("Cancel", "", close), button("Skip delivery", "button-primary", close)),
    )
  );
  dialog.addEventListener("close", close);
  ROOT.append(dialog);
  dialog.showModal();
}

function lead(delivery, today) {
  const day = h("h2.big", long(delivery.key.date));
  day.setAttribute("elementtiming", "next-delivery");
  return h(
    "section.card lead",
    h(
      ".stack stack-tight",
      h("p.small muted", "Your next delivery"),
      h(".row lead-date", day, h("span.muted", relative(delivery.key.date, today))),
    ),
    h(".row lead-pictures", ...delivery.items.slice(0, 4).map((item) => picture(item, "picture-large"))),
    h(
      ".stack stack-tight",
      h("p.lead-sum", h("span.typed clamp", list(delivery.items)), h("strong.strong", money(delivery.totals.total))),
      h("p.muted typed", `To ${delivery.address?.street ?? ""}`),
    ),
    h(
      ".actions actions-wide",
      button("Reschedule", "button-primary", () => {}),
      button("Skip this delivery", "", () => skip(delivery)),
      button("Edit address", "", () => {}),
    ),
  );
}

const row = (start, title, detail, end) =>
  h(".media", start, h(".", h("p.strong", title), h("p.small muted", detail)), h("span.small", end));

function page(session, view) {
  const links = SECTIONS.map((name) => h("li.", Object.assign(h("a.nav-link", h("span.", name)), { href: "#" })));
  const later = view.later.map((delivery) =>
    row(h(".date-block"), short(delivery.key.date), list(delivery.items), money(delivery.totals.total)),
  );
  const subscriptions = view.subscriptions.map((card) =>
    row(picture(card, ""), card.title, "", card.next_date ? short(card.next_date) : ""),
  );
  return h(
    ".frame",
    h("header.rail", h(".brand", session.merchant.name), h("nav.nav", h("ul.", ...links))),
    h(
      "main.main",
      h(
        ".stack stack-large",
        h("header.page-header", h("h1.", `Hello, ${session.first_name}`)),
        h(
          ".stack stack-section",
          view.next ? lead(view.next, session.today) : "",
          h("section.stack stack-small", h("h2.", "Later deliveries"), h(".card card-flush", ...later)),
          h("section.stack stack-small", h("h2.", "Your subscriptions"), h(".card card-flush", ...subscriptions)),
        ),
      ),
    ),
  );
}

const bone = (kind) => h(`.skeleton ${kind}`);

export async function mount() {
  const asked = Promise.all([answer("/session"), answer("/overview")]);
  ROOT.replaceChildren(h(".frame", h(".rail"), h(".main", h(".card lead", bone("mark"), bone("press")))));
  const [session, view] = await asked;
  ROOT.replaceChildren(page(session, view));
}

Object.assign(globalThis, { contender: { mount, unmount: () => ROOT.replaceChildren() } });
await mount();
