// One way through each section, in mock mode, as the scenarios have it.
import { expect, test } from "./support/mock.js";
import { dialog, fact, goTo, said } from "./support/customer.js";
import { visit } from "./support/places.js";

/** Dollars as a number of cents. */
const cents = (text) => Math.round(Number(text.replace(/[^\d.-]/g, "").replace(/^.*-/, "-")) * 100);

/** The amounts under each other, by their labels. */
async function sums(list) {
  const labels = await list.getByRole("term").allTextContents();
  const amounts = await list.getByRole("definition").allTextContents();
  return Object.fromEntries(labels.map((label, n) => [label, cents(amounts[n].replace("−", "-"))]));
}

const open = (page, bundle, path, scenario) => visit(page, bundle.origin, { path, scenario });

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("CU-1: the overview begins with the next delivery and what can be done about it", async ({ page, bundle }) => {
    await open(page, bundle, "/");
    await expect(page.getByRole("heading", { level: 1, name: "Hello, Maya" })).toBeInViewport();
    await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText(/^\w+day, \w+ \d+/);
    for (const text of [
      "House Espresso, Filter Papers No. 2, and 2 more",
      "$80.90",
      "To 214 Prospect Place · Visa 4242",
    ]) {
      await expect(page.getByText(text)).toBeInViewport();
    }
    await expect(page.getByText(/^You can change this until/)).toBeInViewport();
    for (const name of ["Skip this delivery", "Edit address"]) {
      await expect(page.getByRole("button", { name })).toBeInViewport();
    }
    await expect(page.getByRole("heading", { name: "Your subscriptions" })).toBeVisible();
    await page.getByRole("link", { name: "See all deliveries" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Deliveries" })).toBeFocused();
  });

  test("DS-5: the whole month, what will happen and the button are in sight together", async ({ page, bundle }) => {
    await open(page, bundle, "/");
    await page.getByRole("main").getByRole("button", { name: "Reschedule" }).click();
    await dialog(page).locator(".day:not([aria-disabled])").first().dispatchEvent("click");
    const month = dialog(page).getByRole("grid");
    const end = dialog(page).locator(".sheet-end");
    await expect(end).toContainText(/^Your next delivery will be /);
    await expect(dialog(page).getByRole("button", { name: /^Reschedule to / })).toBeInViewport({ ratio: 1 });
    const [bottom, top] = await Promise.all([
      month.evaluate((month) => month.getBoundingClientRect().bottom),
      end.evaluate((end) => end.getBoundingClientRect().top),
    ]);
    expect(bottom).toBeLessThanOrEqual(top);
  });

  test("AD-1: each address says what it gets, when, and what pays for it", async ({ page, bundle }) => {
    await open(page, bundle, "/addresses");
    const home = page.locator("section").filter({ hasText: "214 Prospect Place" });
    await expect(fact(home, "Subscriptions").getByRole("listitem")).toHaveText([
      "Decaf Huila",
      "Barista Oat Milk",
      "Filter Papers No. 2",
      "House Espresso",
    ]);
    await expect(fact(home, "Payment method")).toHaveText("Visa 4242");
    await fact(home, "Subscriptions").getByRole("link", { name: "Decaf Huila" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Decaf Huila" })).toBeFocused();
  });

  test("PH-1: past orders are cards that open a receipt", async ({ page, bundle }) => {
    await open(page, bundle, "/history");
    const orders = page.getByRole("article");
    await expect(orders.filter({ hasText: "Partially refunded" })).toContainText("$14.50 refunded");
    await page.getByRole("button", { name: "Show older" }).click();
    await orders.filter({ hasText: "#1001" }).getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1, name: "Order #1001" })).toBeFocused();
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1, name: "Purchase history" })).toBeVisible();
  });
});

