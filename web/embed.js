// The portal, or a part of it, inside a merchant's page: `<merchant-portal></merchant-portal>`.
// docs/embedding.md says what its attributes, properties, methods and events do, and what the page
// needs.
import { enter, isCrossOrigin, provide, send } from "./session.js";
import { firstAnswers, open } from "./start.js";

/** Where the middleware serves the portal, on the origin of this script. */
const BASE = "/portal";

const FILES = {
  glue: "/portal/perennial.js",
  wasm: "/portal/perennial_bg.wasm",
  css: "/portal/portal.css",
  lazyCss: "/portal/lazy.css",
};

const ATTRIBUTES = ["base", "flow", "locale", "page", "prefix", "routing", "subject", "theme", "view"];

/** Those with which the portal is opened anew. */
const ANEW = ["base", "locale", "prefix", "routing", "view"];

const PARTS = ["next-delivery", "payment-methods", "cancel"];

/** The elements that are open. They share one session and its answers. */
const opened = new Set();

/** The one of them whose place is in the address. */
let owner;

/** What the API was asked for them, and the answers that nobody has taken yet. */
const asked = new Set();
let answers = {};

/** @param {string[]} paths below the API */
function ask(paths) {
  const fresh = paths.filter((path) => !asked.has(path));
  for (const path of fresh) asked.add(path);
  return Object.assign(answers, firstAnswers(BASE, fresh, transport.fetch));
}

/**
 * Whether the portal opens at its first page.
 * @param {string} routing @param {string} place @param {string} [page]
 */
