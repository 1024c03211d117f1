// What readers change about a page, and what must then still be there and in reach. The functions
// named `…Problems` return a line for each thing that is wrong.

/** @typedef {import("@playwright/test").Page} Page */

/** The spacing that a reader may set: WCAG 1.4.12. */
const SPACING = `
  * {
    line-height: 1.5 !important;
    letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important;
  }
  p {
    margin-block-end: 2em !important;
  }`;

/** Twice the size of text, and nothing else: WCAG 1.4.4. */
const LARGE = `
  .portal {
    --text: 32px !important;
    --text-line: 48px !important;
    --small: 28px !important;
    --small-line: 40px !important;
    --caption: 24px !important;
    --caption-line: 32px !important;
    --title: 40px !important;
    --title-line: 56px !important;
    --big: 56px !important;
    --big-line: 68px !important;
  }`;

/** Sets the text further apart, as a reader's own style sheet does. @param {Page} page */
export const spaceText = (page) => restyle(page, SPACING);

/** Doubles the size of all text. @param {Page} page */
export const enlargeText = (page) => restyle(page, LARGE);

/** Sets the size of the window, and waits until the page is drawn in it. @param {Page} page */
export async function resize(page, size) {
  await page.setViewportSize(size);
  await drawn(page);
}

/** Waits until what was set of the page is drawn, and what moves to its place is there. @param {Page} page */
export const drawn = (page) =>
  page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    // A sheet comes in again where it changes its side.
    const moving = document.querySelector("[data-perennial]")?.shadowRoot.getAnimations() ?? [];
    const ending = moving.filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity);
    await Promise.all(ending.map(({ finished }) => finished.catch(() => {})));
  });

/** Adds a style sheet of the reader. @param {Page} page @param {string} css */
async function restyle(page, css) {
  await page.evaluate((css) => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadowRoot.adoptedStyleSheets.push(sheet);
  }, css);
  await drawn(page);
}

/** Takes back what the last call of `spaceText` or `enlargeText` has set. @param {Page} page */
export const restoreText = (page) =>
  page.evaluate(() => {
    document.querySelector("[data-perennial]").shadowRoot.adoptedStyleSheets.pop();
  });

/** Makes every word that is not a figure as long as languages other than English have them. @param {Page} page */
export async function lengthen(page) {
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const texts = document.createTreeWalker(shadowRoot, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = /** @type {Text} */ (texts.currentNode);
      const { data, parentElement } = text;
      const isFigure = parentElement.closest(
        ".number, .money, .date-block, .day, .payment-word, table, option, .visually-hidden",
      );
      if (!isFigure && /[a-z]{4}/i.test(data)) text.data = `${data} Rindfleischetikettierungsüberwachungsgesetz`;
    }
  });
}

/** What reaches beyond the window, or beyond the dialog that is open. @param {Page} page @returns {Promise<string[]>} */
export const widthProblems = (page) =>
  page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const sheet = shadowRoot.querySelector("dialog[open]");
    const wide = [document.scrollingElement, sheet, sheet?.querySelector(".sheet-body")]
      .filter((box) => box && box.scrollWidth > box.clientWidth)
      .map((box) => `${box.className || box.localName} scrolls`);
    const seen = [...(sheet ?? shadowRoot).querySelectorAll("*")].filter((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      const isBeyond = left < -1 || right > innerWidth + 1;
      return width > 1 && height > 1 && isBeyond && !element.closest(".visually-hidden");
    });
    return wide.concat(seen.slice(0, 5).map((element) => `${element.localName}.${element.getAttribute("class")}`));
  });

/** Text that its box cuts off, of the dialog where one is open. @param {Page} page @returns {Promise<string[]>} */
export const clippedText = (page) =>
  page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const within = shadowRoot.querySelector("dialog[open]") ?? shadowRoot.querySelector(".portal");
    const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
      const text = /** @type {Text} */ (texts.currentNode);
      const parent = text.parentElement;
      if (!text.data.trim() || !parent.checkVisibility() || parent.closest(".visually-hidden, option")) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const rects = [...range.getClientRects()];
      for (let box = parent; box && box !== within; box = box.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(box);
        if (overflowX !== "hidden" && overflowY !== "hidden") continue;
        const { left, right, top, bottom } = box.getBoundingClientRect();
        const isCut = rects.some(
          (rect) => rect.right > right + 2 || rect.left < left - 2 || rect.bottom > bottom + 4 || rect.top < top - 4,
        );
        if (isCut) found.push(text.data.trim().slice(0, 60));
      }
    }
    return found;
  });

/**
 * Controls that have less than `size` pixels to press in any direction, others beside and above
 * them not counted. A link in a line of text may be smaller: WCAG 2.5.8.
 * @param {Page} page @param {number} size @returns {Promise<string[]>}
 */
