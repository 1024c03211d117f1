// Opens every section, skips a delivery and takes that back, in each browser that is there, and
// does so again in an element in a merchant's page: over the real server, with the bundle that
// customers get.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as later } from "node:timers/promises";
import { HostShop } from "../support/host-shop.js";
import { Middleware, SECRET_MARK, startSandbox } from "../support/servers.js";
import { browsers } from "./browsers.mjs";
import { Page } from "./page.mjs";

const words = JSON.parse(await readFile("src/i18n/en.json", "utf8"));

/** The sections besides the overview, by the names that customers read. */
const SECTIONS = ["subscriptions", "deliveries", "history", "addresses", "payment_methods", "customer"].map(
  (section) => words[`nav.${section}`],
);

/** A store of its own in the sandbox. */
class Store {
  constructor(origin) {
    this.origin = origin;
    this.token = `${SECRET_MARK}-${randomUUID()}`;
  }

  async ask(path, body) {
    const answer = await fetch(`${this.origin}/_sandbox/${path}`, {
      method: body ? "POST" : "GET",
      headers: { "x-recharge-access-token": this.token, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.status === 204 ? undefined : answer.json().catch(() => undefined);
  }

  /** How many calls have changed something, by the end of their path. */
  async effects(end) {
    const log = await this.ask("log");
    return log.filter((call) => call.wrote && call.path.endsWith(end)).length;
  }
}

/** Opens the portal on a page of its own. @param {Page} page @param {Middleware} middleware @param {Store} store */
async function enter(page, middleware, store) {
  const [{ email }] = await store.ask("customers");
  await page.browser.goto(await middleware.link({ email }));
  // A browser that does not say that a person goes there gets a button first.
  if ((await page.texts("h1")).includes("Open your subscriptions")) await page.press("button", /^Open subscriptions$/);
  await page.shows("h1", /^Hello, Maya$/);
}

/** Skips the next delivery and takes that back. @param {Page} page @param {Store} store */
async function skip(page, store) {
  const [skipped, restored] = [await store.effects("/skip"), await store.effects("/unskip")];
  await page.press("main button", /^Skip this delivery$/);
  await page.press("dialog button", /^Skip /);
  await page.shows("[role=status]", /skipped/i);
  assert.equal(await store.effects("/skip"), skipped + 1);
  await page.press("button", /^Undo$/);
  await page.until("what was skipped is restored", async () => (await store.effects("/unskip")) === restored + 1);
  await page.shows("main button", /^Skip this delivery$/);
}

/** What a customer does inside a merchant's page. @param {Page} page @param {HostShop} host @param {Store} store */
async function visitShop(page, host, store) {
  await enter(page, host.middleware, store);
  await page.browser.goto(host.page("plain"));
  await page.shows("h1", /^Hello, Maya$/);
  assert.equal(await page.browser.evaluate(() => document.querySelectorAll("merchant-portal").length), 1);
  await page.press("nav a", new RegExp(`^${words["nav.deliveries"]}$`));
  await page.shows("main h1", new RegExp(`^${words["nav.deliveries"]}$`));
  // A driver's command waits for a page to load, which going back in the fragment does not do.
  await page.browser.evaluate(() => history.back());
  await page.shows("h1", /^Hello, Maya$/);
  await skip(page, store);
}

/** What a customer does on a page of the portal's own. @param {Page} page @param {Middleware} middleware @param {Store} store */
async function visit(page, middleware, store) {
  await enter(page, middleware, store);
  for (const section of SECTIONS) {
    const [before] = await page.texts("main h1");
    await page.press("nav a", new RegExp(`^${section}$`));
    await page.until(section, async () => (await page.texts("main h1"))[0] !== before);
    await page.until(`${section} is read`, async () => (await page.texts("main .skeleton")).length === 0);
    assert.deepEqual(await page.texts("[data-crash], main [role=alert]"), [], section);
    assert.ok((await page.texts("main")).join("").length > section.length + 20, `${section} shows something`);
  }

  await page.press("nav a", new RegExp(`^${words["nav.overview"]}$`));
  await skip(page, store);

  await page.press("button", /^Sign out$/);
  await page.until(
    "the shop",
    async () => !(await page.browser.evaluate(() => location.pathname)).startsWith("/portal"),
  );
  await page.browser.back();
  await later(500);
  const shown = (await page.texts("main")).join("");
  assert.doesNotMatch(shown, /Maya|Lindqvist|Prospect/, "Back shows nothing of the customer");
}

const sandbox = await startSandbox();
try {
  for (const [name, start] of Object.entries(browsers)) {
    const begun = Date.now();
    const store = new Store(sandbox.origin);
    await store.ask("scenario", { scenario: "everyday" });
    const host = await HostShop.prepare();
    const settings = { ...host.settings, loopback_cookie: true, return_url: `${sandbox.origin}/` };
    const middleware = new Middleware({ sandbox: sandbox.origin, token: store.token, settings });
    await middleware.start();
    await host.start(middleware);
    const browser = await start();
    try {
      const page = new Page(browser);
      await visitShop(page, host, store);
      await visit(page, middleware, store);
      console.log(
        `${name}: every section, skip and undo, also in a merchant's page, in ${Math.round((Date.now() - begun) / 100) / 10} s`,
      );
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    } finally {
      await browser.close();
      await host.stop();
      await middleware.stop();
    }
  }
} finally {
  await sandbox.stop();
}
