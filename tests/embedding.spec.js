// The portal inside a page that is not ours: a bare `<merchant-portal>` in a merchant's page.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./support/portal.js";
import { dialog, goTo, said, sections } from "./support/customer.js";
import { skipped, subscription } from "./support/rows.js";

/** The policy that docs/embedding.md asks of the merchant's page. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' https: data:; " +
  "style-src 'none'; base-uri 'none'";

/** The tag with the integrity, which `cargo xtask dist` prints, of the bundle that is served here. */
const printedTag = () => {
  const { PERENNIAL_TARGET: target = "target", PERENNIAL_PORTAL: portal = "portal" } = process.env;
  return readFile(join(target, "dist", `${portal}.embed.html`), "utf8");
};

/** Opens a merchant's page with a portal in it, as a signed-in customer of the shop. */
async function openShop(page, { middleware, store, tag }) {
  const [{ email }] = await store.customers();
  await page.goto(await middleware.link({ email }));
  const html = `<!doctype html><html lang="en"><title>My account</title>
    <header><a href="/portal-help">Help</a> <a href="/orders">Orders</a> <a href="#reviews">Reviews</a></header>
    <main-ish><merchant-portal><p slot="fallback">Please write to us.</p></merchant-portal></main-ish>
    <p id="reviews">Reviews</p>${tag}`;
  await page.route(`${middleware.origin}/{account,orders,portal-help}`, (route) =>
    route.fulfill({ contentType: "text/html", headers: { "content-security-policy": POLICY }, body: html }),
  );
  await page.addInitScript(() => {
    window.places = [];
    document.addEventListener("perennial:navigate", (/** @type {CustomEvent} */ { detail }) =>
      window.places.push(detail.heading),
    );
  });
  await page.goto(`${middleware.origin}/account`);
}

const opened = (page) => expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();

