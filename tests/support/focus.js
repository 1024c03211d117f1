// Where the keyboard is, and what is held of a dialog.
import { expect } from "@playwright/test";

/** @typedef {import("@playwright/test").Page} Page */

/** What has the focus, as somebody would name it; nothing where the body has it. @param {Page} page */
export function focused(page) {
  return page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (!active || active === document.body || active.hasAttribute("data-perennial")) return "";
    return `${active.localName} ${active.getAttribute("aria-label") ?? active.textContent.trim().slice(0, 60)}`;
  });
}

/** Something has the focus, and it stays somewhere. @param {Page} page @param {string} when */
export async function expectFocus(page, when) {
  await expect.poll(() => focused(page), `${when}, something has the focus`).not.toBe("");
}

/** Where on the page the focus is: in its `page`, in its `status` line, or elsewhere. @param {Page} page */
export const focusPlace = (page) =>
  page.evaluate(() => {
    const { activeElement } = document.querySelector("[data-perennial]").shadowRoot;
    if (activeElement?.closest(".status")) return "status";
    return activeElement?.closest("main") && activeElement.localName !== "main" ? "page" : "elsewhere";
  });

/** Presses Tab until `name` has the focus; how often. @param {Page} page @param {string} name */
export async function tabsTo(page, name) {
  for (let presses = 1; presses <= 40; presses++) {
    await page.keyboard.press("Tab");
    if ((await focused(page)).endsWith(` ${name}`)) return presses;
  }
  return Infinity;
}

/** What can have the focus in the open dialog, one of each group of choices. @param {Page} page @returns {Promise<number>} how many */
export function holdFields(page) {
  return page.evaluate(() => {
    const dialog = document.querySelector("[data-perennial]").shadowRoot.querySelector("dialog");
    const groups = new Set();
    const first = (field) => {
      if (field.type !== "radio") return true;
      const known = groups.has(field.name);
      groups.add(field.name);
      return !known;
    };
    /** @type {NodeListOf<HTMLInputElement>} */
    const all = dialog.querySelectorAll("input, select, textarea, button, [tabindex]");
    globalThis.held = [...all].filter(
      (field) => field.tabIndex >= 0 && !field.disabled && field.getClientRects().length > 0 && first(field),
    );
    return globalThis.held.length;
  });
}

/** Sends the elements that were held all that a browser may still send to them. @param {Page} page */
export function disturbHeld(page) {
  return page.evaluate(() => {
    for (const field of globalThis.held) {
      for (const name of ["input", "change", "blur", "focusout", "keydown", "click", "error"]) {
        field.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
      }
    }
  });
}

/** Notes which button is pressed, and presses it again: the one that opens a form. @param {Page} page */
export const noteOpener = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("[data-perennial]").shadowRoot;
    root.addEventListener(
      "click",
      (event) => {
        const target = /** @type {Element} */ (event.target);
        if (!target.closest("dialog")) globalThis.opener = target.closest("button");
      },
      true,
    );
  });

/** Opens the form again; what opened it may have given way to another button, as for a card. @param {Page} page */
export const reopen = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("[data-perennial]").shadowRoot;
    const again = root.querySelector(".card-entry .button-primary");
    (globalThis.opener.isConnected ? globalThis.opener : again).click();
  });

/**
 * Why somebody who looks cannot tell what has the focus: it has no mark, or something covers it.
 * @param {Page} page @returns {Promise<string[]>}
 */
export const focusProblems = (page) => page.evaluate(problemsOfFocus, false);

/** The same of every control in turn, of the dialog where one is open. @param {Page} page @returns {Promise<string[]>} */
export async function allFocusProblems(page) {
  // After a press of Tab the browser marks what has the focus, however it gets it.
  await page.keyboard.press("Tab");
  return page.evaluate(problemsOfFocus, true);
}

/** Runs in the page: of what has the focus, or of every control. @param {boolean} every */
function problemsOfFocus(every) {
  const { shadowRoot } = document.querySelector("[data-perennial]");
  const hasOutline = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };

  function problems(element) {
    // Text gets the focus to be read out, and cannot be operated.
    if (!element || element.tabIndex < 0) return [];
    const name = `${element.localName} ${element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40)}`;
    const own = [element, element.closest(".opens"), ...(element.labels ?? [])].filter(Boolean);
    // What the browser draws inside of a field, such as the button of its calendar, it marks itself.
    const isInside = element.matches(":focus-within:not(:focus)");
    const isMarked = isInside || own.some(hasOutline) || getComputedStyle(element).boxShadow !== "none";
    // The middle, and points inside the corners: one of them is in sight, and nothing lies above.
    const { left, top, width, height } = element.getBoundingClientRect();
    const corners = [0.1, 0.9].flatMap((x) => [0.1, 0.9].map((y) => [x, y]));
    const points = [[0.5, 0.5], ...corners].map(([x, y]) =>
      shadowRoot.elementFromPoint(left + width * x, top + height * y),
    );
    const isSeen = points.some(
      (point) => point && own.some((element) => element.contains(point) || point.contains(element)),
    );
    const [above] = points;
    const cover = above ? `${above.localName}.${above.getAttribute("class")}` : "the edge of the window";
    return [...(isMarked ? [] : [`${name}: has no mark`]), ...(isSeen ? [] : [`${name}: is behind ${cover}`])];
  }

  if (!every) return problems(shadowRoot.activeElement);
  const within = shadowRoot.querySelector("dialog[open], :popover-open") ?? shadowRoot.querySelector(".frame");
  /** @type {NodeListOf<HTMLElement>} */
  const all = within.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  return [...all].flatMap((element) => {
    if (element.tabIndex < 0 || element.getClientRects().length === 0) return [];
    element.focus();
    return problems(shadowRoot.activeElement);
  });
}
