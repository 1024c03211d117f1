// Every place in both widths: what axe finds, and pictures for people to look at.
import { join } from "node:path";
import { PLACES, visit } from "./support/places.js";
import { test } from "./support/mock.js";

const folder = join(process.env.PERENNIAL_TARGET ?? "target", "screenshots");

// Contrast differs by scheme and layout by width, so axe looks at each once.
for (const [width, height, schemes] of /** @type {const} */ ([
  [390, 844, ["light", "dark"]],
  [1280, 900, ["dark", "light"]],
])) {
  test.describe(`${width}`, () => {
    test.use({ viewport: { width, height } });
    for (const place of PLACES) {
      test(`axe finds nothing in ${place.name}`, async ({ page, bundle, axe }) => {
        await visit(page, bundle.origin, place);
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme });
          const path = join(folder, `${place.name}-${width}-${colorScheme}.png`);
          await page.screenshot({ path, animations: "disabled", fullPage: !/^(dialog|review)/.test(place.name) });
        }
        await axe();
      });
    }
  });
}
