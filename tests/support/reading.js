// What a screen reader finds in the page, from Chromium's accessibility tree.

/** @typedef {import("@playwright/test").Page} Page */

const LANDMARKS = ["banner", "navigation", "main", "contentinfo", "region", "search", "dialog", "alert", "status"];
const CONTROLS = [
  "button",
  "link",
  "textbox",
  "searchbox",
  "combobox",
  "checkbox",
  "radio",
  "switch",
  "spinbutton",
  "Date",
  "DisclosureTriangle",
];
const GROUPS = ["group", "radiogroup", "grid", "table", "list", "article"];

/** The states that are read along with a control, and how. */
const STATES = {
  checked: { true: "checked", false: "not checked" },
  pressed: { true: "pressed", false: "not pressed" },
  expanded: { true: "expanded", false: "collapsed" },
  disabled: { true: "unavailable" },
  invalid: { true: "invalid" },
  required: { true: "required" },
  busy: { true: "busy" },
};

/**
 * The lines that are read from the top to the end, such as `heading 1: Hello, Maya` or
 * `button: More, collapsed`. Of what is behind a modal dialog nothing is read.
 * @param {Page} page @returns {Promise<string[]>}
 */
export async function reading(page) {
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send("Accessibility.getFullAXTree");
  await client.detach();
  const known = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines = [];
  const read = (node) => {
    const line = node.ignored ? "" : lineOf(node);
    if (line) lines.push(line);
    // The text of a control or a heading is its name.
    const isRead = line && !node.ignored && !LANDMARKS.includes(node.role.value) && !GROUPS.includes(node.role.value);
    if (!isRead) for (const id of node.childIds ?? []) if (known.has(id)) read(known.get(id));
  };
  read(nodes[0]);
  return lines;
}

function lineOf({ role: { value: role }, name, description, value, properties = [] }) {
  const property = Object.fromEntries(properties.map(({ name, value }) => [name, value.value]));
  const states = Object.entries(STATES).map(([state, words]) => words[String(property[state])]);
  const about = [name?.value, value?.value, ...states, description?.value].filter(Boolean).join(", ");
  if (role === "heading") return `heading ${property.level}: ${about}`;
  if (role === "StaticText") return about.trim();
  if (role === "image") return `image: ${about}`;
  if (CONTROLS.includes(role)) return `${role}: ${about}`;
  if (LANDMARKS.includes(role) || (GROUPS.includes(role) && name?.value)) return about ? `${role}: ${about}` : role;
  return "";
}
