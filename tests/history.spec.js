// A long history, over HTTP.
import { expect, test } from "./support/portal.js";

test("PH-9: older orders come page by page to the end, each once", async ({ page, portal, store }) => {
  // Two years of deliveries pass before she looks.
  await store.advance({ days: 2 * 365 });
  const { orders } = await store.state();
  await portal.open("/history");
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  const older = page.getByRole("button", { name: "Show older" });
  await expect(older).toBeVisible();
  expect(await rows.count()).toBeLessThanOrEqual(50);
  while (await older.isVisible()) {
    const before = await rows.count();
    await older.click();
    await expect(rows.nth(before)).toBeVisible();
  }
  const numbers = (await rows.allTextContents()).map((text) => text.match(/#\d+/)[0]);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length).toBe(Object.keys(orders).length);
});
