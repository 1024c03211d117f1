import { PLACES, visit } from "./support/places.js";
import { test } from "./support/mock.js";

// Contrast differs by scheme and layout by width, so each is looked at once.
for (const { width, colorScheme } of [
  { width: 1280, colorScheme: /** @type {const} */ ("light") },
  { width: 390, colorScheme: /** @type {const} */ ("dark") },
]) {
  test.describe(`${width} ${colorScheme}`, () => {
    test.use({ viewport: { width, height: 900 }, colorScheme });
    for (const place of PLACES) {
      test(`axe finds nothing in ${place.name}`, async ({ page, bundle, axe }) => {
        await visit(page, bundle.origin, place);
        await axe();
      });
    }
  });
}