test("SU-1 SU-2: subscriptions stand by state, and one tells everything that is known", async ({ page, bundle }) => {
  await open(page, bundle, "/subscriptions");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["Active 6", "Canceled 1"]);
  const espresso = page.getByRole("article").filter({ hasText: "House Espresso" });
  await expect(espresso).toContainText("Qty 2 · every 4 weeks · $29.00");
  await espresso.getByRole("link").click();
  const main = page.getByRole("main");
  await expect(fact(main, "Frequency")).toHaveText("Every 4 weeks");
  await expect(fact(main, "Quantity")).toHaveText("2");
  await expect(fact(main, "Ships to")).toContainText("214 Prospect Place");
  await expect(fact(main, "Payment method")).toHaveText("Visa 4242");
  await expect(fact(main, "Roast")).toHaveText("Medium");
  await expect(fact(main, "Per delivery")).toHaveText("$29.00");
  await main.getByRole("link", { name: "Subscriptions" }).click();
  await page.getByRole("link", { name: "Masala Chai" }).click();
  await expect(fact(main, "Reason")).toHaveText("I have too much of it");
  await expect(main.getByRole("button", { name: "Reactivate" })).toBeVisible();
});

test("SU-11: a subscription is paused for two months and says so", async ({ page, bundle }) => {
  await open(page, bundle, "/subscriptions");
  await page.getByRole("link", { name: "House Espresso" }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await dialog(page)
    .getByRole("radio", { name: /^2 months/ })
    .check();
  await dialog(page).getByRole("button", { name: "Pause subscription" }).click();
  await expect(said(page)).toContainText("Paused until");
  await expect(page.getByRole("main")).toContainText("Paused until");
  await expect(page.getByRole("button", { name: "Resume", exact: true })).toBeVisible();
});

test("DS-1 DS-7: deliveries stand by month, their totals add up, and estimates say so", async ({ page, bundle }) => {
  await open(page, bundle, "/deliveries");
  const days = page.getByRole("heading", { level: 3 });
  await expect(days.nth(6)).toBeVisible();
  const first = page.getByRole("main").getByRole("listitem").filter({ has: days }).first();
  await first.getByText("Order summary").click();
  const { Total, ...parts } = await sums(first.locator("dl"));
  expect(Total).toBe(8090);
  expect(Object.values(parts).reduce((sum, part) => sum + part)).toBe(Total);
  await expect(page.getByText(/^Estimated total \$/).first()).toBeVisible();
  await expect(page.getByText(/ · estimated$/).first()).toBeVisible();
  await expect(page.getByText(/^That’s everything through/)).toBeVisible();
});

test("PH-2 PH-3 PH-7: past orders have their states, and a receipt adds up", async ({ page, bundle }) => {
  await open(page, bundle, "/history");
  const rows = page.getByRole("row");
  await expect(rows.filter({ hasText: "Partially refunded" })).toContainText("$14.50 refunded");
  await expect(rows.filter({ hasText: /Refunded/ }).filter({ hasText: "$36.47 refunded" })).toHaveCount(1);
  await rows.filter({ hasText: "Partially refunded" }).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Order #\d+$/);
  const lists = page.getByRole("main").locator("dl");
  const { Total, ...parts } = await sums(lists.nth(0));
  expect(Object.values(parts).reduce((sum, part) => sum + part)).toBe(Total);
  expect(await sums(lists.nth(1))).toEqual({ Refunded: -1450, "Total after refund": Total - 1450 });
  await expect(fact(page.getByRole("main"), "Shipped to")).toContainText("214 Prospect Place");
});

test("PM-1: payment methods say what they pay for and which is the default", async ({ page, bundle }) => {
  await open(page, bundle, "/payment-methods");
  const method = (name) => page.locator("section").filter({ has: page.getByRole("heading", { name }) });
  await expect(method("Visa 4242")).toContainText("Default");
  await expect(method("Visa 4242")).toContainText(/Expires \d\d\/\d\d/);
  await expect(fact(method("Mastercard 4444"), "Used for deliveries to")).toHaveText("9 Lansdown Crescent");
  await expect(method(/^PayPal m…@example\.com/)).toContainText("Not used for any deliveries right now.");
});

test("a customer's details are there, and the way to the shop where they are wrong", async ({ page, bundle }) => {
  await open(page, bundle, "/customer");
  const main = page.getByRole("main");
  await expect(fact(main, "Name")).toHaveText("Maya Lindqvist");
  await expect(fact(main, "Email")).toHaveText("maya.lindqvist@example.com");
  await expect(fact(main, "Active subscriptions")).toHaveText("6");
  await expect(main.getByRole("link", { name: "Contact the shop" })).toHaveAttribute("href", /^mailto:/);
});

test("DS-2: a delivery is skipped and brought back with the keyboard alone", async ({ page, bundle }) => {
  await open(page, bundle, "/");
  /** Tabs on until that is where the focus is. */
  const reach = async (target) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === element.getRootNode().activeElement)) return;
    }
    throw new Error("the keyboard does not get there");
  };
  const skip = page.getByRole("button", { name: "Skip this delivery" });
  await reach(skip);
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("heading", { level: 2 })).toBeFocused();
  // Escape gives the focus back to what opened the dialog.
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await reach(dialog(page).getByText("Choose items"));
  await page.keyboard.press("Enter");
  for (const box of (await dialog(page).getByRole("checkbox").all()).slice(1)) {
    await reach(box);
    await page.keyboard.press("Space");
  }
  const confirm = dialog(page).getByRole("button", { name: "Skip 1 item" });
  // Nothing is agreed to before it is known what it does.
  await expect(confirm).toBeEnabled();
  await reach(confirm);
  await page.keyboard.press("Enter");
  await expect(said(page)).toContainText("1 item skipped.");

  const back = page.getByRole("button", { name: /^Restore/ });
  await reach(back);
  await page.keyboard.press("Enter");
  const agree = dialog(page).getByRole("button", { name: /^Restore/ });
  await expect(agree).toBeEnabled();
  await reach(agree);
  await page.keyboard.press("Enter");
  await expect(said(page)).toContainText("Delivery restored.");
  await expect(back).toBeHidden();
});

