// The Stripe tokeniser against a stand-in for Stripe.js, which says what it was asked.
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/page.js";

const PAGE = "https://shop.test/";

/** Stripe.js as far as the tokeniser uses it; `window.next` is what it answers next. */
function standIn() {
  window.asked = [];
  window.Stripe = (key, options) => {
    window.asked.push(["Stripe", key, options]);
    const answer = (name) => async (argument) => {
      const { elements, ...rest } = typeof argument === "object" ? argument : { secret: argument };
      window.asked.push([name, rest, elements !== undefined]);
      if (window.next === "offline") throw new Error("offline");
      return window.next;
    };
    return {
      elements: (options) => {
        window.asked.push(["elements", options]);
        return {
          create: (kind, options) => ({
            on: (name, call) => {
              if (name === "ready") setTimeout(call);
              if (name === "loaderror") window.failToLoad = (error) => call({ elementType: kind, error });
            },
            mount: (slot) =>
              window.asked.push(["create", options]) &&
              slot.append(Object.assign(document.createElement("iframe"), { title: kind })),
            destroy: () => document.querySelector("iframe").remove(),
            options,
          }),
        };
      },
      confirmSetup: answer("confirmSetup"),
      retrieveSetupIntent: answer("retrieveSetupIntent"),
      handleNextAction: answer("handleNextAction"),
    };
  };
}

/** Mounts the tokeniser on an empty page with a policy. @param {import("@playwright/test").Page} page */
async function mount(page, entry = true, policy = "") {
  const module = await readFile("web/tokenisers/stripe.js", "utf8");
  const html = `<!doctype html><html lang="en"><head><title>t</title><link rel="icon" href="data:,"></head><body><main id="slot"></main></body></html>`;
  const headers = { "content-security-policy": policy };
  await page.route(PAGE, (route) => route.fulfill({ contentType: "text/html", headers, body: html }));
  await page.route(`${PAGE}stripe.js`, (route) => route.fulfill({ contentType: "text/javascript", body: module }));
  await page.route("https://js.stripe.com/**", (route) =>
    route.fulfill({ contentType: "text/javascript", body: `(${standIn})()` }),
  );
  await page.goto(PAGE);
  await page.evaluate(async (entry) => {
    /** @type {typeof import("../web/tokenisers/stripe.js")} */
    const { mount } = await import(/** @type {string} */ ("/stripe.js"));
    window.events = [];
    const on = (event) => window.events.push(event.type);
    const setup = { key: "pk_test_1", origin: "", secret: "seti_1_secret_2", returnUrl: "https://shop.test/back" };
    window.handle = mount(document.getElementById("slot"), { ...setup, locale: "en", dark: false, entry, on });
  }, entry);
}

/** What a call of the handle comes to, where Stripe answers `next`. */
const come = (page, call, next) =>
  page.evaluate(
    ([call, next]) => {
      window.next = next;
      return window.handle[call]();
    },
    [call, next],
  );

const succeeded = (method) => ({ setupIntent: { status: "succeeded", payment_method: method } });

test("PM-2: Stripe's element stands in the page's own tree, and its answers become ours", async ({ page }) => {
  const scripts = [];
  page.on("request", (request) => request.url().startsWith(PAGE) || scripts.push(request.url()));
  await mount(page);
  await expect(page.locator("main > iframe")).toHaveCount(1);
  await expect.poll(() => page.evaluate(() => window.events)).toEqual(["ready"]);
  expect(scripts.filter((url) => url.startsWith("https:"))).toEqual(["https://js.stripe.com/dahlia/stripe.js"]);

  const card = { id: "pm_1", card: { brand: "visa", last4: "4242" } };
  const done = { state: "done", token: "pm_1", brand: "visa", last4: "4242" };
  expect(await come(page, "tokenise", succeeded(card))).toEqual(done);
  expect(await page.evaluate(() => window.asked.at(-1))).toEqual([
    "confirmSetup",
    { confirmParams: { return_url: "https://shop.test/back", expand: ["payment_method"] }, redirect: "if_required" },
    true,
  ]);
  const invalid = { error: { type: "validation_error" } };
  expect(await come(page, "tokenise", invalid)).toEqual({ state: "invalid" });
  const declined = { error: { type: "card_error", message: "Your card was declined." } };
  expect(await come(page, "tokenise", declined)).toEqual({ state: "declined", message: "Your card was declined." });
  const twice = {
    error: { type: "invalid_request_error", setup_intent: { status: "succeeded", payment_method: "pm_1" } },
  };
  expect(await come(page, "tokenise", twice)).toEqual({ ...done, brand: "", last4: "" });
  for (const type of ["api_error", "api_connection_error", "rate_limit_error"]) {
    expect(await come(page, "tokenise", { error: { type } })).toEqual({ state: "failed" });
  }
  for (const type of ["invalid_request_error", "authentication_error", "idempotency_error"]) {
    expect(await come(page, "tokenise", { error: { type } })).toEqual({ state: "refused" });
  }
  expect(await come(page, "tokenise", "offline")).toEqual({ state: "failed" });

  await page.evaluate(() => window.handle.unmount());
  await expect(page.locator("iframe")).toHaveCount(0);
});

test("PM-2: what a setup for cards refuses is turned off, and a refusal is told from a lost connection", async ({
  page,
}) => {
  await mount(page);
  await expect.poll(() => page.evaluate(() => window.events)).toEqual(["ready"]);
  const asked = await page.evaluate(() => window.asked);
  expect(asked).toContainEqual(["create", { wallets: { applePay: "never", googlePay: "never", link: "never" } }]);
  await page.evaluate(() => window.failToLoad({ type: "invalid_request_error" }));
  await page.evaluate(() => window.failToLoad({ type: "api_connection_error" }));
  expect(await page.evaluate(() => window.events)).toEqual(["ready", "refused", "failed"]);
});

test("PM-9: a confirmation begun before is looked up and gone on with, without fields", async ({ page }) => {
  await mount(page, false);
  expect(await come(page, "check", { setupIntent: { status: "requires_action" } })).toEqual({ state: "waiting" });
  expect(await page.evaluate(() => window.asked.at(-1))).toEqual([
    "retrieveSetupIntent",
    { secret: "seti_1_secret_2" },
    false,
  ]);
  expect(await come(page, "proceed", succeeded("pm_2"))).toMatchObject({ state: "done", token: "pm_2" });
  expect(await page.evaluate(() => window.asked.at(-1))).toEqual([
    "handleNextAction",
    { clientSecret: "seti_1_secret_2" },
    false,
  ]);
  const refused = { status: "requires_payment_method", last_setup_error: { message: "Not confirmed." } };
  expect(await come(page, "check", { setupIntent: refused })).toEqual({ state: "declined", message: "Not confirmed." });
  await expect(page.locator("iframe")).toHaveCount(0);
});

test("a page with Trusted Types that allows its policy loads Stripe.js", async ({ page }) => {
  await mount(page, true, "require-trusted-types-for 'script'; trusted-types perennial-stripe");
  await expect.poll(() => page.evaluate(() => window.events)).toContain("ready");
});
