// Adding: another subscription, something once, a code; and taking these off again.
import { expect, test } from "./support/portal.js";
import { delivery, dialog, fact, goTo, said } from "./support/customer.js";
import { inFull } from "./support/dates.js";
import { subscription } from "./support/rows.js";

const HOME = "214 Prospect Place";

/** Chooses from what else can be done with the delivery of a day. */
async function more(page, iso, action) {
  await delivery(page, iso).getByRole("button", { name: `More for ${inFull(iso)}` }).click();
  await delivery(page, iso).getByRole("button", { name: action, exact: true }).click();
}

/** From the form to the review. */
const review = (page) => dialog(page).getByRole("button", { name: "Continue" }).click();

/** Presses the button of the review that does it. */
const press = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();

/** The calls that changed something, without their ids. */
const effects = async (store) =>
  (await store.effects()).map((call) => `${call.method} ${call.path.replace(/\d+/g, "{id}")}`);

test("SU-9 SU-10: something comes along once, is changed and taken off again", { tag: ["@add_onetime", "@update_onetime", "@remove_onetime"] }, async ({ page, portal, store }) => {
  const { next } = await subscription(store, "House Espresso");
  await portal.open("/deliveries");
  await more(page, next, "Add a product once");
  await review(page);
  await expect(dialog(page).getByRole("alert").first()).toBeVisible();
  await dialog(page).getByRole("radio", { name: /moss green/ }).check();
  await review(page);
  await expect(fact(dialog(page), "Can be removed until")).toBeVisible();
  await expect(fact(dialog(page), "Total, estimated")).toContainText("$");
  await press(page, "Add once");
  await expect(said(page)).toContainText("Added, once only. You can remove it until");
  const mug = delivery(page, next).getByRole("listitem").filter({ hasText: "Travel Mug" });
  await expect(mug).toContainText("Once only");
  await expect(mug).toContainText("$28.00");

  await more(page, next, "Change how many: Travel Mug");
  await dialog(page).getByRole("spinbutton", { name: "How many" }).fill("2");
  await review(page);
  await press(page, "Save");
  await expect(said(page)).toContainText("Saved.");
  await expect(mug).toContainText("$56.00");

  await more(page, next, "Remove Travel Mug");
  await press(page, "Remove it");
  await expect(said(page)).toContainText("Travel Mug is removed.");
  await expect(mug).toBeHidden();
  expect(await effects(store)).toEqual(["POST /onetimes", "PUT /onetimes/{id}", "DELETE /onetimes/{id}"]);
});

test("SU-8: one press starts one subscription, whatever becomes of its answer", { tag: "@add_subscription" }, async ({ page, portal, store }) => {
  await portal.open("/subscriptions");
  await page.getByRole("button", { name: "Start a subscription" }).click();
  await dialog(page).getByRole("radio", { name: /1 kg, whole bean/ }).check();
  await dialog(page).getByRole("radio", { name: /^Every 4 weeks \$/ }).check();
  await expect(dialog(page).getByRole("radio", { name: new RegExp(HOME) })).toBeChecked();
  await review(page);
  await expect(fact(dialog(page), "Each time, before shipping and tax")).toHaveText("$49.00");
  await expect(dialog(page)).toContainText(/Visa.*4242/);
  await store.fault("POST", "/subscriptions", "lose_after");
  await press(page, "Start subscription");
  await expect(said(page)).toContainText("Started. The first delivery is", { timeout: 15_000 });
  await expect(page.getByRole("article").filter({ hasText: "1 kg, whole bean" })).toHaveCount(1);
  expect(await effects(store)).toEqual(["POST /subscriptions"]);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toContainText("Taken back.");
  await expect(page.getByRole("article").filter({ hasText: "1 kg, whole bean" })).toContainText("Cancelled");
});

