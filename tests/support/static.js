import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** @param {string} file */
export const contentType = (file) => TYPES[extname(file)] ?? "application/octet-stream";

/** The policy that the middleware sends; the bundle must live with it wherever it is served. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' https: data:; base-uri 'none'; object-src 'none'";

/**
 * Serves a bundle under /portal/ without any middleware: the portal in mock mode, and
 * starts that are meant to fail.
 * @param {string} folder
 * @param {string} [frames] what may be framed, as a directive of the policy
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export async function serveBundle(folder, frames = "frame-src 'none'") {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname.replace(/^\/portal/, "");
    // Every place inside the portal is the same page.
    const file = extname(path) ? path : "/index.html";
    const content = path.startsWith("/api/") ? null : await readFile(join(folder, file)).catch(() => null);
    response.writeHead(content ? 200 : 404, {
      "content-type": contentType(file),
      "content-security-policy": `${POLICY}; ${frames}`,
    });
    response.end(content);
  });
  await /** @type {Promise<void>} */ (new Promise((listening) => server.listen(0, "127.0.0.1", listening)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((/** @type {() => void} */ closed) => server.close(closed) && server.closeAllConnections()),
  };
}
