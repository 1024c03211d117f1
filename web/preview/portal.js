// The portal in the frame: its address, its theme, and the colors that it computes.
import { rgba } from "./color.js";

/** What a theme file calls the element, and what the portal's own page has in its place. */
const HOST = /\bmerchant-portal\b/g;
const HOSTS = ":is(merchant-portal, [data-perennial])";

/** @typedef {"light" | "dark" | "system"} Mode */

export class Portal {
  /** @type {HTMLIFrameElement} */
  #frame;
  /** The address of the portal's first page. @type {URL} */
  #address;
  /** @type {Mode} */
  #mode = "system";
  #css = "";
  /** The element with the design tokens, once there. @type {HTMLElement | null} */
  #root = null;
  /** @type {CSSStyleSheet | null} */
  #sheet = null;

  /**
   * @param {HTMLIFrameElement} frame
   * @param {string} address
   * @param {object} on
   * @param {() => void} on.ready called each time a portal has been loaded into the frame
   * @param {(page: string) => void} on.navigate called with the path of each page that it shows
   */
  constructor(frame, address, { ready, navigate }) {
    this.#frame = frame;
    this.#address = new URL(address, location.href);
    frame.addEventListener("load", async () => {
      const page = frame.contentWindow;
      this.#root = null;
      page.document.addEventListener("perennial:navigate", () => navigate(this.#page()));
      const root = await found(page);
      if (page !== frame.contentWindow || !root) return;
      this.#root = root;
      this.#sheet = null;
      this.#apply();
      ready();
    });
  }

  /** Loads `page` with `settings`. @param {string} page @param {Record<string, string>} settings */
  load(page, settings) {
    const address = new URL(this.#address);
    address.search = new URLSearchParams({ ...settings, page }).toString();
    // Replaced, so that Back leads out of the preview.
    if (this.#frame.src) this.#frame.contentWindow.location.replace(address.href);
    else this.#frame.src = address.href;
  }

  /** @param {Mode} mode */
  set mode(mode) {
    this.#mode = mode;
    this.#apply();
  }

  /** The rules of a theme, in force at once. @param {string} css */
  set css(css) {
    this.#css = css.replace(HOST, HOSTS);
    this.#apply();
  }

  /**
   * What `values` come to in a mode, as computed by the page: a color for each.
   * @param {"light" | "dark"} mode
   * @param {string[]} values
   */
  colors(mode, values) {
    return this.#measured(mode, (probe) => {
      const view = this.#frame.contentWindow;
      return values.map((value) => {
        probe.style.color = "transparent";
        probe.style.color = value;
        return rgba(view.getComputedStyle(probe).color);
      });
    });
  }

  /** What the page computes for a length, in pixels. @param {string} value */
  pixels(value) {
    return this.#measured("light", (probe) => {
      probe.style.inlineSize = value;
      return probe.getBoundingClientRect().width;
    });
  }

  /** The weight that the page computes for a font. @param {string} value */
  weight(value) {
    return this.#measured("light", (probe) => {
      probe.style.fontWeight = value;
      return Number(this.#frame.contentWindow.getComputedStyle(probe).fontWeight);
    });
  }

  /** Whether there is a portal to measure in. */
  get isThere() {
    return Boolean(this.#root?.isConnected);
  }

  /**
   * Measures beside the portal, in an element that has its tokens and none of its content.
   * @template T
   * @param {"light" | "dark"} mode
   * @param {(probe: HTMLElement) => T} measure
   * @returns {T}
   */
  #measured(mode, measure) {
    const twin = /** @type {HTMLElement} */ (this.#root.cloneNode(false));
    delete twin.dataset.page;
    twin.style.cssText += `position: absolute; inset: 0 auto auto 0; visibility: hidden; color-scheme: ${mode}`;
    const probe = document.createElement("span");
    probe.style.display = "block";
    twin.append(probe);
    this.#root.after(twin);
    try {
      return measure(probe);
    } finally {
      twin.remove();
    }
  }

  /** The path of the page that is shown, below the portal's base. */
  #page() {
    const { pathname, search } = this.#frame.contentWindow.location;
    const base = this.#address.pathname.replace(/\/$/, "");
    const query = new URLSearchParams(search);
    for (const name of ["scenario", "state", "lang", "page"]) query.delete(name);
    const text = query.toString();
    return (pathname.startsWith(base) ? pathname.slice(base.length) : "/") + (text && `?${text}`);
  }

  #apply() {
    const root = this.#root;
    if (!root) return;
    const { document: page, CSSStyleSheet: Sheet } = /** @type {any} */ (this.#frame.contentWindow);
    if (!this.#sheet) {
      this.#sheet = new Sheet();
      page.adoptedStyleSheets = [...page.adoptedStyleSheets, this.#sheet];
    }
    this.#sheet.replaceSync(this.#css);
    const { host } = /** @type {ShadowRoot} */ (root.getRootNode());
    // Without the attribute the theme decides, and where it says nothing, the system.
    if (this.#mode === "system") host.removeAttribute("theme");
    else host.setAttribute("theme", this.#mode);
    page.documentElement.style.colorScheme = this.#mode === "system" ? "" : this.#mode;
  }
}

/**
 * The element with the design tokens, as soon as it has them.
 * @param {Window} page
 * @returns {Promise<HTMLElement | undefined>}
 */
async function found(page) {
  for (let tries = 0; tries < 400; tries += 1) {
    for (const { shadowRoot } of page.document?.querySelectorAll("[data-perennial], merchant-portal") ?? []) {
      const root = /** @type {HTMLElement | null} */ (shadowRoot?.querySelector(".portal"));
      if (root && page.getComputedStyle(root).getPropertyValue("--ink")) return root;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return undefined;
}
