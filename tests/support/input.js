// How a test operates a control: with the pointer, or on some pages with the keyboard alone.
import { expect } from "@playwright/test";
import { focusProblems } from "./focus.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */

/** How often Tab is pressed on the way to a control. */
const PATIENCE = 150;

/** @type {WeakSet<Page>} */
const keyboardOnly = new WeakSet();

/** Operates all controls of `page` with the keyboard from now on. @param {Page} page */
export const useKeyboard = (page) => keyboardOnly.add(page);

/** Presses a button, a link or the summary of a disclosure. @param {Locator} target */
export async function press(target) {
  const page = target.page();
  if (!keyboardOnly.has(page)) return target.click();
  await tabTo(target);
  await expect(target).toBeEnabled();
  await page.keyboard.press("Enter");
}

/** Types into a field, in place of what is in it. @param {Locator} target @param {string} text */
export async function type(target, text) {
  const page = target.page();
  if (!keyboardOnly.has(page)) return target.fill(text);
  await tabTo(target);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

/** Chooses a radio button or ticks a checkbox. @param {Locator} target */
export async function tick(target) {
  const page = target.page();
  if (!keyboardOnly.has(page)) return target.check();
  const isRadio = (await target.getAttribute("type")) === "radio";
  await tabTo(target, isRadio);
  if (isRadio) {
    const count = await target.evaluate((/** @type {HTMLInputElement} */ { name }, root) => {
      const { shadowRoot } = document.querySelector(root);
      return shadowRoot.querySelectorAll(`[name="${name}"]`).length;
    }, "[data-perennial]");
    for (let presses = 0; presses < count && !(await isFocused(target)); presses++) {
      await page.keyboard.press("ArrowDown");
    }
    expect(await isFocused(target), "the arrow keys lead to the radio button").toBe(true);
  }
  if (!(await target.isChecked())) await page.keyboard.press("Space");
  await expect(target).toBeChecked();
}

/** Chooses an option of a list by its text. @param {Locator} target @param {string} label */
export async function select(target, label) {
  const page = target.page();
  if (!keyboardOnly.has(page)) {
    await target.selectOption(label);
    return;
  }
  await tabTo(target);
  await page.keyboard.type(label);
  await expect(target.locator("option:checked")).toHaveText(label);
}

/** Chooses a day of the calendar that is shown. @param {Locator} target */
export async function pickDay(target) {
  const page = target.page();
  if (!keyboardOnly.has(page)) return target.click();
  const grid = page.getByRole("dialog").getByRole("grid");
  await tabTo(grid.locator('[data-day][tabindex="0"]'));
  const wanted = await target.getAttribute("data-day");
  const current = () => grid.locator(":focus").getAttribute("data-day");
  for (let day = await current(); day !== wanted; day = await current()) {
    const days = (Date.parse(wanted) - Date.parse(day)) / 86_400_000;
    const key = Math.abs(days) >= 7 ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
    await page.keyboard.press(key[Number(days > 0)]);
    await expect.poll(current).not.toBe(day);
  }
  await page.keyboard.press("Enter");
  await expect(target).toHaveAttribute("aria-pressed", "true");
}

/** Whether `target` has the focus. @param {Locator} target */
const isFocused = (target) =>
  target.evaluate((element) => element === /** @type {ShadowRoot} */ (element.getRootNode()).activeElement);

/**
 * Presses Tab until `target` has the focus, or any of its `group` of radio buttons. Wherever the
 * focus is on the way, it can be seen.
 * @param {Locator} target
 * @param {boolean} [group]
 */
async function tabTo(target, group = false) {
  const page = target.page();
  const handle = () => target.elementHandle();
  let element = await handle();
  for (let presses = 0; presses <= PATIENCE; presses++) {
    const state = await element.evaluate((element, group) => {
      if (!element.isConnected) return "gone";
      const { activeElement } = /** @type {ShadowRoot} */ (element.getRootNode());
      if (!activeElement || !element.ownerDocument.hasFocus()) return "elsewhere";
      const { name } = /** @type {HTMLInputElement} */ (element);
      const isOfGroup = group && activeElement.matches("[type=radio]") && activeElement.getAttribute("name") === name;
      // What is pressed may be the text of a control.
      const control = element.closest("summary, button, a[href], input, select, textarea, [tabindex='0']");
      return isOfGroup || activeElement === control ? "here" : "elsewhere";
    }, group);
    if (state === "here") return;
    if (state === "gone") element = await handle();
    await page.keyboard.press("Tab");
    // What is out of sight is scrolled to.
    await expect.poll(() => focusProblems(page), "wherever Tab leads, the focus is seen").toEqual([]);
  }
  throw new Error(`${PATIENCE} presses of Tab do not lead to ${target}`);
}
