/**
 * Every page, dialog and state worth looking at, in mock mode.
 * @type {{ name: string, path: string, scenario?: string, act?: (page: import("@playwright/test").Page) => Promise<void> }[]}
 */
export const PLACES = [
  { name: "overview", path: "/" },
  { name: "subscriptions", path: "/subscriptions" },
  { name: "subscription", path: "/subscriptions", act: openFirst("/subscriptions/") },
  { name: "deliveries", path: "/deliveries" },
  { name: "history", path: "/history" },
  { name: "order", path: "/history", act: openFirst("/history/") },
  { name: "addresses", path: "/addresses" },
  { name: "payment-methods", path: "/payment-methods" },
  { name: "customer", path: "/customer" },
  { name: "not-found", path: "/nowhere" },
  { name: "dialog-skip", path: "/deliveries", act: press(/^Skip/) },
  { name: "dialog-address", path: "/addresses", act: press(/^Edit/) },
  { name: "dialog-add-address", path: "/addresses", act: press("Add an address") },
  { name: "customer-credits", path: "/customer", scenario: "credits" },
  { name: "dialog-details", path: "/customer", act: press("Change: Name") },
  {
    name: "dialog-cancel",
    path: "/subscriptions",
    act: inTurn(openFirst("/subscriptions/"), press(/^Cancel subscription/)),
  },
  { name: "dialog-unfinished", path: "/deliveries", act: inTurn(press(/^Skip/), untick, answer("Continue")) },
  { name: "review-skip", path: "/deliveries", act: inTurn(press(/^Skip/), answer("Continue")) },
  { name: "review-address", path: "/addresses", act: inTurn(press(/^Edit/), retype, answer("Continue")) },
  {
    name: "review-cancel",
    path: "/subscriptions",
    act: inTurn(openFirst("/subscriptions/"), press(/^Cancel subscription/), choose, answer("Continue")),
  },
  { name: "result-skip", path: "/deliveries", act: inTurn(press(/^Skip/), answer("Continue"), answer(/^Skip/), done) },
  {
    name: "result-cancel",
    path: "/subscriptions",
    act: inTurn(
      openFirst("/subscriptions/"),
      press(/^Cancel subscription/),
      choose,
      answer("Continue"),
      answer("Cancel subscription"),
      done,
    ),
  },
  { name: "review-reactivate", path: "/subscriptions", scenario: "cancelled", act: inTurn(openFirst("/subscriptions/"), press("Reactivate")) },
  { name: "overview-new-customer", path: "/", scenario: "new-customer" },
  { name: "subscriptions-new-customer", path: "/subscriptions", scenario: "new-customer" },
  { name: "deliveries-new-customer", path: "/deliveries", scenario: "new-customer" },
  { name: "history-new-customer", path: "/history", scenario: "new-customer" },
  { name: "addresses-new-customer", path: "/addresses", scenario: "new-customer" },
  { name: "payment-methods-new-customer", path: "/payment-methods", scenario: "new-customer" },
  { name: "overview-dunning", path: "/", scenario: "dunning" },
  { name: "deliveries-dunning", path: "/deliveries", scenario: "dunning" },
  { name: "history-dunning", path: "/history", scenario: "dunning" },
  { name: "payment-methods-dunning", path: "/payment-methods", scenario: "dunning" },
  { name: "overview-cancelled", path: "/", scenario: "cancelled" },
  { name: "subscriptions-cancelled", path: "/subscriptions", scenario: "cancelled" },
  { name: "overview-hostile-text", path: "/", scenario: "hostile-text" },
  { name: "subscriptions-hostile-text", path: "/subscriptions", scenario: "hostile-text" },
];

/** Follows the first link to a page below `path`. */
function openFirst(path) {
  return async (page) => {
    // A list may be there twice, as a table and as cards; one of them is hidden.
    const links = page.locator(`main a[href*="${path}"]`).filter({ visible: true });
    await links.first().click();
    await loaded(page);
  };
}

/** Presses the first button of that name and waits for its dialog. */
function press(name) {
  return async (page) => {
    await page.getByRole("main").getByRole("button", { name }).first().click();
    await page.getByRole("dialog").waitFor();
  };
}

/** Presses a button of the open dialog. */
function answer(name) {
  return (page) => page.getByRole("dialog").getByRole("button", { name }).click();
}

/** Leaves nothing ticked. */
async function untick(page) {
  for (const box of await page.getByRole("dialog").getByRole("checkbox").all()) await box.uncheck();
}

/** Another street. */
async function retype(page) {
  await page.getByRole("dialog").getByLabel("Street and number").fill("31 Juniper Street");
}

/** The first reason. */
async function choose(page) {
  await page.getByRole("dialog").getByRole("radio").first().check();
}

/** Waits until the portal says what it has done. */
async function done(page) {
  await page.getByRole("button", { name: "Undo" }).waitFor();
}

/** One step after the other. */
function inTurn(...steps) {
  return async (page) => {
    for (const step of steps) await step(page);
  };
}

/** Waits until no skeleton is left. */
async function loaded(page) {
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => {
    const shadow = document.querySelector("[data-perennial]").shadowRoot;
    return !shadow.querySelector(".skeleton");
  });
}

/**
 * Goes to a place and waits until it stands still.
 * @param {import("@playwright/test").Page} page
 * @param {string} origin
 * @param {PLACES[number]} place
 */
export async function visit(page, origin, { path, scenario = "everyday", act }) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${origin}/portal${path}?scenario=${scenario}`);
  await loaded(page);
  await act?.(page);
}
