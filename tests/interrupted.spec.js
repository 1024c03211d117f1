// A change whose page is left while it is being sent: the customer is told what became of it.
import { setTimeout } from "node:timers/promises";
import { expect, test } from "./support/portal.js";
import { dialog, reviewSkip, reviewStreet, said } from "./support/customer.js";
import { inFull } from "./support/dates.js";
import { address, skipped, subscription } from "./support/rows.js";

const [HOME, NEW_HOME] = ["214 Prospect Place", "31 Juniper Street"];
const ADDRESS = "**/portal/api/addresses/*";

/** Holds the first request that changes something, before or after the server has had it: `sent` resolves then. */
async function hold(page, { reaches }) {
  let held;
  const sent = new Promise((resolve) => (held = resolve));
  let isHolding = true;
  // It stays there: Chromium would let go of what it holds without it.
  await page.route(ADDRESS, async (route) => {
    if (!isHolding || route.request().method() !== "PUT") return route.continue();
    isHolding = false;
    if (reaches) await route.fetch();
    held();
    // No answer comes to this page.
  });
  return { sent };
}

/** Loads the page again while a change is being sent, which has reached the server by then or not. */
const reloaded =
  (reaches) =>
  async ({ page, portal, store }) => {
    const before = await address(store, HOME);
    await portal.open("/addresses");
    const save = await reviewStreet(page, HOME, NEW_HOME);
    const { sent } = await hold(page, { reaches });
    await save.click();
    await sent;
    // The page loaded again leaves the sheet's entry of the history, which ends its own loading.
    await page.reload({ waitUntil: "commit" });
    await expect(said(page)).toContainText("“Edit address” went through", { timeout: 20_000 });
    await expect(page.getByRole("button", { name: `Edit ${NEW_HOME}` })).toBeVisible();
    expect(await store.effects()).toHaveLength(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(said(page)).toHaveText("Undone. The earlier address is back.");
    expect(await address(store, HOME)).toEqual(before);
  };

test("a reload after it has reached the server: the change is made once, said, and can be undone", reloaded(true));

test("a reload before it has reached the server: the change is made once, said, and can be undone", reloaded(false));

test("a lost answer, then a busy server: the change is made once, and said", async ({
  page,
  portal,
  store,
  allowErrors,
}) => {
  allowErrors(/ERR_FAILED|status of 429/);
  await portal.open("/addresses");
  const save = await reviewStreet(page, HOME, NEW_HOME);
  const answers = [
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    (route) =>
      route.fulfill({ status: 429, json: { type: "too_many_requests", status: 429, title: "Too many requests." } }),
  ];
  await page.route(ADDRESS, (route) =>
    route.request().method() === "PUT" && answers.length > 0 ? answers.shift()(route) : route.continue(),
  );
  await save.click();
  await expect(said(page)).toContainText("Address saved.", { timeout: 20_000 });
  expect(answers).toEqual([]);
  expect(await store.effects()).toHaveLength(1);
});

test("what was sent is not asked about for another customer", async ({ page, portal, store, middleware }) => {
  await portal.open("/addresses");
  const save = await reviewStreet(page, HOME, NEW_HOME);
  const { sent } = await hold(page, { reaches: false });
  await save.click();
  await sent;
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage["perennial.sent"]);
    sessionStorage["perennial.sent"] = JSON.stringify(["1", ...kept.slice(1)]);
  });
  await page.goto(`${middleware.origin}/portal/addresses`);
  await expect(page.getByRole("button", { name: `Edit ${HOME}` })).toBeVisible();
  await expect.poll(() => page.evaluate(() => sessionStorage["perennial.sent"])).toBe(undefined);
  expect(await store.effects()).toEqual([]);
});

test("Back while a change is being sent closes the sheet, and the page says how it ended", async ({
  page,
  portal,
  store,
}) => {
  const { id, next } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  const send = await reviewSkip(page, next);
  await expect(send).toBeEnabled();
  await store.fault("POST", "/charges/{id}/skip", { delay: 3_000 });
  await send.click();
  await expect(dialog(page).getByRole("button", { name: "Skipping" })).toBeVisible();
  await page.goBack();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(/\/deliveries$/);
  await expect(said(page)).toContainText("checking whether your change went through");
  await expect(said(page)).toContainText("Delivery skipped.", { timeout: 15_000 });
  expect(await skipped(store, next)).toEqual([id]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toHaveText(`Undone. The delivery on ${inFull(next)} is back.`);
});

test("a change that fails behind a closed sheet says so, and opens nothing by itself", async ({
  page,
  portal,
  store,
}) => {
  const { next } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  const send = await reviewSkip(page, next);
  await expect(send).toBeEnabled();
  await store.fault("POST", "/charges/{id}/skip", { status: 422 });
  await page.route("**/skip", async (route) => {
    await setTimeout(2_000);
    await route.continue();
  });
  await send.click();
  await page.goBack();
  await expect(said(page)).toContainText("didn’t go through", { timeout: 15_000 });
  await expect(dialog(page)).toBeHidden();
  await page.getByRole("button", { name: "Show details" }).click();
  await expect(dialog(page).getByRole("alert")).toBeVisible();
  expect(await skipped(store, next)).toEqual([]);
});
