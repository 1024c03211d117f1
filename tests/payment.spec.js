// Payment methods in a real browser over HTTP: the sandbox's card fields in an iframe of
// another origin, and everything that is done with a method afterwards.
import { fields, said, submit } from "./support/customer.js";
import { expect, test } from "./support/portal.js";

const GOOD = "4242 4242 4242 4242";
const DECLINED = "4000 0000 0000 0002";
const CHALLENGE = "4000 0025 0000 3155";
const BANK_PAGE = "4000 0000 0000 3220";

/** Opens the fields and types a card into them. */
async function type(page, number) {
  await page.getByRole("button", { name: "Add card" }).click();
  await fill(page, number);
}

async function fill(page, number) {
  await fields(page).getByLabel("Card number").fill(number);
  await fields(page).getByLabel("Expiration date").fill("12 / 34");
  await fields(page).getByLabel("Security code").fill("123");
  await page.getByRole("button", { name: "Confirm card" }).click();
}

/** The dialog in which the confirmed card is added. */
const dialog = (page) => page.getByRole("dialog", { name: "Add this card" });

/** Adds the confirmed card with what is chosen for it, and waits for the end. */
async function finish(page) {
  await dialog(page).getByRole("button", { name: "Add card" }).click();
  await expect(said(page)).toContainText(" added.");
}

/** The bodies of the calls that the page made, to look for what must not be in them. */
function record(page) {
  const bodies = [];
  page.on("request", (request) => bodies.push(`${request.url()} ${request.postData() ?? ""}`));
  return bodies;
}

test(
  "PM-2 S-46: a card is added in the processor's fields and pays",
  { tag: "@add_payment_method" },
  async ({ page, portal, middleware, store }) => {
    const bodies = record(page);
    await portal.open("/payment-methods");
    await type(page, GOOD);
    await expect(dialog(page)).toBeVisible();
    await finish(page);
    await expect(page.getByRole("heading", { name: "Visa 4242" }).first()).toBeVisible();
    await expect(page.locator("iframe")).toHaveCount(0);

    const writes = (await store.effects()).map(({ method, path }) => `${method} ${path.replace(/\d+/g, "{id}")}`);
    expect(writes[0]).toBe("POST /payment_methods");
    expect(new Set(writes.slice(1))).toEqual(new Set(["PUT /addresses/{id}"]));
    const ours = bodies.filter((body) => body.startsWith(middleware.origin));
    expect(ours.filter((body) => /4242[ ]?4242|cvc|12 ?\/ ?34/.test(body))).toEqual([]);
    expect(await page.locator("[data-perennial]").evaluate((host) => host.shadowRoot.innerHTML)).not.toMatch(
      /cc-number|cc-csc|cardnumber/i,
    );
  },
);

/** What a field for a card is called, in its name, its label or in what a browser may fill in. */
const CARD_FIELD =
  /\bcc-|card.?(number|holder)|security.?code|\b(cvc|cvv|csc|pan)\b|\bexp(iry|iration)?\b|exp.?(date|month|year)/i;

/** The fields of a document that are called so, in shadow roots too; not those in frames. */
function cardFields(frame) {
  return frame.evaluate((source) => {
    const called = (field) => {
      const own = ["name", "id", "autocomplete", "placeholder", "aria-label"].map((name) => field.getAttribute(name));
      return [...own, ...[...(field.labels ?? [])].map((label) => label.textContent)].join(" ");
    };
    const below = (root) =>
      [...root.querySelectorAll("*")].flatMap((element) => [
        ...(element.matches("input, select, textarea, [contenteditable]") ? [called(element)] : []),
        ...(element.shadowRoot ? below(element.shadowRoot) : []),
      ]);
    const all = below(document);
    return { looked: all.length, found: all.filter((text) => new RegExp(source, "i").test(text)) };
  }, CARD_FIELD.source);
}

test("S-46: no place and no dialog about payment has a field for a card of its own", async ({
  page,
  portal,
  middleware,
}) => {
  let looked = 0;
  const look = async (where) => {
    const fields = await cardFields(page);
    expect(fields.found, where).toEqual([]);
    looked += fields.looked;
  };
  await portal.open();
  for (const place of ["", "subscriptions", "deliveries", "history", "customer", "addresses"]) {
    await page.goto(`${middleware.origin}/portal/${place}`);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    await look(place);
  }
  await page.getByRole("button", { name: "Add address" }).click();
  await expect(page.getByRole("dialog").getByLabel("City")).toBeVisible();
  await look("the dialog that adds an address");

  await page.goto(`${middleware.origin}/portal/payment-methods`);
  const card = page.locator("section.card").first();
  await card.getByRole("button", { name: "More" }).click();
  await card.getByRole("button", { name: "Change billing address" }).click();
  await expect(page.getByRole("dialog").getByLabel("City")).toBeVisible();
  await look("the dialog that changes the billing address");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Add card" }).click();
  await expect(fields(page).getByLabel("Card number")).toBeVisible();
  await look("beside the processor's fields");
  // The processor's own document has them, or the search would find nothing anywhere.
  const frame = await page.locator('iframe[title="Card details"]').elementHandle();
  expect((await cardFields(await frame.contentFrame())).found).toHaveLength(3);
  await fill(page, GOOD);
  await expect(dialog(page)).toBeVisible();
  await look("the dialog that adds the card");
  expect(looked).toBeGreaterThan(10);
});

