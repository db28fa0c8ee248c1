/** The worker in Node. */

import { parentPort } from "node:worker_threads";
import type { ToWorker } from "./protocol.js";
import { serve } from "./serve.js";

parentPort?.on("message", (m: ToWorker) => serve(m, (answer, t) => parentPort?.postMessage(answer, t ?? [])));
