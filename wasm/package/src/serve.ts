/** The worker's side: runs the jobs that it is sent, one after the other. */

import { type Outcome, runPacked, start } from "./engine.js";
import { OffcutError, internal } from "./error.js";
import type { FromWorker, ToWorker } from "./protocol.js";

/** Answers a message. */
export function serve(message: ToWorker, post: (m: FromWorker, transfer?: ArrayBuffer[]) => void): void {
  try {
    if (message.type === "start") {
      start(message.engine, message.module);
      post({ type: "ready" });
      return;
    }
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
    post({ type: "done", outcome }, buffers(outcome));
  } catch (e) {
    const error = e instanceof OffcutError ? e : internal(String(e));
    post({ type: "failed", fault: error.fault() });
  }
}

function buffers(outcome: Outcome): ArrayBuffer[] {
  const { carving } = outcome;
  const arrays = [outcome.product, ...outcome.shapes, ...Object.values(outcome.preview ?? {})];
  if (carving) arrays.push(carving.points, carving.heights);
  return arrays.map((a) => a.buffer as ArrayBuffer);
}
