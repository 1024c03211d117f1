// The three changes as a customer makes them, and the truth wherever it matters.
import { expect, test } from "./support/portal.js";
import {
  delivery,
  dialog,
  fact,
  goTo,
  openSkip,
  outcome,
  reviewCancel,
  reviewSkip,
  reviewStreet,
  said,
  submit,
  unfold,
} from "./support/customer.js";
import { dayAndMonth, inFull, later } from "./support/dates.js";
import { address, skipped, subscription } from "./support/rows.js";

const HOME = "214 Prospect Place";
const NEW_HOME = "31 Juniper Street";

test(
  "DS-2 DS-3: a delivery is skipped everywhere, and comes back",
  { tag: ["@skip_delivery", "@unskip_delivery"] },
  async ({ page, portal, store }) => {
    const { next: first } = await subscription(store, "House Espresso");
    const { id, next: date } = await subscription(store, "Sencha from Uji");
    await portal.open("/deliveries");
    const skip = await reviewSkip(page, date);
    await expect(outcome(page)).toHaveText(
      `Nothing will ship on ${inFull(date)}. Your next delivery is still ${inFull(first)}.`,
    );
    await skip.click();
    await expect(said(page)).toHaveText(`Delivery skipped. Your next one is ${inFull(first)}.`);
    await expect(dialog(page)).toBeHidden();
    await expect(delivery(page, date)).toContainText("Nothing will ship or be charged.");
    expect(await skipped(store, date)).toEqual([id]);

    await goTo(page, "Subscriptions");
    await page.getByRole("link", { name: "Sencha from Uji" }).click();
    await expect(fact(page.getByRole("main"), "Upcoming deliveries").getByRole("listitem").first()).toHaveText(
      inFull(later(date, 42)),
    );

    await goTo(page, "Overview");
    await page.getByRole("button", { name: `Restore ${inFull(date)}` }).click();
    await dialog(page)
      .getByRole("button", { name: `Restore ${dayAndMonth(date)}` })
      .click();
    await expect(said(page)).toHaveText(`Delivery restored. It ships ${inFull(date)}.`);
    await expect(page.getByRole("button", { name: `Restore ${inFull(date)}` })).toBeHidden();
    await goTo(page, "Deliveries");
    await expect(delivery(page, date).getByRole("button", { name: /^Skip/ })).toBeVisible();
    expect(await skipped(store, date)).toEqual([]);
    expect((await store.effects()).map((call) => call.path.replace(/\d+/, "{id}"))).toEqual([
      "/charges/{id}/skip",
      "/charges/{id}/unskip",
    ]);
  },
);

test("DS-2: some items are skipped and the rest still comes", async ({ page, portal, store }) => {
  const espresso = await subscription(store, "House Espresso");
  const milk = await subscription(store, "Barista Oat Milk");
  await portal.open("/deliveries");
  await openSkip(page, espresso.next);
  await unfold(page, "Choose items");
  for (const box of await dialog(page).getByRole("checkbox").all()) await box.uncheck();
  await submit(page);
  await expect(dialog(page).getByRole("alert")).toHaveText("Choose at least one item.");
  await dialog(page).getByRole("checkbox", { name: "Barista Oat Milk" }).check();
  await expect(fact(dialog(page), "Skipped items")).toHaveText("Barista Oat Milk");
  await dialog(page).getByRole("button", { name: "Skip 1 item" }).click();

  await expect(said(page)).toHaveText(`1 item skipped. The rest ships ${inFull(espresso.next)}.`);
  expect(await skipped(store, espresso.next)).toEqual([milk.id]);
  const item = (title) => delivery(page, espresso.next).getByRole("listitem").filter({ hasText: title });
  await expect(item("Barista Oat Milk")).toContainText("Skipped");
  await expect(item("House Espresso")).not.toContainText("Skipped");
  await goTo(page, "Overview");
  await expect(page.getByText("Skipped: Barista Oat Milk")).toBeVisible();
  expect(await store.effects()).toHaveLength(1);
});

test("DS-2: a delivery past the next charge is skipped ahead, and Undo brings it back", async ({
  page,
  portal,
  store,
}) => {
  const milk = await subscription(store, "Barista Oat Milk");
  const date = later(milk.next, 14);
  await portal.open("/deliveries");
  await expect(delivery(page, date)).toContainText("estimated");
  await (await reviewSkip(page, date)).click();
  await expect(said(page)).toContainText("Delivery skipped.");
  await expect(delivery(page, date)).toContainText("Nothing will ship or be charged.");
  expect(await skipped(store, date)).toEqual([milk.id]);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toHaveText(`Undone. The delivery on ${inFull(date)} is back.`);
  await expect(delivery(page, date).getByRole("button", { name: /^Skip/ })).toBeVisible();
  expect(await skipped(store, date)).toEqual([]);
  expect(await store.effects()).toHaveLength(2);
});

