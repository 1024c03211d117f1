// Starts the programs that a test talks to: one sandbox for each worker, and for each
// test a middleware over a store of its own.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";

const target = process.env.PERENNIAL_TARGET ?? "target";

/** Everything the programs say, kept so that a last test can look for secrets in it. */
export const LOGS = join(target, "test-logs");

/** Begins every secret, so that it is found where it must not be. */
export const SECRET_MARK = "never-in-a-log";

/** Which build of the programs is started: measurements need an optimised one. */
const profile = process.env.PERENNIAL_PROFILE ?? "debug";

const program = (name) => join(target, profile, name);

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  await /** @type {Promise<void>} */ (new Promise((listening) => server.listen(0, "127.0.0.1", listening)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((closed) => server.close(closed));
  return port;
}

/**
 * Starts a program and waits until `ready` answers.
 * @param {string} name
 * @param {string[]} args
 * @param {Record<string, string>} secrets
 * @param {string} ready
 */
async function start(name, args, secrets, ready) {
  await mkdir(LOGS, { recursive: true });
  const log = createWriteStream(join(LOGS, `${name}-${randomUUID()}.log`));
  const child = spawn(program(name), args, {
    env: { PATH: process.env.PATH, ...secrets },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let failure;
  child.once("error", (error) => (failure = error));
  child.once("exit", (code) => (failure ??= new Error(`${name} ended with ${code}; see ${LOGS}`)));
  for (const deadline = Date.now() + 10_000; ;) {
    if (failure) throw failure;
    if (
      await fetch(ready).then(
        () => true,
        () => false,
      )
    )
      break;
    if (Date.now() > deadline) throw new Error(`${name} does not answer at ${ready}`);
    await new Promise((later) => setTimeout(later, 20));
  }
  return {
    pid: child.pid,
    /** @param {NodeJS.Signals} signal */
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await ended;
      log.end();
    },
  };
}

/** A sandbox; each access token is a store of its own in it. */
export async function startSandbox() {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const args = ["serve", "--listen", `127.0.0.1:${port}`, "--scenario", "everyday"];
  const server = await start("sandbox", args, {}, `${origin}/`);
  return { origin, stop: server.stop };
}

/**
 * The example shop, at `origin`, in front of `middleware`.
 * @param {string} origin
 * @param {Middleware} middleware
 * @param {{ name: string, email: string }[]} customers who may be signed in; the first one is
 */
export async function startShop(origin, middleware, customers) {
  const environment = {
    SHOP_LISTEN: new URL(origin).host,
    SHOP_PORTAL: middleware.origin,
    SHOP_CUSTOMERS: JSON.stringify(customers),
    PORTAL_MERCHANT_SECRET: middleware.secrets.PORTAL_MERCHANT_SECRET,
  };
  return start("shop", [], environment, `${origin}/`);
}

/** @typedef {Record<string, unknown>} Settings by the keys of portal.toml, or `table.key` */

/** A middleware over the store of `token`, with a database of its own. */
export class Middleware {
  #server;

  /** @param {{ sandbox: string, token: string, settings?: Settings }} options */
  constructor({ sandbox, token, settings = {} }) {
    this.sandbox = sandbox;
    this.settings = settings;
    this.secrets = {
      PORTAL_RECHARGE_TOKEN: token,
      PORTAL_MERCHANT_SECRET: `${SECRET_MARK}-${randomUUID()}`,
    };
  }

  async start() {
    const folder = join(target, "test-data", randomUUID());
    await mkdir(folder, { recursive: true });
    this.port = await freePort();
    this.origin = `http://127.0.0.1:${this.port}`;
    this.config = join(folder, "portal.toml");
    const example = await readFile("examples/shop/portal.toml", "utf8");
    const settings = {
      listen: `127.0.0.1:${this.port}`,
      portal_dir: resolve(target, "dist", process.env.PERENNIAL_PORTAL ?? "portal"),
      database: "portal.db",
      folder: "mail",
      log: "debug",
      base_url: this.sandbox,
      origin: this.sandbox,
      // The cookie that customers get.
      loopback_cookie: false,
      // The login page, which tests of it turn on.
      enabled: false,
      ...this.settings,
    };
    await writeFile(this.config, override(example, settings));
    await this.restart();
  }

  /** The process. */
  get pid() {
    return this.#server.pid;
  }

  /** Starts again over the same database, at the same address. */
  async restart() {
    this.#server = await start("perennial", ["serve", "--config", this.config], this.secrets, `${this.origin}/healthz`);
  }

  /** Ends at once, in the middle of whatever it does. */
  async kill() {
    await this.#server.stop("SIGKILL");
  }

  async stop() {
    await this.#server.stop("SIGTERM");
  }

  /** The mail that left last. */
  async mail() {
    return readFile(join(dirname(this.config), "mail", "latest.eml"), "utf8");
  }

  /**
   * A link that opens the portal once, as the merchant's server asks for it.
   * @param {object} session for whom, and with what
   */
  link(session) {
    return this.#ask("/portal/sessions", session);
  }

  /** A link that makes one change when its button is pressed. @param {object} change */
  changeLink(change) {
    return this.#ask("/portal/links", change);
  }

  /** What the merchant's server asks for, as a link. @param {string} path @param {object} wanted */
  async #ask(path, wanted) {
    const answer = await fetch(`${this.origin}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.secrets.PORTAL_MERCHANT_SECRET}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(wanted),
    });
    if (!answer.ok) throw new Error(`no link: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).url;
  }
}

/** A value as TOML writes it in a line. @param {unknown} value @returns {string} */
function inline(value) {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, one]) => `${key} = ${inline(one)}`);
  return `{ ${pairs.join(", ")} }`;
}

/** Replaces the values of keys in a TOML text, or adds them; `table.key` is added to its table, or with it. */
function override(toml, settings) {
  return Object.entries(settings).reduce((text, [name, value]) => {
    const [, table, key] = name.match(/^(?:(.*)\.)?([^.]*)$/);
    const setting = `${key} = ${inline(value)}`;
    const place = new RegExp(table ? `^\\[${table.replace(".", "\\.")}\\]$` : `^${key} = .*$`, "m");
    if (!place.test(text) && !table) return `${setting}\n${text}`;
    if (!place.test(text)) return `${text}\n[${table}]\n${setting}\n`;
    return text.replace(place, (line) => (table ? `${line}\n${setting}` : setting));
  }, toml);
}
