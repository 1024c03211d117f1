// Records what the screen reader Orca says in Chromium, on a screen that nobody sees, and checks
// the main journeys by it. Optional: it needs Linux with Orca, Speech Dispatcher, at-spi2-core,
// Xvfb, xdotool and dbus-run-session, and the bundle that `cargo xtask try` builds.
//
//     node tests/screen-reader/orca.mjs
//
// What was said is left in target/screen-reader, one file for each journey.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { ACTIONS } from "../support/actions.js";
import { dialog } from "../support/customer.js";
import { serveBundle } from "../support/static.js";

/** @typedef {import("@playwright/test").Page} Page */

const DISPLAY = ":97";
const TARGET = process.env.PERENNIAL_TARGET ?? "target";
const OUTPUT = join(TARGET, "screen-reader");

/** Moves the focus to a button and presses it with the keyboard. @param {Page} page */
async function pressButton(page, name) {
  await page.getByRole("button", { name, exact: true }).first().focus();
  await setTimeout(1_500);
  await page.keyboard.press("Enter");
  await setTimeout(3_000);
}

/**
 * What the customer does, and what is said, one after the other.
 * @type {Record<string, { path: string, act: (page: Page) => Promise<unknown>, said: RegExp[] }>}
 */
const JOURNEYS = {
  "the next delivery is skipped and restored": {
    path: "/",
    async act(page) {
      for (let presses = 0; presses < 3; presses++) {
        await page.keyboard.press("Tab");
        await setTimeout(1_000);
      }
      await pressButton(page, "Skip this delivery");
      await pressButton(page, "Skip 3 items");
      await pressButton(page, "Undo");
      await page.getByRole("status").filter({ hasText: "Undone." }).waitFor();
      await setTimeout(2_000);
    },
    said: [
      /^Finished loading/,
      /^Skip to content push button/,
      /^Overview link/,
      /^Skip this delivery push button/,
      /^Your delivery on .* will cost /,
      /^Skip 3 items push button/,
      /^3 items skipped\./,
      /^Undo push button/,
      /^Undone\./,
    ],
  },
  "an address with mistakes says what is wrong": {
    path: "/addresses",
    async act(page) {
      await pressButton(page, "Edit 214 Prospect Place");
      await dialog(page).getByLabel("Address line 1").fill("");
      await page.keyboard.press("Enter");
      await setTimeout(3_000);
    },
    said: [/^Edit 214 Prospect Place push button/, /Address line 1.*/, /This field is required/],
  },
  "a date is changed": {
    path: ACTIONS.change_date.path,
    async act(page) {
      await ACTIONS.change_date.open(page);
      await setTimeout(2_000);
      await dialog(page).locator('[data-day][tabindex="0"]').focus();
      await setTimeout(1_500);
      await page.keyboard.press("ArrowRight");
      await setTimeout(1_500);
      await page.keyboard.press("Enter");
      await setTimeout(2_000);
      await pressButton(page, "Save");
    },
    said: [
      /currently scheduled/,
      /^\w+day, \w+ \d+.*toggle button/,
      /^Save push button/,
      /^Your next delivery is now /,
    ],
  },
};

if (!process.env.IN_SESSION) {
  // Orca and Chromium find each other over a message bus of their own.
  const { status } = spawnSync("dbus-run-session", ["--", process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, IN_SESSION: "yes" },
  });
  process.exit(status ?? 1);
}

const home = mkdtempSync(join(tmpdir(), "orca-"));
const env = {
  ...process.env,
  DISPLAY,
  HOME: home,
  XDG_RUNTIME_DIR: home,
  XDG_CONFIG_HOME: join(home, "config"),
  XDG_DATA_HOME: join(home, "data"),
};
const started = [];

/** Starts a program that ends with this one. */
function start(name, ...args) {
  const child = spawn(name, args, { env, stdio: "ignore" });
  child.on("error", ({ message }) => {
    console.error(message);
    process.exit(1);
  });
  started.push(child);
  return child;
}

/** What Orca has said since it started, by its log. */
function spoken(log) {
  const text = readFileSync(log, { encoding: "utf8", flag: "a+" });
  return [...text.matchAll(/SPEECH OUTPUT: '(.*?)'\s?[[{]/g)].map(([, words]) => words);
}

/** Goes through one journey, with an Orca and a Chromium of its own; what is missing of what it says. */
async function journey(name, { path, act, said }, origin) {
  const log = join(home, "orca.log");
  rmSync(log, { force: true });
  const orca = start("orca", `--debug-file=${log}`);
  for (let tries = 0; spoken(log).length === 0 && tries < 200; tries++) await setTimeout(100);
  // A window without an address bar: the focus is in the page.
  const browser = await chromium.launchPersistentContext(mkdtempSync(join(home, "chromium-")), {
    executablePath: process.env.CHROME || undefined,
    headless: false,
    viewport: null,
    env,
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--force-renderer-accessibility",
      "--disable-gpu",
      `--app=${origin}/portal${path}`,
    ],
  });
  try {
    const [page] = browser.pages();
    await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
    const find = ["search", "--sync", "--onlyvisible", "--class", "chromium", "windowfocus"];
    spawnSync("xdotool", find, { env });
    // The page is read first.
    await setTimeout(6_000);
    await act(page);
    // Orca writes what it has said last only after another key, here one that does nothing.
    for (let presses = 0; presses < 3; presses++) {
      spawnSync("xdotool", ["key", "Shift_L"], { env });
      await setTimeout(1_500);
    }
  } finally {
    await browser.close();
    orca.kill("SIGKILL");
  }
  const lines = spoken(log);
  writeFileSync(join(OUTPUT, `${name.replaceAll(" ", "-")}.txt`), lines.join("\n"));
  let at = 0;
  return said.filter((words) => {
    const found = lines.slice(at).findIndex((line) => words.test(line));
    at += found + 1;
    return found < 0;
  });
}

// The real synthesizer would take its time, and nobody listens.
mkdirSync(join(home, "config/speech-dispatcher"), { recursive: true });
const dummy = 'AddModule "dummy" "sd_dummy" ""\nDefaultModule dummy\n';
writeFileSync(join(home, "config/speech-dispatcher/speechd.conf"), dummy);
mkdirSync(OUTPUT, { recursive: true });
const server = await serveBundle(join(TARGET, "dist", "portal-mock"), "frame-src 'self'");
try {
  start("Xvfb", DISPLAY, "-screen", "0", "1280x960x24");
  await setTimeout(1_000);
  start("/usr/libexec/at-spi-bus-launcher", "--launch-immediately");
  await setTimeout(1_000);
  for (const [name, one] of Object.entries(JOURNEYS)) {
    const missing = await journey(name, one, server.origin);
    console.log(missing.length ? `${name}: not said: ${missing.join(", ")}` : `${name}: said as it should be`);
    if (missing.length) process.exitCode = 1;
  }
} finally {
  for (const child of started) child.kill("SIGTERM");
  await server.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}
