/** What the two sides of a worker say to each other. */

import type { EngineName, Outcome, Packed } from "./engine.js";
import type { Fault } from "./types.js";

/** To the worker. */
export type ToWorker =
  | { type: "start"; engine: EngineName; module: WebAssembly.Module }
  | { type: "run"; job: Packed; stream: boolean; layouts: boolean; flag: Int32Array | undefined };

/** From the worker. */
export type FromWorker =
  | { type: "ready" }
  | { type: "progress"; stage: string; done: number }
  | { type: "chunk"; bytes: Uint8Array }
  | { type: "improved"; density: number }
  | { type: "layout"; text: Uint8Array }
  | { type: "done"; outcome: Outcome }
  | { type: "failed"; fault: Fault };
