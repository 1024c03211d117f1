// The npm package: components for React and Vue over the element that the middleware serves.
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { EVENTS, openAccount, opened, told } from "./support/element.js";
import { expect, test } from "./support/portal.js";
import { sections } from "./support/customer.js";

const PACKAGE = resolve(process.env.PERENNIAL_TARGET ?? "target", "dist", "npm");

/** A script for the merchant's page, with all that it imports inside. @param {string} contents */
async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    alias: { "perennial-portal/react": join(PACKAGE, "react.js"), "perennial-portal/vue": join(PACKAGE, "vue.js") },
    nodePaths: [resolve("node_modules")],
    define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false" },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

const APPS = {
  React: `
    import { createElement as h, useState } from "react";
    import { createRoot } from "react-dom/client";
    import { MerchantPortal } from "perennial-portal/react";
    function App() {
      const [page, setPage] = useState("deliveries");
      const [heard, setHeard] = useState("");
      return h("div", {},
        h("button", { onClick: () => setPage("addresses") }, "Show addresses"),
        h("output", {}, heard),
        h(MerchantPortal, { id: "one", page, prefix: "abo", onReady: () => setHeard("ready") },
          h("p", { slot: "fallback" }, "Please write to us.")));
    }
    createRoot(document.getElementById("app")).render(h(App));`,
  Vue: `
    import { createApp, h, ref } from "vue";
    import { MerchantPortal } from "perennial-portal/vue";
    createApp({
      setup() {
        const page = ref("deliveries");
        const heard = ref("");
        return () => h("div", [
          h("button", { onClick: () => (page.value = "addresses") }, "Show addresses"),
          h("output", heard.value),
          h(MerchantPortal, { id: "one", page: page.value, prefix: "abo", onReady: () => (heard.value = "ready") },
            () => h("p", { slot: "fallback" }, "Please write to us.")),
        ]);
      },
    }).mount("#app");`,
};

for (const [framework, app] of Object.entries(APPS)) {
  test(`the component for ${framework} opens the portal, follows its properties and emits events`, async ({
    page,
    middleware,
    store,
  }) => {
    const script = await bundled(app);
    await page.route(`${middleware.origin}/app.js`, (route) =>
      route.fulfill({ contentType: "text/javascript", body: script }),
    );
    const body = '<div id="app"></div><script type="module" src="/app.js"></script>';
    await openAccount(page, { middleware, store }, body);
    await expect(page.getByRole("heading", { level: 1, name: "Deliveries" })).toBeVisible();
    await expect(page.locator("output").filter({ hasText: "ready" })).toBeVisible();
    await page.getByRole("button", { name: "Show addresses" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Addresses" })).toBeVisible();
    await expect(page).toHaveURL(/#abo_addresses$/);
    await sections(page).getByRole("link", { name: "Overview" }).click();
    await opened(page);
    expect(await told(page, "ready")).toHaveLength(1);
  });
}

/** The names at the start of the rows of a table. @param {string} text @param {string} title of its section */
function rows(text, title) {
  const [, after] = text.split(`\n### ${title}\n`);
  const section = after.split(/\n##/)[0];
  return [...section.matchAll(/^\| `([^`(]+)/gm)].map(([, name]) => name).sort();
}

/** The events that the sources dispatch, without `perennial:`. */
async function dispatched() {
  const names = new Set();
  const listed = await Promise.all(
    ["web", "src"].map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const files = listed.flat().filter((file) => /\.(js|rs)$/.test(file.name));
  for (const file of files) {
    const source = await readFile(join(file.parentPath, file.name), "utf8");
    const found = source.matchAll(/CustomEvent\("perennial:([a-z:]+)"|\.(?:tell|is_taken)\("([a-z:]+)"/g);
    for (const [, whole, short] of found) names.add(whole ?? short);
  }
  return [...names].sort();
}

test("the documentation and the package name everything that the element has", async ({ page, middleware, store }) => {
  await openAccount(page, { middleware, store }, '<merchant-portal id="one"></merchant-portal>');
  const { attributes, members } = await page.evaluate(() => {
    const element = /** @type {any} */ (customElements.get("merchant-portal"));
    const attributes = [...element.observedAttributes].sort();
    const own = Object.getOwnPropertyNames(element.prototype);
    const members = own.filter((name) => !/^constructor$|Callback$/.test(name) && !attributes.includes(name));
    return { attributes, members: members.sort() };
  });
  const docs = await readFile("docs/embedding.md", "utf8");
  const { EVENTS: events } = await import(join(PACKAGE, "index.js"));
  expect(rows(docs, "Attributes")).toEqual(attributes);
  expect(rows(docs, "Properties and methods")).toEqual(members);
  expect(rows(docs, "Events").map((name) => name.replace("perennial:", ""))).toEqual([...events].sort());
  expect(await dispatched()).toEqual([...events].sort());
  expect([...EVENTS].sort()).toEqual([...events].sort());
});
