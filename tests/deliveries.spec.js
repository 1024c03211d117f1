// What can be done with a delivery besides skipping it, and the truth in the store.
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/portal.js";
import { delivery, dialog, fact, goTo, onward, outcome, said, submit, unfold } from "./support/customer.js";
import { dayAndMonth, inFull, later } from "./support/dates.js";
import { address, charges, skipped, subscription } from "./support/rows.js";

/** Opens what else can be done with a delivery, and presses one of it. */
async function choose(page, iso, action) {
  await delivery(page, iso)
    .getByRole("button", { name: `More options for ${inFull(iso)}` })
    .click();
  await delivery(page, iso).getByRole("button", { name: action }).click();
}

/** Picks a day of the calendar in the dialog, turning its months as far as needed. */
async function pick(page, iso) {
  const day = dialog(page).locator(`[data-day="${iso}"]`);
  while (!(await day.isVisible())) await dialog(page).getByRole("button", { name: "Next month" }).click();
  await day.click();
}

/** What makes a card of the customer who owes `charge`. */
const newCard = async (store, charge, token) => ({
  customer_id: charge.customer_id,
  payment_type: "CREDIT_CARD",
  processor_name: Object.values((await store.state()).payment_methods)[0].processor_name,
  processor_customer_token: "cus_new",
  processor_payment_method_token: token,
});

/** The paths of what was changed upstream, without ids. */
const effects = async (store) => (await store.effects()).map((call) => call.path.replace(/\d+/, "{id}"));

test(
  "DS-4: order now says what is paid by which card, and pays once",
  { tag: "@process_delivery" },
  async ({ page, portal, store }) => {
    const { next: date } = await subscription(store, "Sencha from Uji");
    const [charge] = await charges(store, date, "queued");
    await portal.open("/deliveries");
    await choose(page, date, "Get it now");
    await expect(fact(dialog(page), "Due now")).toContainText(`$${charge.content.totals.price.amount}`);
    await expect(fact(dialog(page), "Payment method")).toHaveText("Mastercard 4444");
    await expect(fact(dialog(page), "Next delivery")).toContainText(inFull(later(date, 42)));
    expect(await effects(store)).toEqual([]);
    await dialog(page).getByRole("button", { name: "Pay now" }).click();

    await expect(said(page)).toContainText(`You paid $${charge.content.totals.price.amount}.`);
    await expect(delivery(page, date)).toHaveCount(0);
    expect(await effects(store)).toEqual(["/charges/{id}/process"]);
    expect((await charges(store, date, "success")).map(({ id }) => id)).toEqual([charge.id]);
    await goTo(page, "Purchase history");
    await expect(page.getByRole("row").nth(1)).toContainText("Sencha from Uji");
  },
);

test("DS-4: a delivery can be paid for now with another card, which then pays at its address", async ({
  page,
  portal,
  store,
}) => {
  // The store works the new card into its deliveries, more than once.
  test.slow();
  const { next: date, address_id } = await subscription(store, "Sencha from Uji");
  const [charge] = await charges(store, date, "queued");
  await portal.open("/deliveries");
  await choose(page, date, "Get it now");
  await expect(dialog(page).getByRole("radio", { name: "Mastercard 4444" })).toBeChecked();
  await dialog(page).getByRole("radio", { name: "Visa 4242" }).check();
  await expect(dialog(page)).toContainText("From now on, this payment method also pays");
  await dialog(page).getByRole("button", { name: "Pay now" }).click();
  const paid = `You paid $${charge.content.totals.price.amount}.`;
  await expect(said(page)).toContainText(paid, { timeout: 20_000 });
  expect(await effects(store)).toEqual(["/addresses/{id}", "/charges/{id}/process"]);
  // The store makes a new charge of it for the new card.
  expect(await charges(store, date, "success")).toHaveLength(1);
  const { addresses, payment_methods } = await store.state();
  expect(payment_methods[addresses[address_id].payment_method_id].details.Card.last4).toBe("4242");
});

