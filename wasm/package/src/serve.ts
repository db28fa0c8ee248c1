/** The worker's side: runs the jobs that it is sent, one after the other. */

import { type Bindings, type EngineName, type Outcome, join, runPacked, spent, start } from "./engine.js";
import { OffcutError, internal } from "./error.js";
import type { FromWorker, ToWorker } from "./protocol.js";

/** The engines that a worker can have. */
export type Engines = Partial<Record<EngineName, Bindings>>;

/** Answers a message. */
export function serve(message: ToWorker, engines: Engines, post: (m: FromWorker, transfer?: ArrayBuffer[]) => void): void {
  try {
    if (message.type === "start") {
      const bindings = engines[message.engine]!;
      const memory = start(message.engine, message.module, bindings);
      const shared = message.threads > 1 && bindings.begin_threads?.(message.threads);
      post({ type: "ready", memory: shared ? memory : undefined });
      return;
    }
    if (message.type === "join") return join(message.module, message.memory, engines.threads!);
    let last = ["", -1] as [string, number];
    const { flag } = message;
    const outcome = runPacked(message.job, {
      progress: (stage, done) => {
        if (stage === last[0] && done < 1 && done - last[1] < 0.01) return;
        last = [stage, done];
        post({ type: "progress", stage, done });
      },
      chunk: message.stream ? (bytes) => post({ type: "chunk", bytes }, [bytes.buffer]) : undefined,
      improved: (density) => post({ type: "improved", density }),
      layout: message.layouts ? (text) => post({ type: "layout", text }, [text.buffer]) : undefined,
      cancelled: () => flag !== undefined && Atomics.load(flag, 0) !== 0,
    });
    post({ type: "done", outcome, spent: spent(message.job.engine) }, buffers(outcome));
  } catch (e) {
    const error = e instanceof OffcutError ? e : internal(String(e));
    post({ type: "failed", fault: error.fault(), spent: message.type !== "run" || spent(message.job.engine) });
  }
}

function buffers(outcome: Outcome): ArrayBuffer[] {
  const { carving } = outcome;
  const arrays = [outcome.product, ...outcome.shapes, ...Object.values(outcome.preview ?? {})];
  if (carving) arrays.push(carving.points, carving.heights);
  return arrays.map((a) => a.buffer as ArrayBuffer);
}
