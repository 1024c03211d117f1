// The portal in a page of another origin, and of another site, than its server: no cookie is set or
// sent there. The page hands over links, and the element exchanges them for bearer tokens.
import { createServer } from "node:http";
import { expect, test as base } from "./support/portal.js";
import { dialog, goTo, said, startAction } from "./support/customer.js";
import { skipped, subscription } from "./support/rows.js";
import { freePort } from "./support/servers.js";

const MINUTE = 60_000;
const ENDED = "You were signed out";

/** The policy that docs/embedding.md asks of such a page. @param {string} portal */
const policy = (portal) =>
  `default-src 'none'; script-src 'self' ${portal} 'wasm-unsafe-eval'; connect-src 'self' ${portal}; ` +
  "img-src https: data:; base-uri 'none'";

const PAGE = `<!doctype html><html lang="en"><title>My account</title>
  <merchant-portal><p slot="fallback">Please write to us.</p></merchant-portal>`;

const SCRIPT = `document.querySelector("merchant-portal").sessionToken = async () => {
  const answer = await fetch("/account/portal-link", { method: "POST" });
  return answer.ok ? (await answer.json()).url : null;
};`;

/**
 * A shop at a name of its own, whose account page embeds the portal.
 * @type {import("@playwright/test").TestType<any, any>}
 */
const test = /** @type {any} */ (base).extend({
  shopPort: async ({}, use) => {
    await use(await freePort());
  },

  settings: async ({ shopPort }, use) => {
    const origin = `http://localhost:${shopPort}`;
    await use({ "embedding.origins": [origin], "step_up.export": false, return_url: `${origin}/account` });
  },

  away: async ({ page, middleware, store, shopPort }, use) => {
    const away = {
      origin: `http://localhost:${shopPort}`,
      /** Who is signed in to the shop; nobody without an address. */
      email: (await store.customers())[0].email,
      /** How many links the shop has handed over. */
      links: 0,
      /** When the page says where its links come from. */
      late: false,
      /** The requests that the portal's server has got from the page. */
      sent: /** @type {{ method: string, path: string, headers: Record<string, string> }[]} */ ([]),
    };
    const server = createServer(async (request, response) => {
      const answer = (status, type, body) => response.writeHead(status, { "content-type": type }).end(body);
      response.setHeader("content-security-policy", policy(middleware.origin));
      if (request.url === "/account.js") return answer(200, "text/javascript", SCRIPT);
      if (request.url === "/favicon.ico") return answer(204, "image/x-icon");
      if (request.url !== "/account/portal-link") {
        const script = away.late ? "" : '<script type="module" src="/account.js"></script>';
        const embed = `<script type="module" src="${middleware.origin}/portal/embed.js"></script>`;
        return answer(200, "text/html", PAGE + embed + script);
      }
      if (!away.email) return answer(403, "text/plain");
      away.links += 1;
      const url = await middleware.link({ email: away.email });
      return answer(200, "application/json", JSON.stringify({ url }));
    });
    await /** @type {Promise<void>} */ (new Promise((ready) => server.listen(shopPort, "localhost", ready)));
    page.on("request", async (request) => {
      if (!request.url().startsWith(middleware.origin) || !request.frame().url().startsWith(away.origin)) return;
      const headers = await request.allHeaders().catch(() => ({}));
      away.sent.push({ method: request.method(), path: new URL(request.url()).pathname, headers });
    });
    await use(away);
    await page.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  },
});

const opened = (page) => expect(page.getByRole("button", { name: "Skip this delivery" })).toBeVisible();
const ended = (page) => expect(page.getByRole("heading", { level: 1, name: ENDED })).toBeVisible();

/** The tokens with which the page has called the API, each once. */
function tokens(away) {
  const all = away.sent.map(({ headers }) => headers.authorization).filter(Boolean);
  return [...new Set(all)];
}

/** What the page keeps in the browser. */
const kept = (page) =>
  page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookie: document.cookie,
  }));

const NOTHING = { local: {}, session: {}, databases: [], caches: [], cookie: "" };

/** What the server answers to a token, from the page's origin. */
async function status(page, middleware, away, authorization) {
  const headers = { origin: away.origin, authorization };
  const answer = await page.request.get(`${middleware.origin}/portal/api/session`, { headers });
  return answer.status();
}

test.describe("S-3", () => {
  test.use({ scenario: "two-customers" });

  test("S-3: a page of another site shows the portal without a cookie, and a skip can be undone", async ({
    page,
    middleware,
    store,
    away,
  }) => {
    // Another customer is signed in on the portal's own page.
    const [maya, other] = await store.customers();
    await page.goto(await middleware.link({ email: other.email }));
    await expect(page.getByRole("main")).toBeVisible();
    const before = await page.context().cookies();
    expect(before).toHaveLength(1);

    await page.goto(`${away.origin}/account`);
    await opened(page);
    await expect(page).toHaveTitle("My account");
    const [first] = tokens(away);
    expect(first).toMatch(/^Bearer portal-[0-9a-f]{64}$/);
    expect(page.url() + (await page.content())).not.toContain("portal-0");

    const { next } = await subscription(store, "House Espresso");
    await page.getByRole("button", { name: "Skip this delivery" }).click();
    await dialog(page).getByRole("button", { name: /^Skip/ }).click();
    await expect(said(page)).toContainText("skipped");
    expect((await skipped(store, next)).length).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(said(page)).toContainText("Undone.");
    expect(await skipped(store, next)).toEqual([]);

    // What is a file comes by the token too, and every page of the portal.
    await goTo(page, "Your details");
    await expect(page.getByText(maya.email)).toBeVisible();
    await page.getByRole("button", { name: "Prepare files" }).click();
    await expect(page.getByRole("main").locator("a[download]").first()).toBeVisible();

    expect(away.links).toBe(1);
    expect(away.sent.length).toBeGreaterThan(6);
    for (const { path, headers } of away.sent) {
      expect(headers.cookie, path).toBeUndefined();
      expect(headers["sec-fetch-site"], path).toBe("cross-site");
    }
    expect(await page.context().cookies()).toEqual(before);
    expect(await kept(page)).toEqual(NOTHING);
    await page.goto(`${middleware.origin}/portal/customer`);
    await expect(page.getByText(other.email)).toBeVisible();
    expect(await kept(page)).toEqual(NOTHING);
  });
});

