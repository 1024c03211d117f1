// Each action as a customer does it in the preview's shop: where it starts, what they fill in,
// which button does it, and what they then read.
import { dialog, onward, startAction } from "./customer.js";
import { press, type } from "./input.js";
import {
  addCard,
  button,
  enterCode,
  inTurn,
  label,
  lastDay,
  of,
  ofDelivery,
  ofMenu,
  person,
  radio,
  several,
  tickTwo,
} from "./steps.js";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * @typedef {object} Action
 * @property {string} path of the page on which it starts
 * @property {string} [scenario] `everyday` without one
 * @property {(page: Page) => Promise<unknown>} open opens its dialog
 * @property {(page: Page) => Promise<unknown>} [fill] fills its form in; without it, it is reviewed at once
 * @property {string | RegExp} confirm the button that does it
 * @property {string} said what they then read
 */

const HOME = "214 Prospect Place";
const BATH = "9 Lansdown Crescent";

/** Leaves a form as it opens, which is right already. */
export const asItIs = async () => {};

/** Goes through an action that another one needs. */
const after = (name, open) =>
  inTurn(async (page) => {
    await perform(page, ACTIONS[name]);
    await page.getByRole("status").filter({ hasText: ACTIONS[name].said }).waitFor();
  }, open);

/** @type {Record<string, Action>} By the names of the operations. */
export const ACTIONS = {
  add_subscription: {
    path: "/subscriptions",
    open: (page) => button(page, "Start subscription"),
    fill: inTurn(radio(/1 kg, whole bean/), radio(/^Every 4 weeks \$/)),
    confirm: "Start subscription",
    said: "Subscription started.",
  },
  change_date: {
    path: "/subscriptions",
    open: of("House Espresso", "Change date"),
    fill: lastDay,
    confirm: "Save",
    said: "Your next delivery is now",
  },
  change_frequency: {
    path: "/subscriptions",
    open: of("Sencha from Uji", "Change frequency"),
    fill: radio("Every 8 weeks"),
    confirm: "Save",
    said: "Frequency changed to every 8 weeks.",
  },
  change_quantity: {
    path: "/subscriptions",
    open: of("House Espresso", "Change quantity"),
    // Left before it is sent, as a form filler that says `change` only then leaves it.
    fill: inTurn(label("Quantity", "3"), (page) => dialog(page).getByLabel("Quantity").blur()),
    confirm: "Save",
    said: "You’ll get 3 each time.",
  },
  swap_product: {
    path: "/subscriptions",
    open: of("House Espresso", "Swap product"),
    fill: radio(/Kenya Gatomboya Filter.*whole bean/),
    confirm: "Swap product",
    said: "Product swapped.",
  },
  update_order_note: {
    path: "/subscriptions",
    open: of("House Espresso", "Change order note"),
    fill: label("Note", "Ring twice"),
    confirm: "Save",
    said: "Order note saved.",
  },
  update_properties: {
    path: "/subscriptions",
    open: of("House Espresso", "Change product options"),
    fill: label("Roast", "Dark"),
    confirm: "Save",
    said: "Changes saved.",
  },
  pause_subscription: {
    path: "/subscriptions",
    open: of("House Espresso", "Pause"),
    fill: radio(/^2 months/),
    confirm: "Pause subscription",
    said: "Paused until",
  },
  resume_subscription: {
    path: "/subscriptions",
    open: after("pause_subscription", (page) => startAction(page, "Resume")),
    fill: asItIs,
    confirm: "Resume subscription",
    said: "Your next delivery is now",
  },
  cancel_subscription: {
    path: "/subscriptions",
    open: inTurn(
      (page) => press(page.getByRole("main").getByRole("link", { name: "House Espresso" }).first()),
      (page) => button(page, /^Cancel subscription/),
    ),
    fill: radio("It costs too much"),
    confirm: "Cancel subscription",
    said: "Subscription canceled: House Espresso.",
  },
  reactivate_subscription: {
    path: "/subscriptions",
    scenario: "cancelled",
    open: inTurn(
      (page) => press(page.getByRole("main").getByRole("article").first().getByRole("link")),
      (page) => button(page, "Reactivate"),
    ),
    confirm: "Reactivate",
    said: "Subscription reactivated.",
  },
  change_dates: {
    path: "/subscriptions",
    open: several("Change date"),
    fill: inTurn(tickTwo, lastDay),
    confirm: "Save",
    said: "Changes saved.",
  },
  skip_subscriptions: {
    path: "/subscriptions",
    open: several("Skip next delivery"),
    fill: tickTwo,
    confirm: "Skip next delivery",
    said: "Changes saved.",
  },
  pause_subscriptions: {
    path: "/subscriptions",
    open: several("Pause subscriptions"),
    fill: tickTwo,
    confirm: "Pause subscriptions",
    said: "Changes saved.",
  },
  update_bundle: {
    path: "/subscriptions",
    scenario: "bundles",
    open: of(/Box/, "Edit bundle"),
    fill: async (page) => {
      const counts = dialog(page).getByRole("spinbutton");
      const now = await counts.evaluateAll((/** @type {HTMLInputElement[]} */ inputs) =>
        inputs.map((input) => Number(input.value)),
      );
      await type(counts.nth(now.findIndex((many) => many > 0)), "0");
      await type(counts.nth(now.lastIndexOf(0)), "1");
    },
    confirm: "Save",
    said: "Changes saved.",
  },
  skip_delivery: {
    path: "/deliveries",
    open: (page) => button(page, /^Skip/),
    fill: asItIs,
    confirm: /^Skip/,
    said: "skipped.",
  },
  unskip_delivery: {
    path: "/deliveries",
    open: (page) => after("skip_delivery", () => button(page, /^Restore/))(page),
    confirm: /^Restore/,
    said: "Delivery restored.",
  },
  process_delivery: {
    path: "/deliveries",
    open: ofDelivery("Get it now"),
    confirm: "Pay now",
    said: "You paid $",
  },
  reschedule_delivery: {
    path: "/deliveries",
    open: ofDelivery("Reschedule"),
    fill: lastDay,
    confirm: /^Reschedule to /,
    said: "Delivery rescheduled from",
  },
  gift_delivery: {
    path: "/deliveries",
    open: ofDelivery("Send as a gift"),
    fill: inTurn(label("Recipient’s email", "noor.haddad@example.com"), person),
    confirm: "Send as a gift",
    said: "Gift scheduled.",
  },
  add_onetime: {
    path: "/deliveries",
    open: ofDelivery("Add one-time item"),
    fill: radio(/moss green/),
    confirm: "Add one-time item",
    said: "One-time item added.",
  },
  update_onetime: {
    path: "/deliveries",
    open: after("add_onetime", ofDelivery("Change quantity of Travel Mug")),
    fill: label("Quantity", "2"),
    confirm: "Save",
    said: "Changes saved.",
  },
  remove_onetime: {
    path: "/deliveries",
    open: after("add_onetime", ofDelivery("Remove Travel Mug")),
    confirm: "Remove item",
    said: "Travel Mug removed.",
  },
  apply_delivery_discount: {
    path: "/deliveries",
    open: ofDelivery("Apply discount code"),
    fill: label("Discount code", "FINCH10"),
    confirm: "Apply code",
    said: "Code FINCH10 applied.",
  },
  remove_delivery_discount: {
    path: "/deliveries",
    open: after("apply_delivery_discount", ofDelivery("Remove code FINCH10")),
    confirm: "Remove code",
    said: "Code FINCH10 removed.",
  },
  apply_discount: {
    path: "/addresses",
    open: (page) => button(page, `Apply discount code to ${HOME}`),
    fill: label("Discount code", "WELCOME10"),
    confirm: "Apply code",
    said: "Code WELCOME10 applied.",
  },
  remove_discount: {
    path: "/addresses",
    open: after("apply_discount", (page) => button(page, "Remove code WELCOME10")),
    confirm: "Remove code",
    said: "Code WELCOME10 removed.",
  },
  update_address: {
    path: "/addresses",
    open: (page) => button(page, `Edit ${HOME}`),
    fill: label("Address line 1", "31 Juniper Street"),
    confirm: "Save address",
    said: "Address saved.",
  },
  add_address: {
    path: "/addresses",
    open: (page) => button(page, "Add address"),
    fill: person,
    confirm: "Add address",
    said: "Address added.",
  },
  set_shipping_method: {
    path: "/addresses",
    open: ofMenu(`More options for ${HOME}`, "Change delivery method"),
    fill: radio(/Pickup point/),
    confirm: "Save",
    said: "Changes saved.",
  },
  delete_address: {
    path: "/addresses",
    open: after("add_address", ofMenu("More options for 5 Mill Lane", "Delete address")),
    confirm: "Delete address",
    said: "Address deleted: 5 Mill Lane.",
  },
  move_subscriptions: {
    path: "/addresses",
    open: ofMenu(`More options for ${BATH}`, "Delete address"),
    fill: asItIs,
    confirm: /^Move \d subscriptions?$/,
    said: "Moved.",
  },
  update_customer: {
    path: "/customer",
    open: (page) => button(page, "Change: Name"),
    fill: label("First name", "Maja"),
    confirm: "Save",
    said: "Changes saved.",
  },
  set_tax_id: {
    path: "/customer",
    open: (page) => button(page, "Change: Tax ID"),
    fill: label("Tax ID", "DE123456789"),
    confirm: "Save",
    said: "Changes saved.",
  },
  request_email_change: {
    path: "/customer",
    open: (page) => button(page, "Change: Email"),
    fill: label("New email address", "maya@example.org"),
    confirm: "Send code",
    said: "Code sent to maya@example.org.",
  },
  confirm_email_change: {
    path: "/customer",
    open: after("request_email_change", (page) => button(page, "Enter code")),
    fill: enterCode,
    confirm: "Confirm email address",
    said: "Email address changed to maya@example.org.",
  },
  request_deletion: {
    path: "/customer",
    open: (page) => button(page, "Request deletion"),
    confirm: "Send code",
    said: "Code sent to your email address.",
  },
  confirm_deletion: {
    path: "/customer",
    open: after("request_deletion", (page) => button(page, "Enter code")),
    fill: enterCode,
    confirm: "Request deletion",
    said: "Deletion requested.",
  },
  use_credit: {
    path: "/customer",
    scenario: "credits",
    open: (page) => button(page, "Use it on my next order"),
    confirm: "Use it on my next order",
    said: "Your store credit will be used on your next order.",
  },
  add_payment_method: {
    path: "/payment-methods",
    open: addCard,
    fill: asItIs,
    confirm: "Add card",
    said: " added.",
  },
  assign_payment_method: {
    path: "/payment-methods",
    open: ofMenu("More options for Mastercard 4444", "Use for more addresses"),
    fill: asItIs,
    confirm: "Use payment method",
    said: "will be used from now on.",
  },
  set_default_payment_method: {
    path: "/payment-methods",
    open: ofMenu("More options for Mastercard 4444", "Set as default"),
    confirm: "Set as default",
    said: "Mastercard 4444 is now your default.",
  },
  update_billing_address: {
    path: "/payment-methods",
    open: ofMenu("More options for Visa 4242", "Change billing address"),
    fill: label("City", "Utica"),
    confirm: "Save",
    said: "Billing address changed.",
  },
  remove_payment_method: {
    path: "/payment-methods",
    open: ofMenu(/^More options for PayPal/, "Remove"),
    confirm: "Remove payment method",
    said: " removed.",
  },
  send_payment_link: {
    path: "/payment-methods",
    scenario: "shopify-checkout",
    open: (page) => button(page, "Email me a secure link"),
    confirm: "Send link",
    said: "Link sent to",
  },
  set_backup_payment: {
    path: "/payment-methods",
    open: (page) => button(page, "Turn on backup payments"),
    confirm: "Turn on backup payments",
    said: "Backup payments turned on.",
  },
  report_problem: {
    path: "/history",
    open: inTurn(
      // A table, or cards where it is narrow.
      (page) => press(page.getByRole("main").locator('a[href*="/history/"]').filter({ visible: true }).first()),
      (page) => button(page, "Report a problem"),
    ),
    fill: inTurn(radio("Something is damaged"), label("What happened?", "The bag was open.")),
    confirm: "Send report",
    said: "Report sent.",
  },
};

/** Does all of it, up to the press that sends it. @param {Page} page @param {Action} action */
export async function perform(page, action) {
  await action.open(page);
  await finish(page, action);
}

/** The same, once its dialog is open. @param {Page} page @param {Action} action */
export async function finish(page, action) {
  await fillIn(page, action);
  await confirm(page, action);
}

/** Fills in the form of the open dialog, and goes on to its review where it has one. @param {Page} page @param {Action} action */
export async function fillIn(page, { fill }) {
  if (!fill) return;
  await fill(page);
  await onward(page);
}

/** Presses the button that sends it. @param {Page} page @param {Action} action */
export const confirm = (page, action) => press(dialog(page).getByRole("button", { name: action.confirm }));
