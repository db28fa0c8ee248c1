// node wasm_jobs.mjs MODEL JOBS THREADS KEY=VALUE…: the same slice so often by one worker of the package; for each
// job the time it took and the CPU of the process, ms. 0 threads are the engine without them.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { createWorker as single } from "../wasm/package/dist/node.js";
import { createWorker as threaded } from "../wasm/package/dist/threads-node.js";

const [model, jobs, threads, ...sets] = process.argv.slice(2);
const settings = Object.fromEntries(sets.map((s) => [s.slice(0, s.indexOf("=")), s.slice(s.indexOf("=") + 1)]));
const data = readFileSync(model);
const n = Number(threads);
const worker = await (n ? threaded({ keepFiles: true, threads: n }) : single({ keepFiles: true }));
for (let i = 0; i < Number(jobs); i++) {
  const [time, cpu] = [performance.now(), process.cpuUsage()];
  await worker.slice({ models: [{ name: basename(model), data }], settings });
  const { user, system } = process.cpuUsage(cpu);
  console.log(`job ${i + 1}: ${(performance.now() - time).toFixed(0)} ms, CPU ${((user + system) / 1000).toFixed(0)} ms`);
}
worker.terminate();
