// How fast the overview is on a slow phone, beside the same overview written by hand and in React. Every
// visit has an empty cache and a session of its own, and all pages take turns on the same machine.
import { contenders } from "./contenders.mjs";
import { median, world } from "./support.mjs";

const VISITS = 9;
const MOUNTS = 50;
/** The phone: milliseconds before an answer begins, bits in a second, how many times slower. */
const PHONE = { latency: 150, bits: 1_600_000, slowdown: 4 };
const SCREEN = { viewport: { width: 390, height: 844 }, locale: "en-US", timezoneId: "America/New_York" };
/** How much longer than usual a fixed piece of work may take beside any visit. */
const NOISE = 1.3;

/** The most that the portal may take, as a multiple of the page written by hand, or by itself. */
const BUDGETS = {
  "first contentful paint": { times: 1.5 },
  "next delivery on screen": { times: 1.5 },
  "largest contentful paint": { times: 1.5 },
  "total blocking time": { times: 2, atLeast: 100 },
  "layout shift": { most: 0.02 },
  "dialog of an immediate press": { most: 2000 },
  "press to dialog": { most: 100 },
  "heap after fifty mounts": { most: 64 },
  "next delivery of `large`": { times: 1.5 },
};

/** Runs in the page before anything else: notes when things happen. */
function watch() {
  const seen = (globalThis.bench = { long: [], shift: 0, largest: 0, text: 0 });
  const observe = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  observe("longtask", ({ duration }) => seen.long.push(duration));
  observe("layout-shift", ({ value, hadRecentInput }) => (seen.shift += hadRecentInput ? 0 : value));
  observe("largest-contentful-paint", ({ startTime }) => (seen.largest = startTime));
  const find = (selector) =>
    document.querySelector(selector) ?? document.querySelector("[data-perennial]")?.shadowRoot?.querySelector(selector);
  // Chromium reports Element Timing only outside of shadow trees: the beginning of the frame after the
  // one with the text stands for it.
  const look = () => {
    if (!find("[elementtiming=next-delivery]")?.textContent) requestAnimationFrame(look);
    else requestAnimationFrame((begin) => (seen.text = begin));
  };
  requestAnimationFrame(look);
  globalThis.dialogOpens = () =>
    new Promise((opened) => {
      const wait = () => (find("dialog[open]") ? requestAnimationFrame(opened) : requestAnimationFrame(wait));
      wait();
    });
}

/** How long a fixed piece of work takes, milliseconds. */
function work() {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < 3e7; i += 1) sum = (sum + i * 7) % 1_000_003;
  return sum >= 0 ? performance.now() - start : 0;
}

/** What every machine does before and after each visit; others who use it show in its time. */
class Noise {
  #times = [];

  note() {
    this.#times.push(work());
  }

  /** Refuses to judge what was measured beside others. */
  check() {
    const usual = median(this.#times);
    const worst = Math.max(...this.#times);
    if (worst > usual * NOISE) {
      const times = (worst / usual).toFixed(2);
      throw new Error(`the machine is too noisy to judge: a fixed piece of work took ${times} times its usual time`);
    }
  }
}

/** Slows a page down like the phone. */
async function throttle(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: PHONE.latency,
    downloadThroughput: PHONE.bits / 8,
    uploadThroughput: PHONE.bits / 8,
  });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: PHONE.slowdown });
}

/** Numbers of an unthrottled page say nothing: refuses where the throttling does not work. */
async function prove(browser, origin) {
  const page = await browser.newPage();
  await page.goto(`${origin}/healthz`);
  const before = await page.evaluate(work);
  await throttle(page);
  const slower = (await page.evaluate(work)) / before;
  const waited = await page.evaluate(async () => {
    const start = performance.now();
    await fetch("/healthz", { cache: "no-store" });
    return performance.now() - start;
  });
  await page.close();
  if (slower < PHONE.slowdown / 2 || waited < PHONE.latency) {
    throw new Error(`the throttling is off: ${slower.toFixed(1)} times slower, ${waited.toFixed()} ms latency`);
  }
}

/** A page in a session of its own, on which nothing has been loaded yet. */
async function signedIn(browser, middleware, email) {
  const answer = await fetch(await middleware.link({ email }), { method: "POST", redirect: "manual" });
  const context = await browser.newContext(SCREEN);
  const cookies = answer.headers.getSetCookie().map((cookie) => {
    const [name, value] = cookie.split(";")[0].split(/=(.*)/s);
    return { name, value, domain: "127.0.0.1", path: "/", secure: cookie.includes("Secure"), httpOnly: true };
  });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.addInitScript(watch);
  return page;
}

/** Presses Skip, and answers when its dialog is open and how long after the press. */
async function press(page) {
  await page.evaluate(() => {
    globalThis.opened = globalThis.dialogOpens();
    document.addEventListener("click", ({ timeStamp }) => (globalThis.pressedAt = timeStamp), {
      once: true,
      capture: true,
    });
  });
  await page.getByRole("button", { name: "Skip this delivery", exact: true }).click();
  return page.evaluate(async () => {
    const at = await globalThis.opened;
    return { at, after: at - globalThis.pressedAt };
  });
}

