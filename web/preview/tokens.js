// The panel that edits design tokens: a field of the fitting kind for each.
import { hex, over } from "./color.js";
import { DARK, PREFIX } from "./files.js";

/**
 * @typedef {object} Token
 * @property {string} name such as `--portal-accent`
 * @property {string} initial its value where no theme sets it
 */

/** Font stacks that need no download. */
const FONTS = {
  Inherited: "inherit",
  System: "system-ui, sans-serif",
  Humanist: "Seravek, Candara, Calibri, Optima, sans-serif",
  Geometric: "Avenir, Montserrat, Corbel, sans-serif",
  Serif: "Charter, Cambria, Georgia, serif",
  Slab: "Rockwell, 'Roboto Slab', serif",
  Monospace: "ui-monospace, Menlo, Consolas, monospace",
};

/** @typedef {(name: string, value: string | undefined) => void} Edit called with each new value; without one where the token goes back to that of the theme */
/** @typedef {(name: string) => string | undefined} Values what a token is set to, if it is set */
/** @typedef {import("./portal.js").Portal} Portal */

/**
 * Makes the fields.
 * @param {HTMLElement} place
 * @param {Token[]} tokens
 * @param {Edit} edit
 */
export function tokenPanel(place, tokens, edit) {
  const names = new Set(tokens.map(({ name }) => name));
  const isOfAnother = ({ name }) => name.endsWith(DARK) && names.has(name.slice(0, -DARK.length));
  const rows = tokens
    .filter((token) => !isOfAnother(token))
    .map((token) => row([token, ...tokens.filter(({ name }) => name === token.name + DARK)], edit));
  const columns = make("p", { className: "columns" });
  columns.append(...["Light", "Dark"].map((textContent) => make("span", { textContent })));
  const hasBoth = tokens.some(isOfAnother);
  place.replaceChildren(...(hasBoth ? [columns] : []), ...rows.map(({ element }) => element));
  return {
    /**
     * Shows what the tokens are set to by the theme and the changes in it.
     * @param {Map<string, string>} values
     * @param {Set<string>} changed
     * @param {Portal} portal
     */
    show(values, changed, portal) {
      for (const { show } of rows) show((name) => values.get(name), changed, portal);
    },
  };
}

/** A token, with that of the dark page where there is one. @param {Token[]} tokens @param {Edit} edit */
function row(tokens, edit) {
  const [token] = tokens;
  const label = words(token.name);
  const id = `token${token.name}`;
  const element = make("div", { className: "token" });
  const name = make("label", { className: "token-name", textContent: label, htmlFor: id });
  const back = make("button", { type: "button", className: "back", textContent: "Reset", hidden: true });
  back.setAttribute("aria-label", `Reset ${label.toLowerCase()}`);
  back.addEventListener("click", () => tokens.forEach((each) => edit(each.name, undefined)));
  const controls = make("div", { className: "token-controls" });
  const fields = tokens.map((each, place) => FIELDS[kind(each)](each, place ? `${label} in dark` : label, edit));
  fields[0].main.id = id;
  controls.append(...fields.flatMap(({ elements }) => elements));
  element.append(name, back, controls);
  return {
    element,
    /** @param {Values} values @param {Set<string>} changed @param {Portal} portal */
    show(values, changed, portal) {
      const isChanged = tokens.some((each) => changed.has(each.name));
      back.hidden = !isChanged;
      element.toggleAttribute("data-changed", isChanged);
      tokens.forEach((each, place) => fields[place].show(values(each.name), portal));
    },
  };
}

