// The designers' frame around the portal, from a plain static host below a path of its own.
import { expect, test } from "./support/preview.js";

/** The portal in the frame. */
const portal = (page) => page.frameLocator("iframe");

/** The button that the overview leads with. */
const primary = (page) => portal(page).locator(".button-primary").first();

/** Opens the frame with settings and waits for the portal in it. */
async function open(page, preview, settings = "") {
  await page.goto(preview + settings);
  await expect(portal(page).getByRole("heading", { level: 1 })).toBeVisible();
}

/** What the panel exports, in one of its formats. */
async function exported(page, format) {
  await page.getByRole("radio", { name: format }).check({ force: true });
  return page.getByLabel("Exported theme").innerText();
}

/** Types a value into the field of a token. */
async function edit(page, token, value) {
  const field = page.getByRole("textbox", { name: token, exact: true });
  await field.fill(value);
  await field.press("Tab");
}

test("a scenario is shown, named in the address, and still there after a reload", async ({ page, preview }) => {
  await open(page, preview);
  const failed = portal(page).getByRole("button", { name: "Pay now" });
  await expect(portal(page).getByRole("button", { name: "Skip this delivery" })).toBeVisible();
  await expect(failed).toHaveCount(0);
  await page.getByLabel("Scenario").selectOption("Dunning");
  await expect(failed).toBeVisible();
  await expect(page).toHaveURL(/scenario=dunning/);
  await page.reload();
  await expect(page.getByLabel("Scenario")).toHaveValue("dunning");
  await expect(failed).toBeVisible();
});