test("an element in a foreign page opens, routes, changes something and goes", async ({ page, middleware, store }) => {
  const tag = '<script type="module" src="/portal/embed.js"></script>'.repeat(2);
  await openShop(page, { middleware, store, tag });
  await opened(page);
  expect(page.url()).toBe(`${middleware.origin}/account`);
  await expect(page).toHaveTitle("My account");

  await goTo(page, "Deliveries");
  await expect(page).toHaveURL(/\/account#portal_deliveries$/);
  // The page is told where the customer is; its title stays its own.
  await expect.poll(() => page.evaluate(() => window.places)).toContain("Deliveries");
  await expect(page).toHaveTitle("My account");
  await page.goBack();
  await opened(page);

  const { next } = await subscription(store, "House Espresso");
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await dialog(page).getByRole("button", { name: /^Skip/ }).click();
  await expect(said(page)).toContainText("skipped");
  expect((await skipped(store, next)).length).toBeGreaterThan(0);

  await page.evaluate(() => document.querySelector("merchant-portal").remove());
  await page.evaluate(() => Promise.resolve());
  await expect(page.getByRole("navigation", { name: "Your account" })).toHaveCount(0);
});

test("on a phone the bar of sections stays in its place, away from bars of the page", async ({
  page,
  middleware,
  store,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openShop(page, { middleware, store, tag: await printedTag() });
  await opened(page);
  const bar = sections(page);
  const offset = () => bar.evaluate((bar) => bar.getBoundingClientRect().top);
  const before = await offset();
  expect(before).toBeLessThan(200);
  await page.evaluate(() => scrollTo(0, 300));
  expect(await offset()).toBe(before - 300);
  await page.evaluate(() => scrollTo(0, 0));
  await goTo(page, "Your details");
  await expect(page).toHaveURL(/\/account#portal_customer$/);
});

test("IS-1: the page around it may help with an order in its own way", async ({ page, middleware, store }) => {
  await openShop(page, { middleware, store, tag: await printedTag() });
  await page.evaluate(() => {
    globalThis.heard = [];
    // At first it only listens.
    document.addEventListener("perennial:help", (/** @type {CustomEvent} */ event) => {
      globalThis.heard.push({ detail: event.detail, target: /** @type {Element} */ (event.target).localName });
      if (globalThis.heard.length > 1) event.preventDefault();
    });
    // What becomes of the link is seen after everybody has heard the press; no mail is written here.
    window.addEventListener("click", (event) => {
      const path = /** @type {HTMLAnchorElement[]} */ (event.composedPath());
      const link = path.find((node) => node.href?.startsWith("mailto:"));
      if (!link) return;
      globalThis.followed = !event.defaultPrevented;
      event.preventDefault();
    });
  });
  await goTo(page, "Purchase history");
  await page.getByRole("row").getByRole("link").first().click();
  const number = (await page.getByRole("heading", { level: 1, name: /^Order #/ }).textContent()).replace("Order ", "");
  const help = page.getByRole("link", { name: "Get help with this order" });
  for (const followed of [true, false]) {
    await help.click();
    expect(await page.evaluate(() => globalThis.followed)).toBe(followed);
  }
  const [{ detail, target }] = await page.evaluate(() => globalThis.heard);
  expect(target).toBe("merchant-portal");
  expect(detail.version).toBe(1);
  expect(detail.order).toEqual({
    id: expect.stringMatching(/^\d+$/),
    number,
    date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
  expect(detail.subscriptions.every((id) => /^\d+$/.test(id))).toBe(true);
  expect(JSON.stringify(detail)).not.toMatch(/4242|4444|visa|@/i);
});

test("the links of the page around it stay the page's", async ({ page, middleware, store }) => {
  await openShop(page, { middleware, store, tag: await printedTag() });
  await goTo(page, "Addresses");
  await page.getByRole("link", { name: "Reviews" }).click();
  await expect(page).toHaveURL(/\/account#reviews$/);
  await expect(page.getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();
  for (const path of ["/portal-help", "/orders"]) {
    await page.locator(`a[href='${path}']`).click();
    await expect(page).toHaveURL(`${middleware.origin}${path}`);
    await opened(page);
  }
});

test("taken out and put in ten times it leaves no listener and no timer behind", async ({
  page,
  middleware,
  store,
}) => {
  await page.addInitScript(() => {
    const kept = (globalThis.kept = { listeners: 0, intervals: 0 });
    for (const target of [window, document]) {
      const { addEventListener: add, removeEventListener: remove } = target;
      target.addEventListener = (...all) => (kept.listeners++, add.apply(target, all));
      target.removeEventListener = (...all) => (kept.listeners--, remove.apply(target, all));
    }
    const { setInterval: start, clearInterval: stop } = window;
    /** @param {[TimerHandler, number?]} all */
    const begin = (...all) => (kept.intervals++, start(...all));
    window.setInterval = /** @type {typeof start} */ (begin);
    window.clearInterval = (id) => (kept.intervals--, stop(id));
  });
  await openShop(page, { middleware, store, tag: await printedTag() });
  await opened(page);
  const take = () =>
    page.evaluate(async () => {
      const portal = (globalThis.taken ??= document.querySelector("merchant-portal"));
      portal.remove();
      await new Promise((later) => setTimeout(later));
      return { ...globalThis.kept, left: portal.shadowRoot.childNodes.length };
    });
  const before = await take();
  expect(before.left).toBe(0);
  for (let time = 0; time < 10; time += 1) {
    await page.evaluate(() => document.querySelector("main-ish").append(globalThis.taken));
    await opened(page);
    expect(await take()).toEqual(before);
  }
  // Moved, and not taken out: it stays as it is.
  await page.evaluate(() => document.querySelector("main-ish").append(globalThis.taken));
  await goTo(page, "Addresses");
  await page.evaluate(() => document.body.prepend(globalThis.taken));
  await expect(page.getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();
});

test("the printed integrity is that of the script, and another one is refused", async ({
  page,
  middleware,
  store,
  allowErrors,
}) => {
  const tag = await printedTag();
  expect(tag).toMatch(/integrity="sha384-[\w+/]{64}"/);
  await openShop(page, { middleware, store, tag });
  await opened(page);
  allowErrors(/integrity/i);
  const wrong = tag.replace(/sha384-(.)/, (_, first) => `sha384-${first === "A" ? "B" : "A"}`);
  await page.unrouteAll();
  await openShop(page, { middleware, store, tag: wrong });
  await expect(page.getByText("Please write to us.")).toBeVisible();
  expect(await page.evaluate(() => customElements.get("merchant-portal") === undefined)).toBe(true);
});
