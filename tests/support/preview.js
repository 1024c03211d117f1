import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test as base, expect } from "./page.js";
import { contentType, POLICY } from "./static.js";

const folder = join(process.env.PERENNIAL_TARGET ?? "target", "dist", "preview");

/** Where the folder lies on its host. */
const PATH = "/designs/autumn/";

/**
 * The designers' frame, from a host that knows nothing but files, below a path of its own.
 * @type {import("./types.js").PreviewTest}
 */
export const test = /** @type {any} */ (base).extend({
  preview: [
    async ({}, use) => {
      const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url, "http://localhost");
        const file = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
        const content =
          file.startsWith(PATH) && (await readFile(join(folder, file.slice(PATH.length))).catch(() => null));
        response.writeHead(content ? 200 : 404, {
          "content-type": contentType(file),
          // As strict as for the portal itself.
          "content-security-policy": `${POLICY}; frame-src 'self'`,
        });
        response.end(content || "");
      });
      await /** @type {Promise<void>} */ (new Promise((listening) => server.listen(0, "127.0.0.1", listening)));
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      await use(`http://127.0.0.1:${port}${PATH}`);
      server.close();
      server.closeAllConnections();
    },
    { scope: "worker" },
  ],
});

export { expect };
