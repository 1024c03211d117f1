// The contrast of each pair of colors that are seen together, in light and in dark.
import { contrast, hex, over } from "./color.js";
import { make, words } from "./tokens.js";

/**
 * @typedef {object} Pair
 * @property {string} front the property with the color in front, such as `--ink`
 * @property {string[]} back those of what it is seen on, from the front to the back
 * @property {[string, string]} tokens what a theme sets to change the two
 * @property {number} needed the least ratio, in hundredths
 */

/**
 * @typedef {object} Result
 * @property {Pair} pair
 * @property {"light" | "dark"} mode
 * @property {number} ratio
 * @property {[string, string]} colors front and back, as seen
 */

/**
 * Measures every pair in both modes, in the page that the portal is on.
 * @param {import("./portal.js").Portal} portal
 * @param {Pair[]} pairs
 * @returns {Result[]}
 */
export function check(portal, pairs) {
  return /** @type {const} */ (["light", "dark"]).flatMap((mode) => {
    const values = pairs.flatMap(({ front, back }) => [front, ...back, "--paper"].map((name) => `var(${name})`));
    const colors = portal.colors(mode, values);
    return pairs.map((pair) => {
      const [front, ...behind] = colors.splice(0, pair.back.length + 2);
      const ground = behind.reduceRight((below, above) => over(above, below));
      const seen = over(front, ground);
      return { pair, mode, ratio: contrast(seen, ground), colors: [hex(seen), hex(ground)] };
    });
  });
}

/** What a pair is called: its tokens, and how the one behind is mixed. @param {Pair} pair */
function title({ back: [behind], tokens: [front, back] }) {
  const mixes = { "-hover": "hovered ", "--wash": "shaded " };
  const mix = Object.entries(mixes).find(([part]) => behind.includes(part))?.[1] ?? "";
  return `${words(front)} on ${mix}${words(back).toLowerCase()}`;
}

/** A ratio as it is written, never rounded up to what it has to be. @param {number} ratio */
const written = (ratio) => `${(Math.floor(ratio * 100) / 100).toFixed(2)}:1`;

/**
 * Lists the results, and sums them up in `verdict`.
 * @param {HTMLElement} place
 * @param {HTMLElement} verdict
 * @param {Result[]} results
 */
export function showPairs(place, verdict, results) {
  const fails = ({ ratio, pair }) => 100 * ratio < pair.needed;
  const failing = results.filter(fails);
  verdict.textContent = failing.length
    ? `${failing.length} of ${results.length} pairs ${failing.length === 1 ? "has" : "have"} too little contrast`
    : `All ${results.length} pairs have enough contrast`;
  verdict.toggleAttribute("data-failing", failing.length > 0);
  const wasOpen = place.querySelector("details")?.open ?? false;
  const all = make("details", { open: wasOpen });
  const passing = results.filter((result) => !fails(result));
  all.append(make("summary", { textContent: `${passing.length} that pass` }), list(passing, "Pairs that pass"));
  place.replaceChildren(...(failing.length ? [list(failing, "Pairs that fail")] : []), all);
}

/** @param {Result[]} results @param {string} name */
function list(results, name) {
  const element = make("ul", { className: "pairs" });
  element.setAttribute("aria-label", name);
  element.append(
    ...results.map(({ pair, mode, ratio, colors: [front, back] }) => {
      const sample = make("span", { className: "sample", textContent: "Aa" });
      sample.setAttribute("aria-hidden", "true");
      sample.style.color = front;
      sample.style.background = back;
      const text = make("span", { className: "pair", textContent: `${title(pair)}, ${mode}` });
      const ratios = make("span", { className: "ratio", textContent: written(ratio) });
      const need = make("span", { className: "need", textContent: `needs ${pair.needed / 100}:1` });
      const line = make("li", {});
      line.append(sample, text, ratios, need);
      return line;
    }),
  );
  return element;
}
