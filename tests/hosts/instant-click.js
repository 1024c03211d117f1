// Fetches the page behind every link that the pointer comes near, those in shadow roots included.
globalThis.fetched = [];

document.addEventListener("mouseover", (event) => {
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!link?.href || globalThis.fetched.includes(link.href)) return;
  globalThis.fetched.push(link.href);
  fetch(link.href).catch(() => {});
  document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: link.href }));
});
