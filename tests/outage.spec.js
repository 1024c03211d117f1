// The shop or the connection is away: what is old is said to be old, and the page comes back by itself.
import { expect, leaveOutAnswers, test } from "./support/portal.js";
import { dialog, goTo } from "./support/customer.js";

const OLD = "This may be out of date.";
const SECTIONS = ["/", "/subscriptions", "/deliveries", "/history", "/addresses", "/payment-methods", "/customer"];

const main = (page) => page.getByRole("main");

/** The clock as the page writes it. */
const clock = (at) =>
  new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", timeZone: "America/New_York" }).format(at);

for (const place of SECTIONS) {
  test(`views of before say so at ${place}, until they are read anew`, async ({ page, portal }) => {
    await leaveOutAnswers(page);
    await page.route("**/api/**", async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), age: "3600" };
      await route.fulfill({ response, headers: route.request().method() === "GET" ? headers : response.headers() });
    });
    await portal.open(place);
    const hourAgo = Date.now() - 3_600_000;
    const banner = main(page).locator(".banner", { hasText: OLD });
    await expect(banner.first()).toContainText(
      new RegExp([0, 60_000, -60_000].map((off) => `Last updated ${clock(hourAgo + off)}\\.`).join("|")),
    );
    await page.unrouteAll({ behavior: "wait" });
    await expect(main(page).getByText(OLD)).toHaveCount(0, { timeout: 15_000 });
  });
}

test("a page that could not be read comes by itself once the browser is online again", async ({
  page,
  context,
  portal,
  allowErrors,
}) => {
  allowErrors(/ERR_INTERNET_DISCONNECTED/);
  await portal.open();
  await expect(page.getByRole("link", { name: "See all deliveries" })).toBeVisible();
  await goTo(page, "Deliveries");
  await expect(main(page).getByRole("listitem").first()).toBeVisible();
  await context.setOffline(true);
  await goTo(page, "Addresses");
  await expect(main(page)).toContainText("We couldn’t reach the shop. Check your connection and try again.");
  await expect(main(page).getByText("Nothing was changed")).toHaveCount(0);
  await context.setOffline(false);
  await expect(main(page)).toContainText("214 Prospect Place");
  await expect(main(page).getByText("We couldn’t reach the shop.")).toHaveCount(0);
});

test("a review whose preview failed cannot be confirmed, and says so", async ({ page, portal, store, allowErrors }) => {
  allowErrors(/ERR_FAILED|status of 503/);
  await portal.open("/deliveries");
  for (const how of [(route) => route.abort(), (route) => route.fulfill({ status: 503, body: "" })]) {
    await page.route("**/api/preview", how);
    await main(page).getByRole("button", { name: /^Skip/ }).first().click();
    await expect(dialog(page).getByRole("alert")).toContainText(
      "We couldn’t preview this change, so nothing was changed.",
    );
    await expect(dialog(page).getByRole("button", { name: /^Skip/ })).toHaveCount(0);
    await page.unrouteAll({ behavior: "wait" });
    await dialog(page).getByRole("button", { name: "Try again" }).click();
    await expect(dialog(page).getByRole("alert")).toHaveCount(0);
    await expect(dialog(page).getByRole("button", { name: /^Skip/ })).toBeVisible();
    await dialog(page).getByRole("button", { name: "Close", exact: true }).click();
  }
  expect(await store.writes()).toEqual([]);
});
