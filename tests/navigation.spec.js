// The sections on a phone: four in a bar at the lower edge, the rest behind "More".
import { goTo, sections } from "./support/customer.js";
import { focused } from "./support/focus.js";
import { expect, test } from "./support/mock.js";

const BAR = ["Overview", "Subscriptions", "Deliveries", "Payment"];
const REST = ["Purchase history", "Addresses", "Your details"];

const more = (page) => sections(page).getByRole("button", { name: "More" });
const links = (page) => sections(page).getByRole("link");

/** Whether the browser tells assistive technology that the menu is open. */
async function isExpanded(page) {
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send("Accessibility.getFullAXTree");
  const button = nodes.find(({ role, name }) => role?.value === "button" && name?.value === "More");
  return button.properties.find(({ name }) => name === "expanded").value.value;
}

/** Where an element is on the screen. @param {import("@playwright/test").Locator} element */
const place = (element) => element.evaluate((element) => element.getBoundingClientRect().toJSON());

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test.beforeEach(async ({ page, bundle }) => {
    await page.goto(`${bundle.origin}/portal/`);
    await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
  });

  test("four sections and More are at the lower edge, wherever the page is scrolled to", async ({ page }) => {
    await expect(links(page)).toHaveText(BAR);
    for (const offset of [0, 400]) {
      await page.evaluate((offset) => scrollTo(0, offset), offset);
      for (const item of [...(await links(page).all()), more(page)]) {
        const { width, height, bottom } = await place(item);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
        expect(bottom).toBeGreaterThan(844 - 8);
      }
    }
    await expect(sections(page).locator("[aria-current]")).toHaveText(["Overview"]);
  });

  test("More opens the rest of the sections and the way out, and says so", async ({ page }) => {
    expect(await isExpanded(page)).toBe(false);
    await more(page).focus();
    await page.keyboard.press("Enter");
    expect(await isExpanded(page)).toBe(true);
    await expect(links(page)).toHaveText([...BAR, ...REST]);
    await expect(page.getByRole("button", { name: "Sign out" })).toHaveCount(1);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("a Purchase history");
    await page.keyboard.press("Escape");
    await expect(links(page)).toHaveText(BAR);
    expect(await focused(page)).toBe("button More");
  });

  test("a section of the menu opens and the menu closes", async ({ page }) => {
    await goTo(page, "Addresses");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Addresses");
    await expect(links(page)).toHaveText(BAR);
    await more(page).click();
    await expect(sections(page).locator("[aria-current]").filter({ visible: true })).toHaveText(["Addresses"]);
    await page.getByRole("heading", { level: 1 }).click();
    await expect(links(page)).toHaveText(BAR);
  });

  test("nothing that has the focus is behind the bar", async ({ page }) => {
    const seen = new Set();
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      const [name, hidden] = await page.evaluate(() => {
        const shadow = document.querySelector("[data-perennial]").shadowRoot;
        const { activeElement } = shadow;
        const bar = shadow.querySelector(".nav").getBoundingClientRect().top;
        const isOfPage = activeElement?.closest(".main, .foot");
        return [activeElement?.textContent.trim(), isOfPage && activeElement.getBoundingClientRect().bottom > bar];
      });
      seen.add(name);
      expect(hidden, name).toBeFalsy();
    }
    expect([...seen]).toEqual(expect.arrayContaining(["Reschedule", "See all deliveries", "Help"]));
  });

  test("what the overview is for is in sight and in reach of the thumb", async ({ page }) => {
    const { top: bar } = await place(sections(page));
    const { top, bottom } = await place(page.getByRole("button", { name: "Reschedule" }));
    expect(top).toBeGreaterThan(844 / 2);
    expect(bottom).toBeLessThan(bar);
  });

  test("the filters of the history wait behind one button", async ({ page, axe }) => {
    await goTo(page, "Purchase history");
    const order = page.getByRole("main").locator('a[href*="/history/"]').filter({ visible: true }).first();
    await expect(page.getByRole("search")).toBeHidden();
    expect((await place(order)).top).toBeLessThan(844 / 3);
    await page.getByRole("button", { name: "Find orders" }).click();
    await expect(page.getByRole("search").getByLabel("Order number or item")).toBeVisible();
    await axe();
  });

  test("written from right to left, the menu opens inside the window", async ({ page }) => {
    await page.locator(".portal").evaluate((portal) => portal.setAttribute("dir", "rtl"));
    expect((await place(more(page))).left).toBeLessThan(40);
    await more(page).click();
    const { left, top, right, bottom } = await place(page.locator("[popover]:popover-open"));
    expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(390);
    expect(bottom).toBeLessThanOrEqual(844);
  });

  test("the bar is not printed", async ({ page }) => {
    await page.emulateMedia({ media: "print" });
    await expect(page.locator(".nav")).toBeHidden();
  });
});

for (const [width, height] of [
  [320, 640],
  [360, 740],
]) {
  test(`at ${width} px the bar is one row`, async ({ page, bundle }) => {
    await page.setViewportSize({ width, height });
    await page.goto(`${bundle.origin}/portal/`);
    await expect(links(page)).toHaveText(BAR);
    const tops = [];
    for (const item of [...(await links(page).all()), more(page)]) tops.push((await place(item)).top);
    expect(new Set(tops).size).toBe(1);
  });
}

// 390 px at 200%, and 1280 by 1024 at 400%.
for (const [width, height] of [
  [195, 422],
  [320, 256],
]) {
  test(`magnified to ${width} by ${height} px the bar scrolls away with the page`, async ({ page, bundle }) => {
    await page.setViewportSize({ width, height });
    await page.goto(`${bundle.origin}/portal/`);
    await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
    await page.evaluate(() => scrollTo(0, 400));
    expect((await place(page.locator(".nav"))).bottom).toBeLessThan(0);
  });
}

test("where there is room, all sections and the way out are in sight", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(links(page)).toHaveCount(7);
  await expect(more(page)).toBeHidden();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("the first Tab shows the way to the content, at the top of the page", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("button Skip to content");
  expect((await place(page.getByRole("button", { name: "Skip to content" }))).top).toBeLessThan(20);
});
