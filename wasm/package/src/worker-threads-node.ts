/** A worker of the engine with threads in Node. */

import { parentPort } from "node:worker_threads";
import type { Bindings } from "./engine.js";
import * as threads from "./engine/threads.js";
import type { ToWorker } from "./protocol.js";
import { serve } from "./serve.js";

const ENGINES = { threads: threads as unknown as Bindings };
parentPort?.on("message", (m: ToWorker) => serve(m, ENGINES, (answer, t) => parentPort?.postMessage(answer, t ?? [])));
