// Themes as files: rules for a style sheet, and tables for portal.toml.

/** Begins the name of each token that a theme may set. */
export const PREFIX = "--portal-";

/** Ends the name of what a color is on the dark page. */
export const DARK = "-dark";

/** The token that is light, dark or both, and what both are called in portal.toml. */
const MODE = `${PREFIX}mode`;
const BOTH = ["light dark", "auto"];

/** @typedef {Map<string, string>} Theme values by the names of their tokens */

/** @param {Theme} theme */
export function toCss(theme) {
  const lines = [...theme].map(([name, value]) => `  ${name}: ${value};\n`);
  return `merchant-portal {\n${lines.join("")}}\n`;
}

/**
 * @param {Theme} theme
 * @param {(name: string) => boolean} isColor
 */
export function toToml(theme, isColor) {
  /** @type {Record<string, string[]>} */
  const tables = { theme: [], "theme.tokens": [], "theme.light": [], "theme.dark": [] };
  for (const [name, value] of theme) {
    const isDark = isColor(name) && name.endsWith(DARK);
    const key = name.slice(PREFIX.length, isDark ? -DARK.length : undefined).replaceAll("-", "_");
    if (name === MODE) tables.theme.push(entry(key, value === BOTH[0] ? BOTH[1] : value));
    else if (isColor(name)) tables[isDark ? "theme.dark" : "theme.light"].push(entry(key, value));
    else tables["theme.tokens"].push(entry(key, value));
  }
  const written = Object.entries(tables).filter(([, lines]) => lines.length);
  return written.map(([name, lines]) => `[${name}]\n${lines.join("")}`).join("\n");
}

/** @param {string} key @param {string} value */
const entry = (key, value) => `${key} = ${JSON.stringify(value)}\n`;

/**
 * The tokens that a file sets, whether it is CSS or TOML.
 * @param {string} text
 * @returns {Theme}
 */
export const parse = (text) => (isToml(text) ? fromToml(text) : fromCss(text));

/** @param {string} text */
export const isToml = (text) => /^\s*\[theme(\.\w+)?\]/m.test(text);

/** @param {string} text @returns {Theme} */
function fromCss(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const theme = new Map();
  for (const rule of sheet.cssRules) {
    if (!(rule instanceof CSSStyleRule)) continue;
    for (const name of rule.style) {
      if (name.startsWith(PREFIX)) theme.set(name, rule.style.getPropertyValue(name).trim());
    }
  }
  return theme;
}

/** @param {string} text @returns {Theme} */
function fromToml(text) {
  const theme = new Map();
  let table = "";
  for (const line of text.split(/\r?\n/)) {
    const head = line.match(/^\s*\[([^\]]+)\]/);
    if (head) table = head[1].trim();
    const found = line.match(/^\s*"?([\w-]+)"?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s#]+))/);
    if (!found || !/^theme(\.(tokens|light|dark))?$/.test(table)) continue;
    const [, key, basic, literal, bare] = found;
    const value = basic === undefined ? (literal ?? bare) : JSON.parse(`"${basic}"`);
    const name = PREFIX + key.replaceAll("_", "-") + (table === "theme.dark" ? DARK : "");
    theme.set(name, name === MODE && value === BOTH[1] ? BOTH[0] : value);
  }
  return theme;
}
