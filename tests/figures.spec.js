// What the page says of money and days before a change, and what the store then has.
import { expect, test } from "./support/portal.js";
import { delivery, dialog, fact, onward, said, startAction, submit, unfold } from "./support/customer.js";
import { dayAndMonth, inFull } from "./support/dates.js";
import { charges, subscription } from "./support/rows.js";
import { several } from "./support/steps.js";

const press = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();

/** The sum that the review says a delivery will come to. */
async function total(page) {
  const line = fact(dialog(page), "Total for .*").first();
  return (await line.textContent()).match(/\$[\d.,]+$/)[0];
}

/** The sum of what is queued for a day. */
async function queued(store, date) {
  const [charge] = await charges(store, date, "queued");
  return `$${charge.content.totals.price.amount}`;
}

test("SU-5: another quantity costs to the cent what its review says", async ({ page, portal, store }) => {
  const { next } = await subscription(store, "House Espresso");
  await portal.open("/subscriptions");
  await page.getByRole("link", { name: "House Espresso" }).first().click();
  await startAction(page, "Change quantity");
  await dialog(page).getByRole("spinbutton").fill("4");
  await onward(page);
  const predicted = await total(page);
  await press(page, "Save");
  await expect(dialog(page)).toBeHidden();
  expect(await queued(store, next)).toBe(predicted);
});

test("SU-9 DS-7: what comes once is charged as its review says, and is named where the rest is skipped", async ({
  page,
  portal,
  store,
}) => {
  const { next } = await subscription(store, "House Espresso");
  await portal.open("/deliveries");
  await delivery(page, next)
    .getByRole("button", { name: `More options for ${inFull(next)}` })
    .click();
  await delivery(page, next).getByRole("button", { name: "Add one-time item" }).click();
  await dialog(page)
    .getByRole("radio", { name: /moss green/ })
    .check();
  await onward(page);
  const predicted = await total(page);
  await press(page, "Add one-time item");
  await expect(said(page)).toContainText("One-time item added");
  await expect(said(page)).not.toContainText("we estimated");
  expect(await queued(store, next)).toBe(predicted);

  await delivery(page, next)
    .getByRole("button", { name: `Skip ${inFull(next)}` })
    .click();
  await expect(dialog(page)).toContainText(`Travel Mug will still ship on ${inFull(next)}`);
  await unfold(page, "Choose items");
  await dialog(page).getByRole("button", { name: "Remove Travel Mug" }).click();
  await press(page, "Remove item");
  await expect(said(page)).toContainText("Travel Mug removed.");
});

test("SU-14: a code that is used up is refused at the review", async ({ page, portal, store }) => {
  await portal.open("/addresses");
  await page.getByRole("button", { name: "Apply discount code to 214 Prospect Place" }).click();
  await dialog(page).getByLabel("Discount code").fill("USED");
  await submit(page);
  await expect(dialog(page)).toContainText("This code has reached its usage limit.");
  expect(await store.effects()).toEqual([]);
});

/** The day a month later, or the last one of that month. */
function aMonthLater(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, 10);
}

test("SU-11: a pause of several counts from those that are ticked", async ({ page, portal, store }) => {
  const { next } = await subscription(store, "House Espresso");
  await portal.open("/subscriptions");
  await several("Pause subscriptions")(page);
  await dialog(page)
    .getByRole("checkbox", { name: /House Espresso/ })
    .first()
    .check();
  await expect(dialog(page).getByRole("radio", { name: /^1 month/ })).toHaveAccessibleName(
    new RegExp(dayAndMonth(aMonthLater(next))),
  );
});

test.describe("closed days", () => {
  test.use({ settings: { closed_weekdays: ["sunday"] } });

  test("SU-3: a closed day says why it cannot be chosen", async ({ page, portal }) => {
    await portal.open("/subscriptions");
    await page.getByRole("link", { name: "House Espresso" }).first().click();
    await startAction(page, "Change date");
    const sunday = dialog(page)
      .getByRole("button", { name: /^Sunday.*no deliveries on this day/ })
      .last();
    await sunday.click({ force: true });
    await expect(dialog(page)).toContainText(/Sunday, .*: no deliveries on this day/);
  });
});
