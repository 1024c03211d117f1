// The customer's addresses and her own record, from the press of a button to the store's rows.
import { expect, test } from "./support/portal.js";
import { dialog, fact, goTo, said } from "./support/customer.js";
import { address, subscription } from "./support/rows.js";

const HOME = "214 Prospect Place";
const BATH = "9 Lansdown Crescent";

/** To the review of the open form. @param {import("@playwright/test").Page} page */
const goOn = (page) => dialog(page).getByRole("button", { name: "Continue" }).click();

/** Sends what is reviewed. @param {import("@playwright/test").Page} page @param {string} name */
const confirm = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();

/** What the shop knows of her, above her changes. @param {import("@playwright/test").Page} page */
const details = (page) => page.getByRole("main").locator("dl").first();

/** Presses an action in the menu of an address. */
async function more(page, street, action) {
  await page.getByRole("button", { name: `More about ${street}` }).click();
  await page.getByRole("main").getByRole("button", { name: action, exact: true }).click();
}

test("AD-2 AD-4: an address is added with what pays for it, and deleted", { tag: ["@add_address", "@delete_address"] }, async ({ page, portal, store }) => {
  await portal.open("/addresses");
  await page.getByRole("button", { name: "Add an address" }).click();
  await goOn(page);
  await expect(dialog(page).getByLabel("First name")).toBeFocused();
  await dialog(page).getByLabel("First name").fill("Maya");
  await dialog(page).getByLabel("Last name").fill("Lindqvist");
  await dialog(page).getByLabel("Street and number").fill("1 Pike Place");
  await dialog(page).getByLabel("City").fill("Seattle");
  await dialog(page).getByLabel("State").selectOption("Washington");
  await dialog(page).getByLabel("ZIP code").fill("98101");
  await dialog(page).getByRole("radio", { name: /Mastercard 4444/ }).check();
  await goOn(page);
  await expect(fact(dialog(page), "Paid with")).toHaveText("Mastercard 4444");
  await confirm(page, "Add address");
  await expect(said(page)).toHaveText("Added. You can now send subscriptions there.");
  expect(await address(store, "1 Pike Place")).toMatchObject({ zip: "98101", province: "Washington" });
  expect((await store.effects()).map((call) => call.path)).toEqual(["/addresses"]);

  await more(page, "1 Pike Place", "Delete");
  await confirm(page, "Delete address");
  await expect(said(page)).toHaveText("Deleted: 1 Pike Place.");
  expect(await address(store, "1 Pike Place")).toBeUndefined();
});

test("AD-4 AD-5: what goes to an address is moved first, each once", { tag: "@move_subscriptions" }, async ({ page, portal, store }) => {
  const { id, address_id: bath } = await subscription(store, "Sencha from Uji");
  const { address_id: home } = await subscription(store, "House Espresso");
  await portal.open("/addresses");
  await more(page, BATH, "Delete");
  await expect(dialog(page)).toContainText("Before this address can be deleted, Earl Grey with Blue Cornflower and Sencha from Uji");
  for (const box of await dialog(page).getByRole("checkbox").all()) await box.uncheck();
  await goOn(page);
  await expect(dialog(page).getByRole("alert")).toHaveText("Please choose at least one.");
  await dialog(page).getByRole("checkbox", { name: "Sencha from Uji" }).check();
  await goOn(page);
  await expect(fact(dialog(page), "Sencha from Uji")).toHaveText(`${BATH}changes to${HOME}`);
  await expect(dialog(page)).toContainText("The discount belongs to the address");
  await confirm(page, "Move 1 subscription");
  await expect(said(page)).toContainText(`Moved. From now on they go to ${HOME}.`);
  expect((await subscription(store, "Sencha from Uji")).address_id).toBe(home);
  expect((await store.effects()).map((call) => call.path)).toEqual([`/subscriptions/${id}/change_address`]);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toHaveText("Taken back. Everything is as it was.");
  expect((await subscription(store, "Sencha from Uji")).address_id).toBe(bath);
});

