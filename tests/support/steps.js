// What a customer does again and again on the way through an action.
import { dialog, fields, startAction } from "./customer.js";

/** Presses the first button of that name on the page. */
export const button = (page, name) => page.getByRole("main").getByRole("button", { name }).first().click();

/** Types into a field of the dialog. */
export const label = (name, value) => (page) => dialog(page).getByLabel(name).fill(value);

/** Chooses one of several in the dialog. */
export const radio = (name) => (page) => dialog(page).getByRole("radio", { name }).first().check();

/** One step after the other. */
export function inTurn(...steps) {
  return async (page) => {
    for (const step of steps) await step(page);
  };
}

/** The last day of the month that can be chosen. */
export const lastDay = (page) => dialog(page).locator("[data-day]:not([aria-disabled=true])").last().click();

/** Of a subscription, by its title. */
export const of = (title, action) => async (page) => {
  await page.getByRole("main").getByRole("link", { name: title }).first().click();
  await startAction(page, action);
};

/** Of several subscriptions at once. */
export const several = (action) => async (page) => {
  await button(page, "Change several");
  await page.getByRole("button", { name: action, exact: true }).click();
};

/** Ticks two subscriptions. */
export async function tickTwo(page) {
  for (const title of ["House Espresso", "Decaf Huila"]) {
    await dialog(page).getByRole("checkbox", { name: title }).check();
  }
}

/** Of the delivery that comes next, from its menu. */
export const ofDelivery = (action) => async (page) => {
  const next = page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("button", { name: /^More options for / }) });
  await next
    .first()
    .getByRole("button", { name: /^More options for / })
    .click();
  await next.first().getByRole("button", { name: action }).first().click();
};

/** From the menu of an address, or of the first payment method. */
export const ofMenu = (menu, action) => async (page) => {
  await button(page, menu);
  await page.getByRole("main").getByRole("button", { name: action, exact: true }).filter({ visible: true }).click();
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
  for (const [name, value] of Object.entries(values)) await dialog(page).getByLabel(name).fill(value);
  await dialog(page).getByLabel("State").selectOption("Washington");
}

/** Enters the code of the letter that the preview writes to the console. */
export async function enterCode(page) {
  const letters = (await page.consoleMessages())
    .map((message) => message.text())
    .filter((text) => text.includes("your code is"));
  await dialog(page)
    .getByLabel("Code")
    .fill(/your code is (\w+)/.exec(letters.at(-1))[1]);
}

/** Confirms a good card in the processor's fields. */
export async function addCard(page) {
  await button(page, "Add card");
  await fields(page).getByLabel("Card number").fill("4242 4242 4242 4242");
  await fields(page).getByLabel("Expiration date").fill("12 / 34");
  await fields(page).getByLabel("Security code").fill("123");
  await button(page, "Confirm card");
}
