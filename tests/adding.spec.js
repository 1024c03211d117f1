// Adding: another subscription, something once, a code; and taking these off again.
import { expect, test } from "./support/portal.js";
import { delivery, dialog, fact, goTo, onward, said, submit, unfold } from "./support/customer.js";
import { inFull } from "./support/dates.js";
import { subscription } from "./support/rows.js";

const HOME = "214 Prospect Place";

/** Chooses from what else can be done with the delivery of a day. */
async function more(page, iso, action) {
  await delivery(page, iso)
    .getByRole("button", { name: `More options for ${inFull(iso)}` })
    .click();
  await delivery(page, iso).getByRole("button", { name: action, exact: true }).click();
}

/** Presses the button of the review that does it. */
const press = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();

/** The calls that changed something, without their ids. */
const effects = async (store) =>
  (await store.effects()).map((call) => `${call.method} ${call.path.replace(/\d+/g, "{id}")}`);

test(
  "SU-9 SU-10: something comes along once, is changed and taken off again",
  { tag: ["@add_onetime", "@update_onetime", "@remove_onetime"] },
  async ({ page, portal, store }) => {
    const { next } = await subscription(store, "House Espresso");
    await portal.open("/deliveries");
    await more(page, next, "Add one-time item");
    await onward(page);
    await expect(dialog(page).getByRole("alert").first()).toBeVisible();
    await dialog(page)
      .getByRole("radio", { name: /moss green/ })
      .check();
    await onward(page);
    await unfold(page, "See all changes");
    await expect(fact(dialog(page), "You can remove it until")).toBeVisible();
    await expect(
      dialog(page)
        .getByText(/^Total for /)
        .first(),
    ).toBeVisible();
    await press(page, "Add one-time item");
    await expect(said(page)).toContainText("One-time item added. You can remove it until");
    const mug = delivery(page, next).getByRole("listitem").filter({ hasText: "Travel Mug" });
    await expect(mug).toContainText("One-time item");
    await expect(mug).toContainText("$28.00");

    await more(page, next, "Change quantity of Travel Mug");
    await dialog(page).getByRole("spinbutton", { name: "Quantity" }).fill("2");
    await onward(page);
    await press(page, "Save");
    await expect(said(page)).toContainText("Changes saved.");
    await expect(mug).toContainText("$56.00");

    await more(page, next, "Remove Travel Mug");
    await press(page, "Remove item");
    await expect(said(page)).toContainText("Travel Mug removed.");
    await expect(mug).toBeHidden();
    expect(await effects(store)).toEqual(["POST /onetimes", "PUT /onetimes/{id}", "DELETE /onetimes/{id}"]);
  },
);

test(
  "SU-8: one press starts one subscription, whatever becomes of its answer",
  { tag: "@add_subscription" },
  async ({ page, portal, store }) => {
    await portal.open("/subscriptions");
    await page.getByRole("button", { name: "Start subscription" }).click();
    await dialog(page)
      .getByRole("radio", { name: /1 kg, whole bean/ })
      .check();
    await dialog(page)
      .getByRole("radio", { name: /^Every 4 weeks \$/ })
      .check();
    await expect(dialog(page).getByRole("radio", { name: new RegExp(HOME) })).toBeChecked();
    await onward(page);
    await expect(fact(dialog(page), "Per delivery, before shipping and tax")).toHaveText("$49.00");
    await expect(dialog(page)).toContainText(/Visa.*4242/);
    await store.fault("POST", "/subscriptions", "lose_after");
    await press(page, "Start subscription");
    await expect(said(page)).toContainText("Subscription started. Your first delivery is", { timeout: 15_000 });
    await expect(page.getByRole("article").filter({ hasText: "1 kg, whole bean" })).toHaveCount(1);
    expect(await effects(store)).toEqual(["POST /subscriptions"]);

    await page.getByRole("button", { name: "Undo" }).click();
    await expect(said(page)).toHaveText("Undone. The new subscription is canceled.");
    await expect(page.getByRole("article").filter({ hasText: "1 kg, whole bean" })).toContainText("Canceled");
  },
);

test("SU-8: products are found by what they are, and each stands above its variants", async ({ page, portal }) => {
  await portal.open("/subscriptions");
  await page.getByRole("button", { name: "Start subscription" }).click();
  await dialog(page).getByRole("searchbox", { name: "Search" }).fill("tea");
  const heads = dialog(page).locator(".picker-head").filter({ visible: true });
  await expect(heads).toHaveText(["Masala Chai", "Earl Grey with Blue Cornflower", "Sencha from Uji"]);
  await expect(dialog(page).getByText("6 to choose from")).toBeVisible();
  await dialog(page).getByRole("radio", { name: "Masala Chai 500 g pouch" }).check();
  await dialog(page).getByRole("searchbox", { name: "Search" }).fill("nothing like it");
  await expect(dialog(page).getByText("0 to choose from")).toBeVisible();
  await expect(dialog(page).locator(".picker").first()).toBeHidden();
});

