// A router that follows every link of the page itself, and keeps its own state in the history.
const outlet = document.querySelector("#outlet");

function show() {
  const name = new URLSearchParams(location.search).get("page") ?? "home";
  outlet.textContent = `Shop page: ${name}`;
}

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a");
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  history.pushState({ shop: link.href }, "", link.href);
  show();
});
addEventListener("popstate", show);
history.replaceState({ shop: location.href }, "");
show();
