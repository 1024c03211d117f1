// Dates as the portal writes them in English. A date is text such as 2026-11-24.

const words = (iso, parts) => new Intl.DateTimeFormat("en-US", { ...parts, timeZone: "UTC" }).format(new Date(iso));

/** Today in the store's zone. */
export const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" }).format(new Date());

/** `days` later. */
export const later = (iso, days) => new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);

/** With its weekday, and its year unless that is this one: "Tuesday, November 24". */
export function inFull(iso) {
  const year = iso.slice(0, 4) === today().slice(0, 4) ? {} : { year: "numeric" };
  return words(iso, { weekday: "long", day: "numeric", month: "long", ...year });
}

/** As on a button: "November 24". */
export const dayAndMonth = (iso) => words(iso, { day: "numeric", month: "long" });
