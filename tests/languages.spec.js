// The portal in every language that the bundle has: words, direction, plurals, and the language
// that is chosen.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { PLACES, visit } from "./support/places.js";
import { expect, test } from "./support/mock.js";

const { PERENNIAL_TARGET: target = "target" } = process.env;
const read = async (path) => JSON.parse(await readFile(path, "utf8"));

const ENGLISH = await read("src/i18n/en.json");
const SOURCES = "src/i18n/translations";
const tags = (await readdir(SOURCES)).map((file) => file.replace(".json", ""));
const TRANSLATIONS = Object.fromEntries(
  await Promise.all(tags.map(async (tag) => [tag, await read(join(SOURCES, `${tag}.json`))])),
);
/** The languages of the bundle, those made up for tests among them. */
const LANGUAGES = (await readdir(join(target, "dist", "portal-mock", "texts"))).map((file) => file.replace(".txt", ""));

const SECTIONS = PLACES.filter(({ act, scenario, path }) => !act && !scenario && path !== "/nowhere");

/** What is read on the page, by text and by name. */
const texts = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("[data-perennial]").shadowRoot;
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode;
      // The names of the preview's scenarios are for designers.
      if (!parentElement.closest(".scenarios")) found.push(textContent.trim());
    }
    for (const element of root.querySelectorAll("[aria-label]")) found.push(element.getAttribute("aria-label"));
    return found;
  });

/** Links and buttons whose words have no room in them. */
const cut = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("[data-perennial]").shadowRoot;
    const controls = [...root.querySelectorAll("a, button:not(.visually-hidden)")].filter((control) =>
      control.checkVisibility(),
    );
    const without = controls.filter((control) => {
      const words = document.createRange();
      words.selectNodeContents(control);
      const [inner, outer] = [words, control].map((box) => box.getBoundingClientRect());
      return inner.left < outer.left - 1 || inner.right > outer.right + 1;
    });
    return without.map((control) => control.textContent);
  });

const isTooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

for (const [tag, translation] of Object.entries(TRANSLATIONS)) {
  test(`IN-1: ${tag} has the plural forms of its language, and only those`, () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    const groups = Object.keys(ENGLISH).filter(
      (key) => key.endsWith(".other") && ENGLISH[key.replace(/other$/, "one")],
    );
    for (const group of groups) {
      const base = group.replace(/\.other$/, "");
      const forms = Object.keys(translation).filter((key) => key.startsWith(`${base}.`));
      const found = forms.map((key) => key.slice(base.length + 1)).filter((form) => !form.includes("."));
      expect(found.sort(), base).toEqual([...categories].sort());
    }
  });
}

for (const tag of LANGUAGES) {
  test.describe(tag, () => {
    test.use({ locale: tag });

    test(`IN-1 IN-2: every section is in ${tag}, in its direction, and has room`, async ({ page, bundle }) => {
      const translation = TRANSLATIONS[tag];
      // A word that two languages share tells nothing.
      const english = Object.entries(ENGLISH).filter(([key, text]) => translation && translation[key] !== text);
      const words = new Set(english.map(([, text]) => text).filter((text) => !text.includes("{")));
      await page.setViewportSize({ width: 320, height: 640 });
      for (const place of SECTIONS) {
        await visit(page, bundle.origin, place);
        const root = page.locator("[data-perennial] .portal");
        await expect(root).toHaveAttribute("lang", tag);
        await expect(root).toHaveAttribute("dir", translation?.["language.direction"] ?? "ltr");
        const shown = await texts(page);
        expect(
          shown.filter((text) => words.has(text)),
          `English in ${place.name}`,
        ).toEqual([]);
        for (const width of [320, 700, 1280]) {
          await page.setViewportSize({ width, height: 640 });
          expect(await isTooWide(page), `${place.name} is too wide at ${width}`).toBe(false);
          expect(await cut(page), `cut in ${place.name} at ${width}`).toEqual([]);
        }
      }
    });
  });
}

test.describe("English", () => {
  for (const [asked, language] of [
    ["en-GB", "en"],
    ["sw", "en"],
    ["de-CH", "de"],
    ["ar-EG", "ar"],
  ]) {
    test.describe(asked, () => {
      test.use({ locale: asked });

      test(`CF-5: a browser that asks for ${asked} gets ${language}`, async ({ page, bundle, allowErrors }) => {
        allowErrors(/status of 404.*\/texts\/sw\.txt/);
        await visit(page, bundle.origin, PLACES[0]);
        await expect(page.locator("[data-perennial] .portal")).toHaveAttribute("lang", language);
      });
    });
  }
});

test.describe("from right to left", () => {
  for (const place of PLACES) {
    test(`IN-2: ${place.name} has room from right to left`, async ({ page, bundle }) => {
      await visit(page, bundle.origin, place);
      await page.evaluate(() => {
        /** @type {HTMLElement} */ (
          document.querySelector("[data-perennial]").shadowRoot.querySelector(".portal")
        ).dir = "rtl";
      });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({
        path: join(target, "screenshots", `${place.name}-390-rtl.png`),
        animations: "disabled",
        fullPage: !/^(dialog|review)/.test(place.name),
      });
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await isTooWide(page)).toBe(false);
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(await isTooWide(page)).toBe(false);
    });
  }

  test.describe("in Arabic", () => {
    test.use({ locale: "ar" });
    const { ar } = TRANSLATIONS;

    test("IN-2: in a month of days, the left arrow leads to the day on the left", async ({ page, bundle }) => {
      await visit(page, bundle.origin, { path: "/" });
      await page.getByRole("button", { name: ar["reschedule_delivery.open"] }).first().click();
      const days = page.getByRole("dialog").getByRole("grid");
      await days.locator('button[tabindex="0"]').focus();
      const place = async () => (await days.locator("button:focus").boundingBox()).x;
      const before = await place();
      await page.keyboard.press("ArrowLeft");
      await expect.poll(place).toBeLessThan(before);
    });

    test("IN-2: a street keeps its order among words from right to left", async ({ page, bundle }) => {
      await visit(page, bundle.origin, { path: "/addresses" });
      const street = page.getByText("214 Prospect Place").first();
      // Where the figure begins is left of where the name begins.
      const [figure, name] = await street.evaluate((line) => {
        const text = line.firstChild;
        const left = (word) => {
          const range = document.createRange();
          const start = text.textContent.indexOf(word);
          range.setStart(text, start);
          range.setEnd(text, start + word.length);
          return range.getBoundingClientRect().left;
        };
        return [left("214"), left("Prospect")];
      });
      expect(figure).toBeLessThan(name);
    });
  });
});
