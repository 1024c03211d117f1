// Every component in every state: that it is there, that it is laid out soundly, and that it looks as
// it did. `UPDATE=1` takes the pictures anew.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./support/mock.js";

const PICTURES = "tests/gallery";
const FONTS = join(PICTURES, "fonts.json");
const isUpdate = Boolean(process.env.UPDATE);

/** The sources in a folder, as one text. */
async function sources(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".rs"));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
}

async function open(page, bundle, mode = "light") {
  await page.emulateMedia({ colorScheme: mode, reducedMotion: "reduce" });
  await page.goto(`${bundle.origin}/portal/gallery`);
  await expect(page.getByRole("heading", { level: 1, name: "Components" })).toBeVisible();
}

/**
 * How wide this machine draws a sample, outside of the portal's own styles: other fonts, or the same
 * drawn in another way, have other widths.
 */
const fingerprint = (page) =>
  page.evaluate(() => {
    const sample = document.createElement("span");
    document.body.append(sample);
    sample.textContent = "Reschedule – Tuesday, December 22 · $140.90";
    const widths = ["400 16px", "550 14px", "620 20px", "400 12px"].map((font) => {
      const [weight, size] = font.split(" ");
      sample.style.cssText = `position: absolute; white-space: nowrap; font-weight: ${weight}; font-size: ${size}`;
      return [font, Math.round(sample.getBoundingClientRect().width * 100) / 100];
    });
    sample.remove();
    return Object.fromEntries(widths);
  });

test("every component of the design system is in the gallery", async () => {
  const system = await sources("src/ui");
  const components = [...system.matchAll(/#\[component\]\s+pub fn (\w+)/g)].map(([, name]) => name);
  expect(components.length).toBeGreaterThan(25);
  const gallery = await sources("src/backend/mock/gallery");
  const missing = components.filter((name) => !new RegExp(`<${name}\\b`).test(gallery));
  expect(missing, "components without a specimen").toEqual([]);
});

test("every icon, tone, kind, size, shape and drawing is in the gallery", async () => {
  const system = await sources("src/ui");
  const gallery = await sources("src/backend/mock/gallery");
  for (const name of ["Glyph", "Tone", "ButtonKind", "PictureSize", "Shape", "Drawing", "LineKind"]) {
    const [, body] = system.match(new RegExp(`pub enum ${name} \\{([\\s\\S]*?)\\n\\}`));
    // What is marked as the default need not be named.
    const given = body.replace(/#\[default\]\s+\w+/, "");
    const variants = [...given.matchAll(/^ {4}(\w+)/gm)].map(([, variant]) => variant);
    expect(variants.length, name).toBeGreaterThan(1);
    const missing = variants.filter((variant) => !new RegExp(`${name}::${variant}\\b`).test(gallery));
    expect(missing, `${name} without a specimen`).toEqual([]);
  }
});

for (const width of [320, 768, 1280]) {
  test(`at ${width} px every specimen has a heading, an id and a size, and keeps to its room`, async ({
    page,
    bundle,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, bundle);
    const wrong = await page.locator(".gallery").evaluate((gallery) => {
      const specimens = [...gallery.querySelectorAll(".gallery-specimen")];
      const ids = specimens.map(({ id }) => id);
      const found = specimens.flatMap((specimen) => {
        const { id } = specimen;
        const [heading, ...content] = specimen.children;
        const problems = [];
        if (!/^[a-z-]+$/.test(id) || ids.indexOf(id) !== ids.lastIndexOf(id)) problems.push("id");
        if (heading.localName !== "h3" || !heading.textContent) problems.push("heading");
        if (!content.some((element) => element.getBoundingClientRect().height >= 16)) problems.push("size");
        const { left, right } = specimen.getBoundingClientRect();
        // What only screen readers get has no place of its own.
        const shown = [
          ...specimen.querySelectorAll("*:not(.visually-hidden, dialog, dialog *, [popover], [popover] *)"),
        ];
        const beyond = shown.find((element) => {
          const box = element.getBoundingClientRect();
          return box.width > 1 && (box.left < left - 12 || box.right > right + 12);
        });
        if (beyond) problems.push(`beyond its room: ${beyond.localName}.${beyond.className}`);
        return problems.map((problem) => `${id}: ${problem}`);
      });
      return specimens.length > 60 ? found : ["too few specimens"];
    });
    expect(wrong).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

for (const mode of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing in the gallery, ${mode}`, async ({ page, bundle, axe }) => {
    await open(page, bundle, mode);
    await axe();
  });

  test(`components look as in their pictures, ${mode}`, async ({ page, bundle }, info) => {
    test.slow();
    await open(page, bundle, mode);
    const here = await fingerprint(page);
    if (isUpdate) await writeFile(FONTS, `${JSON.stringify(here, null, 2)}\n`);
    const known = JSON.parse(await readFile(FONTS, "utf8"));
    if (JSON.stringify(here) !== JSON.stringify(known)) {
      const description = "The fonts here differ from those of the pictures, so only the layout was checked.";
      info.annotations.push({ type: "fonts", description });
      console.warn(description);
      test.skip(true, description);
    }
    const groups = await page.locator(".gallery-group").evaluateAll((all) => all.map(({ id }) => id));
    expect(groups.length).toBeGreaterThan(10);
    for (const id of groups) {
      await expect.soft(page.locator(`.gallery-group#${id}`)).toHaveScreenshot([`${id}-${mode}.png`]);
    }
    await page.getByRole("button", { name: "More about House Espresso" }).click();
    await expect.soft(page.locator(".menu-list:popover-open")).toHaveScreenshot([`menu-${mode}.png`]);
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1280, height: 420 });
    await page.getByRole("button", { name: "Open dialog" }).click();
    await expect.soft(page.getByRole("dialog")).toHaveScreenshot([`dialog-${mode}.png`]);
  });
}

test("the pictures are few and small", async () => {
  const names = (await readdir(PICTURES)).filter((name) => name.endsWith(".png"));
  const sizes = await Promise.all(names.map(async (name) => (await readFile(join(PICTURES, name))).length));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
});
