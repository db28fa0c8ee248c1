/** Workers with threads in Node. */

import { availableParallelism } from "node:os";
import { OffcutWorker, type WorkerOptions, crew } from "./client.js";
import { createWorker as single, load, spawner } from "./host.js";
import type { Loading } from "./local.js";

export * from "./api.js";

const shared = spawner("./worker-threads-node.js");

/** Starts the engine in as many worker threads as there are cores. The results are those of one thread. */
export function createWorker(options: WorkerOptions & Loading = {}): Promise<OffcutWorker> {
  const threads = crew(options.threads, availableParallelism());
  if (threads < 2) return single(options);
  return OffcutWorker.begin(new OffcutWorker(shared, (engine) => (options.load ?? load)(engine, options.sources?.[engine]), options, threads));
}
