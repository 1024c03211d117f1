// How dates, numbers and times are written, wherever the reader is.
import { expect, test } from "./support/portal.js";
import { formatLocale } from "../web/start.js";
import { test as mock } from "./support/mock.js";

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

test("a page in another language is written in the ways of its reader's region", () => {
  const ways = "-u-ca-gregory-nu-latn";
  expect(formatLocale("de_CH", "de")).toBe(`de-CH${ways}`);
  // Where the Gregorian calendar and these digits are not the usual ones.
  expect(formatLocale("ar-SA", "ar")).toBe(`ar-SA${ways}`);
  // A text of the merchant in another language than the browser's.
  expect(formatLocale("garbage!", "de")).toBe("de");
});

for (const [tag, date, money] of [
  ["en-US@posix", /^\w+day, \w+ \d+/, /\$80\.90/],
  ["en_GB", /^\w+day,? \d+ \w+/, /US\$80\.90/],
  ["de-CH", /^\w+, \d+\. \w+/, /\$\s?80\.90/],
  ["sv-SE", /^\w+day,? \d+ \w+/, /80,90\sUS\$/],
  ["garbage!", /^\w+day, \w+ \d+/, /\$80\.90/],
]) {
  test(`the page is written for ${tag}`, async ({ page, portal }) => {
    await page.addInitScript((tag) => Object.defineProperty(navigator, "languages", { value: [tag] }), tag);
    await portal.open();
    await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText(date);
    await expect(page.getByRole("main")).toContainText(money);
  });
}

test("CF-5: the first of the browser's languages that there is counts, with the ways of its region", async ({
  page,
  portal,
}) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "languages", { value: ["sv-SE", "de-CH", "en-US"] }));
  await portal.open();
  await expect(page.locator("[data-perennial] .portal")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("main")).toContainText(/\$\s?80\.90/);
});

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

/** Moments beside the nights in which clocks change, in New York and in Berlin. */
const CHANGES_OF_CLOCK = [
  "2026-03-08T06:30:00Z",
  "2026-03-29T00:30:00Z",
  "2026-10-25T00:30:00Z",
  "2026-11-01T05:30:00Z",
];

mock("IN-4: dates are the same for readers in every zone, also when clocks change", async ({ browser, bundle }) => {
  const shown = new Map(CHANGES_OF_CLOCK.map((moment) => [moment, new Set()]));
  for (const timezoneId of ["Etc/GMT+12", "America/New_York", "Europe/Berlin", "Pacific/Kiritimati"]) {
    const page = await browser.newPage({ timezoneId });
    for (const [moment, dates] of shown) {
      await page.clock.setFixedTime(moment);
      await page.goto(`${bundle.origin}/portal/deliveries`);
      const blocks = page.getByRole("main").getByRole("heading", { level: 3 });
      await expect(blocks.first()).toBeVisible();
      dates.add((await blocks.allTextContents()).join(", "));
    }
    await page.close();
  }
  for (const [moment, dates] of shown) expect([...dates], moment).toHaveLength(1);
});
