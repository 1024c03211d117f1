// How customers cancel, as the shop counts it: AN-2.
import { expect, test } from "./support/portal.js";
import { ACTIONS, fillIn } from "./support/actions.js";
import { dialog, said } from "./support/customer.js";

const cancel = ACTIONS.cancel_subscription;

/** The steps that the page reports, as it sends them. @param {import("@playwright/test").Page} page */
function reported(page) {
  const steps = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/portal/api/events")) steps.push(request.postDataJSON());
  });
  return steps;
}

/** Each step with what it is about. */
const named = (steps) => steps.map(({ step, reason, offer }) => [step, reason ?? offer].filter(Boolean).join(" "));

test("AN-2: nothing is reported unless the shop counts it", async ({ page, portal }) => {
  const steps = reported(page);
  await portal.open(cancel.path);
  await cancel.open(page);
  await fillIn(page, cancel);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  expect(steps).toEqual([]);
});

test.describe("where the shop counts how customers cancel", () => {
  const offers = ["pause_subscription", "skip_delivery"];
  test.use({ settings: { "analytics.funnel": true, "cancellation.offers": offers } });

  test("AN-2: a cancellation is reported by its steps, under a number of its own", async ({ page, portal, store }) => {
    const steps = reported(page);
    await portal.open(cancel.path);
    await cancel.open(page);
    await fillIn(page, cancel);
    await dialog(page).getByLabel("Anything else we should know?").fill("Nobody counts this");
    await dialog(page).getByRole("button", { name: cancel.confirm }).click();
    await expect(said(page)).toContainText("canceled");
    const shown = offers.map((offer) => `offer_shown ${offer}`);
    const declined = offers.map((offer) => `offer_declined ${offer}`);
    await expect.poll(() => steps.length).toBe(7);
    const [{ reason }] = steps.filter(({ step }) => step === "reason");
    expect(named(steps).sort()).toEqual(["started", ...shown, `reason ${reason}`, ...declined, "canceled"].sort());
    expect(new Set(steps.map(({ flow }) => flow)).size).toBe(1);
    const [customer] = await store.customers();
    for (const personal of ["Nobody counts this", String(customer.id), customer.email]) {
      expect(JSON.stringify(steps)).not.toContain(personal);
    }
  });

  test("AN-2: an offer that was taken is reported, and a reason of somebody who left", async ({ page, portal }) => {
    const steps = reported(page);
    await portal.open(cancel.path);
    await cancel.open(page);
    await dialog(page).getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => named(steps)).toContain("offer_accepted pause_subscription");
    await page.keyboard.press("Escape");
    await expect(dialog(page)).toBeHidden();
    await page.getByRole("button", { name: /^Cancel subscription/ }).click();
    await fillIn(page, cancel);
    await page.keyboard.press("Escape");
    await expect.poll(() => named(steps).filter((step) => step.startsWith("reason "))).toHaveLength(1);
    expect(named(steps).filter((step) => step === "canceled")).toEqual([]);
    expect(new Set(steps.map(({ flow }) => flow)).size).toBe(2);
  });
});
