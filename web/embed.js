// The portal inside a merchant's page: `<merchant-portal></merchant-portal>`, with `locale` and
// `theme` if they are to differ from the browser's. docs/embedding.md says what the page needs.
import { firstAnswers, open } from "./start.js";

/** Where the middleware serves the portal, on the merchant's own origin. */
const BASE = "/portal";

/** What precedes the portal's places in the address. */
const HASH = "#/portal";

const FILES = {
  glue: "/portal/perennial.js",
  wasm: "/portal/perennial_bg.wasm",
  css: "/portal/portal.css",
  lazyCss: "/portal/lazy.css",
};

/** Whether the address names the portal's first page, or no page of it. */
function isOverview() {
  const { hash } = location;
  return !hash.startsWith(HASH) || hash.slice(HASH.length).replace("/", "") === "";
}

class MerchantPortal extends HTMLElement {
  #handle;
  #opening = false;

  connectedCallback() {
    if (!this.#handle && !this.#opening) this.#open();
  }

  disconnectedCallback() {
    // One that is only moved is back by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.#close();
    });
  }

  async #open() {
    const locale = this.getAttribute("locale") ?? (document.documentElement.lang || undefined);
    const theme = this.getAttribute("theme") ?? undefined;
    const first = firstAnswers(BASE, isOverview());
    this.#opening = true;
    this.#handle = await open(this, FILES, { base: BASE, mode: "http", routing: "hash", locale, theme, first });
    this.#opening = false;
    if (!this.isConnected) this.#close();
  }

  #close() {
    this.#handle?.unmount();
    this.#handle?.free();
    this.#handle = undefined;
    this.shadowRoot?.replaceChildren();
  }
}

// A page may name the script twice.
if (!customElements.get("merchant-portal")) customElements.define("merchant-portal", MerchantPortal);
