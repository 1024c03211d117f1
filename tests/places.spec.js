// Every place in both widths: what axe finds, whether all of it has room and can be reached
// whatever a reader sets, and pictures for people to look at.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { allFocusProblems } from "./support/focus.js";
import {
  clippedText,
  enlargeText,
  fieldProblems,
  forcedColorProblems,
  lengthen,
  motionProblems,
  resize,
  restoreText,
  spaceText,
  targetProblems,
  widthProblems,
} from "./support/layout.js";
import { PLACES, visit } from "./support/places.js";
import { expect, test } from "./support/mock.js";

const folder = join(process.env.PERENNIAL_TARGET ?? "target", "screenshots");

/** Every language that the portal is written in, as the browser asks for it. */
const LANGUAGES = ["en-US", ...readdirSync("src/i18n/translations").map((file) => file.replace(".json", ""))];

/** What the walk looks at: all of it in English, in the words of which the dialogs are opened, and else the pages. */
const places = (language) => (language === "en-US" ? PLACES : PLACES.filter(({ act, scenario }) => !act && !scenario));

// Layout differs by width, so axe looks at each with all its rules, and at the other scheme with
// those about color.
const LOOKS = /** @type {const} */ ([
  [{ width: 1280, height: 900 }, ["dark", "light"]],
  [{ width: 390, height: 844 }, ["light", "dark"]],
]);

/** Phones, and what is left of a screen of 1280 by 1024 at 400%. */
const NARROW = [
  { width: 390, height: 844 },
  { width: 320, height: 640 },
  { width: 320, height: 256 },
];

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ locale: language });

    for (const place of places(language)) {
      test(`axe finds nothing in ${place.name}, whatever the width, the scheme and the colors`, async ({
        page,
        bundle,
        axe,
      }) => {
        await visit(page, bundle.origin, place);
        for (const [size, schemes] of LOOKS) {
          await page.setViewportSize(size);
          for (const colorScheme of schemes) {
            await page.emulateMedia({ colorScheme });
            const name = language === "en-US" ? place.name : `${place.name}-${language}`;
            const path = join(folder, `${name}-${size.width}-${colorScheme}.png`);
            await page.screenshot({ path, animations: "disabled", fullPage: !/^(dialog|review)/.test(place.name) });
          }
          await axe();
          await page.emulateMedia({ colorScheme: schemes[0] });
          await axe(["color-contrast", "link-in-text-block", "label-content-name-mismatch"]);
        }
        await page.emulateMedia({ forcedColors: "active" });
        await axe(["color-contrast"]);
        expect.soft(await forcedColorProblems(page), "without colors of our own").toEqual([]);
      });

      test(`${place.name} has room for what a reader sets, and can be reached`, async ({ page, bundle }) => {
        // A menu is placed when it is opened.
        if (place.name.startsWith("menu-")) {
          await page.setViewportSize(NARROW[2]);
          await visit(page, bundle.origin, place);
          expect(await widthProblems(page)).toEqual([]);
          expect(await allFocusProblems(page)).toEqual([]);
          return;
        }
        await visit(page, bundle.origin, place);
        expect.soft(await motionProblems(page), "what moves").toEqual([]);
        expect.soft(await fieldProblems(page), "fields").toEqual([]);
        for (const size of [NARROW[0], NARROW[2], { width: 1280, height: 900 }]) {
          await resize(page, size);
          const problems = await allFocusProblems(page);
          expect.soft(problems, `focus at ${size.width} by ${size.height}`).toEqual([]);
        }
        await expectTargets(page);
        await expectTextToFit(page);
        await expectRoom(page);
      });
    }
  });
}

/** That everything can be pressed, and on a phone with a thumb. */
async function expectTargets(page) {
  for (const width of [1280, 320]) {
    await resize(page, { width, height: 900 });
    expect.soft(await targetProblems(page, 24), `targets at ${width} px`).toEqual([]);
  }
  const client = await page.context().newCDPSession(page);
  await client.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await resize(page, NARROW[0]);
  const problems = await targetProblems(page, 44);
  await client.send("Emulation.setTouchEmulationEnabled", { enabled: false });
  expect.soft(problems, "targets of a finger").toEqual([]);
}

/** That text is not cut off where a reader sets it apart or twice as large. */
async function expectTextToFit(page) {
  for (const [how, set] of Object.entries({ apart: spaceText, "twice as large": enlargeText })) {
    for (const size of [{ width: 1280, height: 900 }, NARROW[0]]) {
      await resize(page, size);
      const before = await clippedText(page);
      await set(page);
      const cut = (await clippedText(page)).filter((text) => !before.includes(text));
      expect.soft(cut, `text ${how} that is cut off at ${size.width} px`).toEqual([]);
      expect.soft(await widthProblems(page), `text ${how} at ${size.width} px`).toEqual([]);
      await restoreText(page);
    }
  }
}

/** That nothing is wider than the window, even where words are long, and that a dialog can be read where there is hardly any height. */
async function expectRoom(page) {
  for (const words of ["as they are", "long"]) {
    if (words === "long") await lengthen(page);
    for (const size of NARROW) {
      await resize(page, size);
      expect(await widthProblems(page), `words ${words}, ${size.width} by ${size.height}`).toEqual([]);
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
