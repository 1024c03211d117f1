// The frame around the portal: it chooses what is shown and how wide, edits the theme, and keeps all
// of it in the address, so that a view can be linked and survives a reload.
import { isToml, parse, PREFIX, toCss, toToml } from "./files.js";
import { check, showPairs } from "./pairs.js";
import { Portal } from "./portal.js";
import { kind, make, tokenPanel, words } from "./tokens.js";

/**
 * @typedef {object} Data what the build knows
 * @property {{ name: string, about: string }[]} scenarios
 * @property {{ name: string, about: string }[]} states
 * @property {{ tag: string, name: string, dir: string }[]} languages
 * @property {{ name: string, text: string }[]} themes
 * @property {import("./tokens.js").Token[]} tokens
 * @property {import("./pairs.js").Pair[]} pairs
 */

/** @template {HTMLElement} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

/** The widths that the handle may reach, pixels. */
const [NARROWEST, WIDEST] = [280, 1920];

/** What is shown where the address says nothing else. */
const DEFAULTS = {
  view: "portal",
  page: "/",
  scenario: "everyday",
  state: "ready",
  lang: "en",
  mode: "system",
  theme: "",
  width: "1280",
};

/** @type {Data} */
const data = await (await fetch(new URL("preview.json", import.meta.url))).json();
const query = new URLSearchParams(location.search);
const view = Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, query.get(name) ?? value]));
/** The tokens that were changed. @type {Map<string, string>} */
const changes = new Map([...query].filter(([name]) => name.startsWith(PREFIX)));

const portal = new Portal(byId("frame"), document.documentElement.dataset.portal, {
  ready: showTheme,
  navigate(page) {
    if (view.view === "portal") set({ page });
  },
});
const panel = tokenPanel(byId("tokens"), data.tokens, (name, value) => {
  if (value === undefined) changes.delete(name);
  else changes.set(name, value);
  applyTheme();
});

/** Writes the address; at most so often that no browser refuses. */
const remember = soon(150, () => {
  const differs = ([name, value]) => value !== DEFAULTS[name];
  const address = new URL(location.href);
  address.search = new URLSearchParams([...Object.entries(view).filter(differs), ...changes]).toString();
  history.replaceState(null, "", address);
});

/** @param {Partial<typeof DEFAULTS>} change */
function set(change) {
  Object.assign(view, change);
  remember();
}

/** Loads what the switches say into the frame. */
function load() {
  const { scenario, state, lang } = view;
  const isPortal = view.view === "portal";
  for (const id of ["scenario", "state"]) byId(id).toggleAttribute("disabled", !isPortal);
  portal.load(isPortal ? view.page : "/gallery", { scenario, state, lang });
  const about = [
    data.scenarios.find(({ name }) => name === scenario)?.about,
    state === DEFAULTS.state ? "" : data.states.find(({ name }) => name === state)?.about,
  ];
  byId("about").textContent = isPortal ? about.filter(Boolean).join(" ") : "";
}

// Theme

/** The text of the chosen theme file. */
const themeText = () => data.themes.find(({ name }) => name === view.theme)?.text ?? "";

/** All tokens that differ from the portal's own: those of the theme file, and the changes. */
function theme() {
  const values = new Map([...parse(themeText()), ...changes]);
  const order = data.tokens.map(({ name }) => name);
  return new Map([...values].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other)));
}

function applyTheme() {
  const text = themeText();
  // What else a style sheet says, such as rules for parts, is in force too.
  const file = isToml(text) ? "" : text;
  portal.css = `${file}\n${toCss(theme())}`;
  remember();
  showTheme();
}

const measure = soon(60, () => {
  if (portal.isThere) showPairs(byId("contrast"), byId("verdict"), check(portal, data.pairs));
});

function showTheme() {
  panel.show(theme(), new Set(changes.keys()), portal);
  const isDefault = theme().size === 0;
  byId("export").textContent = isDefault ? "Nothing has been changed yet." : exported();
  for (const id of ["copy", "download"]) byId(id).toggleAttribute("disabled", isDefault);
  byId("reset").toggleAttribute("disabled", changes.size === 0);
  measure();
}

/** @returns {"css" | "toml"} */
const format = () => /** @type {any} */ (checked("format"));
const colors = new Set(data.tokens.filter((token) => kind(token) === "color").map(({ name }) => name));
const exported = () => (format() === "css" ? toCss(theme()) : toToml(theme(), (name) => colors.has(name)));

/** Says what has just happened. @param {string} text */
const say = (text) => (byId("message").textContent = text);

// Switches

/** @param {string} group */
const checked = (group) =>
  /** @type {HTMLInputElement} */ (document.querySelector(`input[name="${group}"]:checked`))?.value;

/** @param {string} group @param {string} value @param {(value: string) => void} choose */
function segments(group, value, choose) {
  for (const input of document.querySelectorAll(`input[name="${group}"]`)) {
    const radio = /** @type {HTMLInputElement} */ (input);
    radio.checked = radio.value === value;
    radio.addEventListener("change", () => choose(radio.value));
  }
}

