// Whatever happens on the way, a change happens once, and the page ends up saying what is true.
import { expect, test } from "./support/portal.js";
import { delivery, dialog, reviewCancel, reviewSkip, reviewStreet, said } from "./support/customer.js";
import { inFull } from "./support/dates.js";
import { address, skipped, subscription } from "./support/rows.js";

const [HOME, NEW_HOME] = ["214 Prospect Place", "31 Juniper Street"];

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("./support/portal.js").Store} Store
 * @typedef {import("./support/types.js").Portal} Portal
 */

/**
 * @typedef {object} Change
 * @property {string} name
 * @property {[method: string, path: string]} write that it takes upstream
 * @property {(portal: Portal, store: Store) => Promise<void>} open goes to where it is made
 * @property {(page: Page, store: Store) => Promise<import("@playwright/test").Locator>} review leads to its review and
 *   answers the button that sends it
 * @property {RegExp} done what the portal says then
 * @property {(store: Store) => Promise<boolean>} happened whether it is done
 */

/** @type {Change[]} */
const CHANGES = [
  {
    name: "DS-2: skipping a delivery",
    write: ["POST", "/charges/{id}/skip"],
    open: (portal) => portal.open("/deliveries"),
    review: async (page, store) => reviewSkip(page, (await subscription(store, "Sencha from Uji")).next),
    done: /^Delivery skipped\./,
    async happened(store) {
      const { id } = await subscription(store, "Sencha from Uji");
      return (await skipped(store)).includes(id);
    },
  },
  {
    name: "AD-3: correcting an address",
    write: ["PUT", "/addresses/{id}"],
    open: (portal) => portal.open("/addresses"),
    review: (page) => reviewStreet(page, HOME, NEW_HOME),
    done: /^Address saved\./,
    happened: async (store) => Boolean(await address(store, NEW_HOME)),
  },
  {
    name: "SU-12: cancelling a subscription",
    write: ["POST", "/subscriptions/{id}/cancel"],
    open: async (portal, store) => portal.open(`/subscriptions/${(await subscription(store, "Decaf Huila")).id}`),
    review: (page) => reviewCancel(page),
    done: /^Subscription canceled: Decaf Huila\./,
    happened: async (store) => (await subscription(store, "Decaf Huila")).status === "cancelled",
  },
];

for (const change of CHANGES) {
  /** To the review of the change, and the button that sends it. */
  const review = async (page, portal, store) => {
    await change.open(portal, store);
    const send = await change.review(page, store);
    // Nothing is agreed to before it is known what it does.
    await expect(send).toBeEnabled();
    return send;
  };

  test.describe(change.name, () => {
    test("a double press changes it once", async ({ page, portal, store }) => {
      const send = await review(page, portal, store);
      // Two presses before the page can react to the first.
      await send.evaluate((/** @type {HTMLElement} */ button) => {
        button.click();
        button.click();
      });
      await expect(said(page)).toHaveText(change.done);
      expect(await store.writes()).toHaveLength(1);
      expect(await change.happened(store)).toBe(true);
    });

    test("an answer lost after the effect is found out", async ({ page, portal, store }) => {
      const send = await review(page, portal, store);
      await store.fault(...change.write, "lose_after");
      await send.click();
      await expect(said(page)).toHaveText(change.done);
      await expect(dialog(page)).toBeHidden();
      expect(await store.writes()).toEqual([expect.objectContaining({ wrote: true, is_lost: true })]);
      expect(await change.happened(store)).toBe(true);
    });

    test.describe(() => {
      test.use({ settings: { "upstream.write_window_seconds": 1 } });

      test("an answer lost before the effect is found out, and trying again does it", async ({
        page,
        portal,
        store,
      }) => {
        const send = await review(page, portal, store);
        await store.fault(...change.write, "lose_before");
        await send.click();
        await expect(dialog(page).getByRole("alert")).toContainText("Nothing was changed");
        expect(await change.happened(store)).toBe(false);

        // A form that stays in sight is sent again by its own button.
        const retry = dialog(page).getByRole("button", { name: "Try again" });
        if (await retry.isVisible()) await retry.click();
        await (await again(page)).click();
        await expect(said(page)).toHaveText(change.done);
        expect(await store.effects()).toHaveLength(1);
        expect(await change.happened(store)).toBe(true);
      });
    });

    for (const status of [409, 429]) {
      test(`a ${status} is waited out`, async ({ page, portal, store }) => {
        const send = await review(page, portal, store);
        await store.fault(...change.write, { status });
        await send.click();
        await expect(said(page)).toHaveText(change.done, { timeout: 15_000 });
        expect((await store.writes()).map((call) => call.status)).toEqual([status, expect.any(Number)]);
        expect(await store.effects()).toHaveLength(1);
      });
    }

    test("a server that dies before it answers leaves no doubt", async ({
      page,
      portal,
      store,
      middleware,
      allowErrors,
    }) => {
      allowErrors(/Failed to load resource/);
      const send = await review(page, portal, store);
      await store.fault(...change.write, { delay: 20_000 });
      await send.click();
      await expect.poll(() => store.effects()).toHaveLength(1);
      await middleware.kill();
      await expect(dialog(page).getByRole("alert")).toContainText("Checking your change");
      await middleware.restart();
      await expect(said(page)).toHaveText(change.done, { timeout: 20_000 });
      await expect(dialog(page)).toBeHidden();
      expect(await store.writes()).toHaveLength(1);
      expect(await change.happened(store)).toBe(true);
    });
  });
}

