/** The worker in browsers. */

import { SINGLE } from "./bindings.js";
import type { ToWorker } from "./protocol.js";
import { serve } from "./serve.js";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
scope.onmessage = (e: MessageEvent<ToWorker>) => serve(e.data, SINGLE, (m, t) => scope.postMessage(m, t ?? []));
