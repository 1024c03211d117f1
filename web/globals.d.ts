/** The release, which the build fills in. */
declare const PERENNIAL_VERSION: string;

/** The texts of the first paint with their numbers, and the fingerprint of the catalog, which the build fills in. */
declare const PERENNIAL_TEXTS: { fingerprint: string } & Record<string, [number, string]>;
