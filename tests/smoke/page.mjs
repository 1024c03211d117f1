// What a smoke run does in a page: functions that run there, and waiting for what they find.
import { setTimeout as later } from "node:timers/promises";

/** How long something may take to appear, milliseconds. */
const PATIENCE = 15_000;

/**
 * The text of what matches, in the page and in the portal's shadow root, where it is shown.
 * @param {string} selector
 * @returns {string[]}
 */
function texts(selector) {
  const roots = [document, ...[...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean)];
  const found = roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  return found
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .map((each) => each.textContent.trim());
}

/**
 * Presses the first thing that is shown and says what matches.
 * @param {string} selector
 * @param {string} pattern
 */
function press(selector, pattern) {
  const roots = [document, ...[...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean)];
  const wanted = new RegExp(pattern);
  const found = roots
    .flatMap((root) => [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))])
    .find(
      (each) =>
        each.checkVisibility() &&
        !each.matches(":disabled, [aria-disabled=true]") &&
        wanted.test(each.textContent.trim()),
    );
  found?.click();
  return Boolean(found);
}

/** A page in one of the browsers. */
export class Page {
  /** @param {import("./browsers.mjs").Browser} browser */
  constructor(browser) {
    this.browser = browser;
  }

  /** Waits until `find` answers with something. @template T @param {string} what @param {() => Promise<T>} find */
  async until(what, find) {
    let error;
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await later(100)) {
      const found = await find().catch((failed) => void (error = failed));
      if (found) return found;
    }
    const shown = await this.texts("main, dialog[open]").catch(() => []);
    throw new Error(`${what}: did not come. ${error ?? ""}\nShown: ${shown.join("\n").slice(0, 2_000)}`);
  }

  /** @param {string} selector */
  texts(selector) {
    return this.browser.evaluate(texts, selector);
  }

  /** Waits for a text that matches. @param {string} selector @param {RegExp} pattern */
  shows(selector, pattern) {
    return this.until(`${selector} ${pattern}`, async () =>
      (await this.texts(selector)).some((text) => pattern.test(text)),
    );
  }

  /** Presses what is there, or will be. @param {string} selector @param {RegExp} pattern */
  press(selector, pattern) {
    return this.until(`${selector} ${pattern}`, () => this.browser.evaluate(press, selector, pattern.source));
  }
}
