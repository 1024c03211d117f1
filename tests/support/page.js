import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { drawn } from "./layout.js";

/**
 * A page that fails its test when anything went wrong in it unnoticed: an error in the
 * console, an exception, a request the content security policy refused.
 *
 * A test that provokes an error names it: `allowErrors(/status of 503/)`.
 *
 * @type {import("./types.js").PageTest}
 */
export const test = /** @type {any} */ (base).extend({
  allowErrors: async ({ wrongs }, use) => {
    await use((pattern) => wrongs.allowed.push(pattern));
  },

  wrongs: async ({}, use) => {
    const wrongs = { seen: [], allowed: [] };
    await use(wrongs);
    const unexpected = wrongs.seen.filter((text) => !wrongs.allowed.some((pattern) => pattern.test(text)));
    expect(unexpected, "the browser saw no error").toEqual([]);
  },

  page: async ({ page, wrongs }, use) => {
    page.on("console", (message) => {
      if (message.type() === "error") wrongs.seen.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => wrongs.seen.push(`exception: ${error.message}`));
    await page.exposeBinding("reportViolation", (_, text) => wrongs.seen.push(`csp: ${text}`));
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (violation) => {
        window.reportViolation(`${violation.effectiveDirective} ${violation.blockedURI}`);
      });
    });
    await use(page);
  },

  /**
   * Checks the page, shadow roots included, or the dialog that is open over it, against axe's WCAG
   * 2.2 AA rules and best practices, or against some of them.
   */
  axe: async ({ page }, use) => {
    await use(async (/** @type {string[]} */ rules) => {
      const builder = new AxeBuilder({ page });
      // What is behind a dialog cannot be reached, however much of it peeps out.
      if (await page.getByRole("dialog").isVisible()) {
        builder.include({ fromShadowDom: ["[data-perennial]", "dialog[open]"] });
      }
      if (rules) builder.withRules(rules);
      else builder.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
      // It counts what lies under a bar at the edge as too small to press, and does not scroll.
      const size = page.viewportSize();
      const height = await page.evaluate(() => document.scrollingElement.scrollHeight);
      await page.setViewportSize({ ...size, height: Math.max(size.height, height) });
      await drawn(page);
      const { violations } = await builder.analyze();
      await page.setViewportSize(size);
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
      );
      expect(found, "axe finds nothing").toEqual([]);
    });
  },
});

export { expect };
