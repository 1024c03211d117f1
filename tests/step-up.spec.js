// What needs a code that was mailed a moment ago: EN-11.
import { expect, test } from "./support/portal.js";
import { delivery, dialog, mailedCode, said } from "./support/customer.js";
import { inFull } from "./support/dates.js";
import { subscription } from "./support/rows.js";

const MAYA = "maya.lindqvist@example.com";

test("CU-10, EN-11: a copy of everything is made once a code proves who asks for it", async ({
  page,
  portal,
  middleware,
  allowErrors,
  axe,
}) => {
  allowErrors(/status of 403/);
  await portal.open("/customer");
  await page.getByRole("button", { name: "Prepare files" }).click();
  const code = page.getByLabel("Code");
  await expect(code).toBeFocused();
  await expect(code).toHaveAccessibleDescription(`We sent a code to ${MAYA}. It expires in 10 minutes.`);
  await axe();
  await expect(page.getByRole("link", { name: "subscriptions.csv" })).toBeHidden();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(code).toHaveAccessibleDescription(/^This field is required\./);
  await code.fill("ZZZZZZ");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(code).toHaveAccessibleDescription(/That’s not the code we sent\..*4 tries left\./);
  await code.fill(await mailedCode(middleware));
  await code.press("Enter");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "subscriptions.csv" }).click();
  expect((await download).suggestedFilename()).toBe("subscriptions.csv");
  await expect(page.getByRole("link", { name: "account.json" })).toBeVisible();
});

test.describe("where large payments need a code", () => {
  test.use({ settings: { pay_above: "1.00" } });

  test("EN-11: what was to be paid is paid once the code is entered, by the card that was chosen", async ({
    page,
    portal,
    store,
    middleware,
    axe,
  }) => {
    const { next: date } = await subscription(store, "Sencha from Uji");
    await portal.open("/deliveries");
    await delivery(page, date)
      .getByRole("button", { name: `More options for ${inFull(date)}` })
      .click();
    await delivery(page, date).getByRole("button", { name: "Get it now" }).click();
    await dialog(page).getByLabel(/Visa/).first().check();
    await dialog(page).getByRole("button", { name: "Pay now" }).click();
    const code = dialog(page).getByLabel("Code");
    await expect(code).toBeFocused();
    await axe();
    expect(await store.effects()).toEqual([]);
    await expect(dialog(page).getByRole("button", { name: "Pay now" })).toBeHidden();
    await code.fill("ZZZZZZ");
    await dialog(page).getByRole("button", { name: "Confirm" }).click();
    await expect(code).toHaveAccessibleDescription(/That’s not the code we sent\./);
    await code.fill(await mailedCode(middleware));
    await code.press("Enter");
    await expect(said(page)).toContainText("You paid $");
    const paths = (await store.effects()).map(({ path }) => path.replace(/\d+/, "{id}"));
    expect(paths).toEqual(["/addresses/{id}", "/charges/{id}/process"]);
  });
});
