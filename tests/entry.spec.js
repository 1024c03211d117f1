import { expect, test } from "./support/portal.js";

/** Takes the session out of the browser, once no page of it asks for anything. */
async function forget(page) {
  await page.goto("about:blank");
  await page.context().clearCookies();
}

test("a link opens the portal once, on the customer's own data", async ({ page, middleware, portal, allowErrors }) => {
  await portal.open();
  await expect(page).toHaveURL(`${middleware.origin}/portal/`);
  await expect(page.getByText("Alder & Finch")).toBeVisible();

  // Whatever only looks at a link leaves it good.
  const link = await middleware.link({ email: "maya.lindqvist@example.com" });
  await forget(page);
  expect(await (await page.request.get(link)).text()).toContain("Open your subscriptions");
  await page.goto(link);
  await expect(page).toHaveURL(`${middleware.origin}/portal/`);
  await forget(page);
  allowErrors(/status of 410/);
  expect((await page.goto(link)).status()).toBe(410);
});

test("the session's cookie is out of reach of scripts and other hosts", async ({ page, portal }) => {
  await portal.open();
  const [cookie, ...others] = await page.context().cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({ secure: true, httpOnly: true, path: "/" });
  expect(cookie.name).toMatch(/^__Host-/);
  expect(cookie.sameSite).toMatch(/Lax|Strict/);
  const readable = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(readable).not.toContain(cookie.value);
});

test("CF-5: the shop's language for the session comes before the browser's", async ({ page, middleware }) => {
  const link = await middleware.link({ email: "maya.lindqvist@example.com", locale: "de-CH" });
  await page.goto(link);
  await expect(page.getByRole("link", { name: "Abos", exact: true }).first()).toBeVisible();
  const root = page.locator("[data-perennial] .portal");
  await expect(root).toHaveAttribute("lang", "de-CH");
});

test("EN-8: a link in a message says what it changes, and only its button does it, once", async ({
  page,
  middleware,
  store,
  axe,
}) => {
  const { customer, delivery } = await next(store);
  const link = await middleware.changeLink({ customer_id: customer.id, action: "skip_delivery", ...delivery });
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "Skip this delivery?" })).toBeVisible();
    await axe();
  }
  expect(await store.effects()).toEqual([]);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { name: "Skipped a delivery" })).toBeVisible();
  const effects = await store.effects();
  expect(effects).toHaveLength(1);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Already done" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
  expect(await store.effects()).toEqual(effects);
});

/** The next delivery of the store's customer, as a link names it. @param {import("./support/portal.js").Store} store */
async function next(store) {
  const [customer] = await store.customers();
  const { subscriptions } = await store.merchant("GET", `/subscriptions?customer_id=${customer.id}&status=active`);
  const [first] = subscriptions.toSorted((one, other) =>
    one.next_charge_scheduled_at.localeCompare(other.next_charge_scheduled_at),
  );
  const { address_id, next_charge_scheduled_at: date } = first;
  return { customer, delivery: { object: { address_id, date }, body: { purchase_item_ids: [first.id] } } };
}
