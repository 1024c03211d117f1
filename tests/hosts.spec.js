// The portal inside pages that make it hard: each page of tests/hosts has its test here, and its
// row in docs/embedding.md.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "./support/hosts.js";
import { dialog, goTo, said, sections } from "./support/customer.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./support/host-shop.js").HostShop} HostShop */

const FALLBACK = "Contact us about your subscriptions.";
const DETAILS = /Maya|Lindqvist|Prospect/;

/** The portal's own root, inside the element. @param {Page} page */
const root = (page) => page.locator("merchant-portal .portal");

/** Waits for the overview. @param {Page} page */
const opened = (page) => expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();

/** Whether the address names a section of the portal, whatever precedes it. @param {string} section */
const at = (section) => new RegExp(`#/?portal[/_]${section}$`);

/** To a section and back. @param {Page} page */
async function moveAround(page) {
  const before = page.url();
  await goTo(page, "Deliveries");
  await expect(page).toHaveURL(at("deliveries"));
  await page.goBack();
  await expect(page).toHaveURL(before);
  await opened(page);
}

/** Skips the next delivery and takes that back. @param {Page} page @param {import("./support/portal.js").Store} store */
async function change(page, store) {
  const before = (await store.effects()).length;
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await dialog(page).getByRole("button", { name: /^Skip/ }).click();
  await expect(said(page)).toContainText("skipped");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toContainText("Undone");
  expect((await store.effects()).length).toBe(before + 2);
  await opened(page);
}

/** Opens a session for the scenario's first customer. @param {Page} page @param {HostShop} host */
async function signIn(page, host, store) {
  const [{ email }] = await store.customers();
  await page.goto(await host.middleware.link({ email }), { waitUntil: "commit" });
}

/** Opens a page of tests/hosts with a session. @param {Page} page @param {HostShop} host */
async function visit(page, host, store, name) {
  await signIn(page, host, store);
  await page.goto(host.page(name));
}

/** Opens a page, moves around and changes something. */
const works =
  (name) =>
  async ({ page, host, store }) => {
    await visit(page, host, store, name);
    await opened(page);
    await moveAround(page);
    await change(page, store);
  };

/** A picture of the overview in a page. @param {Page} page @param {HostShop} host */
async function picture(page, host, name) {
  await page.goto(host.page(name));
  await opened(page);
  await page.waitForLoadState("networkidle");
  return root(page).screenshot({ animations: "disabled" });
}

/**
 * How many pixels of two pictures differ by more than the last step of smoothing an edge.
 * @param {Page} page
 * @param {Buffer[]} pictures
 */
