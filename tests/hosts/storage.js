// What a shop keeps in the browser.
localStorage.setItem("cart", "3 items");
localStorage.setItem("perennial-lookalike", "ours");
sessionStorage.setItem("utm", "newsletter");
document.cookie = "cart=3; path=/";
document.cookie = "portal=theme; path=/portal";
const cache = await caches.open("shop");
await cache.put("/hosts/shop.css", new Response("html {}"));
