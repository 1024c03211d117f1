// What the measurements share: the programs, the browser, and how a number is made of many.
import { randomUUID } from "node:crypto";
import { chromium } from "@playwright/test";
import { Middleware, startSandbox } from "../support/servers.js";

/** Asks the admin side of a sandbox about the store of `token`. */
async function admin(origin, token, path, body) {
  const answer = await fetch(`${origin}/_sandbox/${path}`, {
    method: body ? "POST" : "GET",
    headers: { "x-recharge-access-token": token, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/**
 * A sandbox with `scenario` and a middleware over it.
 * @param {string} scenario
 * @param {import("../support/servers.js").Settings} [settings] of the middleware, as in portal.toml
 */
export async function world(scenario, settings = {}) {
  const sandbox = await startSandbox();
  const token = randomUUID();
  const stops = [() => sandbox.stop()];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    await admin(sandbox.origin, token, "scenario", { scenario });
    const upstream = /** @type {string} */ (settings.base_url ?? sandbox.origin);
    const middleware = new Middleware({ sandbox: upstream, token, settings });
    await middleware.start();
    stops.push(() => middleware.stop());
    return {
      middleware,
      sandbox: sandbox.origin,
      token,
      /** Asks the admin side of the sandbox. @param {string} path @param {unknown} [body] */
      admin: (path, body) => admin(sandbox.origin, token, path, body),
      stop,
      /** A browser that is closed with the rest. */
      async browser() {
        const args = process.getuid?.() === 0 ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"];
        const browser = await chromium.launch({ executablePath: process.env.CHROME || undefined, args });
        stops.push(() => browser.close());
        return browser;
      },
      /** The scenario's customers. */
      customers: () => admin(sandbox.origin, token, "customers"),
      /** The calls that reached the store. */
      log: () => admin(sandbox.origin, token, "log"),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs in the page: the time from the next press to the frame after its first visible change. */
export function feedback() {
  const shadow = document.querySelector("[data-perennial]").shadowRoot;
  globalThis.pressed = new Promise((done) => {
    document.addEventListener(
      "click",
      ({ timeStamp }) => {
        const changes = new MutationObserver(() => {
          changes.disconnect();
          // The frame after that begins when the change has been painted.
          requestAnimationFrame(() => requestAnimationFrame((begin) => done(begin - timeStamp)));
        });
        changes.observe(shadow, { subtree: true, childList: true, attributes: true, characterData: true });
      },
      { once: true, capture: true },
    );
  });
}

/** The value below which `share` of `values` lie. @param {number[]} values @param {number} share */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The middle one. @param {number[]} values */
export const median = (values) => percentile(values, 0.5);
