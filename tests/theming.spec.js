// Tokens, parts and slots of the theme, where they come from, and light and dark.
import { readFile, readdir } from "node:fs/promises";
import { expect, test } from "./support/portal.js";

const primary = (page) => page.getByRole("button", { name: /^Reschedule/ });

/** Opens a merchant's page that has `css` and, in the element, `content`. */
async function openShop(page, { middleware, store, css = "", content = "", attributes = "" }) {
  const [{ email }] = await store.customers();
  await page.goto(await middleware.link({ email }));
  const html = `<!doctype html><html lang="en"><title>My account</title><style>${css}</style>
    <merchant-portal ${attributes}>${content}</merchant-portal>
    <script type="module" src="/portal/embed.js"></script>`;
  await page.route(`${middleware.origin}/account`, (route) => route.fulfill({ contentType: "text/html", body: html }));
  await page.goto(`${middleware.origin}/account`);
  await expect(primary(page)).toBeVisible();
}

const addRule = (page, css) => page.addStyleTag({ content: css });

/** Expects the portal to be light or dark. */
async function expectScheme(page, scheme) {
  const color = () =>
    page.evaluate(() => {
      const { shadowRoot } = document.querySelector("merchant-portal");
      const probe = document.createElement("i");
      probe.style.color = "light-dark(rgb(255, 255, 255), rgb(0, 0, 0))";
      shadowRoot.querySelector(".portal").append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color === "rgb(0, 0, 0)" ? "dark" : "light";
    });
  await expect.poll(color).toBe(scheme);
}

test.describe("with an accent in the configuration", () => {
  test.use({ settings: { "merchant.accent": "#aa2200" } });

  test("CF-3: a rule for the element comes before the configuration, and that before the page around", async ({
    page,
    middleware,
    store,
  }) => {
    const css = ":root { --portal-accent: #0000ff; --portal-button-radius: 3px; }";
    await openShop(page, { middleware, store, css });
    await expect(primary(page)).toHaveCSS("background-color", "rgb(170, 34, 0)");
    await expect(primary(page)).toHaveCSS("border-radius", "3px");
    await addRule(page, "merchant-portal { --portal-accent: #006644; }");
    await expect(primary(page)).toHaveCSS("background-color", "rgb(0, 102, 68)");
  });
});

test.describe("with a theme in the configuration", () => {
  test.use({
    settings: { "theme.mode": "dark", "theme.logo": "/logo.svg", "theme.dark.accent": "#ffcc00" },
  });

  test("CF-3: mode, logo and colors are those of the configuration, and the attribute comes first", async ({
    page,
    middleware,
    store,
  }) => {
    const logo = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"/>';
    await page.route("**/logo.svg", (route) => route.fulfill({ contentType: "image/svg+xml", body: logo }));
    await openShop(page, { middleware, store, css: ":root { color-scheme: light; }" });
    await expectScheme(page, "dark");
    await expect(primary(page)).toHaveCSS("background-color", "rgb(255, 204, 0)");
    await expect(page.getByRole("img", { name: "Alder & Finch" })).toHaveAttribute(
      "src",
      `${middleware.origin}/logo.svg`,
    );
    await page.locator("merchant-portal").evaluate((portal) => portal.setAttribute("theme", "light"));
    await expectScheme(page, "light");
  });
});

test("CF-3: without an attribute it follows the page around, which may change", async ({ page, middleware, store }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await openShop(page, { middleware, store, css: "html.night { color-scheme: dark; }" });
  await expectScheme(page, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectScheme(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(() => document.documentElement.classList.add("night"));
  await expectScheme(page, "dark");
  await page.evaluate(() => document.documentElement.classList.remove("night"));
  await expectScheme(page, "light");
});

test("CF-3: with theme=auto it follows the system, whatever the page around is", async ({
  page,
  middleware,
  store,
}) => {
  await page.emulateMedia({ colorScheme: "light" });
  const css = "html { color-scheme: dark; }";
  await openShop(page, { middleware, store, css, attributes: 'theme="auto"' });
  await expectScheme(page, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectScheme(page, "dark");
});

test("CF-4: parts are styled by the page, and slots are filled by it", async ({ page, middleware, store }) => {
  const css = `merchant-portal::part(card) { border-top-width: 7px; }
    merchant-portal::part(primary-button) { border-top-width: 9px; }`;
  const content = `<b slot="brand">Our logo</b><a slot="footer" href="/imprint">Imprint</a>
    <p slot="after-overview">Give $10, get $10</p>`;
  await openShop(page, { middleware, store, css, content });
  await expect(primary(page)).toHaveCSS("border-top-width", "9px");
  const cards = page.locator(".card");
  await expect.poll(() => cards.count()).toBeGreaterThan(1);
  for (const card of await cards.all()) await expect(card).toHaveCSS("border-top-width", "7px");
  await expect(page.getByText("Our logo")).toBeVisible();
  await expect(page.getByText("Alder & Finch", { exact: true })).toBeHidden();
  await expect(page.getByRole("link", { name: "Imprint" })).toBeVisible();
  await expect(page.getByText("Give $10, get $10")).toBeVisible();
  await page.getByRole("link", { name: "Addresses" }).click();
  await expect(page.getByText("Give $10, get $10")).toBeHidden();
});

test("CF-4: a script that fails in a slot leaves the portal as it is", async ({
  page,
  middleware,
  store,
  allowErrors,
}) => {
  allowErrors(/from the slot/);
  const content = `<button slot="after-overview" onclick="throw new Error('from the slot')">Refer a friend</button>`;
  await openShop(page, { middleware, store, content });
  const error = page.waitForEvent("pageerror");
  await page.getByRole("button", { name: "Refer a friend" }).click();
  expect((await error).message).toBe("from the slot");
  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("CF-3: the colors of every theme can be told apart, by the browser's own figures", async ({
  page,
  middleware,
  store,
}) => {
  await openShop(page, { middleware, store });
  const pairs = JSON.parse(await readFile("style/contrast.json", "utf8"));
  const names = await readdir("examples/themes");
  expect(names.length).toBeGreaterThan(2);
  for (const name of [undefined, ...names]) {
    const css = name ? await readFile(`examples/themes/${name}`, "utf8") : "";
    for (const theme of ["light", "dark"]) {
      const low = await page.evaluate(lowContrast, { css, theme, pairs });
      expect(low, `${name}, ${theme}`).toEqual([]);
    }
  }
});

/** The pairs whose contrast is too low under a theme, in the page. */
function lowContrast({ css, theme, pairs }) {
  const portal = document.querySelector("merchant-portal");
  portal.setAttribute("theme", theme);
  const style = document.head.appendChild(document.createElement("style"));
  style.textContent = css;
  const root = portal.shadowRoot.querySelector(".portal");
  const probe = root.appendChild(document.createElement("i"));
  const pixels = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const seen = (layers) => {
    for (const layer of layers) {
      probe.style.color = `var(${layer})`;
      pixels.fillStyle = getComputedStyle(probe).color;
      pixels.fillRect(0, 0, 1, 1);
    }
    return [...pixels.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (color) => {
    const [red, green, blue] = color.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const low = [];
  for (const { front, back, tokens, needed } of pairs) {
    const under = back.toReversed();
    const [one, other] = [luminance(seen(under)), luminance(seen([...under, front]))];
    const ratio = Math.max(one, other) / Math.min(one, other);
    // Half of a step of eight bits.
    if (ratio * 100 < needed - 3) low.push(`${tokens.join(" on ")}: ${ratio.toFixed(2)}`);
  }
  probe.remove();
  style.remove();
  return low;
}
