import { expect, test } from "./support/portal.js";

test("a link opens the portal once, on the customer's own data", async ({ page, middleware, portal, allowErrors }) => {
  await portal.open();
  await expect(page).toHaveURL(`${middleware.origin}/portal/`);
  await expect(page.getByText("Alder & Finch")).toBeVisible();

  // Whatever only looks at a link leaves it good.
  const link = await middleware.link({ email: "maya.lindqvist@example.com" });
  await page.context().clearCookies();
  expect(await (await page.request.get(link)).text()).toContain("Open your subscriptions");
  await page.goto(link);
  await expect(page).toHaveURL(`${middleware.origin}/portal/`);
  await page.context().clearCookies();
  allowErrors(/status of 410/);
  expect((await page.goto(link)).status()).toBe(410);
});

test("the session's cookie is out of reach of scripts and other hosts", async ({ page, portal }) => {
  await portal.open();
  const [cookie, ...others] = await page.context().cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({ secure: true, httpOnly: true, path: "/" });
  expect(cookie.name).toMatch(/^__Host-/);
  expect(cookie.sameSite).toMatch(/Lax|Strict/);
  const readable = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(readable).not.toContain(cookie.value);
});
