/** The worker in Node. */

import { parentPort } from "node:worker_threads";
import { SINGLE } from "./bindings.js";
import type { ToWorker } from "./protocol.js";
import { serve } from "./serve.js";

parentPort?.on("message", (m: ToWorker) => serve(m, SINGLE, (answer, t) => parentPort?.postMessage(answer, t ?? [])));
