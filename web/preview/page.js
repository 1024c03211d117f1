// Prepares the portal's page for the preview, before the bootstrap script starts the portal: the
// address chooses the page and the language, and the files may lie at any path of any host.

/** The path that the portal's files name, as long as they lie nowhere else. */
const BASE = "/portal";

/** Where the mock backend looks for settings that the address has lost. */
const KEY = "preview";

/** The path that this folder of files is served at, without a slash at its end. */
const base = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
// The scripts of `dist/preview` name their files from here.
Object.assign(globalThis, { portalBase: base });
for (const host of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-perennial]"))) {
  for (const [name, value] of Object.entries(host.dataset)) {
    if (value === BASE || value.startsWith(`${BASE}/`)) host.dataset[name] = base + value.slice(BASE.length);
  }
}

// A link of the portal, and a reload of the page that it leads to, say nothing of settings.
const inAddress = new URLSearchParams(location.search);
const isSet = ["scenario", "state", "lang", "page"].some((name) => inAddress.has(name));
const settings = isSet ? inAddress : new URLSearchParams(sessionStorage.getItem(KEY) ?? "");
const page = settings.get("page");
settings.delete("page");
if (isSet) sessionStorage.setItem(KEY, settings.toString());

// A static host has but one page; the others are reached from there.
if (page?.startsWith("/")) history.replaceState(history.state, "", `${base}${page}`);

const language = settings.get("lang");
if (language) {
  // As in the browser of a customer who reads this language.
  Object.defineProperty(navigator, "language", { configurable: true, value: language });
  Object.defineProperty(navigator, "languages", { configurable: true, value: [language] });
}
