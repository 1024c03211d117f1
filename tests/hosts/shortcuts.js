// `/` goes to the search field, and Escape closes the cart, wherever the focus is.
const search = document.querySelector("input");
const cart = document.querySelector("aside");

document.addEventListener("keydown", (event) => {
  if (event.key === "/") {
    event.preventDefault();
    search.focus();
  }
  if (event.key === "Escape") cart.hidden = true;
});
