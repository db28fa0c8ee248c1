/** What goes into the engine and what comes out. Lengths are millimetres, times seconds, angles degrees. */

export * from "./types/jobs.js";
export * from "./types/preview.js";
export * from "./types/results.js";
