// What a customer does in the portal, by the words they see.
import { expect } from "@playwright/test";
import { dayAndMonth, inFull } from "./dates.js";
import { press } from "./input.js";

/** @typedef {import("@playwright/test").Page} Page */

/** The sections and the ways out. @param {Page | import("@playwright/test").Locator} page */
export const sections = (page) => page.getByRole("navigation", { name: "Your account" });

/** Opens one of the sections from the navigation, or on a phone from its menu. @param {Page} page @param {string} section */
export async function goTo(page, section) {
  const link = sections(page).getByRole("link", { name: section });
  const more = sections(page).getByRole("button", { name: "More" });
  await link.or(more).first().waitFor();
  if (!(await link.isVisible())) await more.click();
  await link.click();
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeFocused();
}

/** The delivery of a day on the schedule. @param {Page} page @param {string} iso */
export function delivery(page, iso) {
  const heading = page.getByRole("heading", { level: 3, name: inFull(iso), exact: true });
  return page.getByRole("main").getByRole("listitem").filter({ has: heading });
}

/** The value of a labelled line, folded or not. @param {import("@playwright/test").Locator} within @param {string} label */
export function fact(within, label) {
  return within
    .locator("dt")
    .filter({ hasText: new RegExp(`^${label}$`) })
    .locator("xpath=following-sibling::dd[1]");
}

/** The one open dialog. @param {Page} page */
export const dialog = (page) => page.getByRole("dialog");

/** On from the form to its review, unless it shows the outcome itself. @param {Page} page */
export async function onward(page) {
  await dialog(page).locator(".sheet-foot").waitFor();
  const next = dialog(page).getByRole("button", { name: "Continue", exact: true });
  if (await next.isVisible()) await press(next);
}

/** What the open dialog says will happen, in a sentence. @param {Page} page */
export const outcome = (page) => dialog(page).locator(".outcome");

/** Sends the form of the open dialog, whatever its button is called. @param {Page} page */
export const submit = (page) => dialog(page).locator("button[type=submit]").click();

/** Opens what is folded under `label`. @param {Page} page @param {string} label */
export const unfold = (page, label) => dialog(page).locator("summary").getByText(label, { exact: true }).click();

/** What the portal says happened. @param {Page} page */
export const said = (page) => page.getByRole("status");

/** Opens the dialog for skipping a delivery. @param {Page} page @param {string} iso */
export async function openSkip(page, iso) {
  await delivery(page, iso)
    .getByRole("button", { name: `Skip ${inFull(iso)}` })
    .click();
}

/** To the review of skipping a delivery of one item, and the button that does it. @param {Page} page @param {string} iso */
export async function reviewSkip(page, iso) {
  // There is nothing to choose, so the review comes at once.
  await openSkip(page, iso);
  return dialog(page).getByRole("button", { name: `Skip ${dayAndMonth(iso)}` });
}

/** To a new street in the form, and the button that saves it. @param {Page} page @param {string} from @param {string} to */
export async function reviewStreet(page, from, to) {
  await page.getByRole("button", { name: `Edit ${from}` }).click();
  await dialog(page).getByLabel("Address line 1").fill(to);
  return dialog(page).getByRole("button", { name: "Save address" });
}

/** To a reason for cancelling the subscription that is open, and the button that does it. @param {Page} page */
export async function reviewCancel(page) {
  await page.getByRole("main").getByRole("button", { name: "Cancel subscription" }).click();
  await dialog(page).getByRole("radio", { name: "It costs too much" }).check();
  return dialog(page).getByRole("button", { name: "Cancel subscription" });
}

/** The payment processor's fields, which stand in a document of their own. @param {Page} page */
export const fields = (page) => page.frameLocator('iframe[title="Card details"]');

/** Presses an action of the open subscription, from a button, from its line or from the menu. @param {Page} page @param {string} name */
export async function startAction(page, name) {
  const actions = page.getByRole("region", { name: "What you can change" });
  const more = actions.getByRole("button", { name: /^More/ });
  const button = page.getByRole("main").getByRole("button", { name, exact: true });
  await button.or(more).filter({ visible: true }).first().waitFor();
  if (!(await button.first().isVisible())) await press(more);
  await press(button.first());
}

/** What the browser keeps for the portal. */
export const kept = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));

/** The code of the letter that left last. @param {{ mail(): Promise<string> }} middleware */
export async function mailedCode(middleware) {
  const [, code] = /Your code is (\w+)/.exec(await middleware.mail()) ?? [];
  expect(code, "the letter has a code").toBeTruthy();
  return code;
}
