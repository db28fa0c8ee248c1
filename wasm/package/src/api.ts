/** What all entries of the package export beside `init` and `createWorker`. */

export { OffcutError } from "./error.js";
export { OffcutWorker, type WorkerOptions } from "./client.js";
export { Commands, type RunResult } from "./commands.js";
export type { EngineName } from "./engine.js";
export type { Load, Loading, Source, Sources } from "./local.js";
export * from "./types.js";
