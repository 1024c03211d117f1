// Cards by Stripe: Stripe.js from Stripe's own origin, its Payment Element in its own
// iframes, and a SetupIntent that the middleware has made.

/** Stripe forbids to keep a copy of it, and so to name a hash. */
const STRIPE_JS = "https://js.stripe.com/dahlia/stripe.js";

/** Gives the address away to a page with Trusted Types, and no other one. */
let policy;

/** The address as the page takes it. @returns {string} */
function source() {
  try {
    policy ??= trustedTypes.createPolicy("perennial-stripe", { createScriptURL: () => STRIPE_JS });
    return policy.createScriptURL("");
  } catch {
    // There are no Trusted Types, or the page does not allow the policy.
    return STRIPE_JS;
  }
}

/** @type {Promise<Window["Stripe"]> | undefined} */
let loading;

/** Loads Stripe.js once a page; a load that failed may be tried again. */
function load() {
  loading ??= new Promise((resolve, reject) => {
    if (window.Stripe) return resolve(window.Stripe);
    const script = document.createElement("script");
    script.src = source();
    script.onload = () => (window.Stripe ? resolve(window.Stripe) : /** @type {() => void} */ (script.onerror)());
    script.onerror = () => {
      script.remove();
      loading = undefined;
      reject(new Error("Stripe.js did not load"));
    };
    document.head.append(script);
  });
  return loading;
}

/** What a SetupIntent has come to. @returns {import("./tokeniser.js").Result} */
function read(intent) {
  switch (intent.status) {
    case "succeeded": {
      // An id, or where Stripe expanded it the method itself.
      const method = intent.payment_method;
      const card = method?.card ?? {};
      return { state: "done", token: method?.id ?? method, brand: card.brand ?? "", last4: card.last4 ?? "" };
    }
    case "requires_action":
    case "requires_confirmation":
    case "processing":
      return { state: "waiting" };
    default:
      return { state: "declined", message: intent.last_setup_error?.message ?? "" };
  }
}

/** What Stripe's answer means. @returns {import("./tokeniser.js").Result} */
function result({ error, setupIntent }) {
  if (setupIntent) return read(setupIntent);
  if (error.type === "validation_error") return { state: "invalid" };
  // Such as a second press after the first one succeeded.
  if (error.setup_intent?.status === "succeeded") return read(error.setup_intent);
  if (error.type === "card_error" || error.code === "setup_intent_authentication_failure") {
    return { state: "declined", message: error.message ?? "" };
  }
  return { state: failure(error) };
}

/**
 * Whether Stripe does not take the request, or was not reached.
 * @param {{ type?: string }} error
 */
function failure(error) {
  const unreached = ["api_connection_error", "api_error", "rate_limit_error"];
  return error?.type && !unreached.includes(error.type) ? "refused" : "failed";
}

/** @type {typeof import("./tokeniser.js").mount} */
export function mount(slot, { key, secret, returnUrl, locale, dark, entry, on }) {
  let element;
  let left = false;
  const stripe = load().then((Stripe) => Stripe(key, { locale: locale || "auto" }));
  const fields = stripe.then((stripe) => {
    if (!entry || left) return undefined;
    const appearance = { theme: dark ? "night" : "stripe" };
    const elements = stripe.elements({ clientSecret: secret, appearance });
    // Apple Pay and Google Pay need the browser's payment API, which the page's policy keeps
    // shut. A setup for cards only refuses what Link makes.
    element = elements.create("payment", { wallets: { applePay: "never", googlePay: "never", link: "never" } });
    element.on("ready", () => on({ type: "ready" }));
    element.on("change", () => on({ type: "field", message: "" }));
    element.on("loaderror", ({ error }) => on({ type: failure(error) }));
    element.mount(slot);
    return elements;
  });
  fields.catch(() => on({ type: "failed" }));
  /** @param {(stripe: any) => Promise<any>} call @returns {Promise<import("./tokeniser.js").Result>} */
  const ask = async (call) => {
    try {
      return result(await call(await stripe));
    } catch {
      return { state: "failed" };
    }
  };
  return {
    tokenise: () =>
      ask(async (stripe) =>
        stripe.confirmSetup({
          elements: await fields,
          confirmParams: { return_url: returnUrl, expand: ["payment_method"] },
          redirect: "if_required",
        }),
      ),
    check: () => ask((stripe) => stripe.retrieveSetupIntent(secret)),
    proceed: () => ask((stripe) => stripe.handleNextAction({ clientSecret: secret })),
    unmount() {
      left = true;
      element?.destroy();
    },
  };
}
