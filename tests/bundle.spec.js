// What is true of the files that a merchant serves, whatever they do in a browser.
import { readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";

const folder = join(process.env.PERENNIAL_TARGET ?? "target", "dist/portal");

test("nothing in the bundle names the folder that it was built in", async () => {
  const machine = [resolve("."), homedir()].filter((path) => path.length > 1);
  const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|wasm|css|html|svg)$/.test(name));
  expect(files.length).toBeGreaterThan(6);
  for (const file of files) {
    const text = await readFile(join(folder, file), "latin1");
    for (const path of machine) expect(text.includes(`${path}/`), `${file} names ${path}`).toBe(false);
  }
});
