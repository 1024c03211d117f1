// The session of portals whose page has another origin than their server. Browsers send no cookie
// from there. The page hands over one-time tokens, and the server gives a bearer token in exchange,
// which is good for minutes and nowhere but in this module's variables.

const { origin } = new URL(import.meta.url);
const EXCHANGE = `${origin}/portal/session/exchange`;
/** Where a DELETE signs out, here or everywhere. */
const SIGN_OUT = [`${origin}/portal/api/session`, `${origin}/portal/api/sessions`];

/** A token is renewed so long before it expires, milliseconds. */
const EARLY = 120_000;
/** A renewal that did not get through is tried again after so long, milliseconds. */
const PAUSE = 15_000;

/** Whether the page has another origin than the portal's server. */
export const isCrossOrigin = origin !== location.origin;

/** @typedef {() => string | null | undefined | Promise<string | null | undefined>} Provider */

/** Asks the page for a link that was never used, or its token. @type {Provider | undefined} */
let provider;
/** @type {{ token: string, until: number } | undefined} */
let held;
/** Whose session it is. @type {unknown} */
let customer;
/** The exchange that is under way. @type {Promise<Response | undefined> | undefined} */
let coming;
/** Whether the portals have been told that there is no session. */
let ended = false;
let signedOut = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** Opens each portal on the page anew. @type {Set<() => void>} */
const portals = new Set();

/** How long the token is still good, milliseconds. */
const left = () => (held ? held.until - Date.now() : 0);

/** Opens all portals anew, once what is being done now is done. */
const reopen = () => queueMicrotask(() => [...portals].forEach((open) => open()));

/**
 * Takes the page's function that makes links. Portals that had to do without one open again.
 * @param {Provider | undefined} next
 */
export function provide(next) {
  provider = next;
  signedOut = false;
  if (next && ended) reopen();
  ended = false;
}

/**
 * A portal is on the page, and `open` opens it anew. Answers with what to call when it leaves: while
 * there is none, nothing is renewed.
 * @param {() => void} open
 */
export function enter(open) {
  portals.add(open);
  schedule();
  return () => {
    portals.delete(open);
    if (portals.size === 0) clearTimeout(timer);
  };
}

/** Once everything that the page has at first is there. */
const loaded = () =>
  document.readyState === "complete" || new Promise((done) => addEventListener("load", done, { once: true }));

/** @param {object} body @param {string} [token] */
function exchange(body, token) {
  const headers = { accept: "application/json", "content-type": "application/json" };
  if (token) headers["authorization"] = `Bearer ${token}`;
  return fetch(EXCHANGE, { method: "POST", credentials: "omit", headers, body: JSON.stringify(body) });
}

/** @param {Response} answer */
async function hold(answer) {
  const { token, expires_in, customer_id } = await answer.json();
  held = { token, until: Date.now() + expires_in * 1000 };
  // Nothing of one customer stays on the page of another.
  if (customer !== undefined && customer !== customer_id) reopen();
  customer = customer_id;
  schedule();
}

function drop() {
  held = undefined;
  clearTimeout(timer);
}

/** Begins a session, if the page offers one. Answers with the server's refusal, if it refused. */
async function begin() {
  if (!provider) await loaded();
  const link = signedOut ? undefined : await provider?.();
  if (!link) return undefined;
  const [address] = link.split(/[?#]/);
  const answer = await exchange({ token: address.slice(address.lastIndexOf("/") + 1) });
  if (!answer.ok) return answer;
  await hold(answer);
  return undefined;
}

/** Waits for a token. Answers with the server's refusal, if it refused. */
async function ready() {
  if (left() > 0) return undefined;
  drop();
  coming ??= begin().finally(() => (coming = undefined));
  return coming;
}

function schedule() {
  clearTimeout(timer);
  if (held && portals.size > 0) timer = setTimeout(renew, Math.max(0, left() - EARLY));
}

/** Has the server replace the token. That does not make the session last any longer. */
async function renew() {
  const before = held;
  if (!before) return;
  const answer = await exchange({}, before.token).catch(() => undefined);
  if (held !== before) return;
  if (answer?.ok) {
    await hold(answer);
  } else if (answer?.status === 401) {
    // The next request begins another session.
    drop();
  } else if (left() > PAUSE) {
    timer = setTimeout(renew, PAUSE);
  }
}

/**
 * Sends a request once there is a token, unless that is another customer's than `owner`.
 * @param {Request} request
 * @param {unknown} owner
 */
async function attempt(request, owner) {
  const refusal = await ready();
  if (refusal) return refusal.clone();
  if (owner !== undefined && customer !== owner) return new Response(null, { status: 401 });
  const token = held?.token;
  if (token) request.headers.set("authorization", `Bearer ${token}`);
  const answer = await fetch(request);
  if (answer.status === 401 && token && held?.token === token) drop();
  return answer;
}

/**
 * Sends a request of the portal with the token, as `fetch` does. Where the server knows the token no
 * longer, it is sent once more with another; without one, the server's refusal tells that the
 * session has ended.
 * @param {RequestInfo} input
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function send(input, init) {
  const request = new Request(input, { ...init, credentials: "omit" });
  const again = request.clone();
  const owner = customer;
  let answer = await attempt(request, owner);
  if (answer.status === 401 && request.headers.has("authorization")) answer = await attempt(again, owner);
  if (answer.status === 401) ended = true;
  if (answer.ok && request.method === "DELETE" && SIGN_OUT.includes(request.url)) {
    signedOut = true;
    customer = undefined;
    drop();
  }
  return answer;
}
