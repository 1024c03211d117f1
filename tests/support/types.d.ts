// What the tests' fixtures give them.
import type {
  PlaywrightTestArgs,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
  TestType,
} from "@playwright/test";
import type { Store } from "./portal.js";
import type { HostShop } from "./host-shop.js";
import type { Middleware } from "./servers.js";
import type { Handle } from "../../web/tokenisers/tokeniser.js";

type Test<Fixtures> = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & Fixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>;

interface OfPage {
  /** Lets the page report errors that match. */
  allowErrors: (pattern: RegExp) => void;
  /** Checks the page, or the dialog over it, for barriers. */
  axe: (rules?: string[]) => Promise<void>;
}

interface OfMock extends OfPage {
  /** Where the preview's bundle is served. */
  bundle: { origin: string };
}

interface OfPreview extends OfPage {
  /** The address of the designers' frame. */
  preview: string;
}

interface OfPortal extends OfPage {
  scenario: string;
  settings: Record<string, unknown>;
  sandbox: { origin: string };
  store: Store;
  shopOrigin: string;
  middleware: Middleware;
  shop: { origin: string };
  portal: Portal;
}

export interface Portal {
  open(place?: string, customer?: number): Promise<void>;
}

export type PageTest = Test<OfPage>;
export type MockTest = Test<OfMock>;
export type PreviewTest = Test<OfPreview>;
export type PortalTest = Test<OfPortal>;
export type HostTest = Test<OfPortal & { /** A merchant's shop with the pages of tests/hosts. */ host: HostShop }>;

declare global {
  // What tests leave in the page, and what they read there.
  var held: HTMLElement[];
  var announced: string[];

  interface Window {
    persisted: boolean;
    // What the portal's elements told, and which of it the page prevents.
    told: { name: string; detail: any; cancelable: boolean; composed: boolean; target: string }[];
    vetoed: string[];
    places: string[];
    printed: boolean;
    reportViolation(text: string): void;
    /** Whether this is still the document that the test marked. */
    same: boolean;
    // Of the stand-in for Stripe.js.
    asked: unknown[];
    events: string[];
    failToLoad(error: { type: string }): void;
    handle: Handle;
    next: unknown;
  }
}
