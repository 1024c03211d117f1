// Every place in both widths: what axe finds, whether all of it has room, and pictures for people
// to look at.
import { join } from "node:path";
import { PLACES, visit } from "./support/places.js";
import { expect, test } from "./support/mock.js";

const folder = join(process.env.PERENNIAL_TARGET ?? "target", "screenshots");

// Contrast differs by scheme and layout by width, so axe looks at each once.
const LOOKS = /** @type {const} */ ([
  [{ width: 1280, height: 900 }, ["dark", "light"]],
  [{ width: 390, height: 844 }, ["light", "dark"]],
]);

for (const place of PLACES) {
  test(`axe finds nothing in ${place.name}`, async ({ page, bundle, axe }) => {
    await visit(page, bundle.origin, place);
    for (const [size, schemes] of LOOKS) {
      await page.setViewportSize(size);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        const path = join(folder, `${place.name}-${size.width}-${colorScheme}.png`);
        await page.screenshot({ path, animations: "disabled", fullPage: !/^(dialog|review)/.test(place.name) });
      }
      // axe counts what lies under the bar of sections as too small to press, and does not scroll.
      const height = await page.evaluate(() => document.scrollingElement.scrollHeight);
      await page.setViewportSize({ ...size, height });
      await axe();
    }
    await expectRoom(page);
  });
}

/** Phones, and what is left of a screen of 1280 by 1024 at 400%. */
const NARROW = [
  { width: 390, height: 844 },
  { width: 320, height: 640 },
  { width: 320, height: 256 },
];

/** That nothing is wider than the window, even where words are long, and that a dialog can be read where there is hardly any height. */
async function expectRoom(page) {
  for (const words of ["as they are", "long"]) {
    if (words === "long") await lengthen(page);
    for (const size of NARROW) {
      await page.setViewportSize(size);
      expect(await tooWide(page), `words ${words}, ${size.width} by ${size.height}`).toEqual([]);
    }
  }
  const sheet = page.getByRole("dialog");
  if (await sheet.isVisible()) {
    const [seen, whole] = await sheet.evaluate((sheet) => {
      const body = sheet.querySelector(".sheet-body");
      return [Math.min(sheet.clientHeight, body.clientHeight), body.scrollHeight];
    });
    expect(seen, "what is seen of the dialog's body").toBeGreaterThanOrEqual(Math.min(150, whole));
  }
}

/** Makes every word that is not a figure as long as languages other than English have them. */
async function lengthen(page) {
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const texts = document.createTreeWalker(shadowRoot, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = /** @type {Text} */ (texts.currentNode);
      const { data, parentElement } = text;
      const isFigure = parentElement.closest(".number, .money, .date-block, .day, table, option, .visually-hidden");
      if (!isFigure && /[a-z]{4}/i.test(data)) text.data = `${data} Rindfleischetikettierungsüberwachungsgesetz`;
    }
  });
}

/** What reaches beyond the window, or beyond the dialog that is open. */
async function tooWide(page) {
  return page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const sheet = shadowRoot.querySelector("dialog[open]");
    const wide = [document.scrollingElement, sheet, sheet?.querySelector(".sheet-body")]
      .filter((box) => box && box.scrollWidth > box.clientWidth)
      .map((box) => `${box.className || box.localName} scrolls`);
    const seen = [...(sheet ?? shadowRoot).querySelectorAll("*")].filter((element) => {
      const { right, width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && right > innerWidth + 1 && !element.closest(".visually-hidden");
    });
    return wide.concat(seen.slice(0, 5).map((element) => `${element.localName}.${element.getAttribute("class")}`));
  });
}
