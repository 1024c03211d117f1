// All measurements with their budgets: prints tables, writes target/bench/results.json and fails where
// anything is over its budget, or where the machine is too noisy to judge.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compare } from "./compare.mjs";
import { large } from "./large.mjs";
import { crowd, middleware } from "./server.mjs";
import { median } from "./support.mjs";

const target = process.env.PERENNIAL_TARGET ?? "target";

const number = (value) =>
  Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 1);

/** The median of several values and between which they lie. @param {number[]} values @param {string} unit */
function spread(values, unit) {
  const middle = `${number(median(values))} ${unit}`.trim();
  if (values.length === 1) return middle;
  return `${middle} (${number(Math.min(...values))}–${number(Math.max(...values))})`;
}

/** A multiple of `other`. @param {number[]} values @param {number[]} other */
const ratio = (values, other) => (median(other) ? `${(median(values) / median(other)).toFixed(2)}×` : "");

const verdict = (most, isOver) => (most === undefined ? "" : isOver ? "OVER" : "within");

/** The table of the pages that are compared. */
function printComparison(rows) {
  const line = (name, ...columns) => console.log(name.padEnd(38), ...columns.map((column) => column.padStart(22)));
  line("", "portal", "by hand", "React", "portal over by hand", "budget");
  for (const { name, unit, ours, floor, react, most, isOver } of rows) {
    const budget = most === undefined ? "" : `${number(most)} ${unit} ${verdict(most, isOver)}`;
    line(name, ...[ours, floor, react].map((values) => spread(values, unit)), ratio(ours, floor), budget);
  }
}

/** One measurement of the portal alone. */
function print({ name, value, unit, budget }) {
  const most = budget === undefined ? "" : `${budget} ${unit}`;
  const isOver = value > budget;
  console.log(name.padEnd(58), `${number(value)} ${unit}`.padStart(10), most.padStart(10), verdict(budget, isOver));
}

const results = {};
let isOver = false;
try {
  const { rows, noise } = await compare();
  printComparison(rows);
  results.comparison = rows;
  isOver ||= rows.some((row) => row.isOver);
  console.log();
  for (const measure of [large, middleware, crowd]) {
    const measured = await measure();
    measured.forEach(print);
    results[measure.name] = measured;
    isOver ||= measured.some(({ value, budget }) => value > budget);
  }
  noise.check();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
await mkdir(join(target, "bench"), { recursive: true });
await writeFile(join(target, "bench/results.json"), JSON.stringify(results, null, 2));
process.exitCode ??= isOver ? 1 : 0;
