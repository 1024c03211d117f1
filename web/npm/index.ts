/** A single part of the portal, without its frame. */
export type View = "next-delivery" | "payment-methods" | "cancel";

/** Where the portal writes its current place. */
export type Routing = "hash" | "path" | "memory";

/** Light, dark, or as the reader's system. Without it: as the configuration says, else as your page. */
export type Theme = "light" | "dark" | "auto";

/** The attributes of `<merchant-portal>`, which are properties too. */
export interface MerchantPortalAttributes {
  /** The path of your page, for `routing="path"`. */
  base?: string | null;
  /** The operation whose dialog is opened, such as `cancel_subscription`. */
  flow?: string | null;
  /** A language tag. */
  locale?: string | null;
  /** The place to open, such as `deliveries` or `subscriptions/123`. */
  page?: string | null;
  /** What the portal's fragments begin with. */
  prefix?: string | null;
  routing?: Routing | null;
  /** The id of what a flow or a part is about. */
  subject?: string | null;
  theme?: Theme | null;
  view?: View | null;
}

/** Returns a link that was never used, or its token; nothing where nobody is signed in to the shop. */
export type SessionTokenProvider = () => string | null | undefined | Promise<string | null | undefined>;

/** The state of an element. */
export type State = "loading" | "ready" | "failed" | "expired";

export interface Detail {
  /** The version of this detail's shape. */
  version: 1;
}

/** A change, without anything of the customer. */
export interface ActionDetail extends Detail {
  /** Its name, such as `skip_delivery`. */
  operation: string;
  /** The ids and dates that it names. */
  ids: string[];
}

/** The events of `<merchant-portal>`, by name without `perennial:`. */
export interface MerchantPortalEvents {
  ready: CustomEvent<Detail>;
  /** Cancelable before the customer goes to another place; not once it is open. */
  navigate: CustomEvent<Detail & { page: string; heading: string; shop: string }>;
  help: CustomEvent<Detail & { order: { id: string; number: string; date: string | null }; subscriptions: string[] }>;
  /** Cancelable: then nothing is sent. */
  "action:start": CustomEvent<ActionDetail>;
  "action:success": CustomEvent<ActionDetail & { reference: string }>;
  "action:error": CustomEvent<ActionDetail & { kind: string; reference: string }>;
  /** Cancelable: then the portal shows nothing about it. */
  "session:expired": CustomEvent<Detail>;
  resize: CustomEvent<Detail & { height: number }>;
  /** Cancelable: then the slot `fallback` is not shown. */
  "boot:error": CustomEvent<Detail & { reason: "timeout" | "failure" | "unsupported" }>;
}

/** The names of the events without `perennial:`. */
export const EVENTS = [
  "ready",
  "navigate",
  "help",
  "action:start",
  "action:success",
  "action:error",
  "session:expired",
  "resize",
  "boot:error",
] as const satisfies readonly (keyof MerchantPortalEvents)[];

type EventMap = { [Name in keyof MerchantPortalEvents as `perennial:${Name}`]: MerchantPortalEvents[Name] };

/** The element `<merchant-portal>`. */
export interface MerchantPortalElement extends HTMLElement, Required<MerchantPortalAttributes> {
  prefix: string | null;
  /** Called when a session has to begin, on pages of another origin than the portal's. */
  sessionToken: SessionTokenProvider | undefined;
  readonly state: State;
  /** The release that the element belongs to. */
  readonly version: string;
  /** Opens a place such as `deliveries`. */
  navigate(page: string): void;
  /** Reads everything that is shown again. */
  refresh(): void;
  /** Ends the session and goes back to the shop. */
  signOut(): void;
  addEventListener<Name extends keyof EventMap>(
    type: Name,
    listener: (this: MerchantPortalElement, event: EventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "merchant-portal": MerchantPortalElement;
  }
  interface GlobalEventHandlersEventMap extends EventMap {}
}

/**
 * Defines the element with the script that your middleware serves, unless the page has done so. Call it
 * in the browser only.
 */
export async function load(src = "/portal/embed.js"): Promise<CustomElementConstructor> {
  if (!customElements.get("merchant-portal")) {
    await import(/* webpackIgnore: true */ /* @vite-ignore */ new URL(src, location.href).href);
  }
  return customElements.whenDefined("merchant-portal");
}
