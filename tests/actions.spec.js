// Every action in mock mode: without any server, from its button to what it says at the end.
import { ACTIONS, perform } from "./support/actions.js";
import { dialog, kept, said } from "./support/customer.js";
import { expectFocus, tabsTo } from "./support/focus.js";
import { expect, test } from "./support/mock.js";
import { visit } from "./support/places.js";

test.describe.configure({ timeout: 60_000 });

for (const [name, action] of Object.entries(ACTIONS)) {
  test(`${name} is done in mock mode and keeps the focus, and Undo is near`, async ({ page, bundle }) => {
    await changeOnly(page);
    await visit(page, bundle.origin, action);
    await perform(page, action);
    await expect(said(page)).toContainText(action.said);
    await expect(dialog(page)).toBeHidden();
    await expectFocus(page, "after the change");
    expect(await kept(page), "nothing is kept of a change that is made").not.toMatch(/perennial\.(draft|sent)/);
    if (!(await page.getByRole("button", { name: "Undo", exact: true }).isVisible())) return;
    const address = page.url();
    expect(await tabsTo(page, "Undo"), "presses of Tab to Undo").toBeLessThanOrEqual(3);
    await page.keyboard.press("Enter");
    await expect(said(page)).toContainText("Undone.", { timeout: 20_000 });
    await expect(dialog(page)).toBeHidden();
    await expectFocus(page, "after Undo");
    expect(page.url()).toBe(address);
  });

  if (action.fill) {
    test(`${name} does nothing unseen when its form is sent as it was opened`, async ({ page, bundle }) => {
      await visit(page, bundle.origin, action);
      await action.open(page);
      await dialog(page).getByRole("heading", { level: 2 }).waitFor();
      const told = page.locator("main [role=status]");
      const before = await told.textContent();
      const send = dialog(page).locator("button[type=submit]");
      await expect(send).toBeEnabled();
      const review = dialog(page).locator(".outcome, .review, .caution, .sheet-body > p").filter({ hasText: /\S/ });
      // A form that is complete already may show what it does beside itself: that is the review.
      const isReview = (await dialog(page).locator(".outcome:not(:empty), .fold:has(.review)").count()) > 0;
      if (!isReview) await send.click();
      // What is missing or unchanged is said; or there is a review, and it has something to say.
      const wrong = dialog(page).locator(".field-error, [role=status]").filter({ hasText: /\S/ });
      await expect(wrong.or(review).filter({ visible: true }).first()).toBeVisible();
      await expect(dialog(page)).toBeVisible();
      await expect(told).toHaveText(before ?? "");
    });
  }
}

/** Lets no `input` event through: some form fillers say `change` only. */
async function changeOnly(page) {
  await page.addInitScript(() => {
    addEventListener("input", (event) => event.stopImmediatePropagation(), { capture: true });
  });
}
