// The element `<merchant-portal>`: its attributes, properties, methods and events, in a merchant's page.
import { expect, test } from "./support/portal.js";
import { dialog, goTo, said, sections } from "./support/customer.js";
import { openAccount, opened, setAttribute, skipButton, told, veto } from "./support/element.js";
import { skipped, subscription } from "./support/rows.js";

const ONE = '<merchant-portal id="one"><p slot="fallback">Please write to us.</p></merchant-portal>';

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** What the element returns for a method or property. */
const call = (page, run) => page.evaluate(run);

test.describe("the address", () => {
  test("EM-7: every place is a valid selector, and other fragments are left alone", async ({
    page,
    middleware,
    store,
  }) => {
    await openAccount(page, { middleware, store }, ONE);
    await opened(page);
    const hashes = new Set();
    for (const section of ["Deliveries", "Payment", "Purchase history", "Subscriptions"]) {
      await goTo(page, section);
      const hash = await page.evaluate(() => {
        document.querySelector(location.hash);
        return location.hash;
      });
      expect(hash).toMatch(/^#portal(_[a-z-]+)+$/);
      hashes.add(hash);
    }
    expect(hashes.size).toBe(4);
    await goTo(page, "Purchase history");
    await page.getByRole("searchbox").fill("café & crème -- #1/2");
    await expect(page).toHaveURL(/#portal_history__q_caf--C3--A9/);
    await page.evaluate(() => document.querySelector(location.hash));
    await page.reload();
    await expect(page.getByRole("searchbox")).toHaveValue("café & crème -- #1/2");
    await page.getByRole("link", { name: "Reviews" }).click();
    await expect(page).toHaveURL(/#reviews$/);
    await expect(heading(page, "Purchase history")).toBeVisible();
  });

  test("a link of before is understood, and replaced", async ({ page, middleware, store }) => {
    await openAccount(page, { middleware, store }, ONE, "/account?from=mail#/portal/deliveries");
    await expect(heading(page, "Deliveries")).toBeVisible();
    expect(page.url()).toBe(`${middleware.origin}/account?from=mail#portal_deliveries`);
    await page.evaluate(() => void (location.hash = "#/portal/addresses"));
    await expect(heading(page, "Addresses")).toBeVisible();
    await expect(page).toHaveURL(/#portal_addresses$/);
    await page.goBack();
    await expect(heading(page, "Deliveries")).toBeVisible();
  });

  test("the prefix can be chosen", async ({ page, middleware, store }) => {
    await openAccount(page, { middleware, store }, '<merchant-portal prefix="abo"></merchant-portal>');
    await goTo(page, "Deliveries");
    await expect(page).toHaveURL(/#abo_deliveries$/);
    await page.reload();
    await expect(heading(page, "Deliveries")).toBeVisible();
  });

  test("EM-7: in the path, Back works and the page's own query stays", async ({ page, middleware, store }) => {
    const body = '<merchant-portal routing="path" base="/account"></merchant-portal>';
    await openAccount(page, { middleware, store }, body, "/account?tab=2");
    await goTo(page, "Deliveries");
    await expect(page).toHaveURL(`${middleware.origin}/account/deliveries?tab=2`);
    await goTo(page, "Purchase history");
    await page.getByRole("searchbox").fill("beans");
    await expect(page).toHaveURL(`${middleware.origin}/account/history__q_beans?tab=2`);
    await page.reload();
    await expect(page.getByRole("searchbox")).toHaveValue("beans");
    await page.goBack();
    await expect(heading(page, "Deliveries")).toBeVisible();
    // A router of the page around goes elsewhere: the portal stays as it is.
    await page.evaluate(() => {
      history.pushState({ own: 1 }, "", "/orders?tab=3");
      dispatchEvent(new PopStateEvent("popstate", { state: { own: 1 } }));
    });
    await expect(heading(page, "Deliveries")).toBeVisible();
    expect(page.url()).toBe(`${middleware.origin}/orders?tab=3`);
    await page.goBack();
    await expect(page).toHaveURL(`${middleware.origin}/account/deliveries?tab=2`);
    await page.locator("a[href='/orders']").click();
    await expect(page).toHaveURL(`${middleware.origin}/orders`);
  });

  test("in memory the address is left alone", async ({ page, middleware, store }) => {
    const body = '<merchant-portal routing="memory" page="deliveries"></merchant-portal>';
    await openAccount(page, { middleware, store }, body);
    await expect(heading(page, "Deliveries")).toBeVisible();
    await goTo(page, "Addresses");
    expect(page.url()).toBe(`${middleware.origin}/account`);
    const href = await sections(page).getByRole("link", { name: "Deliveries" }).getAttribute("href");
    expect(href).toBe(`${middleware.origin}/portal/deliveries`);
  });
});

test.describe("EM-4: attributes, properties and methods", () => {
  test("attributes take effect at once", async ({ page, middleware, store }) => {
    await openAccount(
      page,
      { middleware, store },
      '<merchant-portal page="deliveries" theme="dark"></merchant-portal>',
    );
    await expect(heading(page, "Deliveries")).toBeVisible();
    const root = page.locator("merchant-portal .portal");
    await expect(root).toHaveCSS("color-scheme", "dark");
    await root.evaluate((root) => void (root.id = "same"));
    await setAttribute(page, "theme", "light");
    await expect(root).toHaveCSS("color-scheme", "light");
    await setAttribute(page, "theme", null);
    await expect(root).toHaveCSS("color-scheme", "light dark");
    await setAttribute(page, "page", "addresses");
    await expect(heading(page, "Addresses")).toBeVisible();
    // Neither opens the portal anew.
    await expect(root).toHaveAttribute("id", "same");

    await setAttribute(page, "routing", "memory");
    await expect(root).not.toHaveAttribute("id");
    await goTo(page, "Deliveries");
    await setAttribute(page, "locale", "en-GB");
    await expect(root).toHaveCount(1);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.locator("merchant-portal h1")).toHaveCount(1);
    await setAttribute(page, "view", "next-delivery");
    await expect(sections(page)).toHaveCount(0);
    await opened(page);
    await setAttribute(page, "view", null);
    await expect(sections(page)).toBeVisible();
  });

  test("a flow opens the dialog of one thing", async ({ page, middleware, store }) => {
    const { id } = await subscription(store, "House Espresso");
    const body = `<merchant-portal flow="cancel_subscription" subject="${id}"></merchant-portal>`;
    await openAccount(page, { middleware, store }, body);
    await expect(dialog(page).getByRole("heading", { name: "Cancel subscription" })).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`#portal_subscriptions_${id}$`));
    await page.keyboard.press("Escape");
    await expect(dialog(page)).toHaveCount(0);
    await page.evaluate(() => {
      const element = document.querySelector("merchant-portal");
      element.removeAttribute("subject");
      element.setAttribute("flow", "skip_delivery");
    });
    await expect(dialog(page).getByRole("button", { name: /^Skip/ })).toBeVisible();
  });

  test("properties mirror attributes, and methods act", async ({ page, middleware, store }) => {
    await openAccount(page, { middleware, store }, ONE);
    await opened(page);
    const seen = await page.evaluate(() => {
      const element = /** @type {any} */ (document.querySelector("merchant-portal"));
      element.theme = "dark";
      return [element.state, element.version, element.getAttribute("theme"), element.page];
    });
    expect(seen).toEqual(["ready", expect.stringMatching(/^\d+\.\d+\.\d+/), "dark", null]);
    await call(page, () => /** @type {any} */ (document.querySelector("merchant-portal")).navigate("addresses"));
    await expect(heading(page, "Addresses")).toBeVisible();
    await call(page, () => /** @type {any} */ (document.querySelector("merchant-portal")).focus());
    await expect(heading(page, "Addresses")).toBeFocused();
    await expect(page.getByRole("button", { name: /^Edit / }).first()).toBeVisible();
    const reads = [];
    page.on("request", (request) => reads.push(new URL(request.url()).pathname));
    await call(page, () => /** @type {any} */ (document.querySelector("merchant-portal")).refresh());
    await expect.poll(() => reads).toEqual(expect.arrayContaining(["/portal/api/addresses", "/portal/api/session"]));
    expect(new Set(reads).size).toBe(reads.length);
    const left = page.waitForRequest((request) => request.method() === "DELETE");
    await call(page, () => /** @type {any} */ (document.querySelector("merchant-portal")).signOut());
    expect(new URL((await left).url()).pathname).toBe("/portal/api/session");
  });
});

test.describe("EM-6: events", () => {
  test("all of them bubble with a version, and say nothing of the customer", async ({ page, middleware, store }) => {
    await openAccount(page, { middleware, store }, ONE);
    await opened(page);
    await goTo(page, "Deliveries");
    await goTo(page, "Overview");
    await skipButton(page).click();
    await dialog(page).getByRole("button", { name: /^Skip/ }).click();
    await expect(said(page)).toContainText("skipped");
    const events = await call(page, () => window.told);
    for (const { detail, composed, target } of events) {
      expect([detail.version, composed, target]).toEqual([1, true, "one"]);
    }
    const names = new Set(events.map(({ name }) => name));
    for (const name of ["ready", "navigate", "resize", "action:start", "action:success"]) {
      expect([...names]).toContain(name);
    }
    const of = (name) => events.filter((event) => event.name === name);
    expect(of("ready")).toHaveLength(1);
    const [start] = of("action:start");
    expect(start.cancelable).toBe(true);
    expect(start.detail).toEqual({
      version: 1,
      operation: "skip_delivery",
      ids: [expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d{4}-\d\d-\d\d$/)],
    });
    const [success] = of("action:success");
    expect(success.detail).toEqual({ ...start.detail, reference: expect.stringMatching(/./) });
    expect(of("resize").at(-1).detail.height).toBeGreaterThan(300);
    const asked = of("navigate").filter(({ cancelable }) => cancelable);
    expect(asked.map(({ detail }) => detail.page)).toEqual(["deliveries", "overview"]);
    const [{ email }] = await store.customers();
    expect(JSON.stringify(events)).not.toContain(email);
  });

  test("navigation can be prevented", async ({ page, middleware, store }) => {
    await openAccount(page, { middleware, store }, ONE);
    await opened(page);
    await veto(page, "navigate");
    await sections(page).getByRole("link", { name: "Deliveries" }).click();
    await expect.poll(() => told(page, "navigate").then((all) => all.at(-1).detail.page)).toBe("deliveries");
    await opened(page);
    expect(page.url()).toBe(`${middleware.origin}/account`);
    await veto(page);
    await goTo(page, "Deliveries");
  });

  test("sending can be prevented, and done later", async ({ page, middleware, store }) => {
    await openAccount(page, { middleware, store }, ONE);
    const { next } = await subscription(store, "House Espresso");
    await skipButton(page).click();
    await veto(page, "action:start");
    const button = dialog(page).getByRole("button", { name: /^Skip/ });
    await button.click();
    await expect.poll(() => told(page, "action:start").then((all) => all.length)).toBe(1);
    await expect(button).toBeEnabled();
    expect(await store.writes()).toEqual([]);
    await veto(page);
    await button.click();
    await expect(said(page)).toContainText("skipped");
    expect((await skipped(store, next)).length).toBeGreaterThan(0);
  });

  test("a refusal is told by its kind", async ({ page, middleware, store, allowErrors }) => {
    allowErrors(/status of/);
    await openAccount(page, { middleware, store }, ONE);
    await skipButton(page).click();
    await store.fault("POST", "/charges/{id}/skip", { status: 422 }, 9);
    await store.fault("POST", "/subscriptions/skip", { status: 422 }, 9);
    await dialog(page).getByRole("button", { name: /^Skip/ }).click();
    await expect.poll(() => told(page, "action:error").then((all) => all.length)).toBe(1);
    const [{ detail }] = await told(page, "action:error");
    expect(detail).toMatchObject({ version: 1, operation: "skip_delivery", kind: expect.stringMatching(/^[a-z_]+$/) });
    expect(detail.reference).not.toBe("");
  });

  test("the page may take care of an ended session, and read again with a new one", async ({
    page,
    middleware,
    store,
    allowErrors,
  }) => {
    allowErrors(/status of 401/);
    await openAccount(page, { middleware, store }, ONE);
    await opened(page);
    await veto(page, "session:expired");
    await page.context().clearCookies();
    await sections(page).getByRole("link", { name: "Deliveries" }).click();
    await expect.poll(() => told(page, "session:expired").then((all) => all.length)).toBe(1);
    await expect(page.getByText(/session has ended/i)).toHaveCount(0);
    const state = () => page.evaluate(() => /** @type {any} */ (document.querySelector("merchant-portal")).state);
    expect(await state()).toBe("expired");
    const [{ email }] = await store.customers();
    const link = await middleware.link({ email });
    await page.evaluate((link) => fetch(link, { method: "POST" }).then((answer) => void answer.text()), link);
    await call(page, () => /** @type {any} */ (document.querySelector("merchant-portal")).refresh());
    await expect(heading(page, "Deliveries")).toBeVisible();
    await expect(page.getByRole("main").getByRole("listitem").first()).toBeVisible();
    expect(await state()).toBe("ready");
  });

  test("EM-10: a portal that cannot be loaded says so, unless the page does", async ({
    page,
    middleware,
    store,
    allowErrors,
  }) => {
    allowErrors(/Failed to (load|fetch)|ERR_FAILED|wasm/i);
    await page.route("**/*.wasm", (route) => route.abort());
    await openAccount(page, { middleware, store }, ONE);
    await expect(page.getByText("Please write to us.")).toBeVisible();
    expect(await told(page, "boot:error")).toEqual([
      expect.objectContaining({ cancelable: true, detail: { version: 1, reason: "failure" } }),
    ]);
    await veto(page, "boot:error");
    await call(page, () => {
      const element = document.querySelector("merchant-portal");
      element.remove();
      setTimeout(() => document.body.append(element));
    });
    await expect.poll(() => told(page, "boot:error").then((all) => all.length)).toBe(2);
    await expect(page.getByText("Please write to us.")).toBeHidden();
  });
});

test.describe("EM-11: single parts and several elements", () => {
  test("five elements share one session and one answer, and one owns the address", async ({
    page,
    middleware,
    store,
  }) => {
    const asked = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/portal/api/")) asked.push(pathname.slice("/portal/api".length));
    });
    const views = ["", ' view="next-delivery"', "", ' view="next-delivery"', ' view="next-delivery"'];
    const body = views.map((view, at) => `<merchant-portal id="p${at}"${view}></merchant-portal>`).join("");
    await openAccount(page, { middleware, store }, body);
    const portals = [0, 1, 2, 3, 4].map((at) => page.locator(`#p${at}`));
    for (const portal of portals) await opened(portal);
    const count = (path) => asked.filter((all) => all === path).length;
    // The portal's own page, which the link of the session opened, brought its answers along.
    expect([count("/session"), count("/overview")]).toEqual([1, 1]);

    await sections(portals[0]).getByRole("link", { name: "Deliveries" }).click();
    await expect(page).toHaveURL(/#portal_deliveries$/);
    await sections(portals[2]).getByRole("link", { name: "Addresses" }).click();
    await expect(portals[2].getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();
    await expect(page).toHaveURL(/#portal_deliveries$/);

    // A change in one shows in all.
    await skipButton(portals[1]).click();
    await portals[1].getByRole("dialog").getByRole("button", { name: /^Skip/ }).click();
    for (const portal of [portals[1], portals[3], portals[4]]) {
      await expect(portal.getByRole("button", { name: /^Restore/ })).toBeVisible();
    }
  });

  test("a part has no frame, and its links lead to the portal's own page", async ({ page, middleware, store }) => {
    await openAccount(
      page,
      { middleware, store },
      '<merchant-portal id="one" view="payment-methods"></merchant-portal>',
    );
    await expect(page.getByRole("button", { name: "Add card" })).toBeVisible();
    await expect(sections(page)).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(0);

    await setAttribute(page, "view", "cancel");
    const link = page.locator("merchant-portal").getByRole("link", { name: "House Espresso" });
    await veto(page, "navigate");
    await link.click();
    const { id } = await subscription(store, "House Espresso");
    await expect.poll(() => told(page, "navigate").then((all) => all.at(-1)?.detail.page)).toBe(`subscriptions/${id}`);
    expect(page.url()).toBe(`${middleware.origin}/account`);
    await veto(page);
    await link.click();
    await expect(page).toHaveURL(`${middleware.origin}/portal/subscriptions/${id}`);
  });

  test("the part for cancelling cancels one of the active subscriptions", async ({ page, middleware, store }) => {
    const { id } = await subscription(store, "House Espresso");
    await openAccount(page, { middleware, store }, '<merchant-portal view="cancel"></merchant-portal>');
    const buttons = page.getByRole("button", { name: /^Cancel / });
    await expect(buttons.first()).toBeVisible();
    expect(await buttons.count()).toBeGreaterThan(1);
    await setAttribute(page, "subject", String(id));
    await expect(buttons).toHaveCount(1);
    await buttons.click();
    await dialog(page).getByRole("radio", { name: "It costs too much" }).check();
    await dialog(page).getByRole("button", { name: "Cancel subscription" }).click();
    await expect(said(page)).toContainText("Subscription canceled");
    await expect(page.getByText("You don’t have an active subscription to cancel.")).toBeVisible();
  });
});

test("EM-4: fifty times in and out leave no listener, timer or element behind", async ({ page, middleware, store }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => {
    const kept = (globalThis.kept = { listeners: 0, timers: 0 });
    const of = new WeakMap();
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    const isPage = (target) => target === window || target === document || target === document.body;
    const listeners = (target, type) => {
      if (!of.has(target)) of.set(target, new Map());
      const types = of.get(target);
      if (!types.has(type)) types.set(type, new Set());
      return types.get(type);
    };
    EventTarget.prototype.addEventListener = function (type, listener, ...rest) {
      const target = this ?? window;
      if (isPage(target)) {
        const all = listeners(target, type);
        if (!all.has(listener)) kept.listeners++;
        all.add(listener);
      }
      return add.call(target, type, listener, ...rest);
    };
    EventTarget.prototype.removeEventListener = function (type, listener, ...rest) {
      const target = this ?? window;
      if (isPage(target) && listeners(target, type).delete(listener)) kept.listeners--;
      return remove.call(target, type, listener, ...rest);
    };
    const { setInterval: start, clearInterval: stop } = window;
    window.setInterval = /** @type {any} */ ((...all) => (kept.timers++, start(.../** @type {[any]} */ (all))));
    window.clearInterval = (id) => (kept.timers--, stop(id));
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = async (...all) => {
      const made = await instantiateStreaming(...all);
      const { memory } = made.instance.exports;
      if (memory) globalThis.memory = memory;
      return made;
    };
  });
  await openAccount(page, { middleware, store }, ONE);
  await opened(page);
  const session = await page.context().newCDPSession(page);
  const measure = async () => {
    for (let time = 0; time < 3; time += 1) await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return {
      ...(await page.evaluate(() => ({ ...globalThis.kept, memory: globalThis.memory.buffer.byteLength }))),
      nodes: of("Nodes"),
      handlers: of("JSEventListeners"),
    };
  };
  await session.send("Performance.enable");
  /** In and out again, the view shown until its answer is there. */
  const round = (times) =>
    page.evaluate(async (times) => {
      const portal = (globalThis.taken ??= document.querySelector("merchant-portal"));
      for (let time = 0; time < times; time += 1) {
        const ready = new Promise((done) => portal.addEventListener("perennial:ready", done, { once: true }));
        document.body.append(portal);
        await ready;
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
        portal.remove();
        await new Promise((later) => setTimeout(later));
      }
    }, times);
  await page.evaluate(() => (globalThis.taken = document.querySelector("merchant-portal")).remove());
  await round(10);
  const before = await measure();
  await round(50);
  const after = await measure();
  expect([after.listeners, after.timers]).toEqual([before.listeners, before.timers]);
  // One portal has some hundred of each; the browser drops the last of them when it likes.
  expect(after.nodes - before.nodes).toBeLessThan(500);
  expect(after.handlers - before.handlers).toBeLessThan(50);
  // The heap grows by whole pages, and has gaps.
  expect(after.memory - before.memory).toBeLessThanOrEqual(4 * 64 * 1024);
});
