// A merchant's page with the portal's element in it.
import { expect } from "@playwright/test";

/** @typedef {import("@playwright/test").Page} Page */

/** The policy that docs/embedding.md asks of the merchant's page. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' https: data:; " +
  "style-src 'none'; base-uri 'none'";

/** All events of the element. */
export const EVENTS = [
  "ready",
  "navigate",
  "help",
  "action:start",
  "action:success",
  "action:error",
  "session:expired",
  "resize",
  "boot:error",
];

/**
 * Opens a merchant's page with `body` in it at `address`, as a signed-in customer of the shop. What the
 * elements tell is collected in `window.told`, and prevented where `window.vetoed` names it.
 * @param {Page} page
 * @param {{ middleware: import("./servers.js").Middleware, store: import("./portal.js").Store }} servers
 * @param {string} body
 * @param {string} [address]
 */
export async function openAccount(page, { middleware, store }, body, address = "/account") {
  const [{ email }] = await store.customers();
  await page.goto(await middleware.link({ email }));
  const html = `<!doctype html><html lang="en"><title>My account</title>
    <header><a href="/orders">Orders</a> <a href="#reviews">Reviews</a></header>
    ${body}<p id="reviews">Reviews</p><script type="module" src="/portal/embed.js"></script>`;
  const isShop = (/** @type {URL} */ url) =>
    url.origin === middleware.origin && /^\/(account|orders)(\/|$)/.test(url.pathname);
  await page.route(isShop, (route) =>
    route.fulfill({ contentType: "text/html", headers: { "content-security-policy": POLICY }, body: html }),
  );
  await page.addInitScript((events) => {
    window.told = [];
    window.vetoed = [];
    for (const name of events) {
      document.addEventListener(`perennial:${name}`, (/** @type {CustomEvent} */ event) => {
        const { detail, cancelable, composed } = event;
        const target = /** @type {Element} */ (event.target).id;
        window.told.push({ name, detail, cancelable, composed, target });
        if (window.vetoed.includes(name)) event.preventDefault();
      });
    }
  }, EVENTS);
  await page.goto(`${middleware.origin}${address}`);
}

/** What the elements have told by the event `name`. @param {Page} page @param {string} name */
export const told = (page, name) => page.evaluate((name) => window.told.filter((event) => event.name === name), name);

/** From now on the page prevents these events. @param {Page} page @param {string[]} names */
export const veto = (page, ...names) => page.evaluate((names) => void (window.vetoed = names), names);

/** Sets an attribute of an element. @param {Page} page @param {string} name @param {string | null} value @param {string} [selector] */
export const setAttribute = (page, name, value, selector = "merchant-portal") =>
  page.evaluate(
    ([name, value, selector]) => {
      const element = document.querySelector(selector);
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    },
    [name, value, selector],
  );

/** The button of the next delivery. @param {import("@playwright/test").Locator | Page} within */
export const skipButton = (within) => within.getByRole("button", { name: "Skip this delivery" });

/** Waits until the overview is open. @param {import("@playwright/test").Locator | Page} within */
export const opened = (within) => expect(skipButton(within)).toBeVisible();
