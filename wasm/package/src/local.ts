/** The engine in the thread at hand, which is busy while a job runs. */

import { Commands, type RunResult } from "./commands.js";
import { pack, runPacked, start } from "./engine.js";
import { cancelled } from "./error.js";
import type { Job, RunOptions } from "./types.js";

/** Where the engine's module comes from. */
export type Source = WebAssembly.Module | BufferSource | Response | URL | string;

/** Compiles what a source gives. */
export type Load = (source?: Source) => Promise<WebAssembly.Module>;

/** The engine here. */
export class Local extends Commands {
  readonly #load: Load;
  #ready: Promise<void> | undefined;

  constructor(load: Load) {
    super();
    this.#load = load;
  }

  init(source?: Source): Promise<void> {
    this.#ready ??= this.#load(source).then(start);
    this.#ready.catch(() => (this.#ready = undefined));
    return this.#ready;
  }

  async run(job: Job, options: RunOptions = {}): Promise<RunResult> {
    await this.init();
    const { signal } = options;
    if (signal?.aborted) throw cancelled();
    return runPacked(pack(job), {
      progress: (stage, done) => options.onProgress?.(stage, done),
      chunk: options.onChunk,
      improved: (density) => options.onImprovement?.(density),
      // Callbacks run between stages and may have aborted.
      cancelled: () => signal?.aborted ?? false,
    });
  }
}

/** Compiles bytes, a response or a module. */
export async function compile(source: Source | Promise<Source>): Promise<WebAssembly.Module> {
  const from = await source;
  if (from instanceof WebAssembly.Module) return from;
  if (typeof from === "string" || from instanceof URL) return compile(fetch(from));
  if (from instanceof Response) {
    if (!from.ok) throw new Error(`${from.url}: status ${from.status} instead of the engine`);
    // A server that sends another type than application/wasm is common; streaming would refuse it.
    return WebAssembly.compile(await from.arrayBuffer());
  }
  return WebAssembly.compile(from);
}
