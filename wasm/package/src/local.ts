/** The engine in the thread at hand, which is busy while a job runs. */

import { Commands, type RunResult } from "./commands.js";
import { SINGLE } from "./bindings.js";
import { type EngineName, pack, runPacked, start } from "./engine.js";
import { cancelled } from "./error.js";
import type { Job, RunOptions } from "./types.js";

/** Where an engine's module comes from. */
export type Source = WebAssembly.Module | BufferSource | Response | URL | string;

/** Where the engines come from, where they do not lie beside the package. */
export type Sources = Partial<Record<EngineName, Source>>;

/** Compiles an engine. */
export type Load = (engine: EngineName, source?: Source) => Promise<WebAssembly.Module>;

/** How the engines get here. */
export interface Loading {
  sources?: Sources;
  /** Compiles them in another way, as once for several workers. */
  load?: Load;
}

/** The engines here. */
export class Local extends Commands {
  readonly #load: Load;
  readonly #ready = new Map<EngineName, Promise<void>>();

  constructor(load: Load) {
    super();
    this.#load = load;
  }

  init(engine: EngineName = "print", source?: Source): Promise<void> {
    let ready = this.#ready.get(engine);
    if (!ready) {
      ready = this.#load(engine, source).then((module) => void start(engine, module, SINGLE[engine]));
      this.#ready.set(engine, ready);
      ready.catch(() => this.#ready.delete(engine));
    }
    return ready;
  }

  async run(job: Job, options: RunOptions = {}): Promise<RunResult> {
    const packed = pack(job);
    await this.init(packed.engine);
    const { signal } = options;
    if (signal?.aborted) throw cancelled();
    return runPacked(packed, {
      progress: (stage, done) => options.onProgress?.(stage, done),
      chunk: options.onChunk,
      improved: (density) => options.onImprovement?.(density),
      layout: options.onLayout,
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
