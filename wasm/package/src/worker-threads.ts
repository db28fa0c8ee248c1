/** A worker of the engine with threads in browsers. */

import type { Bindings } from "./engine.js";
import * as threads from "./engine/threads.js";
import type { ToWorker } from "./protocol.js";
import { serve } from "./serve.js";

const ENGINES = { threads: threads as unknown as Bindings };
const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
scope.onmessage = (e: MessageEvent<ToWorker>) => serve(e.data, ENGINES, (m, t) => scope.postMessage(m, t ?? []));
