import { expect, test } from "./support/mock.js";

test("the shell paints under the strict policy without an error", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.getByText("The page could not be opened")).toBeHidden();
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
