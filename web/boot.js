// Starts the portal on a page of our own. The wasm, its glue, the style and the first
// answers of the API are asked for at the same moment; until the wasm runs, a skeleton of
// the first page stands in its place. Runs as it is in the preview and minified in the
// bundle.

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
 * Asks the API for what the first page shows, by path below the API's base. The portal
 * takes these answers over instead of asking again.
 * @param {string} base where the portal is served
 * @returns {Record<string, Promise<Response>>}
 */
function firstAnswers(base) {
  const paths = ["/session"];
  if (location.pathname === `${base}/`) paths.push("/overview");
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

/**
 * Mounts the portal into a shadow root on `host` and leaves its handle in `host.portal`.
 * @param {HTMLElement & { portal?: unknown }} host
 */
async function start(host) {
  const { mode, base, glue, wasm, css } = host.dataset;
  const first = mode === "http" ? firstAnswers(base) : {};
  const module = fetch(wasm);
  const style = styleSheet(css);
  const code = import(glue);

  const shadow = host.attachShadow({ mode: "open" });
  const root = document.createElement("div");
  root.className = "portal";
  root.dataset.page = "";
  shadow.append(root);
  const giveUp = () => {
    host.dataset.failed = "";
    root.innerHTML = `<slot name="fallback"></slot>`;
  };
  const patience = setTimeout(giveUp, PATIENCE);
  try {
    shadow.adoptedStyleSheets = [await style];
    paintSkeleton(root);
    const { default: init, mount } = await code;
    await init({ module_or_path: module });
    delete host.dataset.failed;
    host.portal = mount(root, { base, mode, first });
  } catch (error) {
    giveUp();
    console.error(error);
  } finally {
    clearTimeout(patience);
  }
}

for (const host of document.querySelectorAll("[data-perennial]")) start(host);
