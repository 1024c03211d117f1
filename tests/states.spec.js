// Every section while it is loading, when it could not be read, when what it shows is old, and when
// the session is over: axe looks at each.
import { expect, leaveOutAnswers, test } from "./support/portal.js";
import { goTo } from "./support/customer.js";
import { PLACES } from "./support/places.js";

/** The pages of the sections, without what is done there. */
const SECTIONS = PLACES.filter(({ scenario, act, name }) => !scenario && !act && name !== "not-found");

const main = (page) => page.getByRole("main");

/** Answers what the portal reads from now on. */
async function answerReads(page, answer) {
  await leaveOutAnswers(page);
  await page.route("**/api/**", (route) => (route.request().method() === "GET" ? answer(route) : route.continue()));
}

/** In light and dark, at both widths. */
async function lookAtAll(page, axe) {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await axe();
    await page.emulateMedia({ colorScheme: "dark" });
    await axe(["color-contrast"]);
  }
}

for (const { name, path } of SECTIONS) {
  test(`axe finds nothing in ${name} while it loads, fails, is out of date and is over`, async ({
    page,
    portal,
    middleware,
    axe,
    allowErrors,
  }) => {
    allowErrors(/status of (401|503)/);
    await portal.open();
    const open = () => page.goto(`${middleware.origin}/portal${path}`);

    await test.step("loading", async () => {
      let release = () => {};
      const released = new Promise((resolve) => (release = () => resolve(undefined)));
      await answerReads(page, async (route) => {
        await released;
        await route.continue().catch(() => {});
      });
      await open();
      await page.locator("[data-perennial] .skeleton").first().waitFor({ state: "attached" });
      await lookAtAll(page, axe);
      release();
      await page.unrouteAll({ behavior: "ignoreErrors" });
    });

    await test.step("failed", async () => {
      await answerReads(page, (route) => route.fulfill({ status: 503, body: "" }));
      await open();
      await expect(main(page).getByRole("button", { name: "Try again" }).first()).toBeVisible({ timeout: 15_000 });
      await lookAtAll(page, axe);
      await page.unrouteAll({ behavior: "wait" });
    });

    await test.step("out of date", async () => {
      await answerReads(page, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), age: "3600" } });
      });
      await open();
      await expect(main(page)).toContainText("This may be out of date.");
      await lookAtAll(page, axe);
      await page.unrouteAll({ behavior: "wait" });
    });

    await test.step("over", async () => {
      await open();
      await expect(main(page).getByRole("heading", { level: 1 })).toBeVisible();
      await page.context().clearCookies();
      await goTo(page, path === "/" ? "Deliveries" : "Overview");
      await expect(page.getByRole("heading", { level: 1, name: "You were signed out" })).toBeVisible();
      await lookAtAll(page, axe);
    });
  });
}
