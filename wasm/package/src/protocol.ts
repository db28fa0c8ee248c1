/** What the two sides of a worker say to each other. */

import type { EngineName, Outcome, Packed } from "./engine.js";
import type { Fault } from "./types.js";

/** To the worker. */
export type ToWorker =
  | { type: "start"; engine: EngineName; module: WebAssembly.Module; threads: number }
  /** To a worker that helps the one which made the memory. */
  | { type: "join"; module: WebAssembly.Module; memory: WebAssembly.Memory }
  | { type: "run"; job: Packed; stream: boolean; layouts: boolean; flag: Int32Array | undefined };

/** From the worker. */
export type FromWorker =
  | { type: "ready"; memory: WebAssembly.Memory | undefined }
  | { type: "progress"; stage: string; done: number }
  | { type: "chunk"; bytes: Uint8Array }
  | { type: "improved"; density: number }
  | { type: "layout"; text: Uint8Array }
  /** `spent`: the worker should be replaced. */
  | { type: "done"; outcome: Outcome; spent: boolean }
  | { type: "failed"; fault: Fault; spent: boolean };
