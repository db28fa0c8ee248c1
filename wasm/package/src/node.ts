/** The package in Node. */

import { shortForms } from "./commands.js";
import type { EngineName } from "./engine.js";
import { load } from "./host.js";
import { Local, type Source } from "./local.js";

export * from "./api.js";
export { createWorker } from "./host.js";

const here = new Local(load);

/** Loads an engine into this thread; the short forms do it themselves. `source` says where it is. */
export const init = (engine?: EngineName, source?: Source): Promise<void> => here.init(engine, source);

export const { run, slice, arrange, nest, nestDrawings, convert, cut, cutSettings, mill, millJob, info, check, shapes, settings, profiles, lasers, mills, schema } = shortForms(here);