test("AD-7: a delivery method is chosen with its price", { tag: "@set_shipping_method" }, async ({ page, portal, store }) => {
  await portal.open("/addresses");
  await more(page, HOME, "Delivery method");
  await dialog(page).getByRole("radio", { name: /To a pick-up point/ }).check();
  await goOn(page);
  await expect(fact(dialog(page), "Delivery")).toHaveText(/As the shop usually sends it.*To a pick-up point \$2\.90/);
  await confirm(page, "Save");
  await expect(said(page)).toHaveText("Saved.");
  const [call] = await store.effects();
  expect(call.method).toBe("PUT");
});

test("AD-6: a form has the fields of its country, and keeps what still applies", async ({ page, portal }) => {
  await portal.open("/addresses");
  await page.getByRole("button", { name: `Edit ${HOME}` }).click();
  const form = dialog(page);
  /** @type {[string, string, boolean][]} */
  const countries = [
    ["US", "ZIP code", true],
    ["CA", "Postcode", true],
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
    await expect(form.getByLabel("Street and number")).toHaveValue(HOME);
    await expect(form.getByLabel(/^(State|Province|County|Prefecture)/)).toHaveCount(hasProvince ? 1 : 0);
  }
  await form.getByLabel("Country").selectOption("GB");
  await goOn(page);
  await expect(form.getByLabel("Postcode")).toBeFocused();
  await expect(form.getByLabel("Postcode")).toHaveAccessibleDescription(/It should be like LS1 1AA/);
});

test("CU-2 CU-9: details are edited, and the change can be read afterwards", { tag: "@update_customer" }, async ({ page, portal, store }) => {
  await portal.open("/customer");
  await page.getByRole("button", { name: "Change: Phone" }).click();
  await dialog(page).getByLabel("First name").fill(" ");
  await goOn(page);
  await expect(dialog(page).getByLabel("First name")).toBeFocused();
  await dialog(page).getByLabel("First name").fill("Maja");
  await dialog(page).getByLabel("Phone").fill("+1 718 555 0199");
  await goOn(page);
  await expect(fact(dialog(page), "First name")).toHaveText("Mayachanges toMaja");
  await confirm(page, "Save");
  await expect(said(page)).toHaveText("Saved.");
  await expect(fact(details(page), "Name")).toHaveText("Maja Lindqvist");
  await expect(fact(details(page), "Phone")).toHaveText("+1 718 555 0199");
  const [call] = await store.effects();
  expect(call.method).toBe("PUT");

  const change = page.getByRole("main").getByRole("listitem").filter({ hasText: "You, " });
  await expect(change).toHaveCount(1);
  await expect(fact(change, "First name")).toHaveText("Mayachanges toMaja");
  await expect(change).toContainText("Done");
});

test("CU-4: a tax id is checked, kept and shown", { tag: "@set_tax_id" }, async ({ page, portal, store }) => {
  await portal.open("/customer");
  await page.getByRole("button", { name: "Change: Tax ID" }).click();
  await dialog(page).getByLabel("Tax ID").fill("DE 12");
  await goOn(page);
  await expect(dialog(page).getByLabel("Tax ID")).toHaveAccessibleDescription(/does not look like a tax id/);
  await dialog(page).getByLabel("Tax ID").fill("de 123.456.789");
  await goOn(page);
  await confirm(page, "Save");
  await expect(said(page)).toHaveText("Saved.");
  await expect(fact(details(page), "Tax ID")).toHaveText("DE123456789");
  expect(await store.effects()).toEqual([]);
});

test("CU-10: a copy of everything is made in the same session", async ({ page, portal }) => {
  await portal.open("/customer");
  await page.getByRole("button", { name: "Make my files" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "subscriptions.csv" }).click();
  expect((await download).suggestedFilename()).toBe("subscriptions.csv");
  await expect(page.getByRole("link", { name: "account.json" })).toBeVisible();
});

