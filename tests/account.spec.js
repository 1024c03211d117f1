// The customer's addresses and their own record, from the press of a button to the store's rows.
import { expect, test } from "./support/portal.js";
import { dialog, fact, goTo, mailedCode, onward, said, submit, unfold } from "./support/customer.js";
import { address, subscription } from "./support/rows.js";

const HOME = "214 Prospect Place";
const BATH = "9 Lansdown Crescent";

/** Sends what is reviewed. @param {import("@playwright/test").Page} page @param {string} name */
const confirm = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();

/** What the shop knows of them, above their changes. @param {import("@playwright/test").Page} page */
const details = (page) => page.getByRole("main").locator("dl").first();

/** Presses an action in the menu of an address. */
async function more(page, street, action) {
  await page.getByRole("button", { name: `More options for ${street}` }).click();
  await page.getByRole("main").getByRole("button", { name: action, exact: true }).click();
}

test(
  "AD-2 AD-4: an address is added with what pays for it, and deleted",
  { tag: ["@add_address", "@delete_address"] },
  async ({ page, portal, store }) => {
    await portal.open("/addresses");
    await page.getByRole("button", { name: "Add address" }).click();
    await onward(page);
    await expect(dialog(page).getByLabel("First name")).toBeFocused();
    await dialog(page).getByLabel("First name").fill("Maya");
    await dialog(page).getByLabel("Last name").fill("Lindqvist");
    await dialog(page).getByLabel("Address line 1").fill("1 Pike Place");
    await dialog(page).getByLabel("City").fill("Seattle");
    await dialog(page).getByLabel("State").selectOption("Washington");
    await dialog(page).getByLabel("ZIP code").fill("98101");
    await dialog(page)
      .getByRole("radio", { name: /Mastercard 4444/ })
      .check();
    await onward(page);
    await expect(fact(dialog(page), "Payment method")).toHaveText("Mastercard 4444");
    await confirm(page, "Add address");
    await expect(said(page)).toHaveText("Address added. You can now ship subscriptions to it.");
    expect(await address(store, "1 Pike Place")).toMatchObject({ zip: "98101", province: "Washington" });
    expect((await store.effects()).map((call) => call.path)).toEqual(["/addresses"]);

    await more(page, "1 Pike Place", "Delete address");
    await confirm(page, "Delete address");
    await expect(said(page)).toHaveText("Address deleted: 1 Pike Place.");
    expect(await address(store, "1 Pike Place")).toBeUndefined();
  },
);

test(
  "AD-4 AD-5: what goes to an address is moved first, each once",
  { tag: "@move_subscriptions" },
  async ({ page, portal, store }) => {
    const { id, address_id: bath } = await subscription(store, "Sencha from Uji");
    const { address_id: home } = await subscription(store, "House Espresso");
    await portal.open("/addresses");
    await more(page, BATH, "Delete address");
    await expect(dialog(page)).toContainText(
      "To delete this address, first move Earl Grey with Blue Cornflower and Sencha from Uji to another one.",
    );
    for (const box of await dialog(page).getByRole("checkbox").all()) await box.uncheck();
    await onward(page);
    await expect(dialog(page).getByRole("alert")).toHaveText("Choose at least one.");
    await dialog(page).getByRole("checkbox", { name: "Sencha from Uji" }).check();
    await onward(page);
    await expect(fact(dialog(page), "Sencha from Uji")).toHaveText(`${BATH}changes to${HOME}`);
    await expect(dialog(page)).toContainText("The discount stays with the old address");
    await confirm(page, "Move 1 subscription");
    await expect(said(page)).toContainText(`Moved. Future deliveries ship to ${HOME}.`);
    expect((await subscription(store, "Sencha from Uji")).address_id).toBe(home);
    expect((await store.effects()).map((call) => call.path)).toEqual([`/subscriptions/${id}/change_address`]);

    await page.getByRole("button", { name: "Undo" }).click();
    await expect(said(page)).toHaveText("Undone. The subscriptions ship to their earlier address again.");
    expect((await subscription(store, "Sencha from Uji")).address_id).toBe(bath);
  },
);

test(
  "AD-7: a delivery method is chosen with its price",
  { tag: "@set_shipping_method" },
  async ({ page, portal, store }) => {
    await portal.open("/addresses");
    await more(page, HOME, "Change delivery method");
    await dialog(page)
      .getByRole("radio", { name: /Pickup point/ })
      .check();
    await onward(page);
    await expect(fact(dialog(page), "Delivery method")).toHaveText(/Shop’s usual method.*Pickup point \$2\.90/);
    await confirm(page, "Save");
    await expect(said(page)).toHaveText("Changes saved.");
    const [call] = await store.effects();
    expect(call.method).toBe("PUT");
  },
);

