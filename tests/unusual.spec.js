// Pages and browsers that are not as one expects: a `<base>`, another language, a shortcut on every
// key, frames, frozen pages, an update meanwhile, no WebAssembly, a browser of some years ago.
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "./support/portal.js";
import { goTo } from "./support/customer.js";

const ENDED = "You were signed out";
const bundle = () =>
  resolve(process.env.PERENNIAL_TARGET ?? "target", "dist", process.env.PERENNIAL_PORTAL ?? "portal");

/** A merchant's page with a portal in it. */
async function openShop(page, { middleware, store, head = "", html = 'lang="en"', script = "/portal/embed.js" }) {
  const [{ email }] = await store.customers();
  await page.goto(await middleware.link({ email }));
  const body = `<!doctype html><html ${html}><title>Konto</title>${head}
    <merchant-portal></merchant-portal><script type="module" src="${script}"></script>`;
  await page.route(`${middleware.origin}/account`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${middleware.origin}/account`);
}

const opened = (page) => expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();

for (const [kind, base] of [
  ["its own origin", "/"],
  ["a folder", "/shop/en/"],
  ["another origin", "https://cdn.example/assets/"],
]) {
  test(`links, history and requests of the portal do not follow a base of ${kind}`, async ({
    page,
    middleware,
    store,
  }) => {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await openShop(page, {
      middleware,
      store,
      head: `<base href="${base}">`,
      script: `${middleware.origin}/portal/embed.js`,
    });
    await opened(page);
    await goTo(page, "Addresses");
    expect(page.url()).toBe(`${middleware.origin}/account#portal_addresses`);
    const hrefs = await page
      .getByRole("navigation", { name: "Your account" })
      .getByRole("link")
      .evaluateAll((/** @type {HTMLAnchorElement[]} */ links) => links.map((link) => link.href));
    for (const href of hrefs) expect(href).toContain(`${middleware.origin}/account#portal`);
    expect(await page.locator("[data-crash] a").evaluate((/** @type {HTMLAnchorElement} */ link) => link.href)).toBe(
      `${middleware.origin}/account`,
    );
    await page.goBack();
    await opened(page);
    // A tab of its own leads to the same place.
    const [tab] = await Promise.all([
      page.context().waitForEvent("page"),
      page.getByRole("link", { name: "Deliveries", exact: true }).click({ modifiers: ["Shift"] }),
    ]);
    expect(tab.url()).toBe(`${middleware.origin}/account#portal_deliveries`);
    await tab.close();
    expect(asked.filter((url) => !url.startsWith(middleware.origin) && url.startsWith("http"))).toEqual([]);
  });
}

test("the portal says in which language and direction it is written", async ({ page, middleware, store }) => {
  await openShop(page, { middleware, store, html: 'lang="en" dir="rtl"' });
  await opened(page);
  const root = page.locator("merchant-portal .portal");
  expect(
    await root.evaluate((/** @type {HTMLElement} */ element) => [
      element.lang,
      element.dir,
      getComputedStyle(element).direction,
    ]),
  ).toEqual(["en", "ltr", "ltr"]);
});

test("what is typed into a field does not reach the shop's shortcuts", async ({ page, middleware, store }) => {
  await openShop(page, { middleware, store });
  await opened(page);
  await page.evaluate(() => {
    globalThis.heard = [];
    for (const type of ["keydown", "keypress", "keyup"]) {
      for (const target of [document, window])
        target.addEventListener(type, (/** @type {KeyboardEvent} */ event) =>
          globalThis.heard.push(`${type} ${event.key}`),
        );
    }
  });
  await goTo(page, "Addresses");
  await page.getByRole("button", { name: /^Edit/ }).first().click();
  const dialog = page.getByRole("dialog");
  const fields = dialog.locator("input:not([type=radio]):not([type=checkbox]), textarea, select");
  await expect(fields.first()).toBeVisible();
  await page.evaluate(() => (globalThis.heard.length = 0));
  for (const field of (await fields.all()).slice(0, 3)) {
    await field.focus();
    await page.keyboard.press("s");
    await page.keyboard.press("/");
  }
  expect(await page.evaluate(() => globalThis.heard)).toEqual([]);
  // Elsewhere they are the page's.
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: /^Edit/ }).first().focus();
  await page.keyboard.press("s");
  expect(await page.evaluate(() => globalThis.heard)).toContain("keydown s");
});

test("sizes of the portal do not follow the font size of the page", async () => {
  const assets = join(bundle(), "assets");
  const [name] = (await readdir(assets)).filter((file) => /^portal\..*css$/.test(file));
  expect(await readFile(join(assets, name), "utf8")).not.toMatch(/\d(rem|rlh)\b/);
});

