// Every form: it can be left in every way from every field, and what was typed is there again.
import { setTimeout } from "node:timers/promises";
import { ACTIONS, asItIs, finish } from "./support/actions.js";
import { dialog, kept, said } from "./support/customer.js";
import { disturbHeld, expectFocus, focused, holdFields, noteOpener, reopen } from "./support/focus.js";
import { expect, test } from "./support/mock.js";
import { visit } from "./support/places.js";

const WAYS = {
  Escape: (page) => page.keyboard.press("Escape"),
  Back: (page) => page.goBack(),
  "×": (page) => dialog(page).getByRole("button", { name: "Close", exact: true }).click(),
};

/** What stands in the fields of the open form. */
const filled = (page) =>
  dialog(page)
    .locator("form")
    .evaluate((form) => {
      /** @type {NodeListOf<HTMLInputElement>} */
      const fields = form.querySelectorAll("input:not([type=search]), select, textarea, [data-day]");
      return [...fields].map((field) => {
        if (field.matches("[data-day]")) return `${field.dataset.day} ${field.ariaPressed}`;
        return field.matches("[type=radio], [type=checkbox]") ? `${field.value} ${field.checked}` : field.value;
      });
    });

/** The same, once what has to be read first is here: nothing changes any more. */
async function settled(page) {
  for (let last; ;) {
    const now = await filled(page);
    if (now.join() === last) return now;
    last = now.join();
    await setTimeout(600);
  }
}

/** The first button that skips a delivery. */
const skip = (page) => page.getByRole("main").getByRole("button", { name: /^Skip/ }).first();

/** Loads the page again, until it has left the entry of the sheet that was open: that would end the next loading. */
async function reload(page) {
  await page.reload();
  await expect.poll(() => page.evaluate(() => history.state)).not.toBe(true);
}

test.describe.configure({ timeout: 120_000 });

for (const [name, action] of Object.entries(ACTIONS)) {
  test(`${name} can be left by Escape, Back and × from each of its fields`, async ({ page, bundle }) => {
    await visit(page, bundle.origin, action);
    await noteOpener(page);
    await action.open(page);
    await dialog(page).waitFor();
    const address = page.url();
    const fields = await holdFields(page);
    for (const [way, leave] of Object.entries(WAYS)) {
      for (let at = 0; at < fields; at++) {
        await expect(async () => {
          if (!(await dialog(page).isVisible())) await reopen(page);
          await expect(dialog(page)).toBeVisible({ timeout: 1_000 });
        }).toPass();
        // From then on Back is about the sheet.
        await expect.poll(() => page.evaluate(() => history.state)).toBe(true);
        await expect.poll(() => holdFields(page)).toBeGreaterThan(at);
        await page.evaluate((at) => globalThis.held[at].focus(), at);
        await leave(page);
        await expect(dialog(page), `${way} closes it`).toBeHidden();
        await disturbHeld(page);
        await expectFocus(page, `after ${way} in field ${at}`);
        expect(page.url(), `${way} leaves the page where it is`).toBe(address);
      }
    }
    await reopen(page);
    await expect(dialog(page)).toBeVisible();
  });

  if (action.fill && action.fill !== asItIs) {
    test(`${name} has what was typed again after Back and after a reload`, async ({ page, bundle }) => {
      await visit(page, bundle.origin, action);
      await noteOpener(page);
      await action.open(page);
      await dialog(page).waitFor();
      const before = await settled(page);
      await action.fill(page);
      const typed = await settled(page);
      expect(typed).not.toEqual(before);
      await page.goBack();
      await expect(dialog(page)).toBeHidden();
      await reopen(page);
      await dialog(page).locator("form").waitFor();
      if (await dialog(page).getByLabel("Code", { exact: true }).count()) {
        expect(await filled(page)).toEqual(before);
        expect(await kept(page)).not.toContain(typed[0]);
        return;
      }
      await expect.poll(() => filled(page)).toEqual(typed);
      // Where the address has lost the scenario, its customer would be another one.
      if (!action.scenario) await reload(page);
      await visit(page, bundle.origin, action);
      await action.open(page);
      await dialog(page).locator("form").waitFor();
      await expect.poll(() => filled(page)).toEqual(typed);
      await dialog(page).getByRole("button", { name: "Start over" }).click();
      await expect.poll(() => filled(page)).toEqual(before);
      await expectFocus(page, "after starting over");
      expect(await kept(page)).not.toContain("perennial.draft");
    });
  }
}

test("a menu that is left by Escape gives the focus back to its button", async ({ page, bundle }) => {
  await visit(page, bundle.origin, { path: "/deliveries" });
  const more = page.getByRole("button", { name: /^More options for / }).first();
  for (const presses of [0, 1, 2]) {
    await more.click();
    for (let at = 0; at < presses; at++) await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await expect(more).toBeFocused();
  }
});

test("Back and Forward go on as before once a sheet was open", async ({ page, bundle }) => {
  await visit(page, bundle.origin, { path: "/" });
  const skipNext = page.getByRole("button", { name: "Skip this delivery" });
  const heading = page.getByRole("heading", { level: 1 });
  await page.getByRole("link", { name: "Deliveries" }).first().click();
  await expect(heading).toHaveText("Deliveries");
  const open = async () => {
    await skip(page).click();
    await expect(dialog(page)).toBeVisible();
  };
  await open();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await open();
  await page.goBack();
  await expect(dialog(page)).toBeHidden();
  await page.goForward();
  await expect(heading).toHaveText("Deliveries");
  await expect(dialog(page)).toBeHidden();
  await open();
  // A sheet that is open is left together with its page, in one step.
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    /** @type {HTMLElement} */ (shadowRoot.querySelector("nav a[href$=addresses]")).click();
  });
  await expect(heading).toHaveText("Addresses");
  await expect(dialog(page)).toBeHidden();
  await page.goBack();
  await expect(heading).toHaveText("Deliveries");
  await page.goBack();
  await expect(skipNext).toBeVisible();
  expect(await focused(page)).not.toBe("");
});

test("a page that is loaded again with a sheet open needs no press on Back for it", async ({ page, bundle }) => {
  await visit(page, bundle.origin, { path: "/" });
  await page.getByRole("link", { name: "Deliveries" }).first().click();
  await skip(page).click();
  await expect(dialog(page)).toBeVisible();
  await reload(page);
  await expect(skip(page)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
});

test("no code and no card is kept in the browser", async ({ page, bundle }) => {
  for (const name of ["confirm_email_change", "confirm_deletion", "add_payment_method"]) {
    const action = ACTIONS[name];
    await visit(page, bundle.origin, action);
    await action.open(page);
    // All that is written from now on, even where it is removed at once.
    await page.evaluate(() => {
      globalThis.written = [];
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = function (name, value) {
        globalThis.written.push(`${name} ${value}`);
        return setItem.call(this, name, value);
      };
    });
    await finish(page, action);
    await expect(said(page)).toContainText(action.said);
    const written = await page.evaluate(() => globalThis.written.join("\n"));
    expect(written).not.toMatch(/"(code|token)|4242|perennial\.draft/);
    expect(written).toContain("perennial.sent");
  }
});
