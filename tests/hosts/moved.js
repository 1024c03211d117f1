// Tabs that take what they show out of the page and put it back, as soon as the element is there.
await customElements.whenDefined("merchant-portal");
const portal = document.querySelector("merchant-portal");
portal.remove();
await new Promise((later) => setTimeout(later));
document.querySelector("#second").append(portal);
