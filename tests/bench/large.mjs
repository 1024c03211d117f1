// A customer with 600 subscriptions and 5,000 orders, on a desk.
import { feedback, world } from "./support.mjs";

const SECOND = 1000;
const MEGABYTE = 1024 * 1024;
/** The sections with long lists, and what their data is called. */
const SECTIONS = [
  ["Subscriptions", "/subscriptions"],
  ["Deliveries", "/deliveries"],
  ["Purchase history", "/orders"],
];

/** Runs in the page before anything else: keeps hold of the memory of the wasm. */
function watch() {
  globalThis.memories = new Set();
  const start = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...all) => {
    const started = await start(...all);
    const { memory } = started.instance.exports;
    if (memory) globalThis.memories.add(memory);
    return started;
  };
}

/** Runs in the page: how long after the answer for `path` the first row of the section's list stood in a frame. */
async function rowAfterData([name, path]) {
  const { shadowRoot } = document.querySelector("[data-perennial]");
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const row = () => shadowRoot.querySelector("main :is(.media, .card.delivery, .card a)");
  const here = () =>
    shadowRoot.querySelector("main h1")?.textContent === name && !shadowRoot.querySelector("main .skeleton");
  while (!here() || !row()) await frame();
  await frame();
  const shown = performance.now();
  const resources = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
  const answers = resources.filter(({ name }) => name.includes(`/api${path}`));
  return shown - Math.max(...answers.map(({ responseEnd }) => responseEnd));
}

/** The rows of the table. */
export async function large() {
  const measured = await world("large");
  try {
    const [{ email }] = await measured.customers();
    const browser = await measured.browser();
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
    await page.addInitScript(watch);
    await page.goto(await measured.middleware.link({ email }));
    const navigation = page.getByRole("navigation", { name: "Your account" });
    const rows = [];
    for (const [name, path] of SECTIONS) {
      await page.evaluate(feedback);
      await navigation.getByRole("link", { name, exact: true }).click();
      const pressed = await page.evaluate(() => globalThis.pressed);
      const row = await page.evaluate(rowAfterData, [name, path]);
      const nodes = await page.evaluate(
        () => document.querySelector("[data-perennial]").shadowRoot.querySelectorAll("*").length,
      );
      rows.push({ name: `large, ${name}: first row after its data`, value: row, unit: "ms", budget: SECOND });
      rows.push({ name: `large, ${name}: press to feedback`, value: pressed, unit: "ms", budget: SECOND });
      rows.push({ name: `large, ${name}: DOM nodes`, value: nodes, unit: "", budget: 1500 });
    }
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    const wasm = await page.evaluate(() =>
      [...globalThis.memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    );
    rows.push({ name: "large: heap and wasm", value: (usedSize + wasm) / MEGABYTE, unit: "MB", budget: 64 });
    return rows;
  } finally {
    await measured.stop();
  }
}
