/** The release, which the build fills in. */
declare const PERENNIAL_VERSION: string;