/** What the value of a token is. @param {Token} token @returns {keyof typeof FIELDS} */
export function kind({ name, initial }) {
  if (name.endsWith("mode")) return "mode";
  if (name.endsWith("font")) return "font";
  if (name.endsWith("weight")) return "weight";
  if (/(radius|space)$/.test(name)) return "length";
  return /^(light-dark|color-mix|var|oklch|color|rgb|#)/.test(initial) ? "color" : "text";
}

/** @typedef {(token: Token, label: string, edit: Edit) => { main: HTMLElement, elements: HTMLElement[], show: (value: string | undefined, portal: Portal) => void }} FieldMaker */

/** @type {Record<string, FieldMaker>} */
const FIELDS = {
  color({ name, initial }, label, edit) {
    const swatch = make("input", { type: "color" });
    swatch.setAttribute("aria-label", `${label}, color`);
    const text = textField(
      label,
      (value) => edit(name, value),
      (value) => CSS.supports("color", value),
    );
    swatch.addEventListener("input", () => edit(name, swatch.value));
    return {
      main: text,
      elements: [swatch, text],
      show(value, portal) {
        showText(text, value);
        if (!portal.isThere) return;
        const mode = name.endsWith(DARK) ? "dark" : "light";
        // A line that lets through what is behind it is seen on a card.
        const [color, ground] = portal.colors(mode, [value ?? initial, "var(--raised)"]);
        const shown = hex(over(color, ground));
        text.placeholder = shown;
        if (swatch !== document.activeElement) swatch.value = shown;
      },
    };
  },

  length({ name, initial }, label, edit) {
    const limits = name.endsWith("space") ? { min: 2, max: 8, step: 0.5 } : { min: 0, max: 32, step: 1 };
    const computed = (value, portal) => portal.pixels(value ?? initial);
    return ranged(label, limits, (value) => edit(name, value && `${Number.parseFloat(value)}px`), computed);
  },

  weight({ name, initial }, label, edit) {
    const computed = (value, portal) => portal.weight(value ?? initial);
    return ranged(label, { min: 300, max: 800, step: 10 }, (value) => edit(name, value), computed);
  },

  font({ name }, label, edit) {
    const select = make("select", {});
    select.append(...Object.entries(FONTS).map(([title, value]) => new Option(title, value)));
    const own = make("option", { textContent: "Another", value: "", hidden: true });
    select.append(own);
    const text = textField(`${label} stack`, (value) => edit(name, value));
    select.addEventListener("change", () => edit(name, select.value));
    return {
      main: select,
      elements: [select, text],
      show(value = "inherit") {
        const isListed = Object.values(FONTS).includes(value);
        own.hidden = isListed;
        select.value = isListed ? value : "";
        showText(text, value);
      },
    };
  },

  mode({ name, initial }, _, edit) {
    const select = make("select", {});
    const modes = { "Light and dark": initial, "Always light": "light", "Always dark": "dark" };
    select.append(...Object.entries(modes).map(([title, value]) => new Option(title, value)));
    select.addEventListener("change", () => edit(name, select.value === initial ? undefined : select.value));
    return { main: select, elements: [select], show: (value = initial) => (select.value = value) };
  },

  text({ name, initial }, label, edit) {
    const text = textField(label, (value) => edit(name, value));
    text.placeholder = initial;
    return { main: text, elements: [text], show: (value) => showText(text, value) };
  },
};

/**
 * A range and the number that it stands at.
 * @param {string} label
 * @param {{ min: number, max: number, step: number }} limits
 * @param {(value: string | undefined) => void} set
 * @param {(value: string | undefined, portal: Portal) => number} computed
 */
function ranged(label, { min, max, step }, set, computed) {
  const range = make("input", { type: "range", min: String(min), max: String(max), step: String(step) });
  const text = textField(`${label} value`, set);
  range.addEventListener("input", () => set(range.value));
  return {
    main: range,
    elements: [range, text],
    /** @param {string | undefined} value @param {Portal} portal */
    show(value, portal) {
      showText(text, value);
      if (!portal.isThere) return;
      const number = computed(value, portal);
      text.placeholder = String(Math.round(number * 100) / 100);
      if (range !== document.activeElement) range.value = String(number);
    },
  };
}

/**
 * A field for any value; emptied, the token goes back to what it was.
 * @param {string} label
 * @param {(value: string | undefined) => void} set
 * @param {(value: string) => boolean} [isValid]
 */
function textField(label, set, isValid = () => true) {
  const field = make("input", { type: "text", className: "value", spellcheck: false, autocomplete: "off" });
  field.setAttribute("aria-label", label);
  field.addEventListener("change", () => {
    const value = field.value.trim();
    const isWrong = value !== "" && !isValid(value);
    field.setAttribute("aria-invalid", String(isWrong));
    if (!isWrong) set(value || undefined);
  });
  return field;
}

/** @param {HTMLInputElement} field @param {string} [value] */
function showText(field, value = "") {
  if (field !== document.activeElement) field.value = value;
}

/** What a token is called: `--portal-on-accent` is "On accent". @param {string} name */
export function words(name) {
  const text = name.replace(PREFIX, "").replace(/^--/, "").replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
