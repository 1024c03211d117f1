// Colors as a browser computes them, and the contrast between two of them.

/** @typedef {[number, number, number, number]} Rgba 0 to 255, and the alpha from 0 to 1 */

let canvas;

/**
 * The sRGB values of a color in any notation that the browser knows.
 * @param {string} color
 * @returns {Rgba}
 */
export function rgba(color) {
  canvas ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = "#000";
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

/** @param {Rgba} color */
export function hex([red, green, blue]) {
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * What is seen of `color` on `ground`.
 * @param {Rgba} color
 * @param {Rgba} ground
 * @returns {Rgba}
 */
export function over(color, ground) {
  const alpha = color[3];
  const mixed = [0, 1, 2].map((part) => color[part] * alpha + ground[part] * (1 - alpha));
  return [mixed[0], mixed[1], mixed[2], 1];
}

/** The relative luminance of WCAG 2. @param {Rgba} color */
function luminance(color) {
  const linear = color.slice(0, 3).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** The contrast ratio of WCAG 2, from 1 to 21. @param {Rgba} one @param {Rgba} other */
export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
