// Answers everything from its cache, and puts everything into it that it can.
const worker = /** @type {any} */ (self);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET") event.respondWith(answer(request));
});

/** @param {Request} request */
async function answer(request) {
  const cache = await caches.open("shop");
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  cache.put(request, response.clone()).catch(() => {});
  return response;
}
