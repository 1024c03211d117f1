// What is true of the files that a merchant serves, whatever they do in a browser.
import { readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";

const dist = join(process.env.PERENNIAL_TARGET ?? "target", "dist");
const folder = join(dist, "portal");

/** The files of a bundle in which text may stand, by name. */
async function texts(bundle) {
  const names = (await readdir(bundle, { recursive: true })).filter((name) => /\.(js|wasm|css|html|svg)$/.test(name));
  const read = async (name) => /** @type {const} */ ([name, await readFile(join(bundle, name), "latin1")]);
  return new Map(await Promise.all(names.map(read)));
}

test("nothing in the bundle names the folder that it was built in", async () => {
  const machine = [resolve("."), homedir()].filter((path) => path.length > 1);
  const files = await texts(folder);
  expect(files.size).toBeGreaterThan(6);
  for (const [file, text] of files) {
    for (const path of machine) expect(text.includes(`${path}/`), `${file} names ${path}`).toBe(false);
  }
});

test("S-45: the bundle a merchant ships holds no store in memory and no key of the demonstration", async () => {
  // Scenarios, customers, products and secrets that the sandbox and the demonstration are made of, and
  // what the design preview adds.
  const marks = [
    "gallery-specimen",
    "session-ended",
    "hostile-text",
    "two-customers",
    "House Espresso",
    "priya.raman@example.com",
    "demo-store-token",
    "demo-merchant-secret",
  ];
  const holding = async (bundle) => {
    const all = [...(await texts(bundle)).values()].join("\n");
    return marks.filter((mark) => all.includes(mark));
  };
  expect(await holding(folder)).toEqual([]);
  expect((await readdir(folder)).filter((name) => /^(card\.|preview)/.test(name))).toEqual([]);
  // The portal over mock data does, or the search would find nothing anywhere.
  expect(await holding(join(dist, "portal-mock"))).toEqual(expect.arrayContaining(marks.slice(0, 6)));
});
