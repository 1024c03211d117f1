// What the portal asks of a tokeniser: the module that lets a customer type a card into the
// payment processor's own fields and hands back a token. It is loaded only when a card is
// added. No card number, expiry or CVC ever passes through it.

export interface Options {
  /** The processor's public key; empty where it has none. */
  key: string;
  /** The origin that serves the fields; empty where the module knows it. */
  origin: string;
  /** The client secret of the setup that is confirmed. */
  secret: string;
  /** Where the bank sends the customer back to, when it takes over the whole page. */
  returnUrl: string;
  /** A BCP 47 tag. */
  locale: string;
  /** Whether the fields stand on a dark page. */
  dark: boolean;
  /** Whether there are fields to type into; without them only an earlier confirmation goes on. */
  entry: boolean;
  /** Told of what happens in the fields. */
  on(event: Event): void;
}

export type Event =
  /** The fields can be typed into. */
  | { type: "ready" }
  /** What is typed is wrong, in the processor's words, or no longer wrong. */
  | { type: "field"; message: string }
  /** The bank asks something, here in the page; or has its answer. */
  | { type: "challenge"; open: boolean }
  /** The processor answered, and does not show its fields. */
  | { type: "refused" }
  /** The processor cannot be reached. */
  | { type: "failed" };

export type Result =
  | { state: "done"; token: string; brand: string; last4: string }
  /** Something is missing or wrong, and said at the field. */
  | { state: "invalid" }
  /** Bank or processor refused the card; the message is meant for the customer. */
  | { state: "declined"; message: string }
  /** The bank has not answered yet. */
  | { state: "waiting" }
  /** The processor answered, and does not take the request. */
  | { state: "refused" }
  /** The processor cannot be reached. */
  | { state: "failed" };

export interface Handle {
  /** Confirms what was typed. */
  tokenise(): Promise<Result>;
  /** Looks what became of a confirmation begun earlier, perhaps before a reload. */
  check(): Promise<Result>;
  /** Takes the customer back to a confirmation that the bank still waits for. */
  proceed(): Promise<Result>;
  /** Takes the fields out of the page. */
  unmount(): void;
}

/** `slot` is an element of the page's own tree: processors do not look into shadow roots. */
export function mount(slot: HTMLElement, options: Options): Handle;

declare global {
  interface Window {
    /** Stripe.js, where the page has loaded it. */
    Stripe?: (key: string, options: object) => any;
  }

  /** Trusted Types, where the browser has them. */
  var trustedTypes: {
    defaultPolicy: object | null;
    createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
  };
}