test("SU-14: a code on an address says why it cannot be used, lowers the price, and is taken off", { tag: ["@apply_discount", "@remove_discount"] }, async ({ page, portal, store }) => {
  await portal.open("/addresses");
  await page.getByRole("button", { name: `Add a discount code to ${HOME}` }).click();
  const code = dialog(page).getByLabel("Discount code");
  for (const [typed, answer] of [
    ["NOPE", "There is no such code."],
    ["STAFF40", "This code is not for the customer portal."],
    ["DISABLED", "This code is no longer in use."],
  ]) {
    await code.fill(typed);
    await review(page);
    await expect(dialog(page)).toContainText(answer);
    await expect(code).toBeFocused();
    await expect(code).toHaveValue(typed);
  }
  await code.fill("welcome10");
  await review(page);
  await expect(fact(dialog(page), "Total, estimated")).toContainText("$");
  await press(page, "Use this code");
  await expect(said(page)).toContainText("The code WELCOME10 counts now.");
  await expect(page.getByText("Code WELCOME10, for everything to this address")).toBeVisible();
  await page.getByRole("button", { name: "Remove the code WELCOME10" }).click();
  await press(page, "Remove the code");
  await expect(said(page)).toContainText("The code WELCOME10 is removed.");
  await expect(page.getByRole("button", { name: `Add a discount code to ${HOME}` })).toBeVisible();
  expect(await effects(store)).toEqual(["PUT /addresses/{id}", "PUT /addresses/{id}"]);
});

test("SU-14: a code counts for one delivery only, and its price comes back without it", { tag: ["@apply_delivery_discount", "@remove_delivery_discount"] }, async ({ page, portal, store }) => {
  const { next } = await subscription(store, "House Espresso");
  await portal.open("/deliveries");
  const total = delivery(page, next).getByText(/^Total/).first();
  const before = await total.innerText();
  await more(page, next, "Add a discount code");
  await expect(dialog(page)).toContainText("lost when the delivery changes");
  await dialog(page).getByLabel("Discount code").fill("FINCH10");
  await review(page);
  await press(page, "Use this code");
  await expect(said(page)).toContainText("The code FINCH10 counts now.");
  await expect(delivery(page, next)).toContainText("Code FINCH10, for this delivery only");
  await expect(total).not.toHaveText(before);
  await more(page, next, "Remove the code FINCH10");
  await press(page, "Remove the code");
  await expect(said(page)).toContainText("The code FINCH10 is removed.");
  await expect(total).toHaveText(before);
  expect(await effects(store)).toEqual(["POST /charges/{id}/apply_discount", "POST /charges/{id}/remove_discount"]);
});

test("SU-17: one suggestion below the own items, and put away it stays away", async ({ page, portal }) => {
  await portal.open("/deliveries");
  const block = page.getByRole("region", { name: "Goes well with it" });
  await expect(block).toHaveCount(1);
  await expect(block).toContainText("$");
  await block.getByRole("button", { name: /^Add once: / }).click();
  await expect(dialog(page).getByRole("combobox", { name: "With which delivery" })).toBeVisible();
  await page.keyboard.press("Escape");
  // A mug is sold once, not again and again.
  await expect(block).toContainText("Travel Mug");
  await expect(block.getByRole("button", { name: /^Subscribe: / })).toHaveCount(0);
  await block.getByRole("button", { name: "Put this suggestion away" }).click();
  await expect(block).toBeHidden();
  // What is suggested has come by the time that nothing is looked for.
  const shelf = page.waitForResponse(/\/api\/catalogue$/);
  await page.reload();
  await shelf;
  await goTo(page, "Overview");
  await goTo(page, "Deliveries");
  await expect(block).toBeHidden();
});

test("PH-8: what the shop still sells of an old order is bought again at today's price", async ({ page, portal, store }) => {
  await portal.open("/history");
  await page.getByRole("row").getByRole("link").first().click();
  const again = page.getByRole("region", { name: "Buy again" });
  await expect(again).toContainText("At today's prices.");
  await again.getByRole("button", { name: /^Subscribe: / }).first().click();
  await expect(dialog(page).getByRole("heading", { name: /^Subscribe to / })).toBeVisible();
  await page.keyboard.press("Escape");
  await again.getByRole("button", { name: /^Add once again: / }).first().click();
  await review(page);
  await press(page, "Add once");
  await expect(said(page)).toContainText("Added, once only.");
  expect(await effects(store)).toEqual(["POST /onetimes"]);
});
