// The pages that are compared: the portal, and the same overview in two other ways over the same
// middleware. Each is a folder as the middleware serves it, with its files compressed beforehand.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const target = process.env.PERENNIAL_TARGET ?? "target";

/** The style of the portal, for a page without a shadow root. */
const STYLE = "style/portal.css";

/** Writes a file with its compressed forms. */
async function write(folder, name, content) {
  const bytes = Buffer.from(content);
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(bytes, { level: 9 });
  for (const [end, data] of /** @type {const} */ ([
    ["", bytes],
    [".br", brotli],
    [".gz", gzip],
  ])) {
    await writeFile(join(folder, name + end), data);
  }
}

/** Bundles what is in `tests/bench/<name>`; answers with the folder. */
async function bundle(name, script) {
  const folder = resolve(target, "bench", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "assets"), { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [`tests/bench/${name}/${script}`, STYLE],
    bundle: true,
    minify: true,
    write: false,
    outdir: folder,
    format: "esm",
    target: "es2022",
    supported: { nesting: true },
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  let index = await readFile(`tests/bench/${name}/index.html`, "utf8");
  for (const { path, contents } of outputFiles) {
    const file = basename(path);
    const [stem, extension] = file.split(".");
    const hash = createHash("sha256").update(contents).digest("hex").slice(0, 16);
    const hashed = `assets/${stem}.${hash}.${extension}`;
    const content = extension === "css" ? Buffer.from(contents).toString().replaceAll(":host", ":root") : contents;
    await write(folder, hashed, content);
    index = index.replaceAll(`/portal/${file}`, `/portal/${hashed}`);
  }
  await write(folder, "index.html", index);
  return folder;
}

/** What the files of a first visit weigh with brotli. @param {string} folder @param {RegExp} [only] */
async function weight(folder, only = /./) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".br") && only.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await readFile(join(folder, name))).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @typedef {{ name: string, folder: string, bytes: number }} Contender */

/** @returns {Promise<Record<"portal" | "floor" | "react", Contender>>} */
export async function contenders() {
  const portal = resolve(target, "dist", "portal");
  const floor = await bundle("by-hand", "overview.js");
  const react = await bundle("react", "app.jsx");
  const first = /^(index\.html|assets\/(boot|icon|page|portal|perennial|perennial_bg)\.)/;
  return {
    portal: { name: "portal", folder: portal, bytes: await weight(portal, first) },
    floor: { name: "by hand", folder: floor, bytes: await weight(floor) },
    react: { name: "React", folder: react, bytes: await weight(react) },
  };
}
