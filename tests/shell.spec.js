import { join } from "node:path";
import { serveBundle } from "./support/static.js";
import { expect, test as base } from "./support/page.js";

const dist = join(process.env.PERENNIAL_TARGET ?? "target", "dist");

const test = base.extend({
  bundle: [
    async ({}, use) => {
      const server = await serveBundle(join(dist, "portal-mock"));
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
});

test("the shell paints under the strict policy without an error", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.locator("main")).toBeVisible();
  await expect(page.getByText("The page could not be opened")).toBeHidden();
});

test("a start that fails offers the way back to the shop", async ({ page, bundle, allowErrors }) => {
  allowErrors(/./);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("link", { name: "back to the shop" })).toBeVisible();
});

test("a bootstrap script that never arrives leaves the way back to the shop", async ({ page, bundle, allowErrors }) => {
  allowErrors(/./);
  await page.route("**/boot.*.js", (route) => route.abort());
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("link", { name: "back to the shop" })).toBeVisible({ timeout: 12_000 });
});
