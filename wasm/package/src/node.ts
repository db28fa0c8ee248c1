/** The package in Node. */

import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { OffcutWorker, type WorkerOptions } from "./client.js";
import { shortForms } from "./commands.js";
import type { EngineName } from "./engine.js";
import { Local, type Load, type Loading, type Source, compile } from "./local.js";
import type { FromWorker } from "./protocol.js";

export * from "./api.js";

const load: Load = async (engine, source) => {
  const from = source ?? new URL(`./engine/${engine}_bg.wasm`, import.meta.url);
  const file = from instanceof URL ? from.protocol === "file:" : typeof from === "string" && !/^https?:/.test(from);
  return compile(file ? await readFile(from as URL | string) : from);
};

const here = new Local(load);

/** Loads an engine into this thread; the short forms do it themselves. `source` says where it is. */
export const init = (engine?: EngineName, source?: Source): Promise<void> => here.init(engine, source);

/** Starts the engine in a worker thread, which does not keep the process alive while it has nothing to do. */
export function createWorker(options: WorkerOptions & Loading = {}): Promise<OffcutWorker> {
  return OffcutWorker.begin(new OffcutWorker(
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
    (engine) => (options.load ?? load)(engine, options.sources?.[engine]),
    options,
  ));
}

export const { run, slice, arrange, nest, nestDrawings, convert, cut, cutSettings, mill, millJob, info, check, shapes, settings, profiles, lasers, mills, schema } = shortForms(here);