export const targetProblems = (page, size) =>
  page.evaluate((size) => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const within = shadowRoot.querySelector("dialog[open], :popover-open") ?? shadowRoot.querySelector(".frame");
    /** @type {NodeListOf<HTMLInputElement>} */
    const all = within.querySelectorAll("a[href], button, input, select, textarea, summary");
    // Edges lie between pixels.
    const reach = size / 2 - 1;
    return [...all].flatMap((control) => {
      const labels = [...(control.labels ?? [])];
      const boxes = [control, ...labels];
      const isInText = control.localName === "a" && getComputedStyle(control).display === "inline";
      const isShown = control.checkVisibility() && !control.closest(".visually-hidden");
      if (!isShown || control.disabled || isInText) return [];
      const isPressed = (x, y) => {
        const point = shadowRoot.elementFromPoint(x, y);
        return boxes.some((box) => box.contains(point));
      };
      control.scrollIntoView({ block: "center" });
      // Of a control and its label, one is large enough.
      const isLarge = boxes.some((box) => {
        const { left, top, width, height } = box.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        return isPressed(x - reach, y) && isPressed(x + reach, y) && isPressed(x, y - reach) && isPressed(x, y + reach);
      });
      const { width, height } = control.getBoundingClientRect();
      const name = control.getAttribute("aria-label") ?? (control.textContent.trim() || labels[0]?.textContent);
      return isLarge ? [] : [`${control.localName} ${name}: ${Math.round(width)} by ${Math.round(height)}`];
    });
  }, size);

/** Controls and states that only color tells, where the colors are the reader's own. @param {Page} page @returns {Promise<string[]>} */
export const forcedColorProblems = (page) =>
  page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const style = (element, part) => getComputedStyle(element, part);
    const hasEdge = (element, part) =>
      ["Top", "Bottom"].some(
        (side) =>
          style(element, part)[`border${side}Style`] !== "none" &&
          parseFloat(style(element, part)[`border${side}Width`]) > 0,
      );
    const hasMark = (element, part) => {
      const { content, backgroundColor } = style(element, part);
      return content !== "none" && backgroundColor !== style(element, null).backgroundColor;
    };
    const wrong = (selector, isRight) =>
      [...shadowRoot.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility() && !isRight(element))
        .map(
          (element) => `${selector}: ${element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40)}`,
        );
    return [
      ...wrong(
        ".button:not(.button-link, .status-line *), .input, .choice input, .pill, .banner, .card, dialog[open]",
        (e) => hasEdge(e, null),
      ),
      ...wrong(".choice input:checked, .switch input", (e) => hasMark(e, "::before")),
      ...wrong(
        ".day[aria-pressed=true]",
        (e) => style(e, null).backgroundColor !== style(e.parentElement, null).backgroundColor,
      ),
      ...wrong(
        "nav [aria-current]:not(.scenarios *)",
        (e) => hasEdge(e, null) || hasMark(e, "::after") || Number(style(e, null).fontWeight) > 400,
      ),
    ];
  });

/** What moves although the reader wants nothing to. @param {Page} page @returns {Promise<string[]>} */
export const motionProblems = (page) =>
  page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const longest = (list) =>
      Math.max(...list.split(",").map((time) => parseFloat(time) * (time.trim().endsWith("ms") ? 1 : 1000)));
    const MOVES = /all|transform|translate|scale|rotate|inset|top|left|size|width|height|margin/;
    const problems = [];
    for (const element of shadowRoot.querySelectorAll("*")) {
      for (const part of [null, "::before", "::after"]) {
        const { animationName, animationDuration, transitionProperty, transitionDuration } = getComputedStyle(
          element,
          part,
        );
        const name = `${element.localName}.${element.getAttribute("class")}${part ?? ""}`;
        if (animationName !== "none" && longest(animationDuration) > 10) problems.push(`${name}: ${animationName}`);
        if (MOVES.test(transitionProperty) && longest(transitionDuration) > 10)
          problems.push(`${name}: ${transitionProperty}`);
      }
    }
    return [...new Set(problems)];
  });

/** Fields that do not tell a phone which keyboard to show, or a browser what they are for. @param {Page} page @returns {Promise<string[]>} */
export const fieldProblems = (page) =>
  page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const KEYBOARDS = { number: "numeric", email: "email", tel: "tel" };
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = shadowRoot.querySelectorAll("input:not([type=radio], [type=checkbox]), textarea, select");
    return [...fields].flatMap((field) => {
      const has = (name) => field.hasAttribute(name);
      const isTyped = field.localName === "input" && field.type !== "date";
      const keyboard = KEYBOARDS[field.type];
      const isNative = field.type === "email" || field.type === "tel";
      const missing = [
        ...(has("autocomplete") || field.type === "date" ? [] : ["autocomplete"]),
        ...(isTyped && !has("enterkeyhint") ? ["enterkeyhint"] : []),
        ...(keyboard && !isNative && field.inputMode !== keyboard ? ["inputmode"] : []),
        // A phone magnifies the page for a field with smaller text.
        ...(parseFloat(getComputedStyle(field).fontSize) < 16 ? ["16 px text"] : []),
      ];
      return missing.map(
        (name) => `${field.labels[0]?.textContent ?? field.getAttribute("aria-label")}: has no ${name}`,
      );
    });
  });
