// Many customers at the same moment, at the limit of the upstream: who gets a first screen, and
// whether what the others are told is true.
//
//   cargo build -p middleware -p sandbox --bins --features sandbox/server
//   node tests/load/crowd.mjs 50 200
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { resolve } from "node:path";
import { percentile, world } from "../bench/support.mjs";

/** A page is given up after so long, milliseconds; the server's own deadline is shorter. */
const DEADLINE = 40_000;
/** Upstream's bucket. */
const BUCKET = 40;

const sleep = (ms) => new Promise((later) => setTimeout(later, ms));

/** One read with a connection of its own, as many browsers have. */
function read(url, cookie) {
  return new Promise((done, failed) => {
    const start = performance.now();
    const agent = new Agent();
    const asked = request(url, { agent, headers: { cookie }, timeout: DEADLINE }, (answer) => {
      answer.resume().once("end", () => {
        const wait = Number(answer.headers["retry-after"]);
        done({ status: answer.statusCode, wait, ms: performance.now() - start });
        agent.destroy();
      });
    });
    asked.once("error", failed).end();
  });
}

/** Both reads of a first screen, as the browser begins them. */
async function screen(origin, cookie) {
  const start = performance.now();
  const paths = ["session", "overview"];
  const reads = await Promise.all(paths.map((path) => read(`${origin}/portal/api/${path}`, cookie)));
  return {
    reads,
    whole: reads.every(({ status }) => status === 200),
    ms: performance.now() - start,
    wait: Math.max(0, ...reads.filter(({ status }) => status === 503).map(({ wait }) => wait)),
  };
}

/** The most memory that a process has had, megabytes. */
async function peak(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** Lets upstream's bucket run empty, here and there: by its clock, and by a new start. */
async function rest({ middleware, admin }) {
  await admin("clock", { advance_ms: 20_000 });
  await middleware.stop();
  await middleware.restart();
}

async function customersOf(measured, count) {
  const { sandbox, token, admin } = measured;
  const known = await measured.customers();
  for (let number = known.length; number < count; number += 1) {
    if (number % (BUCKET - 2) === 0) await admin("clock", { advance_ms: 20_000 });
    const answer = await fetch(`${sandbox}/customers`, {
      method: "POST",
      headers: { "x-recharge-access-token": token, "content-type": "application/json" },
      body: JSON.stringify({ first_name: "Ash", last_name: `Guest ${number}`, email: `ash.${number}@example.com` }),
    });
    if (!answer.ok) throw new Error(`customer ${number}: ${answer.status} ${await answer.text()}`);
  }
  return (await measured.customers()).slice(0, count);
}

async function signIn(measured, customers) {
  const cookies = [];
  for (const [number, { email }] of customers.entries()) {
    if (number % (BUCKET - 2) === 0) await rest(measured);
    const answer = await fetch(await measured.middleware.link({ email }), { method: "POST", redirect: "manual" });
    cookies.push(
      answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(";")[0])
        .join("; "),
    );
  }
  await rest(measured);
  return cookies;
}

/** What became of `count` customers who come at the same moment. */
async function crowd(count) {
  const measured = await world("crowd", { portal_dir: resolve("crates/middleware/tests/portal") });
  try {
    const customers = await customersOf(measured, count);
    const cookies = await signIn(measured, customers);
    const before = (await measured.log()).length;
    const { origin } = measured.middleware;
    const start = performance.now();
    const visits = await Promise.all(
      cookies.map(async (cookie) => {
        const first = await screen(origin, cookie);
        if (first.whole || first.wait === 0) return { first };
        await sleep(first.wait * 1000);
        return { first, second: await screen(origin, cookie) };
      }),
    );
    const took = (performance.now() - start) / 1000;
    const calls = (await measured.log()).slice(before);
    const first = visits.map(({ first }) => first);
    const whole = first.filter(({ whole }) => whole).map(({ ms }) => ms / 1000);
    const told = first.filter(({ whole }) => !whole);
    const refused = told.flatMap(({ reads }) => reads.filter(({ status }) => status === 503));
    const back = visits.flatMap(({ second }) => second ?? []);
    const all = [...first, ...back].flatMap(({ reads }) => reads);
    const seconds = (values) => [0.5, 0.95, 0.99].map((share) => percentile(values, share)?.toFixed(1)).join(", ");
    console.log(`${count} customers at once`);
    console.log(`  first screens at the first try: ${whole.length}; seconds at p50, p95, p99: ${seconds(whole)}`);
    console.log(
      `  told to come back: ${told.length}, by ${refused.length} 503, the last after ${(Math.max(0, ...refused.map(({ ms }) => ms)) / 1000).toFixed(1)} s`,
    );
    console.log(
      `  Retry-After: ${Math.min(...told.map(({ wait }) => wait))} to ${Math.max(0, ...told.map(({ wait }) => wait))} s; 503 without: ${refused.filter(({ wait }) => !(wait > 0)).length}`,
    );
    console.log(
      `  screens of those who came back then: ${back.filter(({ whole }) => whole).length} of ${back.length}; seconds at p50, p95, p99: ${seconds(back.map(({ ms }) => ms / 1000))}`,
    );
    console.log(
      `  other answers: ${all.filter(({ status }) => ![200, 503].includes(status)).length}; all done after ${took.toFixed(1)} s`,
    );
    console.log(
      `  upstream calls: ${calls.length}, of them over the limit: ${calls.filter(({ status }) => status === 429).length}`,
    );
    console.log(`  resident memory at most: ${(await peak(measured.middleware.pid)).toFixed(0)} MB`);
    return whole.length + back.filter(({ whole }) => whole).length === count;
  } finally {
    await measured.stop();
  }
}

const counts = process.argv.slice(2).map(Number);
let good = true;
for (const count of counts.length > 0 ? counts : [50, 200]) good = (await crowd(count)) && good;
process.exitCode = good ? 0 : 1;
