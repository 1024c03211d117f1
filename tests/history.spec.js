// A long history, over HTTP.
import { expect, test } from "./support/portal.js";

test("PH-9: older orders come page by page to the end, each once", async ({ page, portal, store }) => {
  // Two years of deliveries pass before they look.
  await store.advance({ days: 2 * 365 });
  const { orders } = await store.state();
  await portal.open("/history");
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  const older = page.getByRole("button", { name: "Show older" });
  await expect(older).toBeVisible();
  expect(await rows.count()).toBeLessThanOrEqual(40);
  while (await older.isVisible()) {
    const before = await rows.count();
    await older.click();
    await expect(rows.nth(before)).toBeVisible();
  }
  const numbers = (await rows.allTextContents()).map((text) => text.match(/#\d+/)[0]);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length).toBe(Object.keys(orders).length);
});

test("PH-9: a filter stands in the address, survives a reload, and offers to search older", async ({
  page,
  portal,
  store,
}) => {
  await store.advance({ days: 2 * 365 });
  await portal.open("/history");
  // Those that were never paid have no receipt to open.
  const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
  await expect(rows.first()).toBeVisible();
  await page.getByLabel("Order number or item").fill("sencha");
  await expect(page).toHaveURL(/\/history\?q=sencha$/);
  await expect(rows.first()).toContainText("Sencha from Uji");
  await expect(page.getByText(/^Searched your latest \d+ orders\. Older ones aren’t loaded yet\.$/)).toBeVisible();
  await expect(page.getByLabel("Order number or item")).toBeFocused();
  const before = await rows.count();
  await page.getByRole("button", { name: "Search older" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(before);

  await page.getByLabel("Status").selectOption("Refunded");
  await expect(page).toHaveURL(/state=refunded&q=sencha$/);
  await page.reload();
  await expect(page.getByLabel("Order number or item")).toHaveValue("sencha");
  await expect(page.getByLabel("Status")).toHaveValue("refunded");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/history$/);
  await expect(rows.nth(5)).toBeVisible();
});

/** Opens the latest order that is paid. */
async function openOrder(page, portal) {
  await portal.open("/history");
  await page.getByLabel("Status").selectOption("Paid");
  await page.getByRole("row").getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Order #\d+$/);
  return (await page.getByRole("heading", { level: 1 }).textContent()).replace("Order ", "");
}

test("PH-4: a receipt prints with the shop's legal lines and without the page around it", async ({ page, portal }) => {
  await openOrder(page, portal);
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await page.getByRole("button", { name: "Print receipt" }).click();
  expect(await page.evaluate(() => window.printed)).toBe(true);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("Alder & Finch LLC")).toBeVisible();
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByRole("button", { name: "Print receipt" })).toBeHidden();
});

test("IS-1 IS-2: help and the copied details name the order and nothing of the card", async ({
  page,
  portal,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const number = await openOrder(page, portal);
  const help = page.getByRole("link", { name: "Get help with this order" });
  const mail = new URL(await help.getAttribute("href"));
  expect(mail.pathname).toBe("hello@alder-and-finch.example");
  expect(mail.searchParams.get("subject")).toBe(`Order ${number}`);
  expect(mail.searchParams.get("body")).toMatch(/^Order ID \d+\r\nSubscriptions \d+(, \d+)*$/);
  await page.getByRole("button", { name: "Copy details" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Order details copied." })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`Order ${number}`);
  expect(copied).toMatch(/Order ID \d+/);
  expect(copied).toMatch(/Total \$[\d.]+$/);
  expect(copied).not.toMatch(/4242|4444|visa|mastercard/i);
});

test(
  "IS-3: a problem is reported once and its reference is told",
  { tag: "@report_problem" },
  async ({ page, portal, store }) => {
    const number = await openOrder(page, portal);
    await page.getByRole("button", { name: "Report a problem" }).click();
    const form = page.getByRole("dialog");
    await expect(form.getByRole("heading")).toHaveText(`Report a problem with ${number}`);
    await form.getByRole("button", { name: "Send report" }).click();
    await expect(form.getByText("This field is required.")).toBeVisible();
    await form.getByRole("radio", { name: "Something is damaged" }).check();
    await form.getByLabel("What happened?").fill("The bag was open.");
    await form.getByRole("button", { name: "Send report" }).click();
    await expect(page.getByRole("status").filter({ hasText: "Report sent." })).toHaveText(/Reference [0-9a-f]+\./);
    expect(await store.effects()).toEqual([]);
  },
);
