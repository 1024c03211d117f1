import { join } from "node:path";
import { test as base, expect } from "./page.js";
import { serveBundle } from "./static.js";

const folder = join(process.env.PERENNIAL_TARGET ?? "target", "dist", "portal-mock");

/**
 * The portal in mock mode: store and Gateway in the browser, no server but for files.
 * @type {import("./types.js").MockTest}
 */
export const test = /** @type {any} */ (base).extend({
  bundle: [
    async ({}, use) => {
      // The sandbox's card fields come from the preview itself.
      const server = await serveBundle(folder, "frame-src 'self'");
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
});

export { expect };