test(
  "AD-3: an address is corrected and everything that ships there shows it",
  { tag: "@update_address" },
  async ({ page, portal, store }) => {
    await portal.open("/addresses");
    await page.getByRole("button", { name: `Edit ${HOME}` }).click();
    await dialog(page).getByLabel("ZIP code").fill("1121");
    await submit(page);
    await expect(dialog(page).getByLabel("ZIP code")).toBeFocused();
    await expect(dialog(page).getByLabel("ZIP code")).toHaveAccessibleDescription(/It should look like/);
    await dialog(page).getByLabel("ZIP code").fill("11217");
    await dialog(page).getByLabel("Address line 1").fill(NEW_HOME);
    await dialog(page).getByRole("button", { name: "Save address" }).click();

    await expect(said(page)).toHaveText("Address saved. Future deliveries will use it.");
    await expect(page.getByRole("main")).toContainText("Brooklyn, New York 11217");
    expect(await address(store, NEW_HOME)).toMatchObject({ zip: "11217", city: "Brooklyn", address2: "Apt 3R" });
    await goTo(page, "Overview");
    await expect(page.getByText(`To ${NEW_HOME}`)).toBeVisible();
    await goTo(page, "Deliveries");
    await expect(page.getByText(`To ${NEW_HOME}`).first()).toBeVisible();
    await expect(page.getByText(HOME)).toHaveCount(0);
    await goTo(page, "Subscriptions");
    await page.getByRole("link", { name: "House Espresso" }).click();
    await expect(fact(page.getByRole("main"), "Ships to")).toContainText(NEW_HOME);
    expect(await store.effects()).toHaveLength(1);
  },
);

test("AD-3: Undo restores the address", async ({ page, portal, store }) => {
  const before = await address(store, HOME);
  await portal.open("/addresses");
  await (await reviewStreet(page, HOME, NEW_HOME)).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toHaveText("Undone. The earlier address is back.");
  await expect(page.getByRole("button", { name: `Edit ${HOME}` })).toBeVisible();
  expect(await address(store, HOME)).toEqual(before);
});

test(
  "SU-12 SU-13: a subscription is cancelled with a reason, and Undo starts it again",
  { tag: "@cancel_subscription" },
  async ({ page, portal, store }) => {
    const { id, next } = await subscription(store, "House Espresso");
    await portal.open(`/subscriptions/${id}`);
    await page.getByRole("main").getByRole("button", { name: "Cancel subscription" }).click();
    await submit(page);
    await expect(dialog(page).getByRole("alert")).toHaveText("Choose a reason to continue.");
    await dialog(page).getByRole("radio", { name: "It costs too much" }).check();
    await dialog(page).getByLabel("Anything else we should know?").fill("See you in spring");
    await expect(fact(dialog(page), "Next delivery")).toHaveText(`${inFull(next)}will be removed`);
    await expect(dialog(page)).toContainText("You won’t receive this anymore.");
    await dialog(page).getByRole("button", { name: "Cancel subscription" }).click();

    await expect(said(page)).toHaveText(/^Subscription canceled: House Espresso\. Reference [0-9a-f]{12}\.$/);
    await expect(fact(page.getByRole("main"), "Reason")).toHaveText("It costs too much");
    expect(await subscription(store, "House Espresso")).toMatchObject({
      status: "cancelled",
      next: null,
      cancellation: { reason: "It costs too much", comments: "See you in spring" },
    });

    await page.getByRole("button", { name: "Undo" }).click();
    await expect(said(page)).toHaveText("Undone. The subscription is active again.");
    expect(await subscription(store, "House Espresso")).toMatchObject({ status: "active", next });
    await goTo(page, "Deliveries");
    await expect(delivery(page, next)).toContainText("House Espresso");
  },
);

test(
  "SU-12 SU-13: a cancelled subscription leaves the schedule and can be reactivated",
  { tag: "@reactivate_subscription" },
  async ({ page, portal, store }) => {
    const { id, next } = await subscription(store, "Decaf Huila");
    await portal.open(`/subscriptions/${id}`);
    await (await reviewCancel(page)).click();
    await expect(said(page)).toContainText("Subscription canceled: Decaf Huila.");
    await goTo(page, "Deliveries");
    await expect(page.getByRole("heading", { level: 3 }).first()).toBeVisible();
    await expect(page.getByRole("main").getByText("Decaf Huila")).toHaveCount(0);
    await goTo(page, "Overview");
    await expect(page.getByRole("heading", { name: "Your subscriptions" })).toBeVisible();
    await expect(page.getByRole("main").getByText("Decaf Huila")).toHaveCount(0);

    await goTo(page, "Subscriptions");
    await page.getByRole("link", { name: "Decaf Huila" }).click();
    await page.getByRole("button", { name: "Reactivate" }).click();
    await dialog(page).getByRole("button", { name: "Reactivate subscription" }).click();
    await expect(said(page)).toContainText("Subscription reactivated. Your first delivery is");
    await expect(page.getByRole("main").getByRole("button", { name: "Cancel subscription" })).toBeVisible();
    const again = await subscription(store, "Decaf Huila");
    expect(again).toMatchObject({ status: "active", cancellation: null });
    await expect(said(page)).toContainText(inFull(again.next ?? next));
  },
);
