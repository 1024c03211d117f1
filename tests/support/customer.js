// What a customer does in the portal, by the words she sees.
import { expect } from "@playwright/test";
import { dayAndMonth, inFull } from "./dates.js";

/** @typedef {import("@playwright/test").Page} Page */

/** Opens one of the sections from the navigation. @param {Page} page @param {string} section */
export async function goTo(page, section) {
  await page.getByRole("navigation", { name: "Your account" }).getByRole("link", { name: section }).click();
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeFocused();
}

/** The delivery of a day on the schedule. @param {Page} page @param {string} iso */
export function delivery(page, iso) {
  const heading = page.getByRole("heading", { level: 3, name: inFull(iso), exact: true });
  return page.getByRole("main").getByRole("listitem").filter({ has: heading });
}

/** The value of a labelled line. @param {import("@playwright/test").Locator} within @param {string} label */
export function fact(within, label) {
  return within.getByRole("term").filter({ hasText: new RegExp(`^${label}$`) }).locator("xpath=following-sibling::dd[1]");
}

/** The one open dialog. @param {Page} page */
export const dialog = (page) => page.getByRole("dialog");

/** What the portal says happened. @param {Page} page */
export const said = (page) => page.getByRole("status");

/** Opens the dialog for skipping a delivery. @param {Page} page @param {string} iso */
export async function openSkip(page, iso) {
  await delivery(page, iso).getByRole("button", { name: `Skip ${inFull(iso)}` }).click();
}

/** To the review of skipping a delivery of one item, and the button that does it. @param {Page} page @param {string} iso */
export async function reviewSkip(page, iso) {
  // There is nothing to choose, so the review comes at once.
  await openSkip(page, iso);
  return dialog(page).getByRole("button", { name: `Skip ${dayAndMonth(iso)}` });
}

/** To the review of a new street, and the button that saves it. @param {Page} page @param {string} from @param {string} to */
export async function reviewStreet(page, from, to) {
  await page.getByRole("button", { name: `Edit ${from}` }).click();
  await dialog(page).getByLabel("Street and number").fill(to);
  await dialog(page).getByRole("button", { name: "Continue" }).click();
  return dialog(page).getByRole("button", { name: "Save address" });
}

/** To the review of cancelling the subscription that is open, and the button that does it. @param {Page} page */
export async function reviewCancel(page) {
  await page.getByRole("main").getByRole("button", { name: "Cancel subscription" }).click();
  await dialog(page).getByRole("radio", { name: "It costs too much" }).check();
  await dialog(page).getByRole("button", { name: "Continue" }).click();
  return dialog(page).getByRole("button", { name: "Cancel subscription" });
}

/** The payment processor's fields, which stand in a document of their own. @param {Page} page */
export const fields = (page) => page.frameLocator('iframe[title="Card details"]');

/** Presses an action of the open subscription, from a button or from the menu. @param {Page} page @param {string} name */
export async function startAction(page, name) {
  const actions = page.getByRole("region", { name: "What you can change" });
  const more = actions.getByRole("button", { name: /^More/ });
  const button = actions.getByRole("button", { name, exact: true });
  await button.or(more).filter({ visible: true }).first().waitFor();
  if (!(await button.isVisible())) await more.click();
  await button.click();
}
