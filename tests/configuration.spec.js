// What the shop's file decides, as a customer sees it: what is off is not there.
import { expect, test } from "./support/portal.js";
import { dialog, sections, startAction } from "./support/customer.js";
import { subscription } from "./support/rows.js";

const ESPRESSO = "House Espresso";
const footer = (page) => page.getByRole("contentinfo");

/** The page of a subscription. */
async function open(page, portal, title) {
  await portal.open("/subscriptions");
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

test.describe("with legal pages and a headline", () => {
  const settings = {
    "terms.terms_url": "https://shop.example/terms",
    "terms.privacy_url": "https://shop.example/privacy",
    "terms.imprint_url": "https://shop.example/imprint",
    "merchant.headline": "Thank you for being with us.",
  };
  test.use({ settings });

  test("CF-9: the legal pages are in the footer and beside what changes a recurring charge", async ({
    page,
    portal,
  }) => {
    await open(page, portal, ESPRESSO);
    for (const [name, url] of [
      ["Terms of service", "terms"],
      ["Privacy policy", "privacy"],
      ["Legal notice", "imprint"],
    ]) {
      await expect(footer(page).getByRole("link", { name })).toHaveAttribute("href", `https://shop.example/${url}`);
    }
    await startAction(page, "Swap product");
    const terms = dialog(page).getByRole("link", { name: "Terms of service" });
    await expect(terms).toHaveAttribute("target", "_blank");
    await expect(dialog(page).getByRole("link", { name: "Privacy policy" })).toBeVisible();
    await dialog(page).getByRole("button", { name: "Never mind", exact: true }).click();
    await startAction(page, "Skip next delivery");
    await expect(dialog(page).getByRole("heading", { level: 2 })).toBeVisible();
    await expect(terms).toHaveCount(0);
  });

  test("CF-9: the headline is at the top of the overview", async ({ page, portal }) => {
    await portal.open();
    await expect(page.getByRole("main").getByText("Thank you for being with us.")).toBeVisible();
  });
});

test.describe("with a telephone that may be edited and nothing else", () => {
  test.use({ settings: { "customer.editable": ["phone"], "customer.tax_ids": false } });

  test("CF-1: other details have no way to change them", async ({ page, portal }) => {
    await portal.open("/customer");
    const main = page.getByRole("main");
    const change = (label) => main.getByRole("button", { name: `Change: ${label}` });
    await expect(change("Phone")).toBeVisible();
    for (const label of ["Name", "Email"]) await expect(change(label)).toHaveCount(0);
    await expect(main.getByText("Tax ID")).toHaveCount(0);
    await change("Phone").click();
    await expect(dialog(page).getByRole("textbox")).toHaveCount(1);
  });
});

test.describe("without a purchase history", () => {
  test.use({ settings: { "history.invoices": false } });

  test("CF-1: it is nowhere, and its page says so", async ({ page, portal, allowErrors }) => {
    allowErrors(/status of 403/);
    await open(page, portal, ESPRESSO);
    await expect(sections(page).getByRole("link", { name: "Deliveries" })).toBeVisible();
    await expect(sections(page).getByRole("link", { name: "Purchase history" })).toHaveCount(0);
    await expect(page.locator("a[href*='/history']")).toHaveCount(0);
    await page.goto(page.url().replace(/\/subscriptions.*/, "/history"));
    await expect(page.getByText("The shop doesn’t offer this.")).toBeVisible();
  });
});

test.describe("with reasons in several languages, of which none is required", () => {
  test.use({ locale: "de-CH", settings: { "cancellation.required": false, "cancellation.offers": ["swap_product"] } });

  test("RE-1: reasons are read in the customer's language and stored in the shop's", async ({
    page,
    portal,
    store,
  }) => {
    await open(page, portal, ESPRESSO);
    await page.getByRole("button", { name: "Abo kündigen", exact: true }).click();
    await expect(dialog(page).getByText("auch ohne Angabe kündigen")).toBeVisible();
    const instead = dialog(page).locator(".instead").getByRole("button");
    await expect(instead).toHaveText(["Produkt tauschen"]);
    await dialog(page).getByRole("radio", { name: "Es ist mir zu teuer" }).check();
    await dialog(page).locator("button[type=submit]").click();
    await expect(dialog(page)).toBeHidden();
    expect((await subscription(store, ESPRESSO)).cancellation.reason).toBe("It costs too much");
  });
});

test.describe("with an order of its own", () => {
  const settings = {
    "layout.sections": ["subscriptions", "addresses", "overview"],
    "layout.actions": ["skip_delivery", "change_quantity"],
  };
  test.use({ settings });

  test("CF-13: sections and actions are in the shop's order", async ({ page, portal }) => {
    await open(page, portal, ESPRESSO);
    const links = sections(page).locator("a.nav-link");
    await expect(links.first()).toHaveText("Subscriptions");
    expect((await links.allTextContents()).slice(0, 3)).toEqual(["Subscriptions", "Addresses", "Overview"]);
    const actions = page.getByRole("region", { name: "What you can change" }).getByRole("button");
    expect((await actions.allTextContents()).slice(0, 2)).toEqual(["Skip next delivery", "Change quantity"]);
  });
});

test.describe("with announcements", () => {
  const announcements = [
    { id: "summer", text: "Closed in <b>August</b>", link: "https://shop.example/summer" },
    { id: "winter", text: "Open again" },
  ];
  test.use({ settings: { announcements } });

  test("CF-14: one is shown at a time, as text, until it is dismissed for good", async ({ page, portal }) => {
    await portal.open();
    const shown = page.getByRole("region", { name: "Announcement" });
    await expect(shown).toContainText("Closed in <b>August</b>");
    await expect(shown.getByRole("link", { name: "Learn more" })).toHaveAttribute(
      "href",
      "https://shop.example/summer",
    );
    const dismissed = page.waitForResponse((response) => response.url().endsWith("/dismissals"));
    await shown.getByRole("button", { name: "Dismiss" }).click();
    await expect(shown).toHaveCount(0);
    expect((await dismissed).status()).toBe(200);
    await portal.open();
    await expect(shown).toContainText("Open again");
  });
});
