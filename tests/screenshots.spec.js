import { join } from "node:path";
import { PLACES, visit } from "./support/places.js";
import { test } from "./support/mock.js";

const folder = join(process.env.PERENNIAL_TARGET ?? "target", "screenshots");

// Narrow and wide, light and dark, for people to look at.
for (const width of [390, 1280]) {
  test.describe(`${width}`, () => {
    test.use({ viewport: { width, height: width < 600 ? 844 : 900 } });
    for (const place of PLACES) {
      test(`pictures of ${place.name}`, async ({ page, bundle }) => {
        await visit(page, bundle.origin, place);
        for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
          await page.emulateMedia({ colorScheme });
          const path = join(folder, `${place.name}-${width}-${colorScheme}.png`);
          await page.screenshot({ path, fullPage: !/^(dialog|review)/.test(place.name) });
        }
      });
    }
  });
}
