import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { expect, test as base } from "./page.js";
import { Middleware, SECRET_MARK, freePort, startSandbox, startShop } from "./servers.js";

/** One store in a sandbox: what the customer's changes end up in, and the lever to disturb them. */
export class Store {
  /** @param {string} origin of the sandbox */
  constructor(origin) {
    this.origin = origin;
    this.token = `${SECRET_MARK}-${randomUUID()}`;
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async #ask(method, path, body) {
    const answer = await fetch(`${this.origin}${path}`, {
      method,
      headers: { "x-recharge-access-token": this.token, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status === 429) {
      // The portal has asked the store for all that it answers at the moment.
      await setTimeout(1_000);
      return this.#ask(method, path, body);
    }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Begins anew with a scenario such as `everyday`. */
  async scenario(scenario) {
    await this.#ask("POST", "/_sandbox/scenario", { scenario });
  }

  /** The customers of the scenario. @returns {Promise<{ id: number, name: string, email: string }[]>} */
  customers() {
    return this.#ask("GET", "/_sandbox/customers");
  }

  /** Moves the clock on; what falls due in between happens at once. */
  async advance({ days = 0, hours = 0, seconds = 0 }) {
    const milliseconds = ((days * 24 + hours) * 3600 + seconds) * 1000;
    await this.#ask("POST", "/_sandbox/clock", { advance_ms: milliseconds });
  }

  /**
   * Disturbs the next matching call: `fault("POST", "/charges/{id}/skip", "lose_after")`.
   * @param {string} method
   * @param {string} path
   * @param {"lose_before" | "lose_after" | "not_json" | { status: number } | { delay: number }} effect
   * @param {number} [times]
   */
  async fault(method, path, effect, times = 1) {
    await this.#ask("POST", "/_sandbox/faults", { method, path, effect, times });
  }

  /** What somebody else does to the store, such as the merchant. */
  async merchant(method, path, body) {
    return this.#ask(method, path, body);
  }

  /** All calls that reached the store, the oldest first. */
  log() {
    return this.#ask("GET", "/_sandbox/log");
  }

  /** The calls that may have changed something, but for what the shop notes about its customer. */
  async writes() {
    return (await this.log()).filter((call) => call.method !== "GET" && !call.path.startsWith("/metafields"));
  }

  /** Those that have. */
  async effects() {
    return (await this.writes()).filter((call) => call.wrote);
  }

  /** Everything the store holds, for comparisons. */
  state() {
    return this.#ask("GET", "/_sandbox/state");
  }
}

/**
 * A portal over HTTP: the browser, a middleware of the test's own, and a store of its own.
 *
 *     test.use({ scenario: "two-customers" });
 *     test("…", async ({ page, portal, store }) => { await portal.open(); … });
 *
 * @type {import("./types.js").PortalTest}
 */
export const test = /** @type {any} */ (base).extend({
  /** Which scenario the test's store begins with. */
  scenario: ["everyday", { option: true }],

  /** Keys of examples/shop/portal.toml that the test sets differently, or adds as `table.key`. */
  settings: [{}, { option: true }],

  sandbox: [
    async ({}, use) => {
      const sandbox = await startSandbox();
      await use(sandbox);
      await sandbox.stop();
    },
    { scope: "worker" },
  ],

  store: async ({ sandbox, scenario }, use) => {
    const store = new Store(sandbox.origin);
    await store.scenario(scenario);
    await use(store);
  },

  /** Where the test's shop is, for those tests that have one. */
  shopOrigin: async ({}, use) => {
    await use(`http://127.0.0.1:${await freePort()}`);
  },

  middleware: async ({ page, store, settings, shopOrigin }, use) => {
    const middleware = new Middleware({
      sandbox: store.origin,
      token: store.token,
      settings: { return_url: `${shopOrigin}/account`, ...settings },
    });
    await middleware.start();
    await use(middleware);
    // Before the servers: what it still asks for would be an error.
    await page.close();
    await middleware.stop();
  },

  /** The example shop in front of the portal; the scenario's first customer is signed in. */
  shop: async ({ page, middleware, store, shopOrigin }, use) => {
    const shop = await startShop(shopOrigin, middleware, await store.customers());
    await use({ origin: shopOrigin });
    await page.close();
    await shop.stop();
  },

  portal: async ({ page, middleware, store }, use) => {
    await use({
      /**
       * Opens the portal as the scenario's first customer, or another one by their number.
       * @param {string} [place] below /portal, such as `/subscriptions`
       * @param {number} [customer]
       */
      async open(place = "/", customer = 0) {
        const { email } = (await store.customers())[customer];
        await page.goto(await middleware.link({ email }));
        if (place !== "/") await page.goto(`${middleware.origin}/portal${place}`);
        await expect(page.getByRole("main")).toBeVisible();
      },
    });
  },
});

/**
 * Leaves the first answers out of the pages that are opened from now on, so that the portal asks for them.
 * @param {import("@playwright/test").Page} page
 */
export const leaveOutAnswers = (page) =>
  page.addInitScript(() => {
    const leaveOut = () => document.querySelectorAll("[data-answer]").forEach((block) => block.remove());
    new MutationObserver(leaveOut).observe(document, { childList: true, subtree: true });
  });

export { expect };
