// The middleware's own time, and many customers at once at the limit of the upstream.
import { Agent, createServer, request } from "node:http";
import { percentile, world } from "./support.mjs";

/** Requests in a second, and for how many seconds. */
const RATE = 200;
const SECONDS = 5;
/** How many sessions they are divided among. */
const SESSIONS = 20;
/** How long a full bucket of the upstream takes to be empty, milliseconds. */
const DRAINED = 21_000;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One request; answers with the milliseconds until its answer was complete. */
function timed(url, cookie) {
  return new Promise((done, failed) => {
    const start = performance.now();
    const asked = request(url, { agent, headers: { cookie, accept: "application/json" } }, (answer) => {
      answer.resume().once("end", () => {
        if (answer.statusCode !== 200) return failed(new Error(`${url}: ${answer.statusCode}`));
        done(performance.now() - start);
      });
    });
    asked.once("error", failed).end();
  });
}

/** Asks at a steady rate, whatever the answers take, in turn with each cookie. @returns {Promise<number[]>} milliseconds */
async function steadily(url, cookies) {
  const answers = [];
  const start = performance.now();
  for (let count = 0; count < RATE * SECONDS; count += 1) {
    const wait = start + (count * 1000) / RATE - performance.now();
    if (wait > 0) await new Promise((later) => setTimeout(later, wait));
    answers.push(timed(url, cookies[count % cookies.length]));
  }
  return Promise.all(answers);
}

/** The cookie of a new session. */
async function signIn(middleware, customer) {
  const answer = await fetch(await middleware.link(customer), { method: "POST", redirect: "manual" });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** An upstream without a limit: answers each read at once as `origin` answered it first. */
async function remembering(origin) {
  const known = new Map();
  const server = createServer(async ({ url, headers }, response) => {
    const ask = async () => {
      const answer = await fetch(`${origin()}${url}`, {
        headers: { "x-recharge-access-token": /** @type {string} */ (headers["x-recharge-access-token"]) },
      });
      return { status: answer.status, body: await answer.text() };
    };
    if (!known.has(url)) known.set(url, ask());
    const { status, body } = await known.get(url);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await /** @type {Promise<void>} */ (new Promise((listening) => server.listen(0, "127.0.0.1", listening)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((closed) => server.close(closed) && server.closeAllConnections()),
  };
}

/** Measures `/healthz` and the overview in one run. The overview may take `budget` times as long. */
async function ownTime(name, cacheSeconds, budget) {
  let sandbox;
  const upstream = await remembering(() => sandbox);
  try {
    const measured = await world("everyday", {
      "upstream.bucket": 10_000,
      "upstream.leak_per_second": 1_000,
      "upstream.cache_seconds": cacheSeconds,
      "limits.customer_requests_per_minute": 100_000,
      base_url: upstream.url,
    });
    sandbox = measured.sandbox;
    return await compared(name, budget, measured).finally(() => measured.stop());
  } finally {
    await upstream.close();
  }
}

/** The rows of how much longer the overview takes than `/healthz`. */
async function compared(name, budget, { middleware, customers }) {
  const [{ email }] = await customers();
  // Many sessions, since each may ask only so often in a minute.
  const cookies = [];
  for (let count = 0; count < SESSIONS; count += 1) cookies.push(await signIn(middleware, { email }));
  const overview = `${middleware.origin}/portal/api/overview`;
  await timed(overview, cookies[0]);
  const idle = await steadily(`${middleware.origin}/healthz`, cookies);
  const busy = await steadily(overview, cookies);
  const times = (share) => percentile(busy, share) / percentile(idle, share);
  return [0.5, 0.95].map((share) => ({
    name: `middleware, ${name}: times /healthz at p${share * 100}`,
    value: times(share),
    unit: "×",
    budget,
  }));
}

/** The rows of the table: the answer from memory, and made anew of upstream's. */
export const middleware = async () => [
  ...(await ownTime("from the cache", 300, 2)),
  ...(await ownTime("without the cache", 0, 4)),
];

/** The rows of the table: first screens of fifty customers, asked for at the same moment. */
export async function crowd() {
  const measured = await world("crowd");
  try {
    const customers = await measured.customers();
    // Signing in asks the upstream too; its bucket is empty again before the crowd comes.
    const cookies = [];
    for (const { email } of customers) cookies.push(await signIn(measured.middleware, { email }));
    await new Promise((later) => setTimeout(later, DRAINED));
    const start = performance.now();
    await Promise.all(
      cookies.map(async (cookie) => {
        const base = `${measured.middleware.origin}/portal/api`;
        await Promise.all([timed(`${base}/session`, cookie), timed(`${base}/overview`, cookie)]);
      }),
    );
    const took = (performance.now() - start) / 1000;
    const refused = (await measured.log()).filter(({ status }) => status === 429).length;
    return [
      { name: `${customers.length} customers at once: all first screens`, value: took, unit: "s", budget: 31 },
      { name: `${customers.length} customers at once: calls over the limit`, value: refused, unit: "", budget: 0 },
    ];
  } finally {
    await measured.stop();
  }
}
