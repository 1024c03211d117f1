// What a customer does again and again on the way through an action.
import { dialog, fields, startAction } from "./customer.js";
import { pickDay, press, select, tick, type } from "./input.js";

/** Presses the first button of that name on the page. */
export const button = (page, name) => press(page.getByRole("main").getByRole("button", { name }).first());

/** Types into a field of the dialog. */
export const label = (name, value) => (page) => type(dialog(page).getByLabel(name), value);

/** Chooses one of several in the dialog. */
export const radio = (name) => (page) => tick(dialog(page).getByRole("radio", { name }).first());

/** One step after the other. */
export function inTurn(...steps) {
  return async (page) => {
    for (const step of steps) await step(page);
  };
}

/** The last day of the month that can be chosen. */
export const lastDay = (page) => pickDay(dialog(page).locator("[data-day]:not([aria-disabled=true])").last());

/** Of a subscription, by its title. */
export const of = (title, action) => async (page) => {
  await press(page.getByRole("main").getByRole("link", { name: title }).first());
  await startAction(page, action);
};

/** Of several subscriptions at once. */
export const several = (action) => async (page) => {
  await button(page, "Change several");
  await press(page.getByRole("button", { name: action, exact: true }));
};

/** Ticks two subscriptions. */
export async function tickTwo(page) {
  for (const title of ["House Espresso", "Decaf Huila"]) {
    await tick(dialog(page).getByRole("checkbox", { name: title }));
  }
}

/** Of the delivery that comes next, from its menu. */
export const ofDelivery = (action) => async (page) => {
  const next = page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("button", { name: /^More options for / }) });
  await press(next.first().getByRole("button", { name: /^More options for / }));
  await press(next.first().getByRole("button", { name: action }).first());
};

/** From the menu of an address, or of the first payment method. */
export const ofMenu = (menu, action) => async (page) => {
  await button(page, menu);
  await press(page.getByRole("main").getByRole("button", { name: action, exact: true }).filter({ visible: true }));
};

/** Fills in where somebody lives. */
export async function person(page) {
  const values = {
    "First name": "Noor",
    "Last name": "Haddad",
    "Address line 1": "5 Mill Lane",
    City: "Seattle",
    "ZIP code": "98101",
  };
  for (const [name, value] of Object.entries(values)) await type(dialog(page).getByLabel(name), value);
  await select(dialog(page).getByLabel("State"), "Washington");
}

/** Enters the code of the letter that the preview writes to the console. */
export async function enterCode(page) {
  const letters = (await page.consoleMessages())
    .map((message) => message.text())
    .filter((text) => text.includes("your code is"));
  await type(dialog(page).getByLabel("Code"), /your code is (\w+)/.exec(letters.at(-1))[1]);
}

/** Confirms a good card in the processor's fields. */
export async function addCard(page) {
  await button(page, "Add card");
  await type(fields(page).getByLabel("Card number"), "4242 4242 4242 4242");
  await type(fields(page).getByLabel("Expiration date"), "12 / 34");
  await type(fields(page).getByLabel("Security code"), "123");
  await button(page, "Confirm card");
}
