// Starts the portal on a page of our own. The wasm, its glue, the style and the first
// answers of the API are asked for at the same moment, unless the page brings the answers along. Runs
// as it is in the preview, and bundled and minified elsewhere.
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

/**
 * The data block of the page that `selector` finds, once the browser has all of it; none where the page
 * ends without it.
 * @param {string} selector
 * @returns {Promise<HTMLElement | null>}
 */
function block(selector) {
  return new Promise((found) => {
    const look = () => {
      const element = /** @type {HTMLElement | null} */ (document.querySelector(selector));
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

/**
 * Answers as `fetch` does, with what the page brings along where it does.
 * @param {Parameters<typeof fetch>[0]} url @param {RequestInit} [options]
 */
async function bring(url, options) {
  const path = new URL(String(url)).pathname.split("/api")[1];
  const found = await block(`[data-answer="${path}"]`);
  return found ? new Response(found.textContent, JSON.parse(found.dataset.init)) : fetch(url, options);
}

/**
 * The words of the language that the page is in, unless the browser asks for another one first: then
 * the portal asks, too. A language with a region is what the shop asked for.
 */
function words() {
  const { lang: language } = document.documentElement;
  if (!language.includes("-") && navigator.languages[0]?.split("-")[0] !== language) return undefined;
  const { href } = /** @type {HTMLLinkElement} */ (document.querySelector("[data-texts]")) ?? {};
  if (!href) return Promise.resolve({ language });
  const texts = fetch(href).then((answer) => (answer.ok ? answer.text() : undefined));
  return texts.then((texts) => ({ language: texts ? language : "en", texts })).catch(() => ({ language: "en" }));
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
  const paths = overview ? ["/session", "/overview"] : ["/session"];
  const ours = mode === "http" ? { first: firstAnswers(base, paths, bring), words: words() } : {};
  // Every other page needs the second file of the wasm and its style at once.
  if (!overview) for (const url of [rest, lazyCss]) if (url) preload(url);
  host.addEventListener("perennial:navigate", name);
  host.portal = await open(host, { glue, wasm, css, lazyCss }, { base, mode, ...ours });
  // The page is ours, and in the language of what is on it.
  const root = /** @type {HTMLElement | null} */ (host.shadowRoot.querySelector("[lang]"));
  if (root) Object.assign(document.documentElement, { lang: root.lang, dir: root.dir });
}

for (const host of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-perennial]"))) start(host);
