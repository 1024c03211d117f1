// All measurements with their budgets: prints a table, writes target/bench/results.json and
// fails where a budget is broken that docs/performance.md does not list as such.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { firstLoad } from "./first-load.mjs";
import { large } from "./large.mjs";
import { crowd, middleware } from "./server.mjs";

const target = process.env.PERENNIAL_TARGET ?? "target";

/** Budgets that are known to be broken; docs/performance.md says why. */
const KNOWN = new Set([
  "next delivery on screen",
  "middleware, without the cache: over /healthz at p95",
  "50 customers at once: all first screens",
]);

/** @typedef {{ name: string, value: number, unit: string, budget?: number, values?: number[] }} Row */

const number = (value) => (Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** What is to be said of a row. @param {Row} row */
function verdict({ name, value, budget }) {
  if (budget === undefined) return "";
  if (value <= budget) return "within";
  return KNOWN.has(name) ? "over, known" : "OVER";
}

/** @param {Row} row */
function print(row) {
  const budget = row.budget === undefined ? "" : `${row.budget} ${row.unit}`;
  const value = `${number(row.value)} ${row.unit}`;
  console.log(`${row.name.padEnd(58)} ${value.padStart(10)} ${budget.padStart(10)}  ${verdict(row)}`);
}

const rows = [];
let failed = false;
console.log(`${"".padEnd(58)} ${"measured".padStart(10)} ${"budget".padStart(10)}`);
for (const measure of [firstLoad, large, middleware, crowd]) {
  try {
    const measured = await measure();
    measured.forEach(print);
    rows.push(...measured.map((row) => ({ ...row, verdict: verdict(row) })));
  } catch (error) {
    failed = true;
    console.error(`${measure.name} could not be measured: ${error.message}`);
  }
}
await mkdir(join(target, "bench"), { recursive: true });
await writeFile(join(target, "bench/results.json"), JSON.stringify(rows, null, 2));
process.exitCode = failed || rows.some(({ verdict }) => verdict === "OVER") ? 1 : 0;
