// The main journeys as a screen reader finds them: what is read, and in which order.
import { ACTIONS } from "./support/actions.js";
import { announcements, recordAnnouncements } from "./support/announcements.js";
import { dialog, said } from "./support/customer.js";
import { expect, test } from "./support/mock.js";
import { visit } from "./support/places.js";
import { reading } from "./support/reading.js";

/** @typedef {import("@playwright/test").Page} Page */

/** That these lines are read, one after the other, whatever is between. @param {Page} page @param {(string | RegExp)[]} wanted */
async function expectRead(page, ...wanted) {
  await expect(async () => {
    const lines = await reading(page);
    let at = 0;
    for (const one of wanted) {
      const found = lines.slice(at).findIndex((line) => (typeof one === "string" ? line === one : one.test(line)));
      expect(
        found,
        `${one} is read after “${wanted[wanted.indexOf(one) - 1] ?? "the start"}” in\n${lines.join("\n")}`,
      ).toBeGreaterThanOrEqual(0);
      at += found + 1;
    }
  }).toPass({ timeout: 5_000 });
}

/** Each heading is at most one level below the one before it. @param {string[]} lines */
function expectOutline(lines) {
  const levels = lines.flatMap((line) => /^heading (\d)/.exec(line)?.slice(1).map(Number) ?? []);
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  levels.forEach((level, at) => expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1));
}

test("the next delivery is read, skipped and restored", async ({ page, bundle }) => {
  await recordAnnouncements(page);
  await visit(page, bundle.origin, { path: "/" });
  await expectRead(
    page,
    "button: Skip to content",
    "banner",
    "navigation: Your account",
    "link: Overview",
    "button: Sign out",
    "main",
    "heading 1: Hello, Maya",
    "Your next delivery",
    /^heading 2: \w+day, \w+ \d+$/,
    /^in \d+ days$|^tomorrow$/,
    /House Espresso/,
    /^\$\d+\.\d\d$/,
    /^To 214 Prospect Place/,
    /^You can change this until /,
    "button: Reschedule",
    "button: Skip this delivery",
    /^heading 2: /,
    "status",
    "contentinfo",
  );
  expectOutline(await reading(page));

  await page.getByRole("button", { name: "Skip this delivery" }).click();
  await expectRead(
    page,
    /^dialog: Skip \w+day, \w+ \d+$/,
    /^heading 2: Skip \w+day, \w+ \d+$/,
    "button: Close",
    /^Your delivery on .* will cost \$\d+\.\d\d\.$/,
    /^Honey Stroopwafels will still ship /,
    "DisclosureTriangle: Choose items, collapsed",
    "DisclosureTriangle: See all changes, collapsed",
    "button: Never mind",
    "button: Skip 3 items",
  );
  expect(await reading(page), "nothing behind the dialog is read").not.toContain("heading 1: Hello, Maya");

  await dialog(page).getByRole("button", { name: "Skip 3 items" }).click();
  await expectRead(page, "main", "status", /^3 items skipped\. The rest ships \w+day, \w+ \d+\.$/, "button: Undo");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toContainText("Undone.");
  const heard = await announcements(page);
  for (const words of [/^3 items skipped/, /^Undone\./]) {
    expect(
      heard.filter((one) => words.test(one)),
      `${words} is announced once in ${heard}`,
    ).toHaveLength(1);
  }
});

test("a date is read with its state, and changed", async ({ page, bundle }) => {
  await visit(page, bundle.origin, ACTIONS.change_date);
  await ACTIONS.change_date.open(page);
  await expectRead(
    page,
    "dialog: Change date",
    "heading 2: Change date",
    "group: Next delivery",
    "Later deliveries follow from this date at the same frequency.",
    /^Date: Date, \d{4}-\d\d-\d\d, \w+day, /,
    /^button: Previous month/,
    /^\w+ \d{4}$/,
    /^button: Next month/,
    /^grid: \w+ \d{4}$/,
    /^button: \w+day, .*, currently scheduled, pressed$/,
    /^button: \w+day, .*\d, not pressed$/,
    "button: Never mind",
    /^button: Save/,
  );
  await ACTIONS.change_date.fill(page);
  await expectRead(page, /^button: .*, currently scheduled, not pressed$/, /^button: .*\d, pressed$/);
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expectRead(page, "main", /^heading 1: /, "status", /^Your next delivery is now /);
});

test("a subscription is canceled, after what helps instead was read", async ({ page, bundle }) => {
  await visit(page, bundle.origin, ACTIONS.cancel_subscription);
  await ACTIONS.cancel_subscription.open(page);
  await expectRead(
    page,
    "dialog: Cancel subscription",
    "group: Why do you want to cancel?",
    "radio: I have more than I need, not checked",
    "radio: It costs too much, not checked",
    /^textbox: Anything else we should know\?/,
    "Just need a break?",
    "button: Pause subscription",
    "button: Skip next delivery",
    /^Your subscription ends right away, and you won’t be charged for it again\./,
    "button: Never mind",
    /^button: Cancel subscription/,
  );
  await ACTIONS.cancel_subscription.fill(page);
  await expectRead(page, "radio: It costs too much, checked");
  await dialog(page).getByRole("button", { name: "Cancel subscription" }).click();
  await expectRead(page, "main", /^heading 1: /, "status", /^Subscription canceled: House Espresso\./);
});

test("an address with mistakes is read with what is wrong", async ({ page, bundle }) => {
  await recordAnnouncements(page);
  await visit(page, bundle.origin, ACTIONS.update_address);
  await ACTIONS.update_address.open(page);
  const street = dialog(page).getByLabel("Address line 1");
  await street.fill("");
  await dialog(page).getByLabel("ZIP code").fill("1");
  await street.focus();
  await page.keyboard.press("Enter");
  await expect(street).toBeFocused();
  await expect.poll(() => announcements(page)).toContain("This field is required.");
  await expectRead(
    page,
    "dialog: Edit address",
    "combobox: Country, United States, collapsed",
    "textbox: First name, Maya, required",
    "textbox: Address line 1, invalid, required, This field is required.",
    "textbox: ZIP code, 1, invalid, required, Check the format. It should look like 94107.",
    "button: Save address",
  );
  await street.fill("31 Juniper Street");
  await dialog(page).getByLabel("ZIP code").fill("11238");
  await expectRead(page, "textbox: Address line 1, 31 Juniper Street, required");
  await dialog(page).getByRole("button", { name: "Save address" }).click();
  await expectRead(page, "main", "status", /^Address saved\./);
});
