// Tests of the portal inside a merchant's page.
import { HostShop } from "./host-shop.js";
import { expect, test as base } from "./portal.js";
import { Middleware } from "./servers.js";

/** @type {import("./types.js").HostTest} */
export const test = /** @type {any} */ (base).extend({
  host: async ({ page, store, settings }, use) => {
    const shop = await HostShop.prepare();
    const middleware = new Middleware({
      sandbox: store.origin,
      token: store.token,
      settings: { ...shop.settings, ...settings },
    });
    await middleware.start();
    await shop.start(middleware);
    await use(shop);
    // Before the servers: what it still asks for would be an error.
    await page.close();
    await shop.stop();
    await middleware.stop();
  },
});

export { expect };
