// The way in from the shop, the way out, and what a session's end looks like.
import { setTimeout } from "node:timers/promises";
import { expect, test } from "./support/portal.js";
import { dialog, goTo, reviewCancel, reviewStreet, said, submit } from "./support/customer.js";
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
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
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
  await expect(page).toHaveURL(/\/portal\/addresses$/);
  await expect(street).toHaveValue("31 Juniper Street");
  await expect(dialog(page)).toContainText("We kept what you entered before.");
  expect(await store.writes()).toEqual([]);

  await page.keyboard.press("Escape");
  expect(await drafts(page)).toHaveLength(1);
  await page.reload();
  await expect(page.getByRole("button", { name: "Edit 214 Prospect Place" })).toBeVisible();
  await expect(dialog(page)).toHaveCount(0);
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

test("EN-9: what was typed is sent once, after the customer has signed in and confirmed it again", async ({
  page,
  shop,
  store,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  await enter(page, shop);
  await goTo(page, "Addresses");
  const save = await reviewStreet(page, "214 Prospect Place", "31 Juniper Street");
  await page.context().clearCookies();
  await save.click();
  await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();
  await page.goto(`${shop.origin}/account`);
  await page.getByRole("button", { name: "Manage subscriptions" }).click();
  await expect(dialog(page).getByLabel("Address line 1")).toHaveValue("31 Juniper Street");
  expect(await store.writes()).toEqual([]);
  await dialog(page).getByRole("button", { name: "Save address" }).click();
  await expect(said(page)).toContainText("Address saved.", { timeout: 20_000 });
  expect(await store.effects()).toHaveLength(1);
  expect(await drafts(page)).toEqual([]);
});

/** What a browser does when its window is looked at again. */
const lookAt = (page) => page.evaluate(() => void window.dispatchEvent(new Event("focus")));

test.describe("with another tab", () => {
  test.use({ scenario: "two-customers" });

  /** Types into a form in one tab whose session then ends. */
  async function typed(page, portal) {
    await portal.open("/addresses");
    await page.getByRole("button", { name: "Add address" }).click();
    await dialog(page).getByLabel("Address line 1").fill("5 Mill Lane");
    await page.context().clearCookies();
    await page.evaluate(() => fetch("/portal/api/session"));
    await page.clock.fastForward("01:00");
    await lookAt(page);
    await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();
  }

  /** Signs in, in a tab of its own. */
  async function signIn(page, store, middleware, customer) {
    const { email } = (await store.customers())[customer];
    const other = await page.context().newPage();
    await other.goto(await middleware.link({ email }));
    await expect(other.getByRole("main")).toBeVisible();
    await other.close();
    await lookAt(page);
  }

  test("EN-9: signing in again there opens the form here as it was", async ({
    page,
    portal,
    store,
    middleware,
    allowErrors,
  }) => {
    allowErrors(/status of 401/);
    await page.clock.install();
    await typed(page, portal);
    await signIn(page, store, middleware, 0);
    await expect(dialog(page).getByLabel("Address line 1")).toHaveValue("5 Mill Lane");
    expect(await store.writes()).toEqual([]);
  });

  test("EN-9: another customer who signs in there finds nothing of the one before here", async ({
    page,
    portal,
    store,
    middleware,
    allowErrors,
  }) => {
    allowErrors(/status of 401/);
    await page.clock.install();
    await typed(page, portal);
    await signIn(page, store, middleware, 1);
    await expect(page.getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Add address" })).toBeVisible();
    await expect(dialog(page)).toHaveCount(0);
    expect(await drafts(page)).toEqual([]);
  });
});

/** The dialog that asks whether the customer is still there. */
const warning = (page) => page.getByRole("dialog", { name: "Are you still there?" });

for (const width of [1280, 390]) {
  test(`EN-9: before the session ends the page asks, and staying takes one press, at ${width} px`, async ({
    page,
    portal,
    axe,
  }) => {
    await page.setViewportSize({ width, height: 844 });
    await page.clock.install();
    await portal.open("/history");
    // What comes later would be use, by the clock of the test.
    await page.waitForLoadState("networkidle");
    await page.clock.fastForward("26:50");
    await expect(warning(page)).toHaveCount(0);
    await page.clock.fastForward("00:25");
    await expect(warning(page).getByRole("timer")).toHaveText(/^Time left: 1:\d\d$/);
    await axe();
    // Who cannot see the time hears it twice, and nothing in between.
    await expect(warning(page).getByRole("status")).toHaveText("");
    await page.clock.runFor("01:00");
    await expect(warning(page).getByRole("status")).toHaveText(/^60 seconds left/);
    const used = page.waitForRequest((request) => request.url().endsWith("/portal/api/session"));
    await warning(page).getByRole("button", { name: "Stay signed in" }).press("Enter");
    await used;
    await expect(warning(page)).toHaveCount(0);
    await page.clock.fastForward("26:00");
    await expect(warning(page)).toHaveCount(0);
    await page.clock.fastForward("02:00");
    await expect(warning(page)).toBeVisible();
    await page.clock.fastForward("03:00");
    await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText(/Maya|Prospect/);
  });
}

test("EN-9: typing keeps the session, with one request a minute at most", async ({ page, portal }) => {
  await page.clock.install();
  await portal.open("/addresses");
  await page.getByRole("button", { name: "Edit 214 Prospect Place" }).click();
  const street = dialog(page).getByLabel("Address line 1");
  await street.fill("3");
  await page.waitForLoadState("networkidle");
  await page.clock.fastForward("20:00");
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await street.pressSequentially("1 Juniper Street");
  await expect.poll(() => asked).toEqual(["/portal/api/session"]);
  await page.clock.fastForward("10:00");
  await expect(street).toBeVisible();
  await expect(warning(page)).toHaveCount(0);
});

test.describe("with a session of a minute", () => {
  test.use({ settings: { "session.idle_minutes": 1 } });

  test("EN-9: the server ends the session when the page has said, and not before", async ({
    page,
    portal,
    allowErrors,
  }) => {
    test.setTimeout(180_000);
    allowErrors(/status of 401/);
    await portal.open();
    await expect(warning(page)).toBeVisible({ timeout: 45_000 });
    const seconds = async () => {
      const [, minutes, rest] = (await warning(page).getByRole("timer").textContent()).match(/(\d+):(\d+)/);
      return Number(minutes) * 60 + Number(rest);
    };
    expect(await seconds()).toBeGreaterThanOrEqual(20);
    await warning(page).getByRole("button", { name: "Stay signed in" }).click();
    await expect(warning(page)).toHaveCount(0);
    await expect(warning(page)).toBeVisible({ timeout: 45_000 });
    await expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible({ timeout: 45_000 });
    // The page is at most a twentieth ahead of the server.
    await setTimeout(4_000);
    expect(await page.evaluate(() => fetch("/portal/api/session").then((answer) => answer.status))).toBe(401);
  });
});

test("EN-10: signing out everywhere ends the other sessions, and says how many there were", async ({
  page,
  portal,
  store,
  middleware,
  browser,
  axe,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  const elsewhere = await (await browser.newContext()).newPage();
  const { email } = (await store.customers())[0];
  await elsewhere.goto(await middleware.link({ email }));
  await expect(elsewhere.getByRole("heading", { name: "Hello, Maya" })).toBeVisible();
  await portal.open("/customer");
  const everywhere = page.getByRole("button", { name: "Sign out everywhere" });
  await expect(everywhere).toBeVisible();
  await everywhere.click();
  await expect(page.getByRole("heading", { level: 1, name: "You’re signed out everywhere" })).toBeFocused();
  await expect(page.getByRole("main")).toContainText("We also ended 1 other session.");
  await expect(page.getByRole("main")).not.toContainText(/Maya|Lindqvist/);
  await axe();
  expect(await page.context().cookies()).toEqual([]);
  await goTo(elsewhere, "Addresses");
  await expect(elsewhere.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();
  await elsewhere.context().close();
});
