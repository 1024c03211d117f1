// A router that takes every fragment beginning with `#/` for a page of its own.
const outlet = document.querySelector("#outlet");

function show() {
  if (!location.hash.startsWith("#/") && location.hash) return;
  const name = location.hash.slice(2) || "home";
  outlet.textContent = ["home", "orders", "wishlist"].includes(name) ? `Shop page: ${name}` : "Page not found";
}

addEventListener("hashchange", show);
show();
