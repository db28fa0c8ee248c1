/** The package in Node. */

import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { OffcutWorker, type WorkerOptions } from "./client.js";
import { Local, type Source, compile } from "./local.js";
import type { FromWorker } from "./protocol.js";

export * from "./api.js";

async function load(source?: Source): Promise<WebAssembly.Module> {
  const from = source ?? new URL("./engine/offcut_bg.wasm", import.meta.url);
  const file = from instanceof URL ? from.protocol === "file:" : typeof from === "string" && !/^https?:/.test(from);
  return compile(file ? await readFile(from as URL | string) : from);
}

const here = new Local(load);

/** Loads the engine into this thread; the short forms do it themselves. `source` says where it is. */
export const init = (source?: Source): Promise<void> => here.init(source);

/** Starts the engine in a worker thread, which does not keep the process alive while it has nothing to do. */
export async function createWorker(options: WorkerOptions & { source?: Source } = {}): Promise<OffcutWorker> {
  const module = await load(options.source);
  return new OffcutWorker(
    (hear, fail) => {
      const worker = new Worker(new URL("./worker-node.js", import.meta.url));
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