test("SU-8: what several deliveries paid at once cost is said before and after", async ({ page, portal, store }) => {
  await portal.open("/subscriptions");
  await page.getByRole("button", { name: "Start subscription" }).click();
  await dialog(page)
    .getByRole("radio", { name: /1 kg, whole bean/ })
    .check();
  await dialog(page)
    .getByRole("radio", { name: /3 prepaid deliveries/ })
    .check();
  await expect(dialog(page)).toContainText("$147.00 for 3 prepaid deliveries");
  await onward(page);
  await expect(fact(dialog(page), "Per payment for 3 deliveries, before shipping and tax")).toHaveText("$147.00");
  const shown = await fact(dialog(page), "Total for .*").textContent();
  await press(page, "Start subscription");
  await expect(said(page)).toContainText("Subscription started.");
  const { charges } = await store.state();
  const queued = Object.values(charges).filter((charge) => charge.status === "queued");
  const own = queued.find((charge) =>
    charge.content.lines.some((line) => line.variant_title === "1 kg, whole bean" && line.is_prepaid),
  );
  expect(shown).toContain(`$${own.content.totals.price.amount}`);
  const card = page.getByRole("article").filter({ hasText: "3 prepaid deliveries" });
  await card.getByRole("link").first().click();
  await expect(page.getByText("Per payment for 3 deliveries")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("$147.00");
});

test(
  "SU-14: a code on an address says why it cannot be used, lowers the price, and is taken off",
  { tag: ["@apply_discount", "@remove_discount"] },
  async ({ page, portal, store }) => {
    await portal.open("/addresses");
    await page.getByRole("button", { name: `Apply discount code to ${HOME}` }).click();
    const code = dialog(page).getByLabel("Discount code");
    for (const [typed, answer] of [
      ["NOPE", "We couldn’t find that code."],
      ["STAFF40", "This code can’t be used here."],
      ["DISABLED", "This code is no longer active."],
    ]) {
      await code.fill(typed);
      await submit(page);
      await expect(dialog(page)).toContainText(answer);
      await expect(code).toBeFocused();
      await expect(code).toHaveValue(typed);
    }
    await code.fill("welcome10");
    await press(page, "Apply code");
    await expect(said(page)).toContainText("Code WELCOME10 applied.");
    await expect(page.getByText("Code WELCOME10 for everything shipped to this address")).toBeVisible();
    await page.getByRole("button", { name: "Remove code WELCOME10" }).click();
    await press(page, "Remove code");
    await expect(said(page)).toContainText("Code WELCOME10 removed.");
    await expect(page.getByRole("button", { name: `Apply discount code to ${HOME}` })).toBeVisible();
    expect(await effects(store)).toEqual(["PUT /addresses/{id}", "PUT /addresses/{id}"]);
  },
);

test(
  "SU-14: a code counts for one delivery only, and its price comes back without it",
  { tag: ["@apply_delivery_discount", "@remove_delivery_discount"] },
  async ({ page, portal, store }) => {
    const { next } = await subscription(store, "House Espresso");
    await portal.open("/deliveries");
    const total = delivery(page, next)
      .getByText(/^Total/)
      .first();
    const before = await total.innerText();
    await more(page, next, "Apply discount code");
    await expect(dialog(page)).toContainText("lost if the delivery changes");
    await dialog(page).getByLabel("Discount code").fill("FINCH10");
    await onward(page);
    await press(page, "Apply code");
    await expect(said(page)).toContainText("Code FINCH10 applied.");
    await expect(delivery(page, next)).toContainText("Code FINCH10 for this delivery only");
    await expect(total).not.toHaveText(before);
    await more(page, next, "Remove code FINCH10");
    await press(page, "Remove code");
    await expect(said(page)).toContainText("Code FINCH10 removed.");
    await expect(total).toHaveText(before);
    expect(await effects(store)).toEqual(["POST /charges/{id}/apply_discount", "POST /charges/{id}/remove_discount"]);
  },
);

test("SU-17: one suggestion below the own items, and put away it stays away", async ({ page, portal }) => {
  await portal.open("/deliveries");
  const block = page.getByRole("region", { name: "You might also like" });
  await expect(block).toHaveCount(1);
  await expect(block).toContainText("$");
  await block.getByRole("button", { name: /^Add once: / }).click();
  await expect(dialog(page).getByRole("combobox", { name: "Add to which delivery?" })).toBeVisible();
  await page.keyboard.press("Escape");
  // A mug is sold once, not again and again.
  await expect(block).toContainText("Travel Mug");
  await expect(block.getByRole("button", { name: /^Subscribe: / })).toHaveCount(0);
  await block.getByRole("button", { name: "Dismiss" }).click();
  await expect(block).toBeHidden();
  // What is suggested has come by the time that nothing is looked for.
  const shelf = page.waitForResponse(/\/api\/catalogue$/);
  await page.reload();
  await shelf;
  await goTo(page, "Overview");
  await goTo(page, "Deliveries");
  await expect(block).toBeHidden();
});

test("PH-8: what the shop still sells of an old order is bought again at today's price", async ({
  page,
  portal,
  store,
}) => {
  await portal.open("/history");
  await page.getByRole("row").getByRole("link").first().click();
  const again = page.getByRole("region", { name: "Buy again" });
  await expect(again).toContainText("At today’s prices.");
  await again
    .getByRole("button", { name: /^Subscribe: / })
    .first()
    .click();
  await expect(dialog(page).getByRole("heading", { name: /^Subscribe to / })).toBeVisible();
  await page.keyboard.press("Escape");
  await again
    .getByRole("button", { name: /^Add once: / })
    .first()
    .click();
  await onward(page);
  await press(page, "Add one-time item");
  await expect(said(page)).toContainText("One-time item added.");
  expect(await effects(store)).toEqual(["POST /onetimes"]);
});