test("AD-6: a form has the fields of its country, and keeps what still applies", async ({ page, portal }) => {
  await portal.open("/addresses");
  await page.getByRole("button", { name: `Edit ${HOME}` }).click();
  const form = dialog(page);
  /** @type {[string, string, boolean][]} */
  const countries = [
    ["US", "ZIP code", true],
    ["CA", "Postal code", true],
    ["GB", "Postcode", false],
    ["IE", "Eircode", true],
    ["DE", "Postcode", false],
    ["AT", "Postcode", false],
    ["CH", "Postcode", false],
    ["FR", "Postcode", false],
    ["NL", "Postcode", false],
    ["SE", "Postcode", false],
    ["AU", "Postcode", true],
    ["JP", "Postcode", true],
  ];
  for (const [code, postcode, hasProvince] of countries) {
    await form.getByLabel("Country").selectOption(code);
    await expect(form.getByLabel(postcode)).toHaveValue("11238");
    await expect(form.getByLabel("Address line 1")).toHaveValue(HOME);
    await expect(form.getByLabel(/^(State|Province|County|Prefecture)/)).toHaveCount(hasProvince ? 1 : 0);
  }
  await form.getByLabel("Country").selectOption("GB");
  await submit(page);
  await expect(form.getByLabel("Postcode")).toBeFocused();
  await expect(form.getByLabel("Postcode")).toHaveAccessibleDescription(/It should look like LS1 1AA/);
});

test(
  "CU-2 CU-9: details are edited, and the change can be read afterwards",
  { tag: "@update_customer" },
  async ({ page, portal, store }) => {
    await portal.open("/customer");
    await page.getByRole("button", { name: "Change: Phone" }).click();
    await confirm(page, "Save");
    await expect(dialog(page).getByRole("alert")).toHaveText("Nothing has changed, so there’s nothing to save.");
    await dialog(page).getByLabel("First name").fill(" ");
    await confirm(page, "Save");
    await expect(dialog(page).getByLabel("First name")).toBeFocused();
    await dialog(page).getByLabel("First name").fill("Maja");
    await dialog(page).getByLabel("Phone").fill("+1 718 555 0199");
    await confirm(page, "Save");
    await expect(said(page)).toHaveText("Changes saved.");
    await expect(fact(details(page), "Name")).toHaveText("Maja Lindqvist");
    await expect(fact(details(page), "Phone")).toHaveText("+1 718 555 0199");
    const [call] = await store.effects();
    expect(call.method).toBe("PUT");

    const change = page.getByRole("main").getByRole("listitem").filter({ hasText: "You, " });
    await expect(change).toHaveCount(1);
    await expect(fact(change, "First name")).toHaveText("Mayachanges toMaja");
    await expect(change).toContainText("Done");
  },
);

test("CU-4: a tax id is checked, kept and shown", { tag: "@set_tax_id" }, async ({ page, portal, store }) => {
  await portal.open("/customer");
  await page.getByRole("button", { name: "Change: Tax ID" }).click();
  for (const wrong of ["DE 12", "XX 123456789"]) {
    await dialog(page).getByLabel("Tax ID").fill(wrong);
    await confirm(page, "Save");
    await expect(dialog(page).getByLabel("Tax ID")).toHaveAccessibleDescription(/doesn’t look like a tax ID/);
  }
  await dialog(page).getByLabel("Tax ID").fill("de 123.456.789");
  await confirm(page, "Save");
  await expect(said(page)).toHaveText("Changes saved.");
  await expect(fact(details(page), "Tax ID")).toHaveText("DE123456789");
  expect(await store.effects()).toEqual([]);
});

test.describe("with credit", () => {
  test.use({ scenario: "credits" });

  test(
    "CU-5 CU-6: credit is used on request, and the rewards are shown",
    { tag: "@use_credit" },
    async ({ page, portal, store }) => {
      await portal.open("/customer");
      await expect(page.getByRole("heading", { name: "$37.00 store credit" })).toBeVisible();
      await expect(page.getByRole("progressbar", { name: "4 of 6 stamps on your card" })).toBeVisible();
      await page.getByRole("button", { name: "Use it on my next order" }).click();
      // What the next order costs with it, before and after.
      await unfold(page, "See all changes");
      await expect(fact(dialog(page), "Credit used")).toContainText("$");
      await expect(dialog(page).getByText(/^Total for /)).toBeVisible();
      await confirm(page, "Use it on my next order");
      await expect(said(page)).toHaveText("Your store credit will be used on your next order.");
      await expect(page.getByRole("button", { name: "Save it for later" })).toBeVisible();
      expect(await store.effects()).toHaveLength(1);
      await goTo(page, "Deliveries");
      await page.getByText("Order summary").first().click();
      await expect(page.getByText("Credit and adjustments").first()).toBeVisible();
    },
  );
});

