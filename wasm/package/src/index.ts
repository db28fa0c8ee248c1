/** The package in browsers, with and without a bundler. */

import { OffcutWorker, type WorkerOptions } from "./client.js";
import { shortForms } from "./commands.js";
import type { EngineName } from "./engine.js";
import { Local, type Load, type Loading, type Source, compile } from "./local.js";
import type { FromWorker } from "./protocol.js";

export * from "./api.js";

/** In these words, so that bundlers find the files. */
const PLACES: Record<EngineName, URL> = {
  print: new URL("./engine/print_bg.wasm", import.meta.url),
  sheets: new URL("./engine/sheets_bg.wasm", import.meta.url),
  mill: new URL("./engine/mill_bg.wasm", import.meta.url),
};
const load: Load = (engine, source) => compile(source ?? PLACES[engine]);
const here = new Local(load);

/** Loads an engine into this thread; the short forms do it themselves. `source` says where it is. */
export const init = (engine?: EngineName, source?: Source): Promise<void> => here.init(engine, source);

/** Starts the engine in a worker. Use this in pages: the forms below keep their thread busy. */
export function createWorker(options: WorkerOptions & Loading = {}): Promise<OffcutWorker> {
  return OffcutWorker.begin(new OffcutWorker(
    (hear, fail) => {
      const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "offcut" });
      worker.onmessage = (e: MessageEvent<FromWorker>) => hear(e.data);
      worker.onerror = (e) => fail(new Error(e.message));
      return {
        post: (message, transfer) => worker.postMessage(message, transfer),
        terminate: () => worker.terminate(),
      };
    },
    (engine) => (options.load ?? load)(engine, options.sources?.[engine]),
    options,
  ));
}

export const { run, slice, arrange, nest, nestDrawings, convert, cut, cutSettings, mill, millJob, info, check, shapes, settings, profiles, lasers, mills, schema } = shortForms(here);
