// Slow and broken connections, and a device that sleeps.
import { expect, test } from "./support/portal.js";
import { dialog, goTo, reviewSkip, said } from "./support/customer.js";
import { inFull } from "./support/dates.js";
import { skipped, subscription } from "./support/rows.js";

/** Skips the delivery of Sencha, which takes a while, and answers when it is being sent. */
async function beginSkip({ page, portal, store }) {
  const { id, next } = await subscription(store, "Sencha from Uji");
  await portal.open("/deliveries");
  const send = await reviewSkip(page, next);
  await expect(send).toBeEnabled();
  await store.fault("POST", "/charges/{id}/skip", { delay: 2_000 });
  await send.click();
  await expect(dialog(page).getByRole("button", { name: "Skipping" })).toBeVisible();
  return { id, next };
}

/** The change was made once, is said, and can be undone. */
async function expectSkipped({ page, store }, { id, next }) {
  await expect(said(page)).toContainText("Delivery skipped.", { timeout: 20_000 });
  expect(await skipped(store, next)).toEqual([id]);
  expect(await store.effects()).toHaveLength(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toHaveText(`Undone. The delivery on ${inFull(next)} is back.`);
}

test("MO-3: offline while a change is being sent: the page checks, and says what became of it once it is online", async ({
  page,
  context,
  portal,
  store,
  allowErrors,
}) => {
  allowErrors(/ERR_INTERNET_DISCONNECTED/);
  // What is under way is cut off together with the connection, after it has reached the server.
  /** @type {(value?: unknown) => void} */
  let cutOff;
  const offline = new Promise((resolve) => (cutOff = resolve));
  await page.route(
    "**/skip",
    async (route) => {
      await route.fetch();
      await offline;
      await route.abort("internetdisconnected");
    },
    { times: 1 },
  );
  const change = await beginSkip({ page, portal, store });
  await context.setOffline(true);
  cutOff();
  await expect(dialog(page)).toContainText("The connection dropped. We’re checking whether your change went through.");
  await context.setOffline(false);
  await expectSkipped({ page, store }, change);
});

test("MO-3: a tab that sleeps past a change’s timeout says what became of it when it wakes", async ({
  page,
  portal,
  store,
}) => {
  await page.clock.install();
  const change = await beginSkip({ page, portal, store });
  await page.clock.fastForward("10:00");
  await expectSkipped({ page, store }, change);
});

test("MO-3: on slow 4G each press is answered at once, before the response", async ({
  page,
  context,
  portal,
  store,
}) => {
  await portal.open();
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  // Longer than on slow 4G, so that a busy machine is not taken for the network.
  const [latency, throughput] = [1_600, (400 * 1024) / 8];
  const slow = { offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput };
  await devtools.send("Network.emulateNetworkConditions", slow);
  const soon = { timeout: latency / 2 };

  await page.getByRole("link", { name: "Deliveries", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Deliveries" })).toBeVisible(soon);
  await goTo(page, "Overview");
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await expect(dialog(page)).toBeVisible(soon);
  await dialog(page).getByRole("button", { name: /^Skip/ }).click();
  await expect(dialog(page).getByRole("button", { name: "Skipping" })).toBeVisible(soon);
  await expect(said(page)).toContainText("skipped", { timeout: 15_000 });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toContainText("Undone", { timeout: 15_000 });
  expect(await store.effects()).toHaveLength(2);
});
