import { rmSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import { LOGS } from "./tests/support/servers.js";

// The last test reads the logs of this run; workers load this file too and keep them.
if (process.env.TEST_WORKER_INDEX === undefined) rmSync(LOGS, { recursive: true, force: true });

// `cargo xtask test` builds what these tests start and sets CHROME and PERENNIAL_TARGET.
export default defineConfig({
  testDir: "tests",
  outputDir: "target/playwright",
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 5_000, toHaveScreenshot: { maxDiffPixelRatio: 0.002 } },
  // The pictures of components; `UPDATE=1` takes them anew.
  snapshotPathTemplate: "{testDir}/gallery/{arg}{ext}",
  updateSnapshots: process.env.UPDATE ? "all" : "none",
  forbidOnly: true,
  // On two busy cores one of several hundred may run out of time; the summary names it as flaky.
  retries: 1,
  reporter: [["list"]],
  projects: [
    { name: "browser", teardown: "logs" },
    { name: "logs", testMatch: /logs\.teardown\.js/ },
  ],
  use: {
    viewport: { width: 1280, height: 900 },
    locale: "en-US",
    timezoneId: "America/New_York",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROME || undefined,
      args: [
        // Chromium refuses its own sandbox to root.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