test("a scenario outlives links and reloads of the portal itself", async ({ page, preview }) => {
  await page.goto(`${preview}portal/?scenario=new-customer`);
  await page.getByRole("link", { name: "Deliveries" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Deliveries" })).toBeVisible();
  await expect(page).not.toHaveURL(/scenario/);
  await page.goto(`${preview}portal/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "new-customer" })).toHaveAttribute("aria-current", "true");
});

const STATES = {
  Loading: async (shown) => {
    await expect(shown.getByText("Loading").first()).toBeAttached();
    await expect(shown.getByRole("button", { name: "Skip this delivery" })).toHaveCount(0);
  },
  Outage: async (shown) => {
    await expect(shown.getByText("Reference preview").first()).toBeVisible();
  },
  "Session ended": async (shown) => {
    await expect(shown.getByRole("heading", { name: "You were signed out" })).toBeVisible();
  },
  "Changes fail": async (shown) => {
    await change(shown);
    await expect(shown.getByRole("dialog").getByRole("alert").first()).toBeVisible();
  },
  Offline: async (shown) => {
    await change(shown);
    await expect(shown.getByRole("dialog")).toContainText("connection");
  },
};

/** Skips the next delivery, as far as that is possible. */
async function change(shown) {
  await shown.getByRole("button", { name: "Skip this delivery" }).click();
  await shown.getByRole("dialog").locator("button[type=submit]").click();
}

for (const [state, look] of Object.entries(STATES)) {
  test(`the state ${state} shows what a customer sees then`, async ({ page, preview }) => {
    await open(page, preview, "?width=768");
    await page.getByLabel("State").selectOption(state);
    await expect(page).toHaveURL(/state=/);
    await look(portal(page));
  });
}

test("each language is that of the portal, and its direction", async ({ page, preview }) => {
  const { languages } = await (await page.request.get(`${preview}preview.json`)).json();
  await open(page, preview);
  for (const { tag, dir } of languages) {
    await page.getByLabel("Language").selectOption(tag);
    const root = portal(page).locator(".portal");
    await expect(root).toHaveAttribute("lang", tag);
    await expect(root).toHaveAttribute("dir", dir);
  }
});

test("the width is that of the page in the frame: preset, typed, by keyboard and dragged", async ({
  page,
  preview,
}) => {
  await open(page, preview, "?width=768");
  const width = () => page.evaluate(() => document.querySelector("iframe").contentWindow.innerWidth);
  await expect.poll(width).toBe(768);
  await page.getByRole("radio", { name: "390" }).check({ force: true });
  await expect.poll(width).toBe(390);
  await page.getByLabel("Width in pixels").fill("512");
  await page.getByLabel("Width in pixels").press("Enter");
  await expect.poll(width).toBe(512);
  const handle = page.getByRole("separator", { name: "Width" });
  await handle.press("ArrowRight");
  await expect.poll(width).toBe(522);
  const { x, y, height } = await handle.boundingBox();
  await page.mouse.move(x + 4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 44, y + height / 2);
  await page.mouse.up();
  await expect.poll(width).toBe(602);
  await expect(page).toHaveURL(/width=602/);
});

test("a page wider than its room is made smaller, and stays as wide as it is", async ({ page, preview }) => {
  await open(page, preview, "?width=1280");
  await expect(page.locator("#scale")).toHaveText(/^\d\d%$/);
  expect(await page.evaluate(() => document.querySelector("iframe").contentWindow.innerWidth)).toBe(1280);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
});

test("the appearance changes without loading anything again", async ({ page, preview }) => {
  await open(page, preview);
  const root = portal(page).locator(".portal");
  const ground = () => root.evaluate((root) => getComputedStyle(root).backgroundColor);
  await page.getByRole("radio", { name: "Light" }).check({ force: true });
  const light = await ground();
  await page.getByRole("radio", { name: "Dark" }).check({ force: true });
  await expect.poll(ground).not.toBe(light);
  await expect(page).toHaveURL(/mode=dark/);
});

test("a token that is edited changes the portal at once, and goes back with Reset", async ({ page, preview }) => {
  await open(page, preview, "?mode=light");
  const fill = () => primary(page).evaluate((button) => getComputedStyle(button).backgroundColor);
  const before = await fill();
  await edit(page, "Accent", "#8a1c3d");
  await expect.poll(fill).toBe("rgb(138, 28, 61)");
  await expect(page).toHaveURL(/--portal-accent=%238a1c3d/);
  await page.reload();
  await expect.poll(fill).toBe("rgb(138, 28, 61)");
  await page.getByRole("button", { name: "Reset accent" }).click();
  await expect.poll(fill).toBe(before);
  await page.getByRole("slider", { name: "Radius", exact: true }).fill("3");
  const round = () => primary(page).evaluate((button) => getComputedStyle(button).borderTopLeftRadius);
  await expect.poll(round).toBe("3px");
});

test("a theme file is in force, and the start of what is exported", async ({ page, preview }) => {
  const { themes } = await (await page.request.get(`${preview}preview.json`)).json();
  await open(page, preview, "?mode=light");
  const ground = () =>
    portal(page)
      .locator(".portal")
      .evaluate((root) => getComputedStyle(root).backgroundColor);
  const grounds = new Set([await ground()]);
  for (const { name } of themes) {
    await page.getByRole("combobox", { name: "File" }).selectOption(name);
    await expect.poll(async () => grounds.has(await ground())).toBe(false);
    grounds.add(await ground());
    await expect(page.getByText("have enough contrast")).toBeVisible();
    expect(await exported(page, "CSS")).toContain("--portal-background:");
  }
  expect(themes.length).toBeGreaterThan(2);
});

test("a pair with too little contrast is named with its ratio and what it needs", async ({ page, preview }) => {
  await open(page, preview);
  await expect(page.getByText("have enough contrast")).toBeVisible();
  await edit(page, "Muted", "#999999");
  const failing = page.getByRole("list", { name: "Pairs that fail" });
  const pair = failing.getByRole("listitem").filter({ hasText: "Muted on surface, light" }).first();
  // On white: (1 + 0.05) / (0.3185 + 0.05).
  await expect(pair).toContainText("2.84:1");
  await expect(pair).toContainText("needs 4.5:1");
});

for (const format of ["CSS", "TOML"]) {
  test(`a theme exported as ${format} and imported again is the same`, async ({ page, preview }) => {
    await open(page, preview);
    await edit(page, "Accent", "#8a1c3d");
    await page.getByRole("slider", { name: "Radius", exact: true }).fill("5");
    await page.getByLabel("Font", { exact: true }).selectOption("Slab");
    const css = await exported(page, "CSS");
    const text = await exported(page, format);
    expect(text).toContain(format === "CSS" ? "--portal-radius: 5px;" : 'radius = "5px"');
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toBe(`theme.${format.toLowerCase()}`);
    await page.getByRole("button", { name: "Reset changes" }).click();
    expect(await exported(page, "CSS")).not.toBe(css);
    await page.getByLabel("Theme file").setInputFiles(await (await download).path());
    await expect(page.getByRole("status")).toHaveText("3 tokens imported.");
    expect(await exported(page, "CSS")).toBe(css);
  });
}

test("a file that sets no token is refused and changes nothing", async ({ page, preview }) => {
  await open(page, preview, "?--portal-radius=4px");
  const buffer = Buffer.from("body { color: red }");
  await page.getByLabel("Theme file").setInputFiles({ name: "shop.css", mimeType: "text/css", buffer });
  await expect(page.getByRole("status")).toContainText("shop.css sets no token of the portal.");
  expect(await exported(page, "CSS")).toContain("--portal-radius: 4px;");
});

test("the page that was opened in the portal is in the address", async ({ page, preview }) => {
  await open(page, preview, "?width=768");
  await portal(page).getByRole("link", { name: "Deliveries" }).first().click();
  await expect(page).toHaveURL(/page=%2Fdeliveries/);
  await page.reload();
  await expect(portal(page).getByRole("heading", { level: 1, name: "Deliveries" })).toBeVisible();
});

test("the components are a view of their own", async ({ page, preview }) => {
  await open(page, preview);
  await page.getByRole("radio", { name: "Components" }).check({ force: true });
  await expect(portal(page).getByRole("heading", { level: 1, name: "Components" })).toBeVisible();
  await expect(page).toHaveURL(/view=components/);
});

test("the fields for a card are there at any path", async ({ page, preview }) => {
  await open(page, preview, "?page=%2Fpayment-methods%2Fnew");
  const fields = portal(page).frameLocator('iframe[title="Card details"]');
  await expect(fields.getByLabel("Card number")).toBeVisible();
});

test("axe finds nothing in the frame, and it can be used by keyboard", async ({ page, preview, axe }) => {
  await open(page, preview);
  await axe();
  await page.getByRole("radio", { name: "Portal" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(portal(page).getByRole("heading", { level: 1, name: "Components" })).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(primary(page)).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Scenario")).toBeFocused();
});
