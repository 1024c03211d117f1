// The second file of the wasm: fetched after the first page, and what happens until it is here.
import { expect, test } from "./support/portal.js";
import { dialog, goTo, said } from "./support/customer.js";
import { resize } from "./support/layout.js";

const REST = "**/rest.*.wasm";
const STYLE = "**/lazy.*.css";

/** Holds the second file back until the function that it answers with is called. */
async function hold(page, file = REST) {
  /** @type {(value?: unknown) => void} */
  let release;
  const released = new Promise((done) => (release = done));
  await page.route(file, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** How each element of the page looks, for comparisons. */
function lookOfAll() {
  const { shadowRoot } = document.querySelector("[data-perennial]");
  return [...shadowRoot.querySelectorAll(".frame *")].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const { color, backgroundColor, borderColor, borderStyle, borderRadius, font } = getComputedStyle(element);
    const look = [x, y, width, height, color, backgroundColor, borderColor, borderStyle, borderRadius, font];
    return `${element.tagName} ${element.getAttribute("class")} ${look.join(" ")}`;
  });
}

test("the rest comes by itself after the first page, once", async ({ page, portal }) => {
  const rest = page.waitForResponse(REST);
  await portal.open();
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
  expect((await rest).ok()).toBe(true);
  let again = 0;
  page.on("request", (request) => (again += /rest\..*wasm/.test(request.url()) ? 1 : 0));
  await goTo(page, "Deliveries");
  await goTo(page, "Addresses");
  await expect(page.getByRole("main")).toContainText("214 Prospect Place");
  expect(again).toBe(0);
});

test("a press before the rest is here is answered at once, and the dialog opens when it is", async ({
  page,
  portal,
}) => {
  const release = await hold(page);
  await portal.open();
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await expect(said(page)).toHaveText("Loading.", { timeout: 500 });
  await expect(dialog(page)).toBeHidden();
  release();
  await expect(dialog(page)).toBeVisible();
  await expect(said(page)).toHaveText("");
});

test("a press is forgotten when the customer goes elsewhere before the rest is here", async ({ page, portal }) => {
  const release = await hold(page);
  await portal.open();
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await goTo(page, "Deliveries");
  release();
  await expect(page.getByRole("main")).toContainText("That’s everything through");
  await expect(dialog(page)).toBeHidden();
});

test("a page before the rest is here has its heading, and the focus stays on it", async ({ page, portal }) => {
  const release = await hold(page);
  await portal.open();
  await goTo(page, "Addresses");
  await expect(page.getByRole("main").getByText("Loading")).toBeAttached();
  release();
  await expect(page.getByRole("main")).toContainText("214 Prospect Place");
  await expect(page.getByRole("main").getByRole("heading", { level: 1, name: "Addresses" })).toBeFocused();
});

test("where the rest does not come, a press says so and can be made again", async ({ page, portal, allowErrors }) => {
  allowErrors(/ERR_FAILED|Failed to fetch|TypeError/);
  await page.route(REST, (route) => route.abort());
  await portal.open();
  const skip = page.getByRole("button", { name: "Skip this delivery" });
  await skip.click();
  await expect(said(page)).toContainText("We couldn’t open that");
  await page.unroute(REST);
  await skip.click();
  await expect(dialog(page)).toBeVisible();
});

test("where the rest does not come, a page offers to try again, which fetches it again", async ({
  page,
  portal,
  allowErrors,
}) => {
  allowErrors(/ERR_FAILED|Failed to fetch|TypeError/);
  await page.route(REST, (route) => route.abort());
  await portal.open();
  await goTo(page, "Addresses");
  const again = page.getByRole("main").getByRole("button", { name: "Try again" });
  await again.click();
  await expect(again).toBeVisible();
  await page.unroute(REST);
  await again.click();
  await expect(page.getByRole("main")).toContainText("214 Prospect Place");
});

test("the first page asks for each thing once", async ({ page, portal, middleware }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await portal.open();
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
  const api = asked.filter((url) => url.startsWith(`${middleware.origin}/portal/api/`));
  // What it shows first comes with the page.
  for (const path of ["/session", "/overview"]) expect(api).not.toContain(`${middleware.origin}/portal/api${path}`);
  expect(api.length).toBe(new Set(api).size);
});

test("the first page looks the same before the style of the others is here", async ({ page, portal }) => {
  const release = await hold(page, STYLE);
  await portal.open();
  await expect(page.getByRole("heading", { name: "Your subscriptions" })).toBeVisible();
  const looks = async () => {
    const all = [];
    for (const width of [390, 700, 1280]) {
      await resize(page, { width, height: 844 });
      all.push(...(await page.evaluate(lookOfAll)));
    }
    return all;
  };
  const before = await looks();
  release();
  await page.waitForFunction(
    () => document.querySelector("[data-perennial]").shadowRoot.adoptedStyleSheets[1].cssRules.length,
  );
  expect(await looks()).toEqual(before);
});

test("the dialog waits for its style, and opens when that is here", async ({ page, portal }) => {
  const release = await hold(page, STYLE);
  const rest = page.waitForResponse(REST);
  await portal.open();
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await rest;
  await expect(said(page)).toHaveText("Loading.");
  await expect(dialog(page)).toBeHidden();
  release();
  await expect(dialog(page)).toHaveCSS("position", "fixed");
});

test("where the style does not come, a press says so and can be made again", async ({ page, portal, allowErrors }) => {
  allowErrors(/ERR_FAILED|Failed to fetch|TypeError/);
  await page.route(STYLE, (route) => route.abort());
  await portal.open();
  const skip = page.getByRole("button", { name: "Skip this delivery" });
  await skip.click();
  await expect(said(page)).toContainText("We couldn’t open that");
  await page.unroute(STYLE);
  await skip.click();
  await expect(dialog(page)).toBeVisible();
});
