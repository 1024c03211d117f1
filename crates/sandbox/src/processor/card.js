// The card fields of the sandbox's payment processor. What is typed stays in this page: the
// portal gets a token, the store's server hears how the confirmation went. Alone in a window
// it is the bank's own page.
"use strict";

const MARK = "perennial-sandbox-card";
const query = new URLSearchParams(location.search);
/** The page that may talk to us, and whom we answer. */
const PARENT = query.get("parent") ?? "";

/** How the numbers that are known behave; any other that checks out succeeds. */
const BEHAVIOUR = {
  4000000000000002: "declined",
  4000000000000341: "fails-later",
  4000002500003155: "challenge",
  4000000000003220: "bank-page",
};
const DECLINED = "Your card was declined. Try another one.";
const NOT_CONFIRMED = "Your bank didn’t confirm the card. Try again or use another one.";

const byId = (id) => document.getElementById(id);
const inputs = ["number", "expiry", "cvc"].map(byId);
/** Whether there is no processor: in the preview, whose frame has an origin without a name. */
const isAlone = self.origin === "null";
/** What the portal asked for. */
let setup;

/** Keeps the state of confirmations: at the processor, or in the preview, which has none, here. */
const memory = new Map();
const processor = {
  async call(path, body) {
    const answer = await fetch(`/processor/intents/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the processor answered ${answer.status}`);
    return answer.json();
  },
  read(secret) {
    if (isAlone) return memory.get(secret) ?? { status: "requires_payment_method" };
    return this.call("read", { secret });
  },
  write(secret, state) {
    if (isAlone) return memory.set(secret, state);
    return this.call("write", { secret, state });
  },
};

const send = (message) => parent.postMessage({ mark: MARK, ...message }, PARENT);

/** Shows the card's fields, the bank's question, or nothing. */
function show(id) {
  for (const part of [byId("card"), byId("bank")]) part.hidden = part.id !== id;
  send({ type: "challenge", open: id === "bank" });
  measure();
}

/** Tells the portal how much room we need. */
function measure() {
  const empty = byId("card").hidden && byId("bank").hidden;
  send({ type: "height", height: empty ? 0 : document.body.scrollHeight });
}

const digits = (input) => input.value.replace(/\D/g, "");

/** The check digit of a card number. */
function checksOut(number) {
  const sum = [...number].reverse().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function problems() {
  const [number, expiry, cvc] = inputs.map(digits);
  const month = Number(expiry.slice(0, 2));
  const end = new Date(2000 + Number(expiry.slice(2)), month, 1);
  return [
    number.length < 13 || !checksOut(number) ? "Your card number is incomplete." : "",
    expiry.length !== 4 || month < 1 || month > 12
      ? "Enter the month and year as shown on your card."
      : end <= new Date()
        ? "Your card has expired."
        : "",
    cvc.length < 3 ? "Your security code is incomplete." : "",
  ];
}

/** Says at a field what is wrong; nothing where it is fine. */
function complain(input, text) {
  byId(`${input.id}-error`).textContent = text;
  input.toggleAttribute("aria-invalid", text !== "");
}

function brand(number) {
  if (/^5[1-5]|^2[2-7]/.test(number)) return "mastercard";
  return number.startsWith("3") ? "amex" : "visa";
}

/** What a state means for the portal. */
function result(state) {
  switch (state.status) {
    case "succeeded":
      return { state: "done", token: state.token, brand: state.brand, last4: state.last4 };
    case "requires_action":
      return { state: "waiting" };
    default:
      return { state: "declined", message: state.message ?? "" };
  }
}

async function tokenise() {
  const found = problems();
  inputs.forEach((input, at) => complain(input, found[at]));
  measure();
  const first = found.findIndex((text) => text !== "");
  if (first >= 0) {
    inputs[first].focus();
    send({ type: "field", message: found[first] });
    return { state: "invalid" };
  }
  const number = digits(inputs[0]);
  const behaviour = BEHAVIOUR[number];
  const last4 = number.slice(-4);
  const kind = behaviour === "fails-later" ? "declined" : brand(number);
  const unique = crypto.getRandomValues(new Uint32Array(2)).join("");
  const card = { brand: brand(number), last4, token: `pm_${kind}_${last4}_${unique}` };
  if (behaviour === "declined") {
    complain(inputs[0], DECLINED);
    measure();
    return decide({ status: "requires_payment_method", message: DECLINED });
  }
  if (behaviour === "challenge" || behaviour === "bank-page") {
    await processor.write(setup.secret, { ...card, status: "requires_action", page: behaviour === "bank-page" });
    return proceed();
  }
  return decide({ ...card, status: "succeeded" });
}

async function decide(state) {
  await processor.write(setup.secret, state);
  return result(state);
}

/** Lets the bank ask, here or on its own page. */
async function proceed() {
  const state = await processor.read(setup.secret);
  if (state.status !== "requires_action") return result(state);
  if (state.page && !isAlone) {
    const { secret, returnUrl } = setup;
    const bank = new URLSearchParams({ bank: secret, return: returnUrl });
    send({ type: "redirect", url: `${location.origin}${location.pathname}?${bank}` });
    return new Promise(() => {});
  }
  show("bank");
  byId("approve").focus();
  const approved = await answer();
  if (setup.entry) show("card");
  else show("");
  return decide(judged(state, approved));
}

/** What the customer tells their bank. */
const answer = () =>
  new Promise((resolve) => {
    byId("approve").onclick = () => resolve(true);
    byId("refuse").onclick = () => resolve(false);
  });

const judged = (state, approved) =>
  approved ? { ...state, status: "succeeded" } : { status: "requires_payment_method", message: NOT_CONFIRMED };

/** The whole window is the bank's: ask, then send the customer back to where they came from. */
async function bankPage(secret, back) {
  const url = new URL(back);
  if (url.protocol !== "https:" && url.protocol !== "http:") return;
  byId("bank").hidden = false;
  const approved = await answer();
  await processor.write(secret, judged(await processor.read(secret), approved));
  url.searchParams.set("redirect_status", approved ? "succeeded" : "failed");
  location.href = url.href;
}

const ACTIONS = {
  tokenise,
  proceed,
  check: async () => result(await processor.read(setup.secret)),
};

addEventListener("message", async ({ source, origin, data }) => {
  if (source !== parent || origin !== PARENT || data?.mark !== MARK) return;
  if (data.type === "start") {
    setup = data;
    document.documentElement.classList.toggle("dark", data.dark === true);
    if (data.entry) byId("card").hidden = false;
    measure();
    send({ type: "ready" });
  } else if (setup && Object.hasOwn(ACTIONS, data.type)) {
    const outcome = await ACTIONS[data.type]().catch(() => ({ state: "failed" }));
    send({ type: "result", number: data.number, result: outcome });
  }
});

for (const input of inputs) {
  input.addEventListener("input", () => {
    complain(input, "");
    send({ type: "field", message: "" });
  });
}
byId("card").addEventListener("submit", (event) => event.preventDefault());

if (query.has("bank")) bankPage(query.get("bank"), query.get("return"));
else send({ type: "loaded" });
