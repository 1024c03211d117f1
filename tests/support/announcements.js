// What a screen reader would say by itself: the changes of live regions.

/** @typedef {import("@playwright/test").Page} Page */

/** Notes from now on what the live regions of the portal say. @param {Page} page */
export async function recordAnnouncements(page) {
  await page.addInitScript(() => {
    globalThis.announced = [];
    const LIVE = "[role=status], [role=alert], [aria-live]:not([aria-live=off])";
    const texts = new Map();
    const observer = new MutationObserver((mutations) => {
      const regions = new Set();
      for (const { target, addedNodes } of mutations) {
        const element = target instanceof Element ? target : target.parentElement;
        regions.add(element?.closest(LIVE));
        // An alert is read as it appears; another region must be there before its text.
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue;
          if (node.matches("[role=alert]")) regions.add(node);
          for (const alert of node.querySelectorAll("[role=alert]")) regions.add(alert);
        }
      }
      for (const region of regions) {
        if (!region?.isConnected || region.closest("[hidden], [aria-hidden=true]")) continue;
        const text = region.textContent.trim();
        if (text && texts.get(region) !== text) globalThis.announced.push(text);
        texts.set(region, text);
      }
    });
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (init) {
      const root = attachShadow.call(this, init);
      observer.observe(root, { childList: true, characterData: true, subtree: true });
      return root;
    };
  });
}

/** All that was said since, the oldest first. @param {Page} page @returns {Promise<string[]>} */
export const announcements = (page) => page.evaluate(() => globalThis.announced);
