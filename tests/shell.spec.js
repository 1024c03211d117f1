import { goTo } from "./support/customer.js";
import { expect, test } from "./support/mock.js";

test("the shell paints under the strict policy without an error", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.getByText("We couldn’t open this page")).toBeHidden();
});

test("until the portal has started, bars in the shape of the overview are in its place", async ({ page, bundle }) => {
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route("**/*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${bundle.origin}/portal/`, { waitUntil: "commit" });
  const bars = page.locator("[data-perennial] .card .skeleton");
  await expect(bars).toHaveCount(9);
  for (const bar of await bars.all()) {
    const { width, height } = await bar.evaluate((bar) => bar.getBoundingClientRect());
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(12);
  }
  release();
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
});

test("each place has a title of its own, with the shop's name", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page).toHaveTitle("Overview – Alder & Finch");
  for (const [section, title] of [
    ["Subscriptions", "Subscriptions"],
    ["Deliveries", "Deliveries"],
    ["Payment", "Payment methods"],
    ["Purchase history", "Purchase history"],
  ]) {
    await goTo(page, section);
    await expect(page).toHaveTitle(`${title} – Alder & Finch`);
  }
  await page.getByRole("main").locator('a[href*="/history/"]').filter({ visible: true }).first().click();
  await expect(page).toHaveTitle(/^Order #\d+ – Alder & Finch$/);
  await page.goBack();
  await expect(page).toHaveTitle("Purchase history – Alder & Finch");
});

test("after a jump through the history, a place has an entry of its own again", async ({ page, bundle }) => {
  await page.goto(`${bundle.origin}/portal/`);
  for (const section of ["Subscriptions", "Deliveries", "Addresses"]) await goTo(page, section);
  await page.evaluate(() => history.go(-2));
  await expect(page.getByRole("heading", { level: 1, name: "Subscriptions" })).toBeVisible();
  await goTo(page, "Addresses");
  await expect(page).toHaveURL(/\/portal\/addresses$/);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Subscriptions" })).toBeVisible();
  await expect(page).toHaveURL(/\/portal\/subscriptions$/);
});

test("where the browser takes no more entries, pages and filters are changed all the same", async ({
  page,
  bundle,
}) => {
  await page.goto(`${bundle.origin}/portal/`);
  await goTo(page, "Deliveries");
  await page.evaluate(() => {
    history.pushState = history.replaceState = () => {
      throw new DOMException("Attempt to use history.replaceState() more than 100 times", "SecurityError");
    };
  });
  await goTo(page, "Purchase history");
  await page.getByLabel("Order number or item").fill("sencha");
  await expect(page.getByRole("heading", { level: 1, name: "Purchase history" })).toBeVisible();
  await goTo(page, "Addresses");
  await expect(page.getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();
  await expect(page).toHaveURL(/\/portal\/deliveries$/);
});

test("links on our own page that lead out of the portal are the browser's", async ({ page, bundle, allowErrors }) => {
  allowErrors(/404/);
  for (const path of ["/portal-news", "/portal/api/unknown", "/"]) {
    await page.goto(`${bundle.origin}/portal/`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const followed = await page.evaluate((path) => {
      const link = document.createElement("a");
      link.href = path;
      document.body.append(link);
      // After every listener of the page: whether the browser would follow the link.
      const { promise, resolve } = Promise.withResolvers();
      window.addEventListener("click", (event) => (resolve(!event.defaultPrevented), event.preventDefault()));
      link.click();
      return promise;
    }, path);
    expect(followed, path).toBe(true);
  }
});

test("a portal that leaves our own page takes its listeners along", async ({ page, bundle }) => {
  await page.addInitScript(() => {
    globalThis.listeners = 0;
    const { addEventListener: add, removeEventListener: remove } = window;
    window.addEventListener = (...all) => (globalThis.listeners++, add.apply(window, all));
    window.removeEventListener = (...all) => (globalThis.listeners--, remove.apply(window, all));
  });
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const counts = await page.evaluate(async () => {
    const glue = performance.getEntriesByType("resource").find(({ name }) => /perennial\.\w+\.js$/.test(name));
    const { mount } = await import(glue.name);
    const counts = [globalThis.listeners];
    for (let time = 0; time < 3; time += 1) {
      const root = document.body.appendChild(document.createElement("div"));
      const handle = mount(root, { base: "/portal", mode: "mock", routing: "browser" });
      counts.push(globalThis.listeners);
      handle.unmount();
      root.remove();
      counts.push(globalThis.listeners);
    }
    return counts;
  });
  const [before, mounted] = counts;
  expect(mounted).toBeGreaterThan(before);
  expect(counts).toEqual([before, mounted, before, mounted, before, mounted, before]);
});

test("a start that fails offers the way back to the shop", async ({ page, bundle, allowErrors }) => {
  allowErrors(/perennial_bg|ERR_FAILED|Failed to fetch/);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("link", { name: "back to the shop" })).toBeVisible();
});

test("a bootstrap script that never arrives leaves the way back to the shop", async ({ page, bundle, allowErrors }) => {
  allowErrors(/ERR_FAILED/);
  await page.route("**/boot.*.js", (route) => route.abort());
  await page.goto(`${bundle.origin}/portal/`);
  await expect(page.getByRole("link", { name: "back to the shop" })).toBeVisible({ timeout: 12_000 });
});