test("DS-4 SE-7: another amount than was agreed to is not taken, and the new one is shown", async ({
  page,
  portal,
  store,
}) => {
  const { id, next: date } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  await choose(page, date, "Get it now");
  const before = await fact(dialog(page), "Due now").textContent();
  await store.merchant("PUT", `/subscriptions/${id}?commit=true`, { quantity: 3 });
  await dialog(page).getByRole("button", { name: "Pay now" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("The amount changed, so you weren’t charged.");
  expect(await charges(store, date, "success")).toEqual([]);

  const [charge] = await charges(store, date, "queued");
  await expect(async () => {
    await dialog(page).getByRole("button", { name: "Try again" }).click({ timeout: 1_000 });
    await expect(fact(dialog(page), "Due now")).toContainText(`$${charge.content.totals.price.amount}`, {
      timeout: 1_000,
    });
    // While the store works the amount out again it may still be refused.
    await dialog(page).getByRole("button", { name: "Pay now" }).click({ timeout: 2_000 });
  }).toPass();
  expect(before).not.toContain(charge.content.totals.price.amount);
  await expect(said(page)).toContainText("You paid $");
  expect(await charges(store, date, "success")).toHaveLength(1);
});

test("DS-4: a payment that takes its time is said to be on its way", async ({ page, portal, store }) => {
  await store.merchant("POST", "/_sandbox/settings", { process: "pending" });
  const { next: date } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  await choose(page, date, "Get it now");
  await dialog(page).getByRole("button", { name: "Pay now" }).click();
  await expect(said(page)).toHaveText("Your payment is processing. This can take a few minutes.");
  await expect(delivery(page, date)).toContainText("Processing");
});

test(
  "DS-5: one delivery moves and the later ones keep their days; Undo moves it back",
  { tag: "@reschedule_delivery" },
  async ({ page, portal, store }) => {
    const { next: date } = await subscription(store, "Sencha from Uji");
    // A day on which nothing else comes.
    const to = later(date, 4);
    await portal.open("/deliveries");
    await choose(page, date, "Reschedule");
    await submit(page);
    await expect(dialog(page).getByText("Choose a date to continue.")).toBeVisible();
    await pick(page, to);
    await onward(page);
    await expect(outcome(page)).toHaveText(
      new RegExp(`^Your delivery moves from ${inFull(date)} to ${inFull(to)}\\. You’ll be charged \\$[\\d.]+\\.$`),
    );
    await expect(fact(dialog(page), "Next delivery")).toContainText(`${inFull(date)}changes to${inFull(to)}`);
    await dialog(page)
      .getByRole("button", { name: `Reschedule to ${dayAndMonth(to)}` })
      .click();

    await expect(said(page)).toHaveText(new RegExp(`^Delivery rescheduled from ${inFull(date)} to ${inFull(to)}\\.`));
    await expect(delivery(page, to)).toContainText("Sencha from Uji");
    await expect(delivery(page, later(date, 42))).toContainText("Sencha from Uji");
    expect(await subscription(store, "Sencha from Uji")).toMatchObject({ next: to });
    expect(await effects(store)).toEqual(["/charges/{id}/change_next_charge_date"]);

    await page.getByRole("button", { name: "Undo" }).click();
    await expect(delivery(page, date)).toContainText("Sencha from Uji");
    expect(await subscription(store, "Sencha from Uji")).toMatchObject({ next: date });
  },
);

test("DS-5: all later deliveries move along", async ({ page, portal, store }) => {
  const { next: date } = await subscription(store, "Sencha from Uji");
  const to = later(date, 2);
  await portal.open("/deliveries");
  await choose(page, date, "Reschedule");
  await pick(page, to);
  await dialog(page).getByRole("radio", { name: "Move them too" }).check();
  await onward(page);
  await dialog(page)
    .getByRole("button", { name: `Reschedule to ${dayAndMonth(to)}` })
    .click();
  await expect(said(page)).toContainText("Delivery rescheduled from");
  await expect(delivery(page, later(to, 42))).toContainText("Sencha from Uji");
  expect(await effects(store)).toEqual(["/subscriptions/{id}/set_next_charge_date"]);
});

test("DS-11: two deliveries to one address are joined, with the shipping that saves, and split again", async ({
  page,
  portal,
  store,
}) => {
  const { next: first } = await subscription(store, "House Espresso");
  const { id, next: date } = await subscription(store, "Decaf Huila");
  await portal.open("/deliveries");
  await choose(page, date, "Reschedule");
  const join = new RegExp(`^Combine with ${inFull(first)} They ship and are charged together\\.$`);
  await dialog(page).getByRole("radio", { name: join }).check();
  await onward(page);
  await expect(dialog(page)).toContainText("combined with another delivery");
  await dialog(page)
    .getByRole("button", { name: `Reschedule to ${dayAndMonth(first)}` })
    .click();
  await expect(said(page)).toContainText("Delivery rescheduled from");
  await expect(delivery(page, first)).toContainText("Decaf Huila");
  expect(await charges(store, first, "queued")).toHaveLength(1);

  await choose(page, first, "Reschedule");
  await unfold(page, "Choose items");
  for (const box of await dialog(page).getByRole("checkbox").all()) await box.uncheck();
  await dialog(page).getByRole("checkbox", { name: "Decaf Huila" }).check();
  await expect(dialog(page)).toContainText(/shipping may cost extra/);
  await pick(page, date);
  await onward(page);
  await dialog(page)
    .getByRole("button", { name: `Reschedule to ${dayAndMonth(date)}` })
    .click();
  await expect(said(page)).toContainText("Delivery rescheduled from");
  expect(await subscription(store, "Decaf Huila")).toMatchObject({ id, next: date });
  expect(await charges(store, first, "queued")).toHaveLength(1);
});

test(
  "DS-6: a delivery is given away, and the giver's address stays as it is",
  { tag: "@gift_delivery" },
  async ({ page, portal, store }) => {
    const { id, next: date } = await subscription(store, "Sencha from Uji");
    const own = await address(store, "9 Lansdown Crescent");
    await portal.open("/deliveries");
    await choose(page, date, "Send as a gift");
    await onward(page);
    await expect(dialog(page).getByLabel("Recipient’s email")).toBeFocused();
    const fields = {
      "Recipient’s email": "noor.haddad@example.com",
      "First name": "Noor",
      "Last name": "Haddad",
      "Address line 1": "5 Mill Lane",
      City: "Leeds",
      Postcode: "LS1",
    };
    await dialog(page).getByLabel("Country").selectOption("GB");
    for (const [label, value] of Object.entries(fields)) await dialog(page).getByLabel(label).fill(value);
    await onward(page);
    await expect(dialog(page).getByLabel("Postcode")).toBeFocused();
    await expect(dialog(page).getByLabel("Postcode")).toHaveValue("LS1");
    await dialog(page).getByLabel("Postcode").fill("LS1 4AP");
    await onward(page);
    await expect(fact(dialog(page), "Ships to")).toContainText("Noor Haddad, 5 Mill Lane, Leeds");
    await expect(fact(dialog(page), "Gift, before shipping and tax")).toContainText("$");
    await dialog(page).getByRole("button", { name: "Send as a gift" }).click();

    await expect(said(page)).toContainText("Gift scheduled.");
    await expect(page.getByText("Going to Noor Haddad as a gift.")).toBeVisible();
    await expect(page.getByText("Gift for Noor Haddad")).toBeVisible();
    expect(await skipped(store, date)).toEqual([id]);
    expect(await address(store, "9 Lansdown Crescent")).toEqual(own);
    expect(await address(store, "5 Mill Lane")).toMatchObject({ city: "Leeds", zip: "LS1 4AP" });
    await expect(page.getByText("To 5 Mill Lane")).toBeVisible();
  },
);

test("DS-9: at the cut-off the controls become text without a reload", async ({ page, portal, store }) => {
  const { next: date } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  const until = await page.evaluate(async (date) => {
    const { deliveries } = await (await fetch("/portal/api/deliveries")).json();
    return deliveries.find(({ key }) => key.date === date).change_until.at_ms;
  }, date);
  await page.clock.install({ time: until - 60_000 });
  await page.reload();
  await expect(delivery(page, date)).toContainText(
    /You can change this until .*18:00|You can change this until .*6:00 PM/,
  );
  await expect(delivery(page, date).getByRole("button", { name: /^Skip/ })).toBeVisible();
  await page.clock.fastForward(120_000);
  await expect(delivery(page, date)).toContainText("It’s too late to change this delivery.");
  await expect(delivery(page, date).getByRole("button")).toHaveCount(0);
});

test("DS-10: a delivery goes into the customer's own calendar as one event of a whole day", async ({
  page,
  portal,
  store,
}) => {
  const { next: date } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  const download = page.waitForEvent("download");
  await choose(page, date, "Add to calendar");
  const file = await readFile(await (await download).path(), "utf8");
  expect((await download).suggestedFilename()).toBe(`delivery-${date}.ics`);
  const lines = file.split("\r\n");
  expect(lines).toContain(`DTSTART;VALUE=DATE:${date.replaceAll("-", "")}`);
  expect(lines).toContain(`DTEND;VALUE=DATE:${later(date, 1).replaceAll("-", "")}`);
  expect(lines).toContain("SUMMARY:Delivery from Alder & Finch");
  expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(1);
});

test.describe("with a declined card", () => {
  test.use({ scenario: "dunning", settings: { "upstream.cache_seconds": 0 } });

  test("PH-5: one banner on every page says what failed, and goes by itself when it is paid", async ({
    page,
    portal,
    store,
  }) => {
    test.setTimeout(90_000);
    await portal.open("/");
    const banner = page.getByText(/^Payment of \$[\d.]+ for .* failed$/);
    for (const section of [
      "Subscriptions",
      "Deliveries",
      "Purchase history",
      "Addresses",
      "Payment",
      "Your details",
      "Overview",
    ]) {
      await goTo(page, section);
      await expect(banner).toHaveCount(1);
      await expect(page.getByText(/card_declined|CUSTOMER_NEEDS|Your card was declined\./)).toHaveCount(0);
    }
    await expect(page.getByText(/We’ll try again on/).first()).toBeVisible();
    // One press, and the card can be typed in; what cannot be paid is then tried again with it.
    await page.getByRole("link", { name: "Replace card" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Payment methods" })).toBeVisible();
    await expect(page.getByRole("heading", { level: 2, name: "Replace Visa 0341" })).toBeFocused();
    const fields = page.frameLocator('iframe[title="Card details"]');
    await fields.getByLabel("Card number").fill("4242 4242 4242 4242");
    await fields.getByLabel("Expiration date").fill("12 / 34");
    await fields.getByLabel("Security code").fill("123");
    await page.getByRole("main").getByRole("button", { name: "Replace card" }).click();
    await expect(dialog(page).getByLabel("Retry the failed payment with this card")).toBeChecked();
    await dialog(page).getByRole("group", { name: "Use for deliveries to" }).getByRole("checkbox").first().uncheck();
    await expect(dialog(page).getByLabel("Retry the failed payment with this card")).toBeHidden();
    await onward(page);
    await expect(dialog(page)).toContainText("You won’t be charged for adding this card.");
    await expect(fact(dialog(page), "Due now")).toHaveCount(0);
    await dialog(page).getByRole("button", { name: "Close", exact: true }).click();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await expect(page).toHaveURL(/\/payment-methods$/);

    await page.getByRole("main").getByRole("button", { name: "Pay now", exact: true }).click();
    await dialog(page).getByRole("button", { name: "Pay now" }).click();
    await expect(dialog(page).getByRole("alert")).toContainText("The payment was declined, so you weren’t charged.");
    await dialog(page).getByRole("button", { name: "Never mind" }).click();

    // The shop takes the money another way; nobody presses anything here.
    const [failed] = await charges(store, undefined, "error");
    const working = await store.merchant("POST", "/payment_methods", await newCard(store, failed, "pm_card_visa"));
    await store.merchant("PUT", `/addresses/${failed.address_id}`, { payment_method_id: working.payment_method.id });
    await store.merchant("POST", `/charges/${failed.id}/process`);
    await expect(banner).toHaveCount(0, { timeout: 40_000 });
  });

  test("PM-2 PH-5: a card added for a failed payment pays it at once, and says how much", async ({
    page,
    portal,
    store,
  }) => {
    const [failed] = await charges(store, undefined, "error");
    const owed = `$${failed.content.totals.price.amount}`;
    await portal.open("/payment-methods/new");
    const fields = page.frameLocator('iframe[title="Card details"]');
    await fields.getByLabel("Card number").fill("4242 4242 4242 4242");
    await fields.getByLabel("Expiration date").fill("12 / 34");
    await fields.getByLabel("Security code").fill("123");
    await page.getByRole("main").getByRole("button", { name: "Replace card" }).click();
    await onward(page);
    await expect(fact(dialog(page), "Due now")).toHaveText(owed);
    await dialog(page).getByRole("button", { name: "Add card" }).click();
    await expect(dialog(page)).toBeHidden();
    expect((await charges(store, undefined, "success")).map(({ id }) => id)).toContain(failed.id);
  });

  test("PH-5: a failed payment can be paid with another card", async ({ page, portal, store }) => {
    // The store works the new card into its deliveries, more than once.
    test.slow();
    const [failed] = await charges(store, undefined, "error");
    await store.merchant("POST", "/payment_methods", await newCard(store, failed, "pm_mastercard_5100_1"));
    await portal.open("/");
    await page.getByRole("main").getByRole("button", { name: "Pay now", exact: true }).click();
    await dialog(page)
      .getByLabel(/Mastercard 5100/)
      .check();
    await onward(page);
    await expect(fact(dialog(page), "Payment method")).toHaveText("Mastercard 5100", { timeout: 15_000 });
    await dialog(page).getByRole("button", { name: "Pay now" }).click();
    // The address has another card now, which the store works into its deliveries first.
    const paid = `You paid $${failed.content.totals.price.amount}.`;
    await expect(said(page)).toContainText(paid, { timeout: 20_000 });
    expect((await charges(store, undefined, "success")).map(({ id }) => id)).toContain(failed.id);
  });
});

test.describe("where skipping comes first", () => {
  test.use({ settings: { "merchant.first_action": "skip_delivery" } });

  test("CF-13: the overview leads with the action that the merchant chose", async ({ page, portal }) => {
    await portal.open();
    const buttons = page.getByRole("main").getByRole("button");
    await expect(buttons).toHaveText([/^Skip this delivery/, /^Reschedule/, /^Edit address/]);
    const fill = (button) => button.evaluate((button) => getComputedStyle(button).backgroundColor);
    const [first, second, third] = await Promise.all([0, 1, 2].map((at) => fill(buttons.nth(at))));
    expect(second).toBe(third);
    expect(first).not.toBe(second);
  });
});
