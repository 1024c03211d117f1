// Follows the styles while a designer edits them. `cargo xtask preview` serves this page by
// esbuild, whose server tells of each change.
const URLS = ["/portal/portal.css", "/portal/lazy.css"];

new EventSource("/esbuild").addEventListener("change", async () => {
  const styles = await Promise.all(URLS.map(async (url) => (await fetch(url)).text()));
  for (const { shadowRoot } of document.querySelectorAll("[data-perennial]")) {
    const sheets = shadowRoot?.adoptedStyleSheets ?? [];
    styles.forEach((style, place) => sheets[place]?.replace(style));
  }
});