test("a new customer is told in each section what will stand there", async ({ page, bundle }) => {
  await open(page, bundle, "/", "new-customer");
  const main = page.getByRole("main");
  await expect(main).toContainText("You have no subscriptions yet.");
  await expect(main.getByRole("link", { name: "Visit the shop" })).toBeVisible();
  for (const [section, text] of [
    ["Subscriptions", "You have no subscriptions yet."],
    ["Deliveries", "No upcoming deliveries."],
    ["Purchase history", "No orders yet."],
    ["Addresses", "No address yet."],
    ["Payment", "No payment method yet."],
    ["Your details", "noor.haddad@example.com"],
  ]) {
    await goTo(page, section);
    await expect(main).toContainText(text);
  }
});

test("PM-6 PH-2: a failed payment is named wherever it matters, with its reason and the way out", async ({
  page,
  bundle,
}) => {
  await open(page, bundle, "/", "dunning");
  const main = page.getByRole("main");
  await expect(main).toContainText(/Payment of \$\d+\.\d\d for .* failed/);
  await expect(main).toContainText("The card was declined. Replace it or use another one. We’ll try again on");
  await goTo(page, "Deliveries");
  await expect(main).toContainText(/Payment of .* failed/);
  await expect(main.getByRole("listitem").filter({ hasText: "Payment failed" })).toHaveCount(1);
  await goTo(page, "Purchase history");
  for (const state of ["Payment failed", "Processing", "Awaiting payment"]) {
    await expect(page.getByRole("row").filter({ hasText: state })).toHaveCount(1);
  }
  await goTo(page, "Overview");
  await main.getByRole("link", { name: "Replace card" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Payment methods" })).toBeFocused();
  await expect(main).toContainText("Visa 0341 can’t be charged");
});

test("PH-10: who has cancelled everything still reads what they bought", async ({ page, bundle }) => {
  await open(page, bundle, "/", "cancelled");
  await page.getByRole("link", { name: "See canceled subscriptions" }).click();
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["Canceled 2"]);
  await goTo(page, "Purchase history");
  const orders = page.getByRole("row").filter({ hasText: "Paid" });
  await expect(orders.nth(5)).toBeVisible();
  await orders.last().getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Order #\d+$/);
  await expect(page.getByRole("main")).toContainText("Earl Grey with Blue Cornflower");
});
