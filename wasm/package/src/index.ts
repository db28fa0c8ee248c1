/** The package in browsers, with and without a bundler. */

import { OffcutWorker, type WorkerOptions } from "./client.js";
import { Local, type Source, compile } from "./local.js";
import type { FromWorker } from "./protocol.js";

export * from "./api.js";

const load = (source?: Source) => compile(source ?? new URL("./engine/offcut_bg.wasm", import.meta.url));
const here = new Local(load);

/** Loads the engine into this thread; the short forms do it themselves. `source` says where it is. */
export const init = (source?: Source): Promise<void> => here.init(source);

/** Starts the engine in a worker. Use this in pages: the forms below keep their thread busy. */
export async function createWorker(options: WorkerOptions & { source?: Source } = {}): Promise<OffcutWorker> {
  const module = await load(options.source);
  return new OffcutWorker(
    (hear, fail) => {
      const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "offcut" });
      worker.onmessage = (e: MessageEvent<FromWorker>) => hear(e.data);
      worker.onerror = (e) => fail(new Error(e.message));
      return {
        post: (message, transfer) => worker.postMessage(message, transfer),
        terminate: () => worker.terminate(),
      };
    },
    module,
    options,
  );
}

export const run = here.run.bind(here);
export const slice = here.slice.bind(here);
export const arrange = here.arrange.bind(here);
export const nest = here.nest.bind(here);
export const nestDrawings = here.nestDrawings.bind(here);
export const convert = here.convert.bind(here);
export const info = here.info.bind(here);
export const check = here.check.bind(here);
export const shapes = here.shapes.bind(here);
export const settings = here.settings.bind(here);
export const profiles = here.profiles.bind(here);
export const schema = here.schema.bind(here);
