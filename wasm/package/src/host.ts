/** Workers and modules in Node. */

import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { OffcutWorker, type Port, type Spawn, type WorkerOptions } from "./client.js";
import { type Load, type Loading, compile } from "./local.js";
import type { FromWorker } from "./protocol.js";

/** Compiles an engine that lies beside this file, unless told otherwise. */
export const load: Load = async (engine, source) => {
  const from = source ?? new URL(`./engine/${engine}_bg.wasm`, import.meta.url);
  const file = from instanceof URL ? from.protocol === "file:" : typeof from === "string" && !/^https?:/.test(from);
  return compile(file ? await readFile(from as URL | string) : from);
};

/** What starts workers of a kind; they do not keep the process alive while they have nothing to do. */
export const spawner = (script: string): Spawn => (hear, fail): Port => {
  const worker = new Worker(new URL(script, import.meta.url));
  worker.on("message", (m: FromWorker) => {
    if (m.type === "done" || m.type === "failed") worker.unref();
    hear(m);
  });
  worker.on("error", fail);
  worker.unref();
  return {
    post: (message, transfer) => {
      if (message.type === "run") worker.ref();
      worker.postMessage(message, transfer);
    },
    terminate: () => void worker.terminate(),
  };
};

const single = spawner("./worker-node.js");

/** Starts the engine in a worker thread, which does not keep the process alive while it has nothing to do. */
export function createWorker(options: WorkerOptions & Loading = {}): Promise<OffcutWorker> {
  return OffcutWorker.begin(new OffcutWorker(single, (engine) => (options.load ?? load)(engine, options.sources?.[engine]), options));
}