/** @param {string} id @param {HTMLOptionElement[]} options @param {string} value @param {(value: string) => void} choose */
function select(id, options, value, choose) {
  const element = /** @type {HTMLSelectElement} */ (byId(id));
  element.append(...options);
  element.value = value;
  element.addEventListener("change", () => choose(element.value));
}

/** @param {{ name: string, about: string }[]} list */
const named = (list) => list.map(({ name, about }) => Object.assign(new Option(words(name), name), { title: about }));

/** @param {keyof typeof DEFAULTS} name */
const reload = (name) => (value) => {
  set({ [name]: value });
  load();
};

select("scenario", named(data.scenarios), view.scenario, reload("scenario"));
select("state", named(data.states), view.state, reload("state"));
const languages = data.languages.map(({ tag, name, dir }) => Object.assign(new Option(name, tag), { lang: tag, dir }));
select("lang", languages, view.lang, reload("lang"));
const themes = data.themes.map(({ name }) => new Option(words(name), name));
select("theme", [new Option("Default", ""), ...themes], view.theme, (value) => {
  set({ theme: value });
  applyTheme();
});
segments("view", view.view, reload("view"));
segments("mode", view.mode, (mode) => {
  set({ mode });
  portal.mode = /** @type {import("./portal.js").Mode} */ (mode);
});
segments("format", "css", () => showTheme());

byId("reset").addEventListener("click", () => {
  changes.clear();
  applyTheme();
  say("Changes discarded.");
});
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(exported());
    say("Copied.");
  } catch {
    getSelection().selectAllChildren(byId("export"));
    say("The browser doesn’t allow copying here. The text is selected.");
  }
});
byId("download").addEventListener("click", () => {
  const href = URL.createObjectURL(new Blob([exported()], { type: "text/plain" }));
  make("a", { href, download: `theme.${format()}` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
});
const file = /** @type {HTMLInputElement} */ (byId("file"));
byId("import").addEventListener("click", () => file.click());
file.addEventListener("change", async () => {
  const [chosen] = file.files;
  if (!chosen) return;
  const known = new Set(data.tokens.map(({ name }) => name));
  const tokens = [...parse(await chosen.text())];
  file.value = "";
  const unknown = tokens.filter(([name]) => !known.has(name)).map(([name]) => name);
  const meant = tokens.filter(([name]) => known.has(name));
  if (!tokens.length) return say(`${chosen.name} sets no token of the portal. Nothing was changed.`);
  set({ theme: "" });
  /** @type {HTMLSelectElement} */ (byId("theme")).value = "";
  changes.clear();
  for (const [name, value] of meant) changes.set(name, value);
  applyTheme();
  const left = unknown.length ? ` Left out, since there is no such token: ${unknown.join(", ")}.` : "";
  return say(`${meant.length} ${meant.length === 1 ? "token" : "tokens"} imported.${left}`);
});

// Width

const [space, device, handle] = [byId("space"), byId("device"), byId("handle")];
const exact = /** @type {HTMLInputElement} */ (byId("exact"));

/** @param {number} width */
function resize(width) {
  const whole = Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
  set({ width: String(whole) });
  for (const radio of document.querySelectorAll("input[name=width]")) {
    const preset = /** @type {HTMLInputElement} */ (radio);
    preset.checked = Number(preset.value) === whole;
  }
  exact.value = String(whole);
  handle.setAttribute("aria-valuenow", String(whole));
  fit();
}

/** How wide the page can be shown, pixels: beside it is the handle. */
const room = () => space.clientWidth - 2 * Number.parseFloat(getComputedStyle(space).paddingInlineEnd);

/** Makes the page as large as there is room for, never larger than it is. */
function fit() {
  const width = Number(view.width);
  const scale = Math.min(1, room() / width);
  device.style.setProperty("--width", `${width}px`);
  device.style.setProperty("--scale", String(scale));
  byId("scale").textContent = scale < 1 ? `${Math.round(scale * 100)}%` : "";
}

segments("width", view.width, (value) => resize(Number(value)));
exact.addEventListener("change", () => resize(Number(exact.value) || Number(view.width)));
handle.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  resize(Number(view.width) + step * (event.shiftKey ? 50 : 10));
});
handle.addEventListener("pointerdown", (start) => {
  start.preventDefault();
  handle.focus();
  handle.setPointerCapture(start.pointerId);
  document.documentElement.toggleAttribute("data-dragging", true);
  const from = Number(view.width);
  const scale = Math.min(1, room() / from);
  // The page stays in the middle, so its edge goes half as far as its width.
  const move = (event) => resize(from + (2 * (event.clientX - start.clientX)) / scale);
  const end = () => {
    document.documentElement.toggleAttribute("data-dragging", false);
    handle.removeEventListener("pointermove", move);
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", end, { once: true });
});
new ResizeObserver(fit).observe(space);

/**
 * `act`, once for all the calls within some milliseconds.
 * @param {number} wait
 * @param {() => void} act
 */
function soon(wait, act) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
}

resize(Number(view.width) || 1280);
portal.mode = /** @type {import("./portal.js").Mode} */ (view.mode);
applyTheme();
load();
