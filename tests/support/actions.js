// Each action as a customer does it in the preview's shop: where it starts, what she fills in,
// which button does it, and what she then reads.
import { dialog, startAction } from "./customer.js";
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
 * @property {string} said what she then reads
 */

const HOME = "214 Prospect Place";
const BATH = "9 Lansdown Crescent";

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
    open: (page) => button(page, "Start a subscription"),
    fill: inTurn(radio(/1 kg, whole bean/), radio(/^Every 4 weeks \$/)),
    confirm: "Start subscription",
    said: "Started.",
  },
  change_date: {
    path: "/subscriptions",
    open: of("House Espresso", "Change date"),
    fill: lastDay,
    confirm: "Save",
    said: "Moved.",
  },
  change_frequency: {
    path: "/subscriptions",
    open: of("Sencha from Uji", "Change how often"),
    fill: radio("Every 8 weeks"),
    confirm: "Save",
    said: "Changed.",
  },
  change_quantity: {
    path: "/subscriptions",
    open: of("House Espresso", "Change quantity"),
    fill: label("How many?", "3"),
    confirm: "Save",
    said: "From now on 3 of it come.",
  },
  swap_product: {
    path: "/subscriptions",
    open: of("House Espresso", "Swap product"),
    fill: radio(/Kenya Gatomboya Filter.*whole bean/),
    confirm: "Swap product",
    said: "Swapped.",
  },
  update_order_note: {
    path: "/subscriptions",
    open: of("House Espresso", "Note for your orders"),
    fill: label("Note", "Ring twice"),
    confirm: "Save",
    said: "Saved.",
  },
  update_properties: {
    path: "/subscriptions",
    open: of("House Espresso", "Personal details"),
    fill: label("Roast", "Dark"),
    confirm: "Save",
    said: "Saved.",
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
    open: after("pause_subscription", (page) => startAction(page, "Resume early")),
    fill: async () => {},
    confirm: "Resume subscription",
    said: "It comes next",
  },
  cancel_subscription: {
    path: "/subscriptions",
    open: inTurn(
      (page) => page.getByRole("main").getByRole("link", { name: "House Espresso" }).first().click(),
      (page) => button(page, /^Cancel subscription/),
    ),
    fill: radio("It costs too much"),
    confirm: "Cancel subscription",
    said: "Cancelled: House Espresso.",
  },
  reactivate_subscription: {
    path: "/subscriptions",
    scenario: "cancelled",
    open: inTurn((page) => page.getByRole("main").getByRole("article").first().getByRole("link").click(), (page) => button(page, "Reactivate")),
    confirm: "Reactivate",
    said: "It is active again.",
  },
  change_dates: {
    path: "/subscriptions",
    open: several("Change date"),
    fill: inTurn(tickTwo, lastDay),
    confirm: "Save",
    said: "Saved.",
  },
  skip_subscriptions: {
    path: "/subscriptions",
    open: several("Skip the next delivery"),
    fill: tickTwo,
    confirm: "Save",
    said: "Saved.",
  },
  pause_subscriptions: {
    path: "/subscriptions",
    open: several("Pause"),
    fill: tickTwo,
    confirm: "Pause subscription",
    said: "Saved.",
  },
  update_bundle: {
    path: "/subscriptions",
    scenario: "bundles",
    open: of(/Box/, "Change what is inside"),
    fill: async (page) => {
      const counts = dialog(page).getByRole("spinbutton");
      const now = await counts.evaluateAll((inputs) => inputs.map((input) => Number(input.value)));
      await counts.nth(now.findIndex((many) => many > 0)).fill("0");
      await counts.nth(now.lastIndexOf(0)).fill("1");
    },
    confirm: "Save",
    said: "Saved.",
  },
  skip_delivery: {
    path: "/deliveries",
    open: (page) => button(page, /^Skip/),
    fill: async () => {},
    confirm: /^Skip/,
    said: "skipped.",
  },
  unskip_delivery: {
    path: "/deliveries",
    open: (page) => after("skip_delivery", () => button(page, /^Bring back/))(page),
    confirm: /^Bring back/,
    said: "Brought back.",
  },
  process_delivery: {
    path: "/deliveries",
    open: ofDelivery("Order now"),
    confirm: "Pay now",
    said: "Paid.",
  },
  move_delivery: {
    path: "/deliveries",
    open: ofDelivery("Move it"),
    fill: lastDay,
    confirm: /^Move to /,
    said: "Moved.",
  },
  gift_delivery: {
    path: "/deliveries",
    open: ofDelivery("Give it to somebody"),
    fill: inTurn(label("Recipient's e-mail", "noor.haddad@example.com"), person),
    confirm: "Give it away",
    said: "Given away.",
  },
  add_onetime: {
    path: "/deliveries",
    open: ofDelivery("Add a product once"),
    fill: radio(/moss green/),
    confirm: "Add once",
    said: "Added, once only.",
  },
  update_onetime: {
    path: "/deliveries",
    open: after("add_onetime", ofDelivery("Change how many: Travel Mug")),
    fill: label("How many", "2"),
    confirm: "Save",
    said: "Saved.",
  },
  remove_onetime: {
    path: "/deliveries",
    open: after("add_onetime", ofDelivery("Remove Travel Mug")),
    confirm: "Remove it",
    said: "Travel Mug is removed.",
  },
  apply_delivery_discount: {
    path: "/deliveries",
    open: ofDelivery("Add a discount code"),
    fill: label("Discount code", "FINCH10"),
    confirm: "Use this code",
    said: "The code FINCH10 counts now.",
  },
  remove_delivery_discount: {
    path: "/deliveries",
    open: after("apply_delivery_discount", ofDelivery("Remove the code FINCH10")),
    confirm: "Remove the code",
    said: "The code FINCH10 is removed.",
  },
  apply_discount: {
    path: "/addresses",
    open: (page) => button(page, `Add a discount code to ${HOME}`),
    fill: label("Discount code", "WELCOME10"),
    confirm: "Use this code",
    said: "The code WELCOME10 counts now.",
  },
  remove_discount: {
    path: "/addresses",
    open: after("apply_discount", (page) => button(page, "Remove the code WELCOME10")),
    confirm: "Remove the code",
    said: "The code WELCOME10 is removed.",
  },
  update_address: {
    path: "/addresses",
    open: (page) => button(page, `Edit ${HOME}`),
    fill: label("Street and number", "31 Juniper Street"),
    confirm: "Save address",
    said: "Saved.",
  },
  add_address: {
    path: "/addresses",
    open: (page) => button(page, "Add an address"),
    fill: person,
    confirm: "Add address",
    said: "Added.",
  },
  set_shipping_method: {
    path: "/addresses",
    open: ofMenu(`More about ${HOME}`, "Delivery method"),
    fill: radio(/To a pick-up point/),
    confirm: "Save",
    said: "Saved.",
  },
  delete_address: {
    path: "/addresses",
    open: after("add_address", ofMenu("More about 5 Mill Lane", "Delete")),
    confirm: "Delete address",
    said: "Deleted: 5 Mill Lane.",
  },
  move_subscriptions: {
    path: "/addresses",
    open: ofMenu(`More about ${BATH}`, "Delete"),
    fill: async () => {},
    confirm: /^Move \d subscriptions?$/,
    said: "Moved.",
  },
  update_customer: {
    path: "/customer",
    open: (page) => button(page, "Change: Name"),
    fill: label("First name", "Maja"),
    confirm: "Save",
    said: "Saved.",
  },
  set_tax_id: {
    path: "/customer",
    open: (page) => button(page, "Change: Tax ID"),
    fill: label("Tax ID", "DE123456789"),
    confirm: "Save",
    said: "Saved.",
  },
  request_email_change: {
    path: "/customer",
    open: (page) => button(page, "Change: E-mail"),
    fill: label("New e-mail address", "maya@example.org"),
    confirm: "Send a code",
    said: "A code is on its way",
  },
  confirm_email_change: {
    path: "/customer",
    open: after("request_email_change", (page) => button(page, "Enter the code")),
    fill: enterCode,
    confirm: "Confirm e-mail address",
    said: "From now on we write to maya@example.org.",
  },
  request_deletion: {
    path: "/customer",
    open: (page) => button(page, "Ask to delete my data"),
    confirm: "Send a code",
    said: "A code is on its way",
  },
  confirm_deletion: {
    path: "/customer",
    open: after("request_deletion", (page) => button(page, "Enter the code")),
    fill: enterCode,
    confirm: "Ask to delete everything",
    said: "The shop has your request.",
  },
  use_credit: {
    path: "/customer",
    scenario: "credits",
    open: (page) => button(page, "Use it on my next order"),
    confirm: "Use it on my next order",
    said: "Your credit is used on the next order.",
  },
  add_payment_method: {
    path: "/payment-methods",
    open: addCard,
    fill: async () => {},
    confirm: "Add card",
    said: "was added.",
  },
  assign_payment_method: {
    path: "/payment-methods",
    open: ofMenu("More about Mastercard 4444", "Let it pay for more"),
    fill: (page) => dialog(page).getByRole("checkbox").first().check(),
    confirm: "Let it pay",
    said: "pays from now on.",
  },
  set_default_payment_method: {
    path: "/payment-methods",
    open: ofMenu("More about Mastercard 4444", "Make it the default"),
    confirm: "Make it the default",
    said: "Mastercard 4444 is the default now.",
  },
  update_billing_address: {
    path: "/payment-methods",
    open: ofMenu("More about Visa 4242", "Change billing address"),
    fill: label("City", "Utica"),
    confirm: "Save",
    said: "The billing address was changed.",
  },
  remove_payment_method: {
    path: "/payment-methods",
    open: ofMenu(/^More about PayPal/, "Remove"),
    confirm: "Remove it",
    said: "was removed.",
  },
  send_payment_link: {
    path: "/payment-methods",
    scenario: "shopify-checkout",
    open: (page) => button(page, "E-mail me a secure link"),
    confirm: "Send the link",
    said: "on its way to",
  },
  set_backup_payment: {
    path: "/payment-methods",
    open: (page) => button(page, "Allow a backup"),
    confirm: "Allow a backup",
    said: "may stand in from now on",
  },
  report_problem: {
    path: "/history",
    open: inTurn(
      // A table, or cards where it is narrow.
      (page) => page.getByRole("main").locator('a[href*="/history/"]').filter({ visible: true }).first().click(),
      (page) => button(page, "Report a problem"),
    ),
    fill: inTurn(radio("Something is damaged"), label("What happened?", "The bag was open.")),
    confirm: "Send report",
    said: "Sent to the shop.",
  },
};

/** Does all of it, up to the press that sends it. @param {Page} page @param {Action} action */
export async function perform(page, { open, fill, confirm }) {
  await open(page);
  if (fill) {
    await fill(page);
    await dialog(page).getByRole("button", { name: "Continue", exact: true }).click();
  }
  await dialog(page).getByRole("button", { name: confirm }).click();
}
