import { ACTIONS, perform } from "./actions.js";
import { onward, submit, unfold } from "./customer.js";
import { inTurn } from "./steps.js";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * @typedef {object} Place
 * @property {string} path of its page
 * @property {string} [scenario] `everyday` without one
 * @property {(page: Page) => Promise<unknown>} [act] what is done there before it is looked at
 */

/** Every page, dialog and state worth looking at, in mock mode. @type {(Place & { name: string })[]} */
export const PLACES = [
  { name: "overview", path: "/" },
  { name: "subscriptions", path: "/subscriptions" },
  { name: "subscription", path: "/subscriptions", act: openFirst("/subscriptions/") },
  { name: "deliveries", path: "/deliveries" },
  { name: "history", path: "/history" },
  { name: "order", path: "/history", act: openFirst("/history/") },
  { name: "addresses", path: "/addresses" },
  { name: "payment-methods", path: "/payment-methods" },
  { name: "customer", path: "/customer" },
  { name: "not-found", path: "/nowhere" },
  { name: "customer-credits", path: "/customer", scenario: "credits" },
  { name: "dialog-unfinished", path: "/deliveries", act: inTurn(press(/^Skip/), untick, submit) },
  { name: "review-skip", path: "/deliveries", act: press(/^Skip/) },
  { name: "review-address", ...reviewed("update_address") },
  { name: "review-frequency", ...reviewed("change_frequency") },
  { name: "review-swap", ...reviewed("swap_product") },
  { name: "review-cancel", ...reviewed("cancel_subscription") },
  { name: "review-start", ...reviewed("add_subscription") },
  { name: "review-several", ...reviewed("change_dates") },
  { name: "menu-subscription", path: "/subscriptions", act: inTurn(openFirst("/subscriptions/"), openMenu) },
  { name: "menu-delivery", path: "/deliveries", act: openMenu },
  { name: "menu-address", path: "/addresses", act: openMenu },
  { name: "menu-payment-method", path: "/payment-methods", act: openMenu },
  { name: "subscription-paused", ...finished("pause_subscription") },
  { name: "result-skip", ...finished("skip_delivery") },
  { name: "result-cancel", ...finished("cancel_subscription") },
  { name: "result-several", ...finished("change_dates") },
  { name: "overview-new-customer", path: "/", scenario: "new-customer" },
  { name: "subscriptions-new-customer", path: "/subscriptions", scenario: "new-customer" },
  { name: "deliveries-new-customer", path: "/deliveries", scenario: "new-customer" },
  { name: "history-new-customer", path: "/history", scenario: "new-customer" },
  { name: "addresses-new-customer", path: "/addresses", scenario: "new-customer" },
  { name: "payment-methods-new-customer", path: "/payment-methods", scenario: "new-customer" },
  { name: "overview-dunning", path: "/", scenario: "dunning" },
  { name: "deliveries-dunning", path: "/deliveries", scenario: "dunning" },
  { name: "history-dunning", path: "/history", scenario: "dunning" },
  { name: "payment-methods-dunning", path: "/payment-methods", scenario: "dunning" },
  { name: "overview-cancelled", path: "/", scenario: "cancelled" },
  { name: "subscriptions-cancelled", path: "/subscriptions", scenario: "cancelled" },
  { name: "overview-hostile-text", path: "/", scenario: "hostile-text" },
  { name: "subscriptions-hostile-text", path: "/subscriptions", scenario: "hostile-text" },
  { name: "subscriptions-prepaid", path: "/subscriptions", scenario: "prepaid" },
  { name: "deliveries-prepaid", path: "/deliveries", scenario: "prepaid" },
  { name: "subscription-bundles", path: "/subscriptions", scenario: "bundles", act: openFirst("/subscriptions/") },
  { name: "deliveries-tax-included-jpy", path: "/deliveries", scenario: "tax-included-jpy" },
  { name: "payment-methods-shopify-checkout", path: "/payment-methods", scenario: "shopify-checkout" },
  ...Object.entries(ACTIONS).map(([name, { path, scenario, open }]) => ({
    name: `dialog-${name}`,
    path,
    scenario,
    act: inTurn(open, dialogOpened),
  })),
];

/** Follows the first link to a page below `path`. */
function openFirst(path) {
  return async (page) => {
    // A list may be there twice, as a table and as cards; one of them is hidden.
    const links = page.locator(`main a[href*="${path}"]`).filter({ visible: true });
    await links.first().click();
    // The press shows before the page does.
    await page.waitForURL((url) => url.pathname.includes(path));
    await loaded(page);
  };
}

/** Presses the first button of that name and waits for its dialog. */
function press(name) {
  return async (page) => {
    await page.getByRole("main").getByRole("button", { name }).first().click();
    await page.getByRole("dialog").waitFor();
  };
}

/** Opens the first menu of the page. */
async function openMenu(page) {
  await page.getByRole("main").getByRole("button", { name: /^More/ }).first().click();
}

/** Leaves nothing ticked. */
async function untick(page) {
  await unfold(page, "Choose items");
  for (const box of await page.getByRole("dialog").getByRole("checkbox").all()) await box.uncheck();
}

/** The review of an action. */
function reviewed(name) {
  const { path, scenario, open, fill } = ACTIONS[name];
  return { path, scenario, act: inTurn(open, fill, onward) };
}

/** What the portal shows when an action is done. */
function finished(name) {
  const { path, scenario } = ACTIONS[name];
  return { path, scenario, act: inTurn((page) => perform(page, ACTIONS[name]), done) };
}

/** Waits for the dialog of an action. */
function dialogOpened(page) {
  return page.getByRole("dialog").waitFor();
}

/** Waits until the portal says what it has done. */
async function done(page) {
  await page.getByRole("status").filter({ hasText: /\S/ }).waitFor();
}

/** Waits until no skeleton is left. */
async function loaded(page) {
  await page.locator("[data-perennial] h1").first().waitFor({ state: "attached" });
  await page.waitForFunction(() => {
    const shadow = document.querySelector("[data-perennial]").shadowRoot;
    return !shadow.querySelector(".skeleton");
  });
}

/**
 * Goes to a place and waits until it stands still.
 * @param {Page} page
 * @param {string} origin
 * @param {Place} place
 */
export async function visit(page, origin, { path, scenario = "everyday", act }) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${origin}/portal${path}?scenario=${scenario}`);
  await loaded(page);
  if (act) {
    await act(page);
    await loaded(page);
  }
}