function isOverview(routing, place, page = "overview") {
  const { hash, pathname } = location;
  const named = routing === "path" ? pathname.startsWith(`${place}/`) && pathname.slice(place.length + 1) : "";
  const inHash = routing === "hash" && (hash.startsWith(`#${place}_`) || /^#\/portal\/./.test(hash));
  return !named && !inHash && page.replaceAll("/", "") === "overview";
}

/** How requests are sent: from another origin with a token, from the portal's own with the cookie. */
const transport = isCrossOrigin ? { fetch: send } : {};

class MerchantPortal extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  #handle;
  /** Stands for the current opening; nothing while it is closed. */
  #turn;
  #state = "loading";
  /** The attributes that have changed since they were last looked at. */
  #changed = new Set();
  #isDue = false;
  /** The place that was asked for before the portal was there. */
  #wanted;
  /** The place that only the portal remembers. */
  #place;
  #routing;
  #leave;
  #sessionToken;
  #height = -1;
  #sizes = new ResizeObserver(() => this.#measure());

  constructor() {
    super();
    const becomes = (state) => () => (this.#state = state);
    this.addEventListener("perennial:ready", becomes("ready"));
    this.addEventListener("perennial:session:expired", becomes("expired"));
    this.addEventListener("perennial:boot:error", becomes("failed"));
    this.addEventListener("perennial:navigate", (/** @type {CustomEvent} */ { cancelable, detail }) => {
      if (!cancelable && this.#routing === "memory") this.#place = detail.page;
    });
  }

  /**
   * Called for a link that was never used, or its token, whenever a session has to begin: on pages of
   * another origin than the portal's. All portals of a page share the session.
   */
  get sessionToken() {
    return this.#sessionToken;
  }

  set sessionToken(provider) {
    this.#sessionToken = provider;
    provide(provider);
  }

  /** `loading`, `ready`, `failed` or `expired`. */
  get state() {
    return this.#state;
  }

  /** The release that this element belongs to. */
  get version() {
    return PERENNIAL_VERSION;
  }

  /** Opens a place such as `deliveries` or `subscriptions/123`. @param {string} page */
  navigate(page) {
    if (this.#handle) this.#handle.navigate(page);
    else this.#wanted = page;
  }

  /** Reads everything that is shown again, for all portals of the page. */
  refresh() {
    this.#handle?.refresh();
  }

  /** Ends the session and goes back to the shop. */
  signOut() {
    this.#handle?.signOut();
  }

  /** Takes the focus to the heading of the portal, or to the first control of a part. @param {FocusOptions} [options] */
  focus(options) {
    const find = (selector) => this.shadowRoot?.querySelector(selector);
    (find("h1") ?? find("button, a[href]"))?.focus(options);
  }

  connectedCallback() {
    for (const name of [...ATTRIBUTES, "sessionToken"]) {
      // A page may have set a property before the script was there.
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#settleSoon();
  }

  disconnectedCallback() {
    this.#settleSoon();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    this.#changed.add(name);
    this.#settleSoon();
  }

  /** One that is only moved is back by then, and several attributes may change together. */
  #settleSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#settle();
    });
  }

  #settle() {
    const changed = this.#changed;
    const has = (name) => changed.has(name);
    if (!this.isConnected) {
      this.#close();
      this.#place = undefined;
    } else if (!this.#turn) {
      this.#open();
    } else if (ANEW.some(has) || (has("subject") && this.#part())) {
      this.#close();
      this.#open();
    } else {
      // Otherwise it is looked at when the portal is there.
      if (!this.#handle) return;
      if (has("page")) this.navigate(this.getAttribute("page") ?? "overview");
      if (has("flow") || has("subject")) this.#openFlow();
    }
    changed.clear();
  }

  #part() {
    return PARTS.find((part) => part === this.getAttribute("view"));
  }

  #openFlow() {
    const flow = this.getAttribute("flow");
    if (flow) this.#handle.open(flow, this.getAttribute("subject") ?? "");
  }

  /** Where the places of this portal are, and what they begin with there. */
  #address() {
    const base = this.getAttribute("base")?.replace(/\/$/, "");
    const prefix = this.getAttribute("prefix") ?? "";
    let routing = this.getAttribute("routing");
    if (this.#part() || (owner && owner !== this)) routing = "memory";
    if (routing === "path" && base) return { routing, place: base };
    if (routing !== "memory") routing = "hash";
    return { routing, place: /^[a-z][\w-]*$/i.test(prefix) ? prefix : "portal" };
  }

  async #open() {
    const turn = (this.#turn = {});
    this.#state = "loading";
    this.#leave ??= enter(() => this.#reopen());
    const { routing, place } = this.#address();
    const view = this.#part();
    const page = this.#place ?? this.getAttribute("page") ?? undefined;
    if (routing !== "memory") owner = this;
    this.#routing = routing;
    opened.add(this);
    const overview = view ? view === "next-delivery" : isOverview(routing, place, page);
    const first = ask(overview ? ["/session", "/overview"] : ["/session"]);
    const handle = await open(this, FILES, {
      base: BASE,
      mode: "http",
      routing,
      place,
      page,
      view,
      subject: this.getAttribute("subject") ?? undefined,
      locale: this.getAttribute("locale") ?? (document.documentElement.lang || undefined),
      first,
      ...transport,
    });
    if (this.#turn !== turn) {
      handle?.unmount();
      handle?.free();
      return;
    }
    if (!handle) return;
    this.#handle = handle;
    this.#sizes.observe(this);
    if (this.#wanted) this.navigate(this.#wanted);
    this.#wanted = undefined;
    this.#openFlow();
    this.#settle();
  }

  /** Opens it for another session: once all portals are closed, which share what it was answered. */
  #reopen() {
    this.#close();
    this.#settleSoon();
  }

  #close() {
    this.#turn = undefined;
    if (owner === this) owner = undefined;
    opened.delete(this);
    if (!opened.size) {
      asked.clear();
      answers = {};
    }
    this.#sizes.disconnect();
    this.#leave?.();
    this.#leave = undefined;
    this.#handle?.unmount();
    this.#handle?.free();
    this.#handle = undefined;
    this.shadowRoot?.replaceChildren();
  }

  #measure() {
    const height = Math.ceil(this.getBoundingClientRect().height);
    if (height === this.#height) return;
    this.#height = height;
    const detail = { version: 1, height };
    this.dispatchEvent(new CustomEvent("perennial:resize", { bubbles: true, composed: true, detail }));
  }
}

for (const name of ATTRIBUTES) {
  Object.defineProperty(MerchantPortal.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

// A page may name the script twice.
if (!customElements.get("merchant-portal")) customElements.define("merchant-portal", MerchantPortal);