test("PM-2: a card that is declined says so and the fields stay", async ({ page, portal, store }) => {
  await portal.open("/payment-methods");
  await type(page, DECLINED);
  await expect(page.getByRole("alert").filter({ hasText: "was declined" })).toBeVisible();
  await expect(fields(page).getByText("Your card was declined")).toBeVisible();
  await expect(fields(page).getByLabel("Card number")).toHaveValue(DECLINED);
  await fill(page, GOOD);
  await expect(dialog(page)).toBeVisible();
  expect(await store.effects()).toEqual([]);
});

test("PM-2: what is missing is said at its field", async ({ page, portal }) => {
  await portal.open("/payment-methods");
  await type(page, "4242");
  await expect(fields(page).getByText("Your card number is incomplete.")).toBeVisible();
  await expect(fields(page).getByLabel("Card number")).toBeFocused();
});

test("PM-9: the bank asks in the page and the answer counts", async ({ page, portal }) => {
  await portal.open("/payment-methods");
  await type(page, CHALLENGE);
  await expect(page.getByText("Your bank needs to confirm it’s you")).toBeVisible();
  await fields(page).getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "didn’t confirm" })).toBeVisible();
  await page.getByRole("button", { name: "Confirm card" }).click();
  await fields(page).getByRole("button", { name: "Approve" }).click();
  await finish(page);
  await expect(page.getByRole("heading", { name: "Visa 3155" })).toBeVisible();
});

test("PM-9: a reload during the bank's question forgets nothing", async ({ page, portal }) => {
  await portal.open("/payment-methods");
  await type(page, CHALLENGE);
  await expect(fields(page).getByRole("button", { name: "Approve" })).toBeVisible();
  await page.reload();
  await expect(page.getByText("Your bank hasn’t responded yet")).toBeVisible();
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByText("Your bank hasn’t responded yet")).toBeVisible();
  await page.getByRole("button", { name: "Continue with your bank" }).click();
  await fields(page).getByRole("button", { name: "Approve" }).click();
  await finish(page);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Visa 3155" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add card" })).toBeVisible();
});

test("PM-9 S-3: the bank's own page leads back, and leaves nothing in the address or the storage", async ({
  page,
  portal,
  middleware,
}) => {
  await portal.open("/payment-methods");
  await type(page, BANK_PAGE);
  await page.waitForURL(/card\.html/);
  await page.getByRole("button", { name: "Approve" }).click();
  await page.waitForURL(`${middleware.origin}/portal/payment-methods**`);
  await expect(dialog(page)).toBeVisible();
  expect(page.url()).toBe(`${middleware.origin}/portal/payment-methods`);
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  expect(kept).not.toContain("secret");
  await finish(page);
  await expect(page.getByRole("heading", { name: "Visa 3220" })).toBeVisible();
});

test("S-21: messages of others are not listened to", async ({ page, portal }) => {
  await portal.open("/payment-methods");
  await page.getByRole("button", { name: "Add card" }).click();
  await expect(fields(page).getByLabel("Card number")).toBeVisible();
  const forged = { mark: "perennial-sandbox-card", type: "challenge", open: true };
  await page.evaluate((message) => postMessage(message, "*"), forged);
  await fields(page)
    .locator("body")
    .evaluate((_, message) => {
      // Right origin for the frame itself, but not from the page around it.
      window.postMessage({ ...message, type: "start", entry: false }, "*");
    }, forged);
  await expect(page.getByText("Your bank needs to confirm it’s you")).toHaveCount(0);
  await expect(fields(page).getByLabel("Card number")).toBeVisible();
});

test(
  "PM-4: a method pays for an address, with its next charge in the review",
  { tag: "@assign_payment_method" },
  async ({ page, portal, store }) => {
    await portal.open("/payment-methods");
    await type(page, CHALLENGE);
    await fields(page).getByRole("button", { name: "Approve" }).click();
    await expect(dialog(page)).toBeVisible();
    for (const tick of await dialog(page).getByRole("checkbox").all()) await tick.uncheck();
    await finish(page);
    const card = page.locator("section.card", { has: page.getByRole("heading", { name: "Visa 3155" }) });
    await card.getByRole("button", { name: "More" }).click();
    await card.getByRole("button", { name: "Use for more addresses" }).click();
    const assign = page.getByRole("dialog");
    await submit(page);
    await expect(assign.getByText("Choose at least one address.")).toBeVisible();
    await assign.getByRole("checkbox").first().check();
    await expect(assign.getByText(/Visa 3155, next charge .* \d{4}, \$/)).toBeAttached();
    await assign.getByRole("button", { name: "Use payment method" }).click();
    await expect(said(page)).toContainText("Visa 3155 will be used from now on.");
    expect((await store.effects()).at(-1).method).toBe("PUT");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(card.getByText("Not used for any deliveries right now.")).toBeVisible();
  },
);

