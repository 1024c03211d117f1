// How many presses the most frequent tasks take, from the shop's button that opens the portal.
import { dialog, fields, goTo, said } from "./support/customer.js";
import { expect, test } from "./support/mock.js";
import { visit } from "./support/places.js";

/** @typedef {import("@playwright/test").Page} Page */

const main = (page) => page.getByRole("main");
const button = (within, name) => within.getByRole("button", { name }).first();

/** Opens the subscription that the overview lists. @param {Page} page */
const openEspresso = (page) => main(page).getByRole("link", { name: "House Espresso" }).first().click();

/** @param {Page} page */
async function typeCard(page) {
  await fields(page).getByLabel("Card number").fill("4242 4242 4242 4242");
  await fields(page).getByLabel("Expiration date").fill("12 / 34");
  await fields(page).getByLabel("Security code").fill("123");
}

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {number} presses with the one in the shop that opens the portal, and without those in the
 *   fields that are typed into or chosen from
 * @property {string} [scenario] `everyday` without one
 * @property {(page: Page) => Promise<unknown>} open to where something is filled in
 * @property {(page: Page) => Promise<unknown>} [fill] what is typed or chosen, which is not counted
 * @property {(page: Page) => Promise<unknown>} [finish] the rest of the way
 * @property {string | RegExp} said what the customer then reads
 */

/** @type {Task[]} */
const TASKS = [
  {
    name: "skip the next delivery",
    presses: 3,
    open: async (page) => {
      await button(main(page), "Skip this delivery").click();
      await button(dialog(page), /^Skip \w/).click();
    },
    // What was added once still comes.
    said: /^\d items skipped\./,
  },
  {
    name: "move the next delivery by a week",
    presses: 4,
    open: async (page) => {
      await button(main(page), "Reschedule").click();
      await dialog(page)
        .getByRole("radio", { name: /^A week later/ })
        .click();
      await button(dialog(page), /^Reschedule to/).click();
    },
    said: /^Delivery rescheduled from/,
  },
  {
    name: "cancel a subscription",
    presses: 4,
    open: async (page) => {
      await openEspresso(page);
      await button(main(page), "Cancel subscription").click();
    },
    fill: (page) => dialog(page).getByRole("radio", { name: "It costs too much" }).check(),
    finish: (page) => button(dialog(page), "Cancel subscription").click(),
    said: /^Subscription canceled: House Espresso\./,
  },
  {
    name: "replace a card",
    presses: 4,
    open: async (page) => {
      await goTo(page, "Payment");
      await button(main(page), "Replace card: Visa 4242").click();
    },
    fill: typeCard,
    finish: (page) => button(main(page), "Replace card").click(),
    said: "Visa 4242 will be used from now on.",
  },
  {
    name: "change the address of the next delivery",
    presses: 3,
    open: (page) => button(main(page), "Edit address").click(),
    fill: (page) => dialog(page).getByLabel("Address line 1").fill("31 Juniper Street"),
    finish: (page) => button(dialog(page), "Save address").click(),
    said: /^Address saved\./,
  },
];

for (const task of TASKS) {
  test(`${task.presses} presses: ${task.name}`, async ({ page, bundle }) => {
    await countPresses(page);
    await visit(page, bundle.origin, { path: "/", scenario: task.scenario });
    await task.open(page);
    const before = await presses(page);
    if (task.fill) await task.fill(page);
    await reset(page, before);
    if (task.finish) await task.finish(page);
    await expect(said(page)).toContainText(task.said);
    await expect(dialog(page)).toBeHidden();
    expect(1 + (await presses(page)), "with the press that opens the portal").toBe(task.presses);
  });
}

/** Counts clicks, and keys that press: those are clicks too, as the browser tells them. @param {Page} page */
async function countPresses(page) {
  await page.addInitScript(() => {
    const count = /** @type {any} */ (window);
    count.presses = 0;
    addEventListener(
      "click",
      (event) => {
        // A click on a label is told twice: once more by its control.
        const [target] = event.composedPath();
        if (!(target instanceof HTMLLabelElement)) count.presses += 1;
      },
      { capture: true },
    );
  });
}

/** @param {Page} page @returns {Promise<number>} */
const presses = (page) => page.evaluate(() => /** @type {any} */ (window).presses);

/** Forgets what was pressed since there were so many. @param {Page} page @param {number} count */
const reset = (page, count) =>
  page.evaluate((count) => {
    /** @type {any} */ (window).presses = count;
  }, count);
