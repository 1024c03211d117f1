// Every action in mock mode, with the keyboard alone: without any server, from its button to what
// it says at the end.
import { ACTIONS, confirm, fillIn } from "./support/actions.js";
import { announcements, recordAnnouncements } from "./support/announcements.js";
import { dialog, kept, said } from "./support/customer.js";
import { expectFocus, focusPlace, focusProblems, tabsTo } from "./support/focus.js";
import { useKeyboard } from "./support/input.js";
import { expect, test } from "./support/mock.js";
import { visit } from "./support/places.js";

test.describe.configure({ timeout: 60_000 });

for (const [name, action] of Object.entries(ACTIONS)) {
  test(`${name} is done with the keyboard alone, said once, and keeps the focus, and Undo is near`, async ({
    page,
    bundle,
    axe,
  }) => {
    await changeOnly(page);
    await recordAnnouncements(page);
    useKeyboard(page);
    await visit(page, bundle.origin, action);
    await action.open(page);
    await fillIn(page, action);
    await axe();
    await confirm(page, action);
    await expect(said(page)).toContainText(action.said);
    await expect(dialog(page)).toBeHidden();
    await expectFocus(page, "after the change");
    expect(await focusPlace(page), "where the focus is after the change").toBe("page");
    expect(await kept(page), "nothing is kept of a change that is made").not.toMatch(/perennial\.(draft|sent)/);
    expect(await times(page, action.said), "how often the result is announced").toBe(1);
    await axe();
    if (!(await page.getByRole("button", { name: "Undo", exact: true }).isVisible())) return;
    const address = page.url();
    expect(await tabsTo(page, "Undo"), "presses of Tab to Undo").toBeLessThanOrEqual(3);
    expect(await focusProblems(page), "Undo is seen to have the focus").toEqual([]);
    await page.keyboard.press("Enter");
    await expect(said(page)).toContainText("Undone.", { timeout: 20_000 });
    await expect(dialog(page)).toBeHidden();
    await expectFocus(page, "after Undo");
    expect(await focusPlace(page), "where the focus is after Undo").toBe("page");
    expect(await times(page, "Undone."), "how often Undo is announced").toBe(1);
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

/** How often a live region has said `text`. @param {import("@playwright/test").Page} page @param {string} text */
const times = async (page, text) => (await announcements(page)).filter((said) => said.includes(text)).length;

/** Lets no `input` event through: some form fillers say `change` only. */
async function changeOnly(page) {
  await page.addInitScript(() => {
    addEventListener("input", (event) => event.stopImmediatePropagation(), { capture: true });
  });
}
