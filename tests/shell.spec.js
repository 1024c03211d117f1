import { goTo } from "./support/customer.js";
import { expect, test } from "./support/mock.js";

test("the shell paints under the strict policy without an error", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.getByText("We couldn’t open this page")).toBeHidden();
});

test("until the portal has started, bars in the shape of the overview are in its place", async ({ page, bundle }) => {
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route("**/*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${bundle.origin}/portal/`, { waitUntil: "commit" });
  const bars = page.locator("[data-perennial] .card .skeleton");
  await expect(bars).toHaveCount(9);
  for (const bar of await bars.all()) {
    const { width, height } = await bar.evaluate((bar) => bar.getBoundingClientRect());
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(12);
  }
  release();
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
});

test("each place has a title of its own, with the shop's name", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page).toHaveTitle("Overview – Alder & Finch");
  for (const [section, title] of [
    ["Subscriptions", "Subscriptions"],
    ["Deliveries", "Deliveries"],
    ["Payment", "Payment methods"],
    ["Purchase history", "Purchase history"],
  ]) {
    await goTo(page, section);
    await expect(page).toHaveTitle(`${title} – Alder & Finch`);
  }
  await page.getByRole("main").locator('a[href*="/history/"]').filter({ visible: true }).first().click();
  await expect(page).toHaveTitle(/^Order #\d+ – Alder & Finch$/);
  await page.goBack();
  await expect(page).toHaveTitle("Purchase history – Alder & Finch");
});

test("a start that fails offers the way back to the shop", async ({ page, bundle, allowErrors }) => {
  allowErrors(/perennial_bg|ERR_FAILED|Failed to fetch/);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("link", { name: "back to the shop" })).toBeVisible();
});

test("a bootstrap script that never arrives leaves the way back to the shop", async ({ page, bundle, allowErrors }) => {
  allowErrors(/ERR_FAILED/);
  await page.route("**/boot.*.js", (route) => route.abort());
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("link", { name: "back to the shop" })).toBeVisible({ timeout: 12_000 });
});