function differences(page, pictures) {
  return page.evaluate(
    async (sources) => {
      const [one, other] = await Promise.all(
        sources.map(async (source) => {
          const bitmap = await createImageBitmap(await (await fetch(source)).blob());
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      if (one.length !== other.length) return Infinity;
      return one.filter((value, index) => Math.abs(value - other[index]) > 8).length;
    },
    pictures.map((picture) => `data:image/png;base64,${picture.toString("base64")}`),
  );
}

/** Compares the portal with how it looks in a page that does nothing to it. */
const looksAsInPlainPage =
  (name, prepare = async (/** @type {Page} */ _) => {}) =>
  async ({ page, host, store }, info) => {
    await signIn(page, host, store);
    const expected = await picture(page, host, "plain");
    await prepare(page);
    const found = await picture(page, host, name);
    const different = await differences(page, [expected, found]);
    if (different > 0) {
      writeFileSync(info.outputPath("plain.png"), expected);
      writeFileSync(info.outputPath(`${name}.png`), found);
    }
    expect(different, `pixels that differ between ${name} and plain`).toBe(0);
  };

/** A browser of its own, started with other settings. */
async function withBrowser({ playwright, launchOptions, contextOptions }, options, use) {
  const args = [...launchOptions.args, ...(options.args ?? [])];
  const browser = await playwright.chromium.launch({ ...launchOptions, ...options, args });
  try {
    const context = await browser.newContext(contextOptions);
    await use(await context.newPage());
  } finally {
    await browser.close();
  }
}

/** The pages, what their tests show, and whether they pass. */
const hosts = {
  plain: {
    shows: "nothing unusual: the portal opens, Back works, a change can be undone, and the page can hide the element",
    async check({ page, host, store }) {
      await works("plain")({ page, host, store });
      const portal = page.locator("merchant-portal");
      for (const [name, value] of [
        ["hidden", ""],
        ["style", "display: none"],
      ]) {
        await portal.evaluate((portal, attribute) => portal.setAttribute(...attribute), [name, value]);
        await expect(sections(page)).toBeHidden();
        await portal.evaluate((portal, name) => portal.removeAttribute(name), name);
        await opened(page);
      }
    },
  },

  "base-own": {
    shows: "a `<base href>` of the shop’s own origin: links, requests and Back still work",
    check: works("base-own"),
  },

  "base-foreign": {
    shows: "a `<base href>` of another origin: the portal sends no request there",
    async check({ page, host, store }) {
      const asked = [];
      page.on("request", (request) => asked.push(new URL(request.url()).hostname));
      await works("base-foreign")({ page, host, store });
      expect(new Set(asked)).not.toContain("cdn.shop.example");
    },
  },

  unset: {
    shows:
      "`* { all: unset }` with large, letter-spaced, right-to-left text, and custom properties named like the portal’s: it looks the same as in the plain page",
    async check(fixtures, info) {
      const sheet = readFileSync("style/portal.css", "utf8");
      const sources = [...sheet.matchAll(/url\("(.+?)"\)/g)].map(([, file]) => readFileSync(`style/${file}`, "utf8"));
      const names = new Set(sources.flatMap((source) => source.match(/(?<![\w-])--[a-z][a-z0-9-]*/g) ?? []));
      const taken = [...names].filter((name) => !name.startsWith("--portal-"));
      expect(taken.length).toBeGreaterThan(50);
      const prepare = (page) =>
        page.addInitScript((names) => {
          document.addEventListener("DOMContentLoaded", () => {
            for (const name of names) document.documentElement.style.setProperty(name, "7px");
          });
        }, taken);
      await looksAsInPlainPage("unset", prepare)(fixtures, info);
      await change(fixtures.page, fixtures.store);
    },
  },

  "root-size": {
    shows: "a root font size of 62.5%: it looks the same as in the plain page",
    check: looksAsInPlainPage("root-size"),
  },

  "right-to-left": {
    shows: "a right-to-left page: the English portal looks the same as in the plain page",
    check: looksAsInPlainPage("right-to-left"),
  },

  narrow: {
    shows: "a 320 px column in a wide page: nothing is cut off, and a change can be undone",
    async check({ page, host, store }) {
      await visit(page, host, store, "narrow");
      await opened(page);
      for (const section of ["Deliveries", "Addresses", "Your details"]) {
        await goTo(page, section);
        await expect(page.getByRole("main").locator(".skeleton")).toHaveCount(0);
        const cut = await root(page).evaluate((root) => {
          const { right } = root.getBoundingClientRect();
          const shown = [...root.querySelectorAll("button, a, input, h1, h2, h3, p")].filter((each) =>
            each.checkVisibility(),
          );
          const over = shown.filter(
            (each) => !each.closest(".visually-hidden") && each.getBoundingClientRect().right > right + 1,
          );
          return [right, over.map((each) => each.outerHTML)];
        });
        expect(cut, section).toEqual([320, []]);
      }
      await goTo(page, "Overview");
      await change(page, store);
    },
  },

  csp: {
    shows: "the content security policy above: no violation",
    check: works("csp"),
  },

  "csp-without-wasm": {
    shows:
      "the same policy without `'wasm-unsafe-eval'`: the slot `fallback` shows, and `perennial:boot:error` is dispatched",
    async check({ page, host, store, allowErrors }) {
      allowErrors(/WebAssembly|wasm/);
      await page.addInitScript(() => {
        window.events = [];
        const { dispatchEvent } = EventTarget.prototype;
        EventTarget.prototype.dispatchEvent = function (event) {
          window.events.push(event.type);
          return dispatchEvent.call(this, event);
        };
      });
      await visit(page, host, store, "csp-without-wasm");
      await expect(page.getByText(FALLBACK)).toBeVisible();
      await expect.poll(() => page.evaluate(() => window.events)).toContainEqual(expect.stringMatching(/boot.error/));
    },
  },

  "trusted-types": {
    shows: "`require-trusted-types-for 'script'` with `trusted-types perennial`: no violation, and no default policy",
    async check({ page, host, store }) {
      await works("trusted-types")({ page, host, store });
      expect(await page.evaluate(() => trustedTypes.defaultPolicy)).toBe(null);
      // The page's own scripts are held to it as before.
      const refused = await page.evaluate(() => {
        try {
          document.createElement("p").innerHTML = "<b>text</b>";
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      });
      expect(refused).toBe(true);
    },
    allowed: /TrustedHTML|require-trusted-types-for/,
  },

  "router-hash": {
    shows: "a router that uses fragments such as `#/orders`: neither reacts to the other’s, and Back works across both",
    async check({ page, host, store }) {
      const outlet = page.locator("#outlet");
      await visit(page, host, store, "router-hash");
      await opened(page);
      await page.getByRole("link", { name: "Orders", exact: true }).click();
      await expect(outlet).toHaveText("Shop page: orders");
      await opened(page);
      await goTo(page, "Deliveries");
      await expect(page).toHaveURL(at("deliveries"));
      await expect(outlet).toHaveText("Shop page: orders");
      await page.getByRole("link", { name: "Wishlist" }).click();
      await expect(outlet).toHaveText("Shop page: wishlist");
      await page.goBack();
      await expect(page).toHaveURL(at("deliveries"));
      await page.goBack();
      await expect(page).toHaveURL(/#\/orders$/);
      await expect(outlet).toHaveText("Shop page: orders");
      await expect(outlet).not.toHaveText("Page not found");
    },
  },

  "router-history": {
    shows: "a router that intercepts the page’s links: its history state is preserved, and Back works across both",
    async check({ page, host, store }) {
      const outlet = page.locator("#outlet");
      await visit(page, host, store, "router-history");
      await opened(page);
      await page.getByRole("link", { name: "Orders", exact: true }).click();
      await expect(outlet).toHaveText("Shop page: orders");
      await goTo(page, "Deliveries");
      await expect(page).toHaveURL(at("deliveries"));
      await expect(outlet).toHaveText("Shop page: orders");
      await goTo(page, "Addresses");
      await page.goBack();
      await expect(page).toHaveURL(at("deliveries"));
      await page.goBack();
      await expect(page).toHaveURL(/\?page=orders$/);
      expect(await page.evaluate(() => history.state)).toEqual({ shop: page.url() });
      await page.goBack();
      await expect(outlet).toHaveText("Shop page: home");
      await opened(page);
    },
  },

  "hash-selector": {
    shows: "scripts that use the fragment as a selector, as in `$(location.hash)`: no exception in any section",
    async check({ page, host, store }) {
      await visit(page, host, store, "hash-selector");
      await opened(page);
      await moveAround(page);
      const [, ...others] = await sections(page).getByRole("link").allTextContents();
      for (const section of others) {
        await goTo(page, section);
        const heading = page.getByRole("main").getByRole("heading", { level: 1 });
        const name = await heading.textContent();
        await page.reload();
        await expect(heading).toHaveText(name);
      }
      await goTo(page, "Subscriptions");
      await page.getByRole("main").getByRole("link", { name: "Decaf Huila" }).click();
      const title = page.getByRole("heading", { level: 1, name: "Decaf Huila" });
      await expect(title).toBeVisible();
      await page.reload();
      await expect(title).toBeVisible();
      await goTo(page, "Purchase history");
      await page.getByLabel("Order number or item").fill("sencha & more");
      await page.getByRole("link", { name: "Reviews" }).click();
      await expect(page.locator("#reviews")).toHaveClass("revealed");
    },
  },

  shortcuts: {
    shows: "global shortcuts on `/` and Escape: they don’t fire while the customer types or has a dialog open",
    async check({ page, host, store }) {
      const search = page.getByRole("searchbox", { name: "Search the shop" });
      const cart = page.getByRole("complementary", { name: "Cart" });
      await visit(page, host, store, "shortcuts");
      await opened(page);
      await page.getByRole("button", { name: "Skip this delivery" }).click();
      await expect(dialog(page)).toBeVisible();
      await page.keyboard.press("/");
      await page.keyboard.press("Escape");
      await expect(dialog(page)).toBeHidden();
      await expect(search).not.toBeFocused();
      await expect(cart).toBeVisible();
      await goTo(page, "Purchase history");
      const field = page.getByLabel("Order number or item");
      await field.pressSequentially("a/b");
      await expect(field).toHaveValue("a/b");
      await expect(cart).toBeVisible();
      await page.getByRole("heading", { level: 1 }).focus();
      await page.keyboard.press("/");
      await expect(search).toBeFocused();
      await goTo(page, "Addresses");
      await page.keyboard.press("Escape");
      await expect(cart).toBeHidden();
    },
  },

  speculation: {
    shows: "speculation rules that prerender every link: nothing changes, and the sign-in link still works",
    check: survivesSpeculation("speculation"),
  },

  "instant-click": {
    shows: "a script that fetches links on hover: nothing changes, and the sign-in link still works",
    check: survivesSpeculation("instant-click"),
  },

  "service-worker": {
    shows: "a service worker that caches everything: changes show after a reload, and no API response is in its cache",
    async check({ page, host, store }) {
      await visit(page, host, store, "service-worker");
      await page.waitForFunction(() => navigator.serviceWorker.controller);
      await page.reload();
      await opened(page);
      await page.getByRole("button", { name: "Skip this delivery" }).click();
      await dialog(page).getByRole("button", { name: /^Skip/ }).click();
      await expect(said(page)).toContainText("skipped");
      await page.reload();
      await expect(page.getByRole("button", { name: "Restore" })).toBeVisible();
      const cached = await page.evaluate(async () => {
        const cache = await caches.open("shop");
        return (await cache.keys()).map(({ url }) => new URL(url).pathname);
      });
      expect(cached).toContain("/portal/embed.js");
      expect(cached.filter((path) => path.startsWith("/portal/api/"))).toEqual([]);
    },
  },

  twice: {
    shows: "the script included three times, under two addresses: one portal",
    async check({ page, host, store }) {
      await works("twice")({ page, host, store });
      await expect(sections(page)).toHaveCount(1);
      const reads = host.requests.filter(({ path }) => path === "/portal/api/session");
      // The page behind the link that signs in reads it as well.
      expect(reads.length).toBeLessThanOrEqual(2);
    },
  },

  moved: {
    shows: "a script that removes the element while it loads and inserts it elsewhere: the portal opens there",
    check: works("moved"),
  },

  "page-cache": {
    shows: "the back-forward cache: after signing out, nothing about the customer shows",
    async check({ host, store, playwright, launchOptions, contextOptions }) {
      const options = { ignoreDefaultArgs: ["--disable-back-forward-cache"] };
      // A page from the page cache is not loaded, which Playwright would wait for.
      const back = (/** @type {Page} */ page) => page.evaluate(() => void setTimeout(() => history.back()));
      // While the browser is on its way, there is nothing to ask.
      const persisted = (/** @type {Page} */ page) => page.evaluate(() => window.persisted).catch(() => false);
      const fromCache = (/** @type {Page} */ page) => expect.poll(() => persisted(page)).toBe(true);
      await withBrowser({ playwright, launchOptions, contextOptions }, options, async (page) => {
        await page.addInitScript(() =>
          addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted })),
        );
        await visit(page, host, store, "page-cache");
        await opened(page);
        await expect(page.getByRole("main")).toContainText(DETAILS);
        await page.getByRole("link", { name: "Shop", exact: true }).click();
        await opened(page);
        await back(page);
        await opened(page);
        // The session goes on: the same page, with all that it shows.
        await fromCache(page);
        await page.getByRole("link", { name: "Shop", exact: true }).click();
        await page.getByRole("button", { name: "Sign out" }).click();
        await expect(page.getByRole("heading", { level: 1, name: "You were signed out" })).toBeVisible();
        await back(page);
        await expect(page.getByRole("heading", { level: 1, name: "You were signed out" })).toBeVisible();
        await fromCache(page);
        await expect(page.getByRole("main")).not.toContainText(DETAILS);
      });
    },
  },

  release: {
    shows:
      "a page left open until the files of its release are gone: a message offers to reload, and the page isn’t reloaded before that",
    async check({ page, host, store, allowErrors }) {
      allowErrors(/404|Failed to fetch|dynamically imported|WebAssembly/);
      await signIn(page, host, store);
      // Before the second file of the bundle has come, where there is one.
      host.gone = /\/rest\./;
      await page.goto(host.page("release"));
      await opened(page);
      await page.evaluate(() => Object.assign(window, { same: true }));
      host.gone = /^\/portal\/assets\//;
      await goTo(page, "Payment");
      const reload = page.getByRole("link", { name: "Reload page" });
      const add = page.getByRole("button", { name: "Add card" }).filter({ visible: true });
      await add.or(reload).first().click({ trial: true });
      if (await reload.isHidden()) await add.first().click();
      await expect(page.getByRole("alert").filter({ has: reload })).toBeVisible();
      expect(await page.evaluate(() => window.same)).toBe(true);
      // The new release is there.
      host.gone = undefined;
      await reload.click();
      await opened(page);
      expect(await page.evaluate(() => window.same)).toBe(undefined);
    },
  },

  "no-webassembly": {
    shows: "a browser without WebAssembly: the slot `fallback` shows",
    async check({ page, host, store, allowErrors }) {
      allowErrors(/WebAssembly/);
      await visit(page, host, store, "no-webassembly");
      await expect(page.getByText(FALLBACK)).toBeVisible();
      await expect(sections(page)).toHaveCount(0);
    },
  },

  www: {
    shows: "the page at www and the session at the apex: “You were signed out”, with a link back to the shop",
    async check({ page, host, store, allowErrors }) {
      allowErrors(/status of 401/);
      await signIn(page, host, store);
      await page.goto(host.page("www").replace(host.origin, host.www));
      await expect(page.getByRole("heading", { level: 1, name: "You were signed out" })).toBeVisible();
      await page.getByRole("main").getByRole("link", { name: "Back to the shop" }).click();
      await expect(page).toHaveURL(new RegExp(`^${host.origin}/`));
      await opened(page);
    },
  },

  apex: {
    shows:
      "the page at the apex and the script at www: the browser refuses the script, and the element’s content shows",
    async check({ page, host, store, allowErrors }) {
      allowErrors(/CORS|ERR_FAILED/);
      await visit(page, host, store, "apex");
      await expect(page.getByText(FALLBACK)).toBeVisible();
    },
  },

  "third-party-cookies": {
    shows: "blocked third-party cookies: the portal needs none",
    async check({ page, host, store }) {
      // Visited by itself, the other site may keep a cookie, which it then does not get here: in
      // the contexts of these tests, Chromium blocks such cookies as in a private window.
      const pixel = "/hosts/pixel.svg";
      await page.goto(`${host.other}${pixel}`);
      expect((await page.context().cookies()).map(({ name }) => name)).toEqual(["tracker"]);
      await works("third-party-cookies")({ page, host, store });
      const sent = host.requests.filter(({ path }) => path === pixel).map(({ headers }) => headers.cookie);
      expect(sent.length).toBeGreaterThan(1);
      expect(new Set(sent)).toEqual(new Set([undefined]));
    },
  },

  storage: {
    shows:
      "a shop with its own storage, cache and cookies: signing out removes none of them and sends no `Clear-Site-Data`",
    async check({ page, host, store }) {
      const kept = () =>
        page.evaluate(async () => {
          const cache = await caches.open("shop");
          const keys = await cache.keys();
          return {
            local: { ...localStorage },
            session: { ...sessionStorage },
            cookie: document.cookie,
            cached: keys.map(({ url }) => url),
          };
        });
      await visit(page, host, store, "storage");
      await opened(page);
      // Something of the portal's own, which goes.
      await goTo(page, "Addresses");
      await page.getByRole("button", { name: "Add address" }).click();
      await dialog(page).getByLabel("Address line 1").fill("5 Mill Lane");
      await page.keyboard.press("Escape");
      const own = (name) => name.startsWith("perennial.");
      await expect.poll(async () => Object.keys((await kept()).session).some(own)).toBe(true);
      const before = await kept();
      const cookies = (await page.context().cookies()).map(({ name }) => name);

      const answer = page.waitForResponse((response) => response.request().method() === "DELETE");
      await page.getByRole("button", { name: "Sign out" }).click();
      expect((await (await answer).allHeaders())["clear-site-data"]).toBe(undefined);
      await expect(page).toHaveURL(`${host.origin}/account`);
      const after = await kept();
      expect(Object.keys(before.session).filter(own)).not.toEqual([]);
      // The portal in that page remembers its place; nothing is left of what was typed.
      const others = (session) => Object.entries(session).filter(([name]) => !own(name));
      expect({ ...after, session: others(after.session) }).toEqual({ ...before, session: others(before.session) });
      expect(Object.keys(after.session).filter((name) => name.startsWith("perennial.draft"))).toEqual([]);
      const left = (await page.context().cookies()).map(({ name }) => name);
      expect(cookies.filter((name) => !left.includes(name))).toHaveLength(1);
    },
    allowed: /status of 401/,
  },
};

/** A link that signs in, in a page that visits links before the customer does. */
function survivesSpeculation(name) {
  return async ({ page, host, store, allowErrors }) => {
    allowErrors(/status of 4\d\d/);
    await visit(page, host, store, name);
    await opened(page);
    const [{ email }] = await store.customers();
    const link = await host.middleware.link({ email });
    await page.evaluate((link) => document.querySelector("#account").setAttribute("href", link), link);
    const { pathname } = new URL(link);
    for (const each of await page.getByRole("link").filter({ visible: true }).all()) await each.hover();
    await page.getByRole("button", { name: "Sign out" }).hover();
    await expect.poll(() => host.requests.some(({ path }) => path === pathname)).toBe(true);
    expect(await store.writes()).toEqual([]);
    await page.reload();
    await opened(page);
    await page.context().clearCookies();
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1, name: "Hello, Maya" })).toBeVisible();
  };
}

const pages = readdirSync("tests/hosts")
  .filter((file) => file.endsWith(".html"))
  .map((file) => file.replace(".html", ""))
  .toSorted();

for (const name of pages) {
  const entry = hosts[name];
  if (!entry) throw new Error(`tests/hosts/${name}.html has no test`);
  test(`${name}: ${entry.shows}`, async ({
    page,
    host,
    store,
    allowErrors,
    playwright,
    launchOptions,
    contextOptions,
  }, info) => {
    if (entry.allowed) allowErrors(entry.allowed);
    await entry.check({ page, host, store, allowErrors, playwright, launchOptions, contextOptions }, info);
    const asked = host.requests.map(({ path }) => path);
    expect(asked, "the page was opened").toContain(`/hosts/${name}.html`);
  });
}

test("docs/embedding.md lists each page of tests/hosts, and what its test shows", () => {
  const section = readFileSync("docs/embedding.md", "utf8").split("## Pages it was tested in\n")[1] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| ["));
  const expected = pages.map((name) => `| [${name}](../tests/hosts/${name}.html) | ${hosts[name].shows} | yes |`);
  expect(rows).toEqual(expected);
  expect(Object.keys(hosts).toSorted()).toEqual(pages);
});
