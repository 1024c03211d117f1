// Cards of the sandbox: fields in an iframe of another origin, as a real processor has
// them, with numbers that succeed, are declined, or make the bank ask.

/** Marks our messages among those that others send through the page. */
const MARK = "perennial-sandbox-card";

/**
 * Without an origin, in the preview, the same page comes from the preview itself; the
 * iframe's sandbox then gives it an origin of its own, which has no name.
 * @type {typeof import("./tokeniser.js").mount}
 */
export function mount(slot, { origin, secret, returnUrl, dark, entry, on }) {
  const frame = document.createElement("iframe");
  const [expected, target] = origin ? [origin, origin] : ["null", "*"];
  const page = origin ? `${origin}/processor/card.html` : new URL("/portal/card.html", location.href).href;
  frame.src = `${page}?parent=${encodeURIComponent(location.origin)}`;
  if (!origin) frame.setAttribute("sandbox", "allow-scripts allow-forms");
  frame.title = "Card details";
  frame.style.cssText = "border: 0; inline-size: 100%; block-size: 0; display: block; color-scheme: normal";

  /** @type {Map<number, (result: import("./tokeniser.js").Result) => void>} */
  const asked = new Map();
  let last = 0;
  let settleReady;
  const ready = new Promise((resolve) => (settleReady = resolve));
  const send = (message) => frame.contentWindow.postMessage({ mark: MARK, ...message }, target);

  const receive = ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== expected || data?.mark !== MARK) return;
    switch (data.type) {
      case "loaded":
        return send({ type: "start", secret, returnUrl, dark, entry });
      case "ready":
        settleReady();
        return on({ type: "ready" });
      case "height":
        frame.style.blockSize = `${Number(data.height) || 0}px`;
        return undefined;
      case "field":
        return on({ type: "field", message: String(data.message) });
      case "challenge":
        return on({ type: "challenge", open: data.open === true });
      case "redirect":
        // To the bank, which is at the processor's.
        if (URL.parse(data.url)?.origin === expected) location.assign(data.url);
        return undefined;
      case "result":
        asked.get(data.number)?.(data.result);
        asked.delete(data.number);
        return undefined;
      default:
        return undefined;
    }
  };
  addEventListener("message", receive);
  slot.append(frame);

  /** The frame that never answers is one that cannot be reached. */
  const patience = new Promise((resolve) => setTimeout(resolve, 10_000, { state: "failed" }));
  Promise.race([ready, patience]).then((late) => late && on({ type: "failed" }));
  const ask = async (type) => {
    const late = await Promise.race([ready, patience]);
    if (late) return late;
    const number = ++last;
    return new Promise((resolve) => {
      asked.set(number, resolve);
      send({ type, number });
    });
  };
  return {
    tokenise: () => ask("tokenise"),
    check: () => ask("check"),
    proceed: () => ask("proceed"),
    unmount() {
      removeEventListener("message", receive);
      frame.remove();
    },
  };
}
