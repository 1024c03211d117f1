// Browsers that Playwright does not drive as a system installs them, with the little that a smoke
// run needs: go to an address, run a function in the page, go back.
import { spawn } from "node:child_process";
import { setTimeout as later } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { freePort } from "../support/servers.js";

/**
 * @typedef {object} Browser
 * @property {(url: string) => Promise<void>} goto
 * @property {<A extends unknown[], R>(run: (...values: A) => R, ...values: A) => Promise<R>} evaluate
 * @property {() => Promise<void>} back
 * @property {() => Promise<void>} close
 */

/** Firefox, or Chromium, by Puppeteer. @param {"firefox" | "chrome"} browser @param {string} executablePath @returns {Promise<Browser>} */
async function byPuppeteer(browser, executablePath) {
  // Chromium refuses its own sandbox to root.
  const args = browser === "chrome" ? ["--no-sandbox", "--disable-gpu"] : [];
  const driver = await puppeteer.launch({ browser, executablePath, args });
  const page = await driver.newPage();
  return {
    goto: async (url) => void (await page.goto(url)),
    evaluate: (run, ...values) => page.evaluate(/** @type {any} */ (run), ...values),
    // A page that comes back from the back-forward cache is not always loaded.
    back: () => page.evaluate(() => history.back()),
    close: () => driver.close(),
  };
}

/** WebKitGTK by its WebDriver, on a screen that nobody sees. @param {string} executable @param {string} miniBrowser @returns {Promise<Browser>} */
async function byWebDriver(executable, miniBrowser) {
  const port = await freePort();
  const child = spawn("xvfb-run", ["-a", executable, `--port=${port}`], { stdio: "ignore", detached: true });
  const ask = async (path, body, method = "POST") => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.message || value.error}`);
    return value;
  };
  const options = { binary: miniBrowser, args: ["--automation"] };
  const capabilities = { alwaysMatch: { browserName: "MiniBrowser", "webkitgtk:browserOptions": options } };
  const started = async (tries = 50) =>
    ask("/session", { capabilities }).catch(async (error) => {
      if (tries === 0 || error.cause?.code !== "ECONNREFUSED") throw error;
      await later(200);
      return started(tries - 1);
    });
  const { sessionId } = await started();
  const session = `/session/${sessionId}`;
  const evaluate = (run, ...args) => ask(`${session}/execute/sync`, { script: `return (${run})(...arguments)`, args });
  return {
    goto: async (url) => void (await ask(`${session}/url`, { url })),
    evaluate,
    back: async () => void (await ask(`${session}/back`, {})),
    async close() {
      await ask(session, undefined, "DELETE");
      // The screen goes with the driver.
      process.kill(-child.pid);
    },
  };
}

/** The browsers that the command found, by name, and how each is started. @type {Record<string, () => Promise<Browser>>} */
export const browsers = {};
const { CHROME, FIREFOX, WEBKIT_DRIVER, WEBKIT_BROWSER } = process.env;
if (CHROME) browsers.Chromium = () => byPuppeteer("chrome", CHROME);
if (FIREFOX) browsers.Firefox = () => byPuppeteer("firefox", FIREFOX);
if (WEBKIT_DRIVER) browsers.WebKit = () => byWebDriver(WEBKIT_DRIVER, WEBKIT_BROWSER);
