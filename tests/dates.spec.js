// A date is typed as well as picked, wherever one is chosen.
import { existsSync, readFileSync } from "node:fs";
import { ACTIONS, confirm } from "./support/actions.js";
import { dialog, said, submit } from "./support/customer.js";
import { expect, test } from "./support/mock.js";
import { visit } from "./support/places.js";

const typed = (page) => dialog(page).getByLabel("Date", { exact: true });
const day = (page, which) => dialog(page).locator(`[data-day]${which}`);

/** The actions whose forms ask for a date, by their code. */
const DATED = Object.entries(ACTIONS).filter(([name]) => {
  const file = `src/actions/${name}.rs`;
  return existsSync(file) && /Field::date\(|PauseLength/.test(readFileSync(file, "utf8"));
});

/** Opens the form, and its calendar where that is shown for one of the answers only. */
async function openCalendar(page, origin, action) {
  await visit(page, origin, action);
  await action.open(page);
  const answer = dialog(page).getByRole("radio", { name: /date/ });
  await typed(page).or(answer).filter({ visible: true }).first().waitFor();
  if (!(await typed(page).isVisible())) await answer.check();
  await expect(typed(page)).toBeVisible();
}

/** Types a date such as 2026-11-24 in the order of month, day and year. */
async function typeDate(page, iso) {
  const [year, month, date] = iso.split("-");
  await typed(page).focus();
  await page.keyboard.type(month + date + year);
}

test("more than one action asks for a date", () => {
  expect(DATED.length).toBeGreaterThan(5);
});

for (const [name, action] of DATED) {
  test.describe("on a phone", () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

    test(`${name} takes a typed date, and says why one isn't available`, async ({ page, bundle, axe }) => {
      await openCalendar(page, bundle.origin, action);
      const open = await day(page, ":not([aria-disabled=true])").last().getAttribute("data-day");
      await typeDate(page, `${Number(open.slice(0, 4)) + 3}${open.slice(4)}`);
      await expect(typed(page)).toHaveAttribute("aria-invalid", "true");
      await expect(typed(page)).toHaveAccessibleDescription(/: too far ahead$/);
      await axe();
      await submit(page);
      await expect(dialog(page).getByText("That date isn’t available. Choose another one.")).toBeVisible();

      await typeDate(page, open);
      await expect(typed(page)).toHaveValue(open);
      await expect(typed(page)).not.toHaveAttribute("aria-invalid");
      await expect(day(page, "[aria-pressed=true]")).toHaveAttribute("data-day", open);
      await expect(dialog(page).getByText("That date isn’t available. Choose another one.")).toHaveCount(0);
    });
  });
}

test("a delivery is rescheduled to a typed date", async ({ page, bundle }) => {
  const action = ACTIONS.reschedule_delivery;
  await openCalendar(page, bundle.origin, action);
  await typeDate(page, await day(page, ":not([aria-disabled=true])").last().getAttribute("data-day"));
  await confirm(page, action);
  await expect(said(page)).toContainText(action.said);
});

test("what is typed of a date stays while it isn't complete", async ({ page, bundle }) => {
  await openCalendar(page, bundle.origin, ACTIONS.change_date);
  const before = await typed(page).inputValue();
  await typed(page).focus();
  await page.keyboard.press("Backspace");
  await expect(typed(page)).toHaveValue("");
  await page.keyboard.type(before.split("-")[1]);
  await expect(typed(page)).toHaveValue(before);
});

test("a date that is picked is in the field too", async ({ page, bundle }) => {
  await openCalendar(page, bundle.origin, ACTIONS.change_date);
  await ACTIONS.change_date.fill(page);
  await expect(typed(page)).toHaveValue(await day(page, "[aria-pressed=true]").getAttribute("data-day"));
});
