// How dates, numbers and times are written, wherever the reader is.
import { expect, test } from "./support/portal.js";
import { formatLocale } from "../web/start.js";

test("a locale of any form is taken, and a region is never mistaken for America", () => {
  for (const [tag, locale] of Object.entries({
    "en-US@posix": "en-US",
    en_GB: "en-GB",
    "en_GB.UTF-8": "en-GB",
    "de-CH": "en-CH",
    de: "en-DE",
    "fr-CA": "en-CA",
    "pt-BR": "en-GB",
    "zh-Hans-CN": "en-GB",
    en: "en-US",
    "en-GB-u-ca-buddhist": "en-GB",
  })) {
    expect(formatLocale(tag), tag).toBe(locale);
  }
  for (const garbage of ["", "C", "POSIX", "x", "🙂", "en--US", "a".repeat(300), "*", "en-US, de"]) {
    expect(formatLocale(garbage), garbage).toMatch(/^en-[A-Z]{2}$/);
  }
});

for (const [tag, date, money] of [
  ["en-US@posix", /^\w+day, \w+ \d+/, /\$80\.90/],
  ["en_GB", /^\w+day,? \d+ \w+/, /US\$80\.90/],
  ["de-CH", /^\w+day,? \d+ \w+/, /US\$\s?80\.90/],
  ["garbage!", /^\w+day, \w+ \d+/, /\$80\.90/],
]) {
  test(`the page is written for ${tag}`, async ({ page, portal }) => {
    await page.addInitScript((tag) => Object.defineProperty(navigator, "language", { value: tag }), tag);
    await portal.open();
    await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText(date);
    await expect(page.getByRole("main")).toContainText(money);
  });
}

const until = (page) => page.getByText(/^You can change this until/).first();

test.describe("in the store's zone", () => {
  test.use({ timezoneId: "America/New_York" });

  test("IN-4 DS-9: the cut-off names no zone", async ({ page, portal }) => {
    await portal.open();
    await expect(until(page)).toHaveText(/(AM|PM)$/);
  });
});

test.describe("elsewhere", () => {
  test.use({ timezoneId: "Europe/Berlin" });

  test("IN-4 DS-9: the cut-off names the store's zone", async ({ page, portal }) => {
    await portal.open();
    await expect(until(page)).toHaveText(/(AM|PM) E[SD]T$/);
    await portal.open("/deliveries");
    await expect(until(page)).toHaveText(/(AM|PM) E[SD]T$/);
  });
});

test.describe("once the cut-off has passed", () => {
  test.use({ settings: { days: 30 } });

  test("DS-9: the overview offers nothing that cannot be done, and says why once", async ({ page, portal }) => {
    await portal.open();
    await expect(page.getByText("It’s too late to change this delivery.")).toHaveCount(1);
    await expect(page.getByRole("main").getByRole("button", { name: /^Skip/ })).toHaveCount(0);
  });
});
