// Opens the portal in a shadow root: on a page of our own and inside a merchant's. Until
// the wasm runs, a skeleton of the first page stands in its place.

/** After so many milliseconds the customer is offered the way back. */
const PATIENCE = 8000;

/** A grey bar; its width and height stand for what will be there. */
const bar = (wide, high = "16px") => `<span class="skeleton" data-wide="${wide}" data-high="${high}"></span>`;

/** The shape of the first page, in the portal's own classes. */
const SKELETON = `
<div class="frame" aria-hidden="true">
  <div class="rail">
    <div class="brand"><span class="skeleton line"></span></div>
    <div class="nav"></div>
  </div>
  <div class="main stack stack-section">
    <div class="page-header"><span class="skeleton line"></span></div>
    <div class="card">
      <span class="skeleton short"></span>
      <span class="skeleton big"></span>
      <div class="row">
        <span class="skeleton mark"></span><span class="skeleton mark"></span><span class="skeleton mark"></span>
      </div>
      <span class="skeleton line"></span>
      <span class="skeleton short"></span>
      <div class="row"><span class="skeleton press"></span><span class="skeleton press"></span></div>
    </div>
  </div>
</div>`;

/** @param {HTMLElement} root */
function paintSkeleton(root) {
  root.innerHTML = SKELETON;
  for (const { style, dataset } of root.querySelectorAll(".skeleton")) {
    // By the object model: the content security policy refuses style attributes in markup.
    style.setProperty("--wide", dataset.wide);
    style.setProperty("--high", dataset.high);
  }
}

/**
 * Asks the API for what the portal shows first, by path below the API's base. The portal
 * takes these answers over instead of asking again.
 * @param {string} base where the portal is served
 * @param {boolean} overview whether it opens at the overview
 * @returns {Record<string, Promise<Response>>}
 */
export function firstAnswers(base, overview) {
  const paths = overview ? ["/session", "/overview"] : ["/session"];
  return Object.fromEntries(
    paths.map((path) => {
      const answer = fetch(`${base}/api${path}`, { headers: { accept: "application/json" } });
      // Whoever takes the promise over sees the failure; until then nobody listens.
      answer.catch(() => {});
      return [path, answer];
    }),
  );
}

/** @param {string} url */
async function styleSheet(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const sheet = new CSSStyleSheet();
  return sheet.replace(await answer.text());
}

/** @param {string} glue @param {string} wasm */
async function code(glue, wasm) {
  const module = fetch(wasm);
  // Where the glue does not come, nobody awaits it.
  module.catch(() => {});
  const { default: init, mount } = await import(glue);
  await init({ module_or_path: module });
  return mount;
}

/** The card fields of the processors, each fetched when a customer adds a card. */
const TOKENISERS = { stripe: "/portal/stripe.js", sandbox: "/portal/sandbox.js" };

/** @param {string} kind @returns {Promise<{ mount: typeof import("./tokenisers/tokeniser").mount }>} */
const tokeniser = (kind) => import(TOKENISERS[kind]);

/** @typedef {{ glue: string, wasm: string, css: string }} Files the addresses of what a portal is made of */

/** What is made of the files, once for the document however often a portal is opened in it. */
let parts;

/** @param {Files} files */
function load({ glue, wasm, css }) {
  parts ??= { mount: code(glue, wasm), style: styleSheet(css) };
  for (const part of Object.values(parts)) {
    // The next one tries again.
    part.catch(() => (parts = undefined));
  }
  return parts;
}

/**
 * Opens the portal on `host`. Where it cannot be opened, or not soon, what the page has in the
 * slot `fallback` shows. Answers with the portal's handle; with nothing where it failed or the
 * host has left the page meanwhile.
 * @param {HTMLElement} host
 * @param {Files} files
 * @param {object} config as `mount` takes it
 * @returns {Promise<{ unmount(): void, free(): void } | undefined>}
 */
export async function open(host, files, config) {
  const { mount, style } = load(files);
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const root = document.createElement("div");
  root.className = "portal";
  if (config.routing !== "hash") root.dataset.page = "";
  shadow.replaceChildren(root);
  const giveUp = () => {
    host.dataset.failed = "";
    root.innerHTML = `<slot name="fallback"></slot>`;
  };
  const patience = setTimeout(giveUp, PATIENCE);
  try {
    shadow.adoptedStyleSheets = [await style];
    paintSkeleton(root);
    const start = await mount;
    delete host.dataset.failed;
    return host.isConnected ? start(root, { ...config, tokeniser }) : undefined;
  } catch (error) {
    giveUp();
    console.error(error);
    return undefined;
  } finally {
    clearTimeout(patience);
  }
}
