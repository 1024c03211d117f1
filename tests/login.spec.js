// The login page: pages without a script, from the address to the portal.
import { expect, test } from "./support/portal.js";

const MAYA = "maya.lindqvist@example.com";

test.use({ settings: { enabled: true } });

/**
 * The code and the link of the latest email.
 * @param {{ mail(): Promise<string> }} middleware
 */
async function latest(middleware) {
  let mail = "";
  await expect(async () => {
    // Long lines are sent as quoted-printable.
    mail = (await middleware.mail()).replace(/=\r?\n/g, "");
    expect(mail).toContain("Your code is ");
  }).toPass({ timeout: 10_000 });
  const [, code] = mail.match(/Your code is (\w+)/);
  const [, link] = mail.match(/(http\S+\/portal\/login\/link\/\S+)/);
  return { code, link };
}

/** @param {import("@playwright/test").Page} page @param {string} email */
async function ask(page, email) {
  await page.getByLabel("Email address").fill(email);
  await page.getByRole("button", { name: "Send code" }).click();
}

test("EN-2: a customer signs in with a code sent to their address", async ({
  page,
  middleware,
  store,
  axe,
  allowErrors,
}) => {
  expect(await store.customers()).toHaveLength(1);
  // What is wrong with a form is answered 422.
  allowErrors(/status of 422/);
  await page.goto(`${middleware.origin}/portal/login?to=/addresses`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await axe();

  await ask(page, "maya at example.com");
  const email = page.getByLabel("Email address");
  await expect(email).toHaveAccessibleDescription("Enter an email address, such as name@example.com.");
  await expect(email).toHaveValue("maya at example.com");
  await expect(email).toBeFocused();
  await axe();

  await ask(page, MAYA);
  await expect(page.getByRole("heading", { name: "Check your email" })).toBeVisible();
  const { code } = await latest(middleware);
  const field = page.getByLabel("Code");
  await field.fill(code.startsWith("A") ? "BBBBBB" : "AAAAAA");
  await field.press("Enter");
  await expect(field).toHaveAccessibleDescription(/Tries left: 4\./);
  await axe();

  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await field.fill(`${code.slice(0, 3)}-${code.slice(3).toLowerCase()}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${middleware.origin}/portal/addresses`);
  await expect(page.getByRole("main")).toBeVisible();
});

test("EN-2: a link from the email signs in another browser at the press of its button", async ({
  page,
  middleware,
  browser,
  axe,
}) => {
  const asked = await browser.newPage();
  await asked.goto(`${middleware.origin}/portal/login`);
  await ask(asked, MAYA);
  const { link } = await latest(middleware);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: `Sign in as ${MAYA}` })).toBeVisible();
  await expect(page.getByText("requested in another browser or on another device")).toBeVisible();
  await axe();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${middleware.origin}/portal/`);
  // The browser that asked is not signed in by that.
  await asked.reload();
  await expect(asked.getByRole("heading", { name: "This code no longer works" })).toBeVisible();
  await asked.close();
});
