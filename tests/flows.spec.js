// A session that begins at a page, or is for one thing: what it shows, and how it ends.
import { expect, test } from "./support/portal.js";
import { dialog, fields, said, sections } from "./support/customer.js";
import { subscription } from "./support/rows.js";

const MAYA = "maya.lindqvist@example.com";

/** Opens a session of Maya's with a flow. */
async function begin(page, middleware, flow) {
  await page.goto(await middleware.link({ email: MAYA, flow }));
}

/** A flow that cancels a subscription, and what comes after it. */
async function canceling(store, after_completion) {
  const { id } = await subscription(store, "House Espresso");
  return { type: "cancel_subscription", subject: String(id), after_completion };
}

/** Gives a reason and confirms. */
async function cancel(page) {
  await dialog(page).getByRole("radio", { name: "It costs too much" }).check();
  await dialog(page).getByRole("button", { name: "Cancel subscription" }).click();
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

test("EN-5: a link leads to the page that the shop has asked for", async ({ page, middleware }) => {
  await page.goto(await middleware.link({ email: MAYA, page: "/deliveries" }));
  await expect(heading(page, "Deliveries")).toBeVisible();
  await expect(page).toHaveURL(`${middleware.origin}/portal/deliveries`);
  await expect(sections(page)).toBeVisible();
});

for (const width of [1280, 390]) {
  test(`EN-5: a flow shows one thing and no way to others, and confirms it, at ${width} px`, async ({
    page,
    middleware,
    store,
    axe,
  }) => {
    await page.setViewportSize({ width, height: 844 });
    const { id } = await subscription(store, "House Espresso");
    const message = "Sorry to see you go. <b>Your discount</b> waits for you.";
    await begin(page, middleware, await canceling(store, { type: "confirmation", message }));
    await expect(dialog(page).getByRole("heading", { name: "Cancel subscription" })).toBeVisible();
    await expect(sections(page)).toHaveCount(0);
    await expect(page.getByRole("main")).toContainText("House Espresso");
    await axe();
    await cancel(page);
    await expect(heading(page, "All done")).toBeFocused({ timeout: 15_000 });
    await expect(page.getByText(message)).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await expect(said(page)).toContainText("canceled", { ignoreCase: true, timeout: 20_000 });
    await axe();
    expect(await subscription(store, "House Espresso")).toMatchObject({ id, status: "cancelled" });
    // Loaded again, the flow is over.
    await page.reload();
    await expect(heading(page, "Hello, Maya")).toBeVisible();
    await expect(sections(page)).toBeVisible();
    await expect(dialog(page)).toHaveCount(0);
  });
}

test("EN-5: a flow that is closed says that nothing has changed, and starts again", async ({
  page,
  middleware,
  store,
  axe,
}) => {
  await begin(page, middleware, await canceling(store, { type: "portal" }));
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(heading(page, "Nothing was changed")).toBeFocused();
  await axe();
  await page.getByRole("button", { name: "Start again" }).click();
  await cancel(page);
  await expect(heading(page, "Hello, Maya")).toBeVisible({ timeout: 15_000 });
  await expect(sections(page)).toBeVisible();
  await expect(said(page)).toContainText("canceled", { ignoreCase: true, timeout: 20_000 });
  expect(await store.effects()).toHaveLength(1);
});

test("EN-5: undone, a flow says that nothing has changed", async ({ page, middleware, store }) => {
  const flow = { type: "skip_delivery", after_completion: { type: "confirmation" } };
  await begin(page, middleware, flow);
  await dialog(page)
    .getByRole("button", { name: /^Skip \d|^Skip [A-Z]/ })
    .click();
  await expect(heading(page, "All done")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("button", { name: "Undo" }).click({ timeout: 20_000 });
  await expect(heading(page, "Nothing was changed")).toBeVisible({ timeout: 15_000 });
});

test("EN-6: a flow leads to the shop's page and tells only how it ended", async ({ page, shop, middleware, store }) => {
  const after = { type: "redirect", return_url: `${shop.origin}/account?tab=2#top` };
  const flow = await canceling(store, after);
  await begin(page, middleware, flow);
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(`${shop.origin}/account?tab=2&flow=cancel_subscription&result=canceled#top`);
  expect(await store.writes()).toEqual([]);

  await begin(page, middleware, flow);
  await cancel(page);
  await expect(page).toHaveURL(`${shop.origin}/account?tab=2&flow=cancel_subscription&result=done#top`, {
    timeout: 15_000,
  });

  await begin(page, middleware, { ...flow, subject: String((await subscription(store, "Decaf Huila")).id) });
  await dialog(page).getByRole("button", { name: "Pause" }).click();
  await expect(dialog(page).getByRole("heading", { name: "Pause subscription" })).toBeVisible();
  await dialog(page)
    .getByRole("button", { name: /^Pause/ })
    .last()
    .click();
  await expect(page).toHaveURL(/&flow=cancel_subscription&result=instead#top$/, { timeout: 15_000 });
});

test.describe("with two customers", () => {
  test.use({ scenario: "two-customers" });

  test("EN-5: a flow about a thing of somebody else's lands on the overview, with a notice", async ({
    page,
    middleware,
    store,
    axe,
    allowErrors,
  }) => {
    allowErrors(/status of 404/);
    const [own, other] = await store.customers();
    const { subscriptions } = await store.state();
    const foreign = Object.values(subscriptions).find(({ customer_id }) => customer_id === other.id);
    const seen = [];
    for (const subject of [String(foreign.id), "999999999"]) {
      const flow = { type: "pause_subscription", subject };
      await page.goto(await middleware.link({ email: own.email, flow }));
      await expect(said(page)).toContainText("We couldn’t open what this link is for.");
      await expect(sections(page)).toBeVisible();
      await expect(dialog(page)).toHaveCount(0);
      await expect(page).toHaveURL(`${middleware.origin}/portal/`);
      seen.push(await said(page).textContent());
    }
    expect(seen[0]).toBe(seen[1]);
    await axe();
    expect(await store.writes()).toEqual([]);
  });
});

test("EN-5: a flow for a card shows its fields, and closing them leads back", async ({ page, shop, middleware }, {
  outputPath,
}) => {
  const after = { type: "redirect", return_url: `${shop.origin}/account` };
  await begin(page, middleware, { type: "add_payment_method", after_completion: after });
  await expect(heading(page, "Add card")).toBeVisible();
  await expect(fields(page).getByLabel("Card number")).toBeVisible();
  await expect(sections(page)).toHaveCount(0);
  await page.getByRole("main").getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(`${shop.origin}/account?flow=add_payment_method&result=canceled`);
});

test("EN-5: each flow opens its dialog", async ({ page, middleware, store }) => {
  test.slow();
  const { id, address_id } = await subscription(store, "House Espresso");
  const opening = [
    ["pause_subscription", id, "Pause subscription"],
    ["swap_product", id, "Swap product"],
    ["change_date", id, "Change date"],
    ["change_frequency", id, "Change frequency"],
    ["update_address", address_id, "Edit address"],
    ["skip_delivery", undefined, /^Skip /],
    ["reschedule_delivery", undefined, /^Reschedule /],
    ["add_address", undefined, "Add address"],
    ["update_customer", undefined, "Edit your details"],
    ["request_email_change", undefined, "Change email address"],
  ];
  for (const [type, subject, name] of opening) {
    await begin(page, middleware, { type, subject });
    await expect(dialog(page).getByRole("heading", { name, level: 2 }), type).toBeVisible();
    await expect(sections(page)).toHaveCount(0);
  }
  expect(await store.writes()).toEqual([]);
});