test.describe("with credit", () => {
  test.use({ scenario: "credits" });

  test("CU-5 CU-6: credit is used on request, and the rewards are shown", { tag: "@use_credit" }, async ({ page, portal, store }) => {
    await portal.open("/customer");
    await expect(page.getByRole("heading", { name: "$37.00 credit" })).toBeVisible();
    await expect(page.getByRole("progressbar", { name: "4 of 6 stamps on your card" })).toBeVisible();
    await page.getByRole("button", { name: "Use it on my next order" }).click();
    // What the next order costs with it, before and after.
    await expect(fact(dialog(page), "Credit used, estimated")).toContainText("$");
    await expect(dialog(page).getByText(/^Total of the delivery of .*, estimated$/)).toBeVisible();
    await confirm(page, "Use it on my next order");
    await expect(said(page)).toHaveText("Your credit is used on the next order.");
    await expect(page.getByRole("button", { name: "Keep it for later" })).toBeVisible();
    expect(await store.effects()).toHaveLength(1);
    await goTo(page, "Deliveries");
    await page.getByText("What this costs").first().click();
    await expect(page.getByText("Credit and corrections").first()).toBeVisible();
  });
});

test.describe("with gifts that were bought", () => {
  test.use({ scenario: "prepaid" });

  test("SU-16: they say whether they were redeemed", async ({ page, portal }) => {
    await portal.open("/customer");
    const gifts = page.locator("section.card", { has: page.getByRole("heading", { name: "Gifts you bought" }) });
    const gift = (note) => gifts.getByRole("listitem").filter({ hasText: note });
    await expect(gift("For your new kitchen")).toContainText("Not redeemed yet");
    await expect(gift("Happy birthday, Rosa!")).toContainText(/A gift of \$45\.00.*Redeemed .*\d{4}/);
  });
});

/** The code of the letter that left last. @param {{ mail(): Promise<string> }} middleware */
async function mailedCode(middleware) {
  const [, code] = /Your code is (\w+)/.exec(await middleware.mail()) ?? [];
  expect(code, "the letter has a code").toBeTruthy();
  return code;
}

test("CU-3: another e-mail address counts once its code is entered", { tag: ["@request_email_change", "@confirm_email_change"] }, async ({ page, portal, store, middleware }) => {
  await portal.open("/customer");
  await page.getByRole("button", { name: "Change: E-mail" }).click();
  await dialog(page).getByLabel("New e-mail address").fill("maya@example.org");
  await goOn(page);
  await confirm(page, "Send a code");
  await expect(said(page)).toHaveText("A code is on its way to maya@example.org.");
  await expect(fact(details(page), "E-mail")).toHaveText("maya.lindqvist@example.com");
  expect(await store.effects()).toEqual([]);

  const code = await mailedCode(middleware);
  await page.getByRole("button", { name: "Enter the code" }).first().click();
  await dialog(page).getByLabel("Code").fill(code);
  await goOn(page);
  await confirm(page, "Confirm e-mail address");
  await expect(said(page)).toContainText("From now on we write to maya@example.org.");
  await expect(fact(details(page), "E-mail")).toHaveText("maya@example.org");
});

test("CU-10: the wish to be forgotten is proven by a code", { tag: ["@request_deletion", "@confirm_deletion"] }, async ({ page, portal, middleware }) => {
  await portal.open("/customer");
  await page.getByRole("button", { name: "Ask to delete my data" }).click();
  await confirm(page, "Send a code");
  await expect(said(page)).toContainText("A code is on its way");
  const code = await mailedCode(middleware);
  await page.getByRole("button", { name: "Enter the code" }).click();
  await dialog(page).getByLabel("Code").fill(code);
  await goOn(page);
  await confirm(page, "Ask to delete everything");
  await expect(said(page)).toContainText("The shop has your request. Reference");
});