/** The last button of the dialog: the one that sends. */
const again = async (page) => dialog(page).getByRole("button").last();

test("an answer lost between server and browser is asked for again with the same key", async ({
  page,
  portal,
  store,
  axe,
  allowErrors,
}) => {
  allowErrors(/Failed to load resource/);
  const { next } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  const keys = [];
  /** @type {(value?: unknown) => void} */
  let letThrough;
  const mayPass = new Promise((resolve) => (letThrough = resolve));
  await page.route("**/skip", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return mayPass.then(() => route.continue());
    await route.fetch();
    await route.abort();
  });
  await (await reviewSkip(page, next)).click();
  await expect(dialog(page).getByRole("alert")).toContainText("Checking your change");
  await axe();
  // One may leave it: the outcome is told all the same.
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await expect(said(page)).toContainText("checking whether your change went through");
  letThrough();
  await expect(said(page)).toHaveText(/^Delivery skipped\./);
  expect(new Set(keys).size).toBe(1);
  expect(await store.writes()).toHaveLength(1);
});

test("DS-8: figures say 'Updating' until upstream has worked them out", async ({ page, portal, store }) => {
  const espresso = await subscription(store, "House Espresso");
  const sencha = await subscription(store, "Sencha from Uji");
  await store.merchant("PUT", `/subscriptions/${espresso.id}`, { quantity: 3 });
  await portal.open("/deliveries");
  const stale = delivery(page, espresso.next);
  await expect(stale).toContainText("Total Updating");
  await expect(stale).toHaveAttribute("aria-busy", "true");
  await expect(stale.getByRole("button", { name: /^Skip/ })).toHaveAccessibleName(`Skip ${inFull(espresso.next)}`);
  await expect(stale.getByRole("button", { name: /^Skip/ })).toBeDisabled();

  // A change elsewhere waits for all figures before it says that it is done.
  await (await reviewSkip(page, sencha.next)).click();
  await expect(delivery(page, sencha.next)).toContainText("Nothing will ship or be charged.");
  await expect(said(page)).toBeEmpty();
  await store.advance({ seconds: 10 });
  await expect(said(page)).toHaveText(/^Delivery skipped\./);
  await expect(stale).toContainText(/Total \$\d+\.\d\d/);
  await expect(stale).not.toHaveAttribute("aria-busy");
});

test("DS-8: an open page follows by itself when upstream is done", async ({ page, portal, store }) => {
  const espresso = await subscription(store, "House Espresso");
  await store.merchant("PUT", `/subscriptions/${espresso.id}`, { quantity: 3 });
  await portal.open();
  await expect(page.getByRole("main")).toContainText("Updating");
  await store.advance({ seconds: 10 });
  await expect(page.getByRole("main")).not.toContainText("Updating");
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeEnabled();
});