test("S-5: signing out removes what the portal keeps in the tab, and nothing of the shop's", async ({
  page,
  portal,
  shop,
  middleware,
  allowErrors,
}) => {
  allowErrors(/status of 401|favicon\.ico/);
  await portal.open();
  await page.evaluate(() => {
    for (const storage of [sessionStorage, localStorage]) storage.setItem("cart", "full");
    for (const key of ["perennial.path", "perennial.dismissed.x", "perennial.card"]) sessionStorage.setItem(key, "1");
  });
  const kept = page.evaluate.bind(page, () => [Object.keys(sessionStorage), Object.keys(localStorage)]);
  expect((await kept())[0].length).toBeGreaterThan(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${shop.origin}/account`);
  // The tab keeps what is stored of an origin, whatever page of it is open.
  await page.goto(`${middleware.origin}/healthz`);
  expect(await kept()).toEqual([["cart"], ["cart"]]);
  expect(await page.context().cookies()).toEqual([]);
});

test("a page that comes back from the browser's cache is shown only while the session goes on", async ({
  page,
  portal,
  middleware,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  await portal.open("/customer");
  await expect(page.getByText("maya.lindqvist@example.com")).toBeVisible();
  const comeBack = () => page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await comeBack();
  await expect(page.getByText("maya.lindqvist@example.com")).toBeVisible();
  // Signed out in another tab meanwhile.
  await page.context().clearCookies();
  /** @type {(value?: unknown) => void} */
  let answer;
  await page.route(`${middleware.origin}/portal/api/session`, async (route) => {
    await new Promise((go) => (answer = go));
    await route.continue();
  });
  await comeBack();
  await expect.poll(() => answer).toBeTruthy();
  await expect(page.getByText("maya.lindqvist@example.com")).toBeHidden();
  answer();
  await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(/Maya|Lindqvist/);
});

test("in a frame an ended session can be opened in a tab of its own", async ({
  page,
  portal,
  middleware,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  // Where the session's end may be noticed first, and the place kept for the way back.
  await portal.open("/addresses");
  await page.context().clearCookies();
  await page.route(`${middleware.origin}/framing`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: '<!doctype html><iframe src="/portal/addresses" width="900" height="800"></iframe>',
    }),
  );
  // What lets the shop frame the portal is the configuration; here it is the same origin.
  await page.route(`${middleware.origin}/portal/addresses`, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers["x-frame-options"];
    headers["content-security-policy"] = headers["content-security-policy"].replace(
      "frame-ancestors 'none'",
      "frame-ancestors 'self'",
    );
    await route.fulfill({ response, headers });
  });
  await page.goto(`${middleware.origin}/framing`);
  const frame = page.frameLocator("iframe");
  await expect(frame.getByRole("heading", { name: ENDED })).toBeVisible();
  const link = frame.getByRole("link", { name: "Open in a new tab" });
  expect(await link.evaluate((/** @type {HTMLAnchorElement} */ element) => [element.href, element.target])).toEqual([
    `${middleware.origin}/portal/addresses`,
    "_blank",
  ]);
  await page.goto(`${middleware.origin}/portal/addresses`);
  await expect(page.getByRole("heading", { name: ENDED })).toBeVisible();
  await expect(page.getByRole("link", { name: "Open in a new tab" })).toHaveCount(0);
});

test("a page whose release is gone loads itself again, once", async ({ page, middleware, store, allowErrors }) => {
  allowErrors(/status of 404|dynamically imported module|404/);
  // As after an update: the hashed files that the page names are not there any more.
  await page.route(/\/portal\/assets\/perennial\./, (route) => route.fulfill({ status: 404 }));
  let loads = 0;
  page.on("request", (request) => (loads += Number(request.url() === `${middleware.origin}/portal/`)));
  const [{ email }] = await store.customers();
  await page.goto(await middleware.link({ email }));
  await expect(page.getByRole("heading", { name: "We couldn’t open this page" })).toBeVisible();
  await expect.poll(() => loads).toBe(2);
  await page.waitForTimeout(1_000);
  expect(loads).toBe(2);
  await page.unrouteAll();
  await page.getByRole("link", { name: "Try again" }).click();
  await opened(page);
});

/** @type {[kind: string, forbid: (page: import("@playwright/test").Page, origin: string) => Promise<unknown>][]} */
const WITHOUT_WASM = [
  ["a browser without WebAssembly", (page) => page.addInitScript(() => delete globalThis.WebAssembly)],
  [
    "a policy that forbids it",
    (page, origin) =>
      page.route(`${origin}/portal/`, async (route) => {
        const response = await route.fetch();
        const policy = response.headers()["content-security-policy"].replace(" 'wasm-unsafe-eval'", "");
        await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
      }),
  ],
];
for (const [kind, forbid] of WITHOUT_WASM) {
  test(`${kind} is told what is missing, and the way to the shop`, async ({ page, middleware, store, allowErrors }) => {
    allowErrors(/WebAssembly|wasm|script-src/i);
    const [{ email }] = await store.customers();
    await page.goto(await middleware.link({ email }));
    await opened(page);
    await forbid(page, middleware.origin);
    await page.goto(`${middleware.origin}/portal/`);
    await expect(page.getByRole("heading", { name: "This browser can’t show your subscriptions" })).toBeVisible();
    await expect(page.getByText("We couldn’t open this page")).toBeHidden();
    await expect(page.getByRole("link", { name: "back to the shop" }).filter({ visible: true })).toHaveAttribute(
      "href",
      "/portal/return",
    );
  });
}

test("browsers without light-dark() or relative colors get opaque surfaces they can be read on", async ({
  page,
  middleware,
  store,
}) => {
  // Neither function is known any more.
  await page.route(/\/portal\/assets\/portal\..*\.css/, async (route) => {
    const response = await route.fetch();
    const css = await response.text();
    await route.fulfill({
      response,
      body: css.replaceAll("light-dark(", "no-light-dark(").replaceAll(/\bfrom (var|red)\b/g, "no-from $1"),
    });
  });
  const [{ email }] = await store.customers();
  await page.goto(await middleware.link({ email }));
  await opened(page);
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  const colors = await page.evaluate(() => {
    const root = document.querySelector("[data-perennial]").shadowRoot;
    const styles = (selector) => [...root.querySelectorAll(selector)].map((element) => getComputedStyle(element));
    return {
      surfaces: styles(".portal, .card, dialog[open], dialog[open] .button-primary").map(
        (style) => style.backgroundColor,
      ),
      scheme: styles(".portal").map((style) => style.colorScheme),
    };
  });
  expect(colors.surfaces.length).toBeGreaterThan(3);
  for (const color of colors.surfaces) expect(color).not.toMatch(/rgba\(0, 0, 0, 0\)|transparent|\/ 0\)/);
  expect(colors.scheme).toEqual(["light"]);
});

test("every color that a browser may not know has a plain one in its place", async () => {
  const assets = join(bundle(), "assets");
  const files = (await readdir(assets)).filter((file) => /^(portal|lazy|page)\..*css$/.test(file));
  const NEW = /light-dark\(|\(\s*from\s/;
  for (const file of files) {
    const css = await readFile(join(assets, file), "utf8");
    const [, plain = ""] = css.match(/@supports not[^{]*\{((?:[^{}]*\{[^{}]*\})*)/) ?? [];
    const rest = css.replace(/@supports not[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^}]*\}/, "");
    const uses = [...rest.matchAll(/([\w-]+)\s*:\s*([^;{}]+)/g)].filter(([, , value]) => NEW.test(value));
    expect(uses.length, file).toBeGreaterThan(0);
    for (const [declaration, property] of uses) {
      const before = rest.slice(0, rest.indexOf(declaration)).split("{").at(-1);
      // A custom property takes anything, so a plain value before it would be overridden.
      const covered = property.startsWith("--") ? plain.includes(`${property}:`) : before.includes(`${property}:`);
      expect(covered, `${file}: ${property}`).toBe(true);
    }
    expect(plain).not.toMatch(NEW);
  }
});

test("a portal that breaks says so, and how to go on", async ({ page, portal, allowErrors }) => {
  allowErrors(/unreachable/);
  await portal.open("/");
  const subscriptions = page.getByRole("link", { name: "Subscriptions", exact: true }).first();
  await expect(subscriptions).toBeVisible();
  await expect(page.getByText("This page stopped working")).toBeHidden();
  // No element can be made any more, which nothing is prepared for.
  await page.evaluate(() => {
    const broken = () => {
      throw new Error("broken");
    };
    Object.assign(Document.prototype, { createElement: broken, createElementNS: broken, importNode: broken });
    Node.prototype.cloneNode = broken;
  });
  await subscriptions.click();
  await expect(page.getByText("This page stopped working")).toBeVisible();
  await expect(page.getByRole("link", { name: "Reload page" })).toBeVisible();
});