/** One first visit on the phone. */
async function visit(browser, middleware, email) {
  const page = await signedIn(browser, middleware, email);
  await throttle(page);
  await page.goto(`${middleware.origin}/portal/`, { waitUntil: "commit" });
  await page.waitForFunction(() => globalThis.bench.text, undefined, { timeout: 30_000 });
  const immediate = await press(page);
  await page.keyboard.press("Escape");
  await page.waitForTimeout(1_500);
  const { text, long, shift, largest } = await page.evaluate(() => globalThis.bench);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  const later = await press(page);
  await page.context().close();
  return {
    "first contentful paint": paint,
    "next delivery on screen": text,
    "largest contentful paint": largest,
    "total blocking time": long.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0),
    "longest task": Math.max(0, ...long),
    "layout shift": shift,
    "dialog of an immediate press": immediate.at,
    "press to dialog": later.after,
  };
}

/** Runs in the page: mounts and unmounts the portal, as the element or as the page says. */
async function mountAgain(mounts) {
  const settled = () => new Promise((done) => setTimeout(done, 100));
  const script = "/portal/embed.js";
  if (!globalThis.contender) await import(script);
  for (let count = 0; count < mounts; count += 1) {
    if (globalThis.contender) {
      globalThis.contender.unmount();
      await globalThis.contender.mount();
      await settled();
      continue;
    }
    const element = document.createElement("merchant-portal");
    element.setAttribute("routing", "memory");
    const ready = new Promise((done) => element.addEventListener("perennial:ready", done, { once: true }));
    document.body.append(element);
    await ready;
    await settled();
    element.remove();
    await settled();
  }
}

/** The heap after fifty mounts, with the memory of the wasm, megabytes. */
async function memory(browser, middleware, email) {
  const page = await signedIn(browser, middleware, email);
  await page.addInitScript(() => {
    globalThis.memories = new Set();
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...all) => {
      const started = await start(...all);
      if (started.instance.exports.memory) globalThis.memories.add(started.instance.exports.memory);
      return started;
    };
  });
  await page.goto(`${middleware.origin}/portal/`);
  await page.waitForFunction(() => globalThis.bench.text);
  await page.evaluate(mountAgain, MOUNTS);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() =>
    [...globalThis.memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  );
  await page.context().close();
  return (usedSize + wasm) / (1024 * 1024);
}

/** Serves each page over a store with `scenario`, and hands all of them to `measure`. */
async function over(scenario, pages, measure) {
  const worlds = [];
  try {
    for (const page of pages) {
      const measured = await world(scenario, { portal_dir: page.folder });
      worlds.push({ ...measured, ...page });
    }
    return await measure(worlds, await worlds[0].browser());
  } finally {
    for (const { stop } of worlds.reverse()) await stop();
  }
}

/** The values of each page by the names of rows, of visits that take turns. */
async function visits(worlds, browser, count, noise, rename = (name) => name) {
  const all = new Map(worlds.map(({ name }) => [name, {}]));
  const [{ email }] = await worlds[0].customers();
  await prove(browser, worlds[0].middleware.origin);
  for (let number = 0; number < count; number += 1) {
    for (const { name, middleware } of worlds) {
      noise.note();
      const measured = await visit(browser, middleware, email);
      noise.note();
      for (const [row, value] of Object.entries(measured)) (all.get(name)[rename(row)] ??= []).push(value);
    }
  }
  return all;
}

/** The time that nothing can beat: the page, then what it names, over the line of the phone. */
const limit = (bytes) => 2 * PHONE.latency + (bytes * 8 * 1000) / PHONE.bits;

/** The rows of the table: of each, the values of all pages. */
export async function compare() {
  const { portal, floor, react } = await contenders();
  const pages = [portal, floor, react];
  const noise = new Noise();
  const everyday = await over("everyday", pages, async (worlds, browser) => {
    const measured = await visits(worlds, browser, VISITS, noise);
    for (const { name, middleware, customers } of worlds) {
      const [{ email }] = await customers();
      measured.get(name)["heap after fifty mounts"] = [await memory(browser, middleware, email)];
    }
    return measured;
  });
  const large = await over("large", pages, (worlds, browser) => visits(worlds, browser, 3, noise));
  const names = Object.keys(everyday.get(portal.name));
  const units = (name) => (name.startsWith("heap") ? "MB" : name === "layout shift" ? "" : "ms");
  const row = (name, of, unit) => {
    const [ours, least, other] = pages.map((page) => of(page));
    return { name, unit, ours, floor: least, react: other, ...judge(name, median(ours), median(least)) };
  };
  const rows = [
    { name: "bytes of the first visit", unit: "kB", ...kilobytes(portal, floor, react) },
    { name: "limit of bytes, latency and bandwidth", unit: "ms", ...limits(portal, floor, react) },
    ...names.map((name) => row(name, (page) => everyday.get(page.name)[name], units(name))),
    row("next delivery of `large`", (page) => large.get(page.name)["next delivery on screen"], "ms"),
  ];
  return { rows, noise };
}

const three = (value) => (portal, floor, react) => ({
  ours: [value(portal)],
  floor: [value(floor)],
  react: [value(react)],
});
const kilobytes = three(({ bytes }) => bytes / 1000);
const limits = three(({ bytes }) => limit(bytes));

/** What a row may be at most, and whether it is. */
function judge(name, ours, floor) {
  const budget = BUDGETS[name];
  if (!budget) return {};
  const most = budget.most ?? Math.max(floor * budget.times, budget.atLeast ?? 0);
  return { most, isOver: ours > most };
}
