// What themes do with jQuery's `$(location.hash)`: an invalid selector is an exception there too.
function reveal() {
  if (location.hash) document.querySelector(location.hash)?.classList.add("revealed");
}

addEventListener("hashchange", reveal);
addEventListener("popstate", reveal);
document.addEventListener("click", () => setTimeout(reveal));
reveal();
