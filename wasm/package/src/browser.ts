/** Workers and modules in browsers. */

import { OffcutWorker, type Port, type Spawn, type WorkerOptions } from "./client.js";
import type { EngineName } from "./engine.js";
import { type Load, type Loading, compile } from "./local.js";
import type { FromWorker } from "./protocol.js";

/** In these words, so that bundlers find the files. */
const PLACES: Record<Exclude<EngineName, "threads">, URL> = {
  print: new URL("./engine/print_bg.wasm", import.meta.url),
  sheets: new URL("./engine/sheets_bg.wasm", import.meta.url),
  mill: new URL("./engine/mill_bg.wasm", import.meta.url),
};

/** Compiles one of the engines with one thread. */
export const load: Load = (engine, source) => compile(source ?? PLACES[engine as keyof typeof PLACES]);

/** What starts workers of a kind. */
export const spawner = (make: () => Worker): Spawn => (hear, fail): Port => {
  const worker = make();
  worker.onmessage = (e: MessageEvent<FromWorker>) => hear(e.data);
  worker.onerror = (e) => fail(new Error(e.message));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => worker.terminate(),
  };
};

const single = spawner(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "offcut" }));

/** Starts the engine in a worker. Use this in pages: the other forms keep their thread busy. */
export function createWorker(options: WorkerOptions & Loading = {}): Promise<OffcutWorker> {
  return OffcutWorker.begin(new OffcutWorker(single, (engine) => (options.load ?? load)(engine, options.sources?.[engine]), options));
}