test.describe("with gifts that were bought", () => {
  test.use({ scenario: "prepaid" });

  test("SU-16: they say whether they were redeemed", async ({ page, portal }) => {
    await portal.open("/customer");
    const gifts = page.locator("section.card", { has: page.getByRole("heading", { name: "Gifts you bought" }) });
    const gift = (note) => gifts.getByRole("listitem").filter({ hasText: note });
    await expect(gift("For your new kitchen")).toContainText("Not redeemed yet");
    await expect(gift("Happy birthday, Rosa!")).toContainText(/\$45\.00 gift.*Redeemed .*\d{4}/);
  });
});

test(
  "CU-3: another e-mail address counts once its code is entered",
  { tag: ["@request_email_change", "@confirm_email_change"] },
  async ({ page, portal, store, middleware }) => {
    await portal.open("/customer");
    await page.getByRole("button", { name: "Change: Email" }).click();
    await dialog(page).getByLabel("New email address").fill("maya@example.org");
    await confirm(page, "Send code");
    await expect(said(page)).toHaveText("Code sent to maya@example.org.");
    await expect(fact(details(page), "Email")).toHaveText("maya.lindqvist@example.com");
    expect(await store.effects()).toEqual([]);

    const code = await mailedCode(middleware);
    await page.getByRole("button", { name: "Enter code" }).first().click();
    await dialog(page).getByLabel("Code").fill(code);
    await confirm(page, "Confirm email address");
    await expect(said(page)).toContainText("Email address changed to maya@example.org.");
    await expect(fact(details(page), "Email")).toHaveText("maya@example.org");
  },
);

test(
  "CU-3: a wrong code is said at its field, and a new one can be sent once the tries are used up",
  { tag: ["@request_email_change", "@confirm_email_change"] },
  async ({ page, portal, store, middleware }) => {
    await portal.open("/customer");
    await page.getByRole("button", { name: "Change: Email" }).click();
    await dialog(page).getByLabel("New email address").fill("maya@example.org");
    await confirm(page, "Send code");
    await expect(said(page)).toHaveText("Code sent to maya@example.org.");
    const first = await mailedCode(middleware);
    await page.getByRole("button", { name: "Enter code" }).first().click();
    const code = dialog(page).getByLabel("Code");
    await expect(dialog(page)).toContainText("5 tries left.");
    for (const left of [4, 3, 2, 1, 0]) {
      await code.fill(`ZZZZZ${left}`);
      await confirm(page, "Confirm email address");
      await expect(code).toHaveAccessibleDescription(/That’s not the code we sent\./);
      await expect(code).toHaveValue(`ZZZZZ${left}`);
      await expect(code).toBeFocused();
      await expect(dialog(page)).toContainText(
        left === 0 ? "This code no longer works." : `${left} ${left === 1 ? "try" : "tries"} left.`,
      );
      // The same again is not sent: it would only use up a try.
      await confirm(page, "Confirm email address");
      await expect(code).toHaveAccessibleDescription(/That’s not the code we sent\./);
    }
    await code.fill(first);
    await dialog(page).getByRole("button", { name: "Send new code" }).click();
    await expect(dialog(page).getByLabel("New email address")).toHaveValue("maya@example.org");
    await confirm(page, "Send code");
    await expect(said(page)).toHaveText("Code sent to maya@example.org.");
    const second = await mailedCode(middleware);
    expect(second).not.toBe(first);
    await page.getByRole("button", { name: "Enter code" }).first().click();
    await code.fill(second);
    await confirm(page, "Confirm email address");
    await expect(said(page)).toContainText("maya@example.org.");
    expect(await store.effects()).toHaveLength(1);
  },
);

test(
  "CU-10: the wish to be forgotten is proven by a code",
  { tag: ["@request_deletion", "@confirm_deletion"] },
  async ({ page, portal, middleware }) => {
    await portal.open("/customer");
    await page.getByRole("button", { name: "Request deletion" }).click();
    await expect(fact(dialog(page), "Active subscriptions")).toContainText("6");
    await confirm(page, "Send code");
    await expect(said(page)).toHaveText("Code sent to your email address.");
    const code = await mailedCode(middleware);
    await page.getByRole("button", { name: "Enter code" }).click();
    await dialog(page).getByLabel("Code").fill(code);
    await expect(dialog(page)).toContainText("including 6 active subscriptions");
    await confirm(page, "Request deletion");
    await expect(said(page)).toContainText("Deletion requested. Reference");
  },
);