test(
  "PM-4: another method becomes the default, and it is taken back",
  { tag: "@set_default_payment_method" },
  async ({ page, portal, store }) => {
    await portal.open("/payment-methods");
    const card = (name) => page.locator("section.card", { has: page.getByRole("heading", { name }) });
    await expect(card("Visa 4242").getByText("Default", { exact: true })).toBeVisible();
    await card("Mastercard 4444").getByRole("button", { name: "More" }).click();
    await card("Mastercard 4444").getByRole("button", { name: "Set as default" }).click();
    const review = page.getByRole("dialog");
    await expect(review.getByText("Visa 4242")).toBeVisible();
    await review.getByRole("button", { name: "Set as default" }).click();
    await expect(said(page)).toContainText("Mastercard 4444 is now your default.");
    await expect(card("Mastercard 4444").getByText("Default", { exact: true })).toBeVisible();
    await expect(card("Visa 4242").getByText("Default", { exact: true })).toHaveCount(0);
    const [effect] = await store.effects();
    expect(effect.path).toMatch(/^\/payment_methods\/\d+$/);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(card("Visa 4242").getByText("Default", { exact: true })).toBeVisible();
  },
);

test(
  "PM-5: what pays stays and says why; what pays for nothing is removed",
  { tag: "@remove_payment_method" },
  async ({ page, portal }) => {
    await portal.open("/payment-methods");
    const used = page.locator("section.card").first();
    await used.getByRole("button", { name: "More" }).click();
    await expect(used.getByRole("button", { name: /^Remove/ })).toHaveAttribute("aria-disabled", "true");
    await expect(used.getByText(/Choose another payment method for them first/)).toBeVisible();
    await page.keyboard.press("Escape");

    await type(page, BANK_PAGE);
    await page.waitForURL(/card\.html/);
    await page.getByRole("button", { name: "Approve" }).click();
    await expect(dialog(page)).toBeVisible();
    for (const tick of await dialog(page).getByRole("checkbox").all()) await tick.uncheck();
    await finish(page);
    const unused = page.locator("section.card", { has: page.getByRole("heading", { name: "Visa 3220" }) });
    await unused.getByRole("button", { name: "More" }).click();
    await unused.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Remove payment method" }).click();
    await expect(said(page)).toContainText("Visa 3220 removed.");
    await expect(unused).toHaveCount(0);
  },
);

test(
  "PM-7: the billing address is copied from where it ships",
  { tag: "@update_billing_address" },
  async ({ page, portal }) => {
    await portal.open("/payment-methods");
    const card = page.locator("section.card").first();
    await card.getByRole("button", { name: "More" }).click();
    await card.getByRole("button", { name: "Change billing address" }).click();
    const form = page.getByRole("dialog");
    await form
      .getByRole("button", { name: /^Same as / })
      .last()
      .click();
    await form.getByLabel("City").fill("");
    await submit(page);
    await expect(form.getByLabel("City")).toHaveAttribute("aria-invalid", "true");
    await form.getByLabel("City").fill("Utica");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(said(page)).toContainText("Billing address changed.");
    await expect(card.getByText("Utica")).toBeVisible();
  },
);

test("PM-8: a backup is agreed to, and stopped", { tag: "@set_backup_payment" }, async ({ page, portal, store }) => {
  await portal.open("/payment-methods");
  await page.getByRole("button", { name: "Turn on backup payments" }).click();
  const review = page.getByRole("dialog");
  await expect(review.getByText(/If your usual payment method is declined/)).toBeVisible();
  await review.getByRole("button", { name: "Turn on backup payments" }).click();
  await expect(said(page)).toContainText("Backup payments turned on.");
  await page.getByRole("button", { name: "Turn off backup payments" }).click();
  await review.getByRole("button", { name: "Turn off backup payments" }).click();
  await expect(page.getByRole("button", { name: "Turn on backup payments" })).toBeVisible();
  expect(await store.effects()).toHaveLength(2);
});

test.describe("a card that Shopify keeps", () => {
  test.use({ scenario: "shopify-checkout" });

  test(
    "PM-3: the link goes to the masked address, once a minute",
    { tag: "@send_payment_link" },
    async ({ page, portal, store }) => {
      await portal.open("/payment-methods");
      await expect(page.getByRole("button", { name: "Add card" })).toHaveCount(0);
      await page.getByRole("button", { name: "Email me a secure link" }).click();
      const review = page.getByRole("dialog");
      await expect(review.getByText("n…@example.com")).toBeVisible();
      await review.getByRole("button", { name: "Send link" }).click();
      await expect(said(page)).toContainText("Link sent to n…@example.com");
      const again = page.getByRole("button", { name: "Email me a secure link" });
      await expect(again).toHaveAttribute("aria-disabled", "true");
      // The server holds to it too.
      await page.reload();
      await again.click();
      await expect(review.getByText("You can ask for another one after 1 minute.")).toBeVisible();
      expect((await store.log()).filter(({ path }) => path.endsWith("/notifications"))).toHaveLength(1);
    },
  );
});
