// The way in from the shop, the way out, and what a session's end looks like.
import { expect, test } from "./support/portal.js";
import { dialog, goTo, reviewCancel, submit } from "./support/customer.js";
import { subscription } from "./support/rows.js";

const ENDED = "You were signed out";

/** My Account in the shop, and the portal from there. */
async function enter(page, shop) {
  await page.goto(`${shop.origin}/`);
  await page.getByRole("link", { name: "My Account" }).first().click();
  await page.getByRole("button", { name: "Manage subscriptions" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Ends the session behind the page's back, as signing out in another tab does. */
async function endSession(page) {
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: "Sign out" }).click();
  await other.waitForURL((url) => !url.pathname.startsWith("/portal"));
  await other.close();
}

test("EN-1: the shop's button leads to the customer's own portal, by a new link each time", async ({
  page,
  shop,
  middleware,
}) => {
  const links = [];
  page.on("response", (response) => {
    if (response.request().method() === "POST") links.push([response.status(), response.headers().location]);
  });
  await enter(page, shop);
  await expect(page).toHaveURL(`${middleware.origin}/portal/`);
  await expect(page.getByRole("heading", { name: "Hello, Maya" })).toBeVisible();
  await enter(page, shop);
  await expect(page.getByRole("heading", { name: "Hello, Maya" })).toBeVisible();
  expect(links.map(([status]) => status)).toEqual([303, 303]);
  expect(links[0][1]).not.toBe(links[1][1]);
});

test("EN-9: a session that has ended says so, and entering again leads back to the same place", async ({
  page,
  shop,
  store,
  axe,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  const { id } = await subscription(store, "Decaf Huila");
  await enter(page, shop);
  await goTo(page, "Subscriptions");
  await page.getByRole("link", { name: "Decaf Huila" }).click();
  const cancel = page.getByRole("main").getByRole("button", { name: "Cancel subscription" });
  await expect(cancel).toBeVisible();
  await endSession(page);
  await goTo(page, "Addresses");
  await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("Prospect Place");
  await axe();

  await page.getByRole("main").getByRole("link", { name: "Back to the shop" }).click();
  await page.getByRole("button", { name: "Manage subscriptions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();
  await expect(page).toHaveURL(/\/portal\/addresses$/);
  await expect(page.getByRole("main")).toContainText("214 Prospect Place");
  expect(await store.writes()).toEqual([]);
  expect(await subscription(store, "Decaf Huila")).toMatchObject({ id, status: "active" });
});

test("EN-9: a change that meets the session's end is not made, and says so", async ({
  page,
  shop,
  store,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  await enter(page, shop);
  await goTo(page, "Subscriptions");
  await page.getByRole("link", { name: "House Espresso" }).first().click();
  const cancel = await reviewCancel(page);
  await expect(cancel).toBeEnabled();
  await endSession(page);
  await cancel.click();
  await expect(dialog(page).getByRole("alert")).toContainText(ENDED);
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "Back to the shop" })).toBeVisible();
  expect(await store.writes()).toEqual([]);
});

test("EN-10: after signing out, Back shows nothing of the customer", async ({ page, shop, allowErrors }) => {
  allowErrors(/status of 401/);
  await enter(page, shop);
  await goTo(page, "Your details");
  await expect(page.getByText("maya.lindqvist@example.com")).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${shop.origin}/account`);
  expect(await page.context().cookies()).toEqual([]);

  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(/Maya|Lindqvist|Prospect/);
});

test("EN-1: a link that was used says so in friendly words and leads back to the shop", async ({
  page,
  shop,
  middleware,
  axe,
  allowErrors,
}) => {
  // 401: the page that is left may still be reading when its cookie goes.
  allowErrors(/status of (410|401)/);
  const link = await middleware.link({ email: "maya.lindqvist@example.com" });
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Hello, Maya" })).toBeVisible();
  // Pressed twice by the one who is in: they just stay.
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Hello, Maya" })).toBeVisible();
  await page.context().clearCookies();
  const answer = await page.goto(link);
  expect(answer.status()).toBe(410);
  await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  await axe();
  await page.getByRole("link", { name: "Go back to Alder & Finch" }).click();
  await expect(page).toHaveURL(`${shop.origin}/account`);
});

/** What the portal keeps of forms in this tab. */
const drafts = (page) =>
  page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith("perennial.draft")));

test("EN-9: what was typed is there again after the session has ended, and signing out removes it", async ({
  page,
  shop,
  store,
  middleware,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  await enter(page, shop);
  await goTo(page, "Addresses");
  await page.getByRole("button", { name: "Edit 214 Prospect Place" }).click();
  const street = dialog(page).getByLabel("Address line 1");
  await street.fill("31 Juniper Street");
  await page.context().clearCookies();
  await submit(page);
  await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeFocused();
  await expect(page.getByRole("main")).toContainText("What you typed into a form is saved");

  await page.getByRole("main").getByRole("link", { name: "Back to the shop" }).click();
  await page.getByRole("button", { name: "Manage subscriptions" }).click();
  await page.getByRole("button", { name: "Edit 214 Prospect Place" }).click();
  await expect(street).toHaveValue("31 Juniper Street");
  await expect(dialog(page)).toContainText("We kept what you entered before.");
  expect(await store.writes()).toEqual([]);

  await page.keyboard.press("Escape");
  expect(await drafts(page)).toHaveLength(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${shop.origin}/account`);
  await page.goto(`${middleware.origin}/portal/`);
  expect(await drafts(page)).toEqual([]);
});

test.describe("with two customers", () => {
  test.use({ scenario: "two-customers" });

  test("another customer in the same tab finds nothing of what was typed before", async ({ page, portal }) => {
    await portal.open("/addresses");
    await page.getByRole("button", { name: "Add address" }).click();
    await dialog(page).getByLabel("Address line 1").fill("5 Mill Lane");
    await page.keyboard.press("Escape");
    expect(await drafts(page)).toHaveLength(1);
    await page.context().clearCookies();
    await portal.open("/addresses", 1);
    await page.getByRole("button", { name: "Add address" }).click();
    await expect(dialog(page).getByLabel("Address line 1")).toHaveValue("");
    expect(await drafts(page)).toEqual([]);
  });
});
