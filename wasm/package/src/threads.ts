/** Workers with threads in browsers: where a page is cross-origin isolated, and with one thread elsewhere. */

import { createWorker as single, load as one, spawner } from "./browser.js";
import { OffcutWorker, type WorkerOptions, crew } from "./client.js";
import { type Load, type Loading, compile } from "./local.js";

export * from "./api.js";

const load: Load = (engine, source) =>
  engine === "threads" ? compile(source ?? new URL("./engine/threads_bg.wasm", import.meta.url)) : one(engine, source);
const shared = spawner(() => new Worker(new URL("./worker-threads.js", import.meta.url), { type: "module", name: "offcut" }));

/** Starts the engine in as many workers as there are cores. The results are those of one thread. */
export function createWorker(options: WorkerOptions & Loading = {}): Promise<OffcutWorker> {
  const threads = crew(options.threads, navigator.hardwareConcurrency);
  if (threads < 2) return single(options);
  return OffcutWorker.begin(new OffcutWorker(shared, (engine) => (options.load ?? load)(engine, options.sources?.[engine]), options, threads));
}
