// Follows the styles while a designer edits them. `cargo xtask preview` serves this page by
// esbuild, whose server tells of each change.
new EventSource("/esbuild").addEventListener("change", async () => {
  const style = await (await fetch("/portal/portal.css")).text();
  for (const { shadowRoot } of document.querySelectorAll("[data-perennial]")) {
    for (const sheet of shadowRoot?.adoptedStyleSheets ?? []) sheet.replace(style);
  }
});
