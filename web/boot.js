// Starts the portal on a page of our own. The wasm, its glue, the style and the first
// answers of the API are asked for at the same moment. Runs as it is in the preview, and
// bundled and minified elsewhere.
import { firstAnswers, open } from "./start.js";

/**
 * Begins to load what `url` names, for whoever fetches it later.
 * @param {string} url
 */
function preload(url) {
  const link = Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", href: url });
  link.crossOrigin = "anonymous";
  document.head.append(link);
}

/** Names the page after the place in the portal and the shop, once that is open. @param {Event} event */
function name(event) {
  const { heading, shop } = /** @type {CustomEvent} */ (event).detail;
  if (!event.cancelable) document.title = shop ? `${heading} – ${shop}` : heading;
}

/**
 * Opens the portal on `host` and leaves its handle in `host.portal`.
 * @param {HTMLElement & { portal?: unknown }} host
 */
async function start(host) {
  const { mode, base, glue, wasm, rest, css, lazyCss } = host.dataset;
  const overview = location.pathname === `${base}/`;
  const first = mode === "http" ? firstAnswers(base, overview ? ["/session", "/overview"] : ["/session"]) : {};
  // Every other page needs the second file of the wasm and its style at once.
  if (!overview) for (const url of [rest, lazyCss]) if (url) preload(url);
  host.addEventListener("perennial:navigate", name);
  host.portal = await open(host, { glue, wasm, css, lazyCss }, { base, mode, first });
  // The page is ours, and in the language of what is on it.
  const root = /** @type {HTMLElement | null} */ (host.shadowRoot.querySelector("[lang]"));
  if (root) Object.assign(document.documentElement, { lang: root.lang, dir: root.dir });
}

for (const host of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-perennial]"))) start(host);
