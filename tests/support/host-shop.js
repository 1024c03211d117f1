// A merchant's shop: the pages of tests/hosts, and the middleware forwarded below /portal/ under
// the same origin, as docs/embedding.md asks for.
import { createServer, request as ask } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { freePort } from "./servers.js";

const FOLDER = "tests/hosts";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** One shop, at `localhost` and at every name below it. */
export class HostShop {
  /** The paths that were asked for, with the headers. @type {{ path: string, headers: import("node:http").IncomingHttpHeaders }[]} */
  requests = [];

  /** Paths that are answered with 404, as if their release were gone. @type {RegExp | undefined} */
  gone;

  /** Not started yet, at a port that is free. */
  static async prepare() {
    return new HostShop(await freePort());
  }

  /** @param {number} port */
  constructor(port) {
    this.port = port;
    this.origin = `http://localhost:${port}`;
    this.www = `http://www.localhost:${port}`;
    // Of another site than the shop.
    this.other = `http://other.example.localhost:${port}`;
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  /** What the middleware's configuration must say. */
  get settings() {
    return { return_url: `${this.origin}/account`, public_origin: this.origin };
  }

  /** @param {import("./servers.js").Middleware} middleware */
  async start(middleware) {
    this.middleware = middleware;
    await new Promise((listening) => this.server.listen(this.port, "127.0.0.1", () => listening(undefined)));
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** The address of a page of tests/hosts. @param {string} name */
  page(name) {
    return `${this.origin}/hosts/${name}.html`;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(request, response) {
    const path = new URL(request.url, this.origin).pathname;
    this.requests.push({ path, headers: request.headers });
    if (path === "/favicon.ico") response.writeHead(204).end();
    else if (this.gone?.test(path)) response.writeHead(404).end();
    else if (path.startsWith("/portal/")) this.#forward(request, response);
    else await this.#serve(path === "/account" ? "/hosts/plain.html" : path, response);
  }

  #forward(request, response) {
    const { method, url: path, headers } = request;
    const upstream = ask({ host: "127.0.0.1", port: this.middleware.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  }

  /** A file of tests/hosts, with the headers that a file of the same name and `.headers` holds. */
  async #serve(path, response) {
    const file = join(FOLDER, path.replace(/^\/hosts\//, ""));
    const content = await readFile(file, "utf8").catch(() => undefined);
    if (!path.startsWith("/hosts/") || content === undefined) return response.writeHead(404).end();
    const lines = await readFile(`${file}.headers`, "utf8").catch(() => "");
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    for (const [, name, value] of lines.matchAll(/^([\w-]+): (.*)$/gm)) response.setHeader(name, value);
    const places = { origin: this.origin, www: this.www, other: this.other };
    return response.end(content.replace(/\{\{(\w+)\}\}/g, (_, name) => places[name]));
  }
}
