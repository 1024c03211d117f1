// What stands on the page before the WebAssembly runs, and that nothing of it moves afterwards.
import { expect, leaveOutAnswers, test } from "./support/portal.js";
import { openAccount } from "./support/element.js";

/** @typedef {import("@playwright/test").Page} Page */

const WASM = /perennial_bg.*\.wasm/;

/** What is compared before and after: the place and the text of each. */
const COMPARED = [
  "h1",
  "h2.big",
  ".lead-date .muted",
  ".lead-sum",
  ".lead",
  ".failed-payment .banner-title",
  ".failed-payment .banner-text",
  ".empty p",
];

/** Keeps the WebAssembly back until the answer is called. @param {Page} page */
async function withoutWasm(page) {
  /** @type {(value?: unknown) => void} */
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route(WASM, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** Opens the portal for the first customer, who is signed in, without its WebAssembly. */
async function openWithoutWasm({ page, portal, middleware }, place = "/") {
  await portal.open();
  const release = await withoutWasm(page);
  await page.goto(`${middleware.origin}/portal${place}`, { waitUntil: "commit" });
  return release;
}

/** What is compared, as it is now. @param {Page} page */
const drawn = (page) =>
  page.evaluate((selectors) => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    return selectors.map((selector) => {
      const found = /** @type {HTMLElement} */ (shadowRoot.querySelector(selector));
      if (!found) return [selector];
      const { x, y } = found.getBoundingClientRect();
      return [selector, found.innerText, Math.round(x), Math.round(y)];
    });
  }, COMPARED);

/** @param {Page} page @param {string} selector */
const painted = (page, selector) => page.locator(`[data-perennial] [aria-hidden] ${selector}`);

/** What was painted stays, word for word and where it is, when the portal takes its place. */
async function expectNothingMoves(page, release) {
  // The shape of a card has the height of its text, which is not known.
  const place = ([selector, text, x, y]) => (selector === ".lead" ? [selector, x, y] : [selector, text, x, y]);
  const before = (await drawn(page)).map(place);
  release();
  await expect(page.getByRole("main").locator("h1")).toBeVisible();
  await expect(page.locator("[data-perennial] [aria-hidden] .main")).toHaveCount(0);
  expect((await drawn(page)).map(place)).toEqual(before);
}

for (const [locale, name] of /** @type {const} */ ([
  ["en-US", "English"],
  ["de-CH", "German"],
  ["ar-EG", "Arabic, from right to left"],
])) {
  test.describe(name, () => {
    test.use({ locale, viewport: { width: 390, height: 844 } });

    test("the next delivery is painted before the WebAssembly, and nothing moves when it has come", async ({
      page,
      portal,
      middleware,
    }) => {
      const release = await openWithoutWasm({ page, portal, middleware });
      await expect(painted(page, "h2.big")).toHaveText(/\d/);
      await expect(painted(page, ".lead-sum")).toContainText(/\d/);
      await expectNothingMoves(page, release);
    });
  });
}

test.describe("without a delivery", () => {
  test.use({ scenario: "cancelled" });

  test("the first paint says that nothing is planned", async ({ page, portal, middleware }) => {
    const release = await openWithoutWasm({ page, portal, middleware });
    await expect(painted(page, ".empty p")).toHaveText(/No upcoming deliveries/);
    await expectNothingMoves(page, release);
  });
});

test.describe("with a failed payment", () => {
  test.use({ scenario: "dunning" });

  test("the first paint says so, and it stays on the page until the portal says it", async ({
    page,
    portal,
    middleware,
  }) => {
    const release = await openWithoutWasm({ page, portal, middleware });
    await expect(painted(page, ".banner-title")).toHaveText(/^Payment of \$/);
    await expectNothingMoves(page, release);
    await expect(page.getByRole("button", { name: "Pay now" }).or(page.getByText("Replace"))).not.toHaveCount(0);
  });
});

test.describe("text of others", () => {
  test.use({ scenario: "hostile-text" });

  test("markup in names and titles is painted as text", async ({ page, portal, middleware }) => {
    const release = await openWithoutWasm({ page, portal, middleware });
    await expect(painted(page, ".lead-sum")).toContainText("<");
    await expect(painted(page, ".lead-sum img")).toHaveCount(0);
    await expectNothingMoves(page, release);
  });
});

test("the skeleton does not wait for the shop’s system", async ({ page, portal, store, middleware }) => {
  await portal.open();
  await store.advance({ days: 1 });
  await withoutWasm(page);
  await store.fault("GET", "", { delay: 3_000 }, 10);
  await page.goto(`${middleware.origin}/portal/`, { waitUntil: "commit" });
  await expect(painted(page, ".skeleton").first()).toBeVisible({ timeout: 2_000 });
  await expect(painted(page, "h2.big")).toHaveText(/\d/, { timeout: 15_000 });
});

test("an ended session is told before the WebAssembly has come", async ({ page, middleware, allowErrors }) => {
  allowErrors(/status of 401/);
  await withoutWasm(page);
  await page.goto(`${middleware.origin}/portal/`, { waitUntil: "commit" });
  await expect(painted(page, "h1")).toHaveText("You were signed out");
});

test("a shop that cannot be reached is told before the WebAssembly has come", async ({
  page,
  portal,
  middleware,
  allowErrors,
}) => {
  allowErrors(/status of 502/);
  await portal.open();
  await withoutWasm(page);
  await leaveOutAnswers(page);
  const problem = { type: "upstream", status: 502, title: "Upstream answered nonsense.", reference: "0123" };
  await page.route("**/portal/api/overview", (route) => route.fulfill({ status: 502, json: problem }));
  await page.goto(`${middleware.origin}/portal/`, { waitUntil: "commit" });
  await expect(painted(page, ".empty p")).toHaveText("The shop is busy. Try again in a moment.");
});

test("a page without the first answers asks for them itself", async ({ page, portal, middleware }) => {
  await portal.open();
  const release = await withoutWasm(page);
  await leaveOutAnswers(page);
  const asked = page.waitForRequest("**/portal/api/overview");
  await page.goto(`${middleware.origin}/portal/`, { waitUntil: "commit" });
  await asked;
  await expect(painted(page, "h2.big")).toHaveText(/\d/);
  await expectNothingMoves(page, release);
});

test("a page that brings the first answers along is asked for none of them again", async ({
  page,
  portal,
  middleware,
}) => {
  await portal.open();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${middleware.origin}/portal/`);
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
  expect(asked.filter((path) => /\/(session|overview)$|\/texts\//.test(path))).toEqual([]);
});

test("inside a merchant’s page the next delivery is painted from the script’s first requests", async ({
  page,
  middleware,
  store,
}) => {
  await withoutWasm(page);
  await openAccount(page, { middleware, store }, '<merchant-portal locale="de"></merchant-portal>');
  const painted = page.locator("merchant-portal [aria-hidden]");
  await expect(painted.locator("h2.big")).toHaveText(/\d/);
  await expect(painted.locator("p.small.muted").first()).toHaveText("Ihre nächste Lieferung");
});
