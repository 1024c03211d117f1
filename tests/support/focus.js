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
