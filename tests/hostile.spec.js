// Text of others stays text: nothing of it runs, hides, or pushes anything aside.
import { expect, test } from "./support/mock.js";
import { dialog } from "./support/customer.js";
import { visit } from "./support/places.js";

const scenario = "hostile-text";
const SCRIPT = "<script>document.title='broken into'</script>";
const IMAGE = `<img src=x onerror="document.title='broken into'">`;

/** Opens the page behind the first link that stands in view. */
const openFirst = (path) => async (page) => {
  await page.locator(`main a[href*="${path}"]`).filter({ visible: true }).first().click();
  await page.getByRole("main").getByRole("term").first().waitFor();
};

/** Each place, and a text of somebody else that must be seen there as it is. */
const PLACES = [
  { path: "/", text: IMAGE },
  { path: "/subscriptions", text: SCRIPT },
  { path: "/subscriptions", act: openFirst("/subscriptions/"), text: IMAGE },
  { path: "/deliveries", text: SCRIPT },
  { path: "/history", text: SCRIPT },
  { path: "/history", act: openFirst("/history/"), text: SCRIPT },
  { path: "/addresses", text: "São José dos Campos & <b>Sons</b>" },
  { path: "/payment-methods", text: "<b>" },
  { path: "/customer", text: IMAGE },
];

test.use({ viewport: { width: 320, height: 800 } });

/** Fails where anything of the texts has become more than text. */
async function expectHarmless(page) {
  const found = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-perennial]");
    const all = [...shadowRoot.querySelectorAll("*")];
    const handlers = all.filter((element) =>
      [...element.attributes].some((attribute) => attribute.name.startsWith("on")),
    );
    const links = all.filter((element) => /^(javascript|data):/i.test(element.getAttribute("href") ?? ""));
    return {
      made: all.filter((element) => element.matches("script, b, iframe, img[src='x']")).length,
      handlers: handlers.length,
      links: links.length,
      polluted: "polluted" in {},
      sideways: document.scrollingElement.scrollWidth - innerWidth,
    };
  });
  expect(found).toEqual({ made: 0, handlers: 0, links: 0, polluted: false, sideways: 0 });
  // A title may name a product, as text.
  await expect(page).not.toHaveTitle(/^broken into/);
}

for (const place of PLACES) {
  test(`markup is text and nothing moves sideways ${place.act ? "behind the first link of" : "at"} ${place.path}`, async ({
    page,
    bundle,
  }) => {
    page.on("dialog", () => expect.soft(false, "a script opened a dialog").toBe(true));
    await visit(page, bundle.origin, { ...place, scenario });
    await expect(page.getByRole("main").getByText(place.text).filter({ visible: true }).first()).toBeVisible();
    await expectHarmless(page);
  });
}

for (const { name, path, act, open } of [
  { name: "skipping", path: "/deliveries", open: /^Skip/ },
  { name: "editing an address", path: "/addresses", open: /^Edit/ },
  { name: "cancelling", path: "/subscriptions", act: openFirst("/subscriptions/"), open: "Cancel subscription" },
]) {
  test(`markup is text in the dialog for ${name}`, async ({ page, bundle }) => {
    await visit(page, bundle.origin, { path, act, scenario });
    await page.getByRole("main").getByRole("button", { name: open }).first().click();
    await expect(dialog(page).getByRole("heading", { level: 2 })).toBeFocused();
    await expectHarmless(page);
    const sideways = await dialog(page).evaluate((sheet) => sheet.scrollWidth - sheet.clientWidth);
    expect(sideways).toBe(0);
  });
}