test("S-3: a token is renewed before it expires, and the one before ends", async ({
  page,
  middleware,
  away,
  allowErrors,
}) => {
  allowErrors(/ERR_FAILED/);
  await page.clock.install();
  await page.goto(`${away.origin}/account`);
  await opened(page);
  const [first] = tokens(away);
  await page.clock.fastForward(13 * MINUTE);
  await expect.poll(() => away.sent.filter(({ path }) => path === "/portal/session/exchange").length).toBe(2);
  await goTo(page, "Addresses");
  await expect.poll(() => tokens(away).length).toBe(2);
  const second = tokens(away)[1];
  expect(await status(page, middleware, away, second)).toBe(200);
  await expect.poll(() => status(page, middleware, away, first), { timeout: 15_000, intervals: [1_000] }).toBe(401);
  expect(away.links).toBe(1);

  // The next renewals do not get through: once the token has expired, the page is asked.
  await page.route("**/portal/session/exchange", (route) => (away.links === 1 ? route.abort() : route.continue()));
  await page.clock.fastForward(16 * MINUTE);
  await goTo(page, "Your details");
  await expect(page.getByText(away.email)).toBeVisible();
  expect(away.links).toBe(2);
  expect(await kept(page)).toEqual(NOTHING);
});

test("S-5: signing out ends the session, and a page that offers no link says so", async ({
  page,
  middleware,
  away,
  allowErrors,
}) => {
  allowErrors(/status of 40[13]/);
  await page.goto(`${away.origin}/account`);
  await opened(page);
  const [token] = tokens(away);
  away.email = "";
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect.poll(() => status(page, middleware, away, token)).toBe(401);
  await ended(page);
  const back = page.getByRole("main").getByRole("link", { name: "Back to the shop" });
  await expect(back).toHaveAttribute("href", new RegExp(`^${middleware.origin}/portal/return$`));
  expect(await page.context().cookies()).toEqual([]);
  expect(JSON.stringify(await kept(page))).not.toContain("portal-");
});

test("a session that has ended on the server begins again with another link", async ({
  page,
  middleware,
  away,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  await page.goto(`${away.origin}/account`);
  await opened(page);
  const [authorization] = tokens(away);
  const headers = { origin: away.origin, authorization };
  await page.request.delete(`${middleware.origin}/portal/api/session`, { headers });
  await goTo(page, "Your details");
  await expect(page.getByText(away.email)).toBeVisible();
  expect(away.links).toBe(2);
});

test.describe("of two customers", () => {
  test.use({ scenario: "two-customers" });

  test("a link of another customer opens the portal anew, and nothing of the one before is sent or shown", async ({
    page,
    middleware,
    store,
    away,
    allowErrors,
  }) => {
    // The place in the address is nothing of this customer's.
    allowErrors(/status of 40[14]/);
    const [maya, other] = await store.customers();
    await page.goto(`${away.origin}/account#/portal/subscriptions`);
    await page.getByRole("main").getByRole("link", { name: "House Espresso" }).first().click();
    await startAction(page, "Pause");
    const [authorization] = tokens(away);
    const headers = { origin: away.origin, authorization };
    await page.request.delete(`${middleware.origin}/portal/api/session`, { headers });
    away.email = other.email;
    await dialog(page).locator("button[type=submit]").click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await goTo(page, "Your details");
    await expect(page.getByText(other.email)).toBeVisible();
    await expect(page.getByText(maya.email)).toHaveCount(0);
    expect(await store.writes()).toEqual([]);
  });
});

test("a page may say later where its links come from, and all its portals share one session", async ({
  page,
  middleware,
  away,
  allowErrors,
}) => {
  allowErrors(/status of 401/);
  away.late = true;
  await page.goto(`${away.origin}/account`);
  await ended(page);
  expect(tokens(away)).toEqual([]);
  const link = await middleware.link({ email: away.email });
  await page.evaluate((token) => {
    const [first] = document.querySelectorAll("merchant-portal");
    document.body.append(document.createElement("merchant-portal"));
    Object.assign(first, { sessionToken: () => token });
  }, link.split("/").at(-1));
  await expect(page.getByRole("button", { name: "Skip this delivery" })).toHaveCount(2);
  expect(tokens(away)).toHaveLength(1);
});

test("a page that cannot get a link is like a lost connection, which can be tried again", async ({
  page,
  away,
  allowErrors,
}) => {
  allowErrors(/ERR_FAILED|Failed to fetch/);
  await page.route("**/account/portal-link", (route) => route.abort());
  await page.goto(`${away.origin}/account`);
  await expect(page.getByText("We couldn’t reach the shop.").first()).toBeVisible();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).first().click();
  await opened(page);
  expect(away.links).toBe(1);
});
