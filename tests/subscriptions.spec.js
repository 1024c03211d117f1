// What a customer changes of a subscription, over HTTP, and what the store then has.
import { expect, test } from "./support/portal.js";
import { dialog, fact, goTo, onward, said, startAction as start, submit } from "./support/customer.js";
import { inFull, later } from "./support/dates.js";
import { subscription } from "./support/rows.js";

const ESPRESSO = "House Espresso";

/** The page of a subscription. */
async function open(page, portal, title) {
  await portal.open("/subscriptions");
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

const press = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();

/** Chooses a day of the calendar, which may be some months ahead. */
async function choose(page, iso) {
  const day = dialog(page).getByRole("button", { name: new RegExp(`^${inFull(iso)}(,|$)`) });
  for (let months = 0; months < 6 && !(await day.isVisible()); months++) await press(page, "Next month");
  await day.click();
}

/** Undoes what was just done. */
async function undo(page) {
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toContainText("Undone.");
}

test("SU-3: the next date moves and comes back", { tag: "@change_date" }, async ({ page, portal, store }) => {
  const before = await subscription(store, ESPRESSO);
  const date = later(before.next, 9);
  await open(page, portal, ESPRESSO);
  await start(page, "Change date");
  await choose(page, date);
  await onward(page);
  await expect(dialog(page)).toContainText(inFull(date));
  await press(page, "Save");
  await expect(said(page)).toContainText(`Your next delivery is now ${inFull(date)}.`);
  expect((await subscription(store, ESPRESSO)).next).toBe(date);
  await undo(page);
  expect((await subscription(store, ESPRESSO)).next).toBe(before.next);
});

test.describe("closed days", () => {
  test.use({ settings: { closed_weekdays: ["sunday"] } });

  test("SU-3: days on which nothing is sent cannot be chosen", async ({ page, portal }) => {
    await open(page, portal, ESPRESSO);
    await start(page, "Change date");
    const sunday = dialog(page)
      .getByRole("button", { name: /^Sunday/ })
      .last();
    await expect(sunday).toHaveAttribute("aria-disabled", "true");
  });
});

test("SU-4: another frequency says what it loses", { tag: "@change_frequency" }, async ({ page, portal, store }) => {
  await open(page, portal, "Sencha from Uji");
  await start(page, "Change frequency");
  await dialog(page).getByRole("radio", { name: "Every 8 weeks" }).check();
  await onward(page);
  await expect(dialog(page)).toContainText("Every 8 weeks", { ignoreCase: true });
  await press(page, "Save");
  await expect(said(page)).toContainText("Frequency changed to every 8 weeks.");
  const now = await subscription(store, "Sencha from Uji");
  expect([now.interval.every, now.charge_every]).toEqual([8, 8]);
  await undo(page);
  expect((await subscription(store, "Sencha from Uji")).charge_every).toBe(6);
});

test(
  "SU-5: a quantity has its limit, and the review names the total",
  { tag: "@change_quantity" },
  async ({ page, portal, store }) => {
    await open(page, portal, ESPRESSO);
    await start(page, "Change quantity");
    const many = dialog(page).getByLabel("Quantity");
    await expect(dialog(page)).toContainText("Up to 20 per delivery.");
    await many.fill("21");
    await submit(page);
    await expect(dialog(page).getByText("From 1 to 20")).toBeVisible();
    await many.fill("3");
    await onward(page);
    await press(page, "Save");
    await expect(said(page)).toContainText("You’ll get 3 each time.");
    expect((await subscription(store, ESPRESSO)).details.quantity).toBe(3);
    await undo(page);
    expect((await subscription(store, ESPRESSO)).details.quantity).toBe(2);
  },
);

test(
  "SU-6: a product is swapped with its price compared, and back",
  { tag: "@swap_product" },
  async ({ page, portal, store }) => {
    await open(page, portal, ESPRESSO);
    await start(page, "Swap product");
    const kenya = dialog(page).getByRole("radio", { name: /Kenya Gatomboya Filter.*whole bean/ });
    await dialog(page).getByLabel("Search").fill("kenya");
    await kenya.check();
    await expect(dialog(page)).toContainText("$7.00 more than now");
    await onward(page);
    await press(page, "Swap product");
    await expect(said(page)).toContainText("Product swapped.");
    expect(await subscription(store, ESPRESSO)).toBeUndefined();
    await undo(page);
    expect((await subscription(store, ESPRESSO)).details.quantity).toBe(2);
  },
);

test(
  "SU-11: a pause is told everywhere and ends early",
  { tag: ["@pause_subscription", "@resume_subscription"] },
  async ({ page, portal, store }) => {
    const { next } = await subscription(store, ESPRESSO);
    await open(page, portal, ESPRESSO);
    await start(page, "Pause");
    await dialog(page)
      .getByRole("radio", { name: /^2 months/ })
      .check();
    await onward(page);
    await press(page, "Pause subscription");
    await expect(said(page)).toContainText("Paused until");
    const until = (await subscription(store, ESPRESSO)).next;
    expect(until > later(next, 50)).toBe(true);
    await expect(page.getByRole("main")).toContainText(`Paused until ${inFull(until)}`);
    await goTo(page, "Subscriptions");
    const card = page.getByRole("article").filter({ hasText: ESPRESSO });
    await expect(card).toContainText(`Paused until ${inFull(until)}`);

    await card.getByRole("link").click();
    await start(page, "Resume");
    await onward(page);
    await press(page, "Resume subscription");
    await expect(said(page)).toContainText("Your next delivery is now");
    expect((await subscription(store, ESPRESSO)).next < until).toBe(true);
    await expect(page.getByRole("main")).not.toContainText("Paused until");
  },
);

test(
  "SU-18: a note and a property are kept as typed",
  { tag: ["@update_order_note", "@update_properties"] },
  async ({ page, portal, store }) => {
    await open(page, portal, ESPRESSO);
    await start(page, "Change order note");
    await press(page, "Save");
    await expect(dialog(page).getByRole("alert")).toHaveText("Nothing has changed, so there’s nothing to save.");
    await dialog(page).getByLabel("Note").fill("<b>Ring twice</b>");
    await press(page, "Save");
    await expect(said(page)).toContainText("Order note saved.");
    const main = page.getByRole("main");
    await expect(fact(main, "Order note")).toHaveText("<b>Ring twice</b>");

    await start(page, "Change product options");
    await dialog(page).getByLabel("Roast").fill("Dark");
    await onward(page);
    await press(page, "Save");
    await expect(said(page)).toContainText("Changes saved.");
    await expect(fact(main, "Roast")).toHaveText("Dark");
    expect((await subscription(store, ESPRESSO)).details.properties).toEqual([{ name: "Roast", value: "Dark" }]);
  },
);

test(
  "SU-19: several subscriptions are moved, and the rest can be tried again",
  { tag: "@change_dates" },
  async ({ page, portal, store }) => {
    await portal.open("/subscriptions");
    const { next } = await subscription(store, ESPRESSO);
    const date = later(next, 20);
    await page.getByRole("button", { name: "Change several" }).click();
    await page.getByRole("button", { name: "Change date", exact: true }).click();
    for (const title of [ESPRESSO, "Decaf Huila"]) await dialog(page).getByRole("checkbox", { name: title }).check();
    await choose(page, date);
    await onward(page);
    await store.fault("POST", "/subscriptions/{id}/set_next_charge_date", { status: 422 }, 1);
    await press(page, "Save");
    await expect(dialog(page)).toContainText("Done");
    await page.getByRole("button", { name: /^Try (again|the rest)/ }).click();
    await press(page, "Save");
    await expect(said(page)).toContainText("Changes saved.");
    for (const title of [ESPRESSO, "Decaf Huila"]) expect((await subscription(store, title)).next).toBe(date);
    expect((await store.effects()).length).toBe(2);
  },
);

test(
  "SU-19: several are skipped and paused",
  { tag: ["@skip_subscriptions", "@pause_subscriptions"] },
  async ({ page, portal, store }) => {
    const titles = ["Barista Oat Milk", "Filter Papers No. 2"];
    const all = async () => Promise.all(titles.map(async (title) => (await subscription(store, title)).next));
    const before = await all();
    await portal.open("/subscriptions");
    for (const [change, confirm] of [
      ["Skip next delivery", "Skip next delivery"],
      ["Pause subscriptions", "Pause subscriptions"],
    ]) {
      await page.getByRole("button", { name: "Change several" }).click();
      await page.getByRole("button", { name: change, exact: true }).click();
      for (const title of titles) await dialog(page).getByRole("checkbox", { name: title }).check();
      await onward(page);
      await press(page, confirm);
      await expect(said(page)).toContainText("Changes saved.");
    }
    const after = await all();
    after.forEach((date, at) => expect(date > before[at]).toBe(true));
    await expect(page.getByRole("article").filter({ hasText: /Paused until/ })).toHaveCount(2);
  },
);

test("SU-11: a form says nothing of the change before it until its own preview is there", async ({ page, portal }) => {
  await open(page, portal, ESPRESSO);
  await start(page, "Pause");
  await press(page, "Pause subscription");
  await expect(said(page)).toContainText("Paused until");
  await page.route("**/portal/api/preview", () => {});
  await start(page, "Resume");
  await expect(dialog(page).getByRole("button", { name: "Resume subscription" })).toBeVisible();
  await expect(dialog(page).locator(".outcome")).toHaveText("");
});

test("SU-19: pausing several names the day they share, not that of a later delivery", async ({ page, portal }) => {
  await portal.open("/subscriptions");
  await page.getByRole("button", { name: "Change several" }).click();
  await page.getByRole("button", { name: "Pause subscriptions", exact: true }).click();
  for (const title of ["House Espresso", "Decaf Huila"]) {
    await dialog(page).getByRole("checkbox", { name: title }).check();
  }
  await onward(page);
  const next = fact(dialog(page), "Decaf Huila: Next delivery").locator(".review-after");
  await expect(dialog(page).locator(".outcome")).toContainText(
    `The next delivery of each subscription will be ${await next.textContent()}.`,
  );
});

test.describe("locks", () => {
  test.use({ settings: { minimum_orders: 50 } });

  test("SU-22: what is locked says the rule, how long, and whom to ask", async ({ page, portal }) => {
    await open(page, portal, ESPRESSO);
    const actions = page.getByRole("region", { name: "What you can change" });
    await expect(actions).toContainText(/Cancel subscription: available after \d+ more orders\./);
    await expect(actions.getByRole("link", { name: "Contact the shop" })).toHaveAttribute("href", /^mailto:/);
    await expect(page.getByRole("button", { name: "Cancel subscription" })).toHaveCount(0);
  });
});

test.describe("a box", () => {
  test.use({ scenario: "bundles" });

  test(
    "SU-15: its contents are changed within what fits",
    { tag: "@update_bundle" },
    async ({ page, portal, store }) => {
      await portal.open("/subscriptions");
      await page.getByRole("main").getByRole("article").filter({ hasText: "Box" }).first().getByRole("link").click();
      await start(page, "Edit bundle");
      const counts = dialog(page).getByRole("spinbutton").or(dialog(page).getByRole("textbox"));
      const before = await counts.evaluateAll((/** @type {HTMLInputElement[]} */ inputs) =>
        inputs.map((input) => Number(input.value)),
      );
      const chosen = before.findIndex((many) => many > 0);
      await counts.nth(chosen).fill("0");
      await expect(dialog(page).getByRole("status")).toHaveText("Pick 1 more");
      await submit(page);
      await expect(dialog(page).getByRole("status")).toHaveText("Pick 1 more");
      await counts.nth(before.lastIndexOf(0)).fill("1");
      await expect(dialog(page).getByRole("status")).toHaveText(/Your bundle is full\.|room for \d+ more\./);
      await onward(page);
      await press(page, "Save");
      await expect(said(page)).toContainText("Changes saved.");
      expect((await store.effects()).map((call) => call.method)).toEqual(["PUT"]);
      await undo(page);
    },
  );
});
