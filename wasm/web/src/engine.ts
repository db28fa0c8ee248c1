/** The engine: one worker that makes things, one that answers at once. */

import { type EngineName, type OffcutWorker, type ProfileText, type SchemaDocument, createWorker } from "offcut";
import mill from "offcut/mill.wasm?url";
import print from "offcut/print.wasm?url";
import sheets from "offcut/sheets.wasm?url";
import { createWorker as createThreads } from "offcut/threads";
import threads from "offcut/threads.wasm?url";

interface Engines {
  /** Slices, nests, cuts and mills, with threads where the page is isolated. */
  maker: OffcutWorker;
  /** Reads files and settings. */
  helper: OffcutWorker;
  schemas: SchemaDocument;
}

let engines: Promise<Engines> | undefined;

/** Starts both workers once. */
export function engine(): Promise<Engines> {
  engines ??= (async () => {
    const options = { keepFiles: true, load: once };
    const [maker, helper] = await Promise.all([createThreads(options), createWorker(options)]);
    return { maker, helper, schemas: await helper.schema() };
  })();
  return engines;
}

/** Both workers share what is compiled. */
const compiled = new Map<EngineName, Promise<WebAssembly.Module>>();

function once(engine: EngineName): Promise<WebAssembly.Module> {
  let module = compiled.get(engine);
  if (!module) {
    const url = { print, sheets, mill, threads }[engine];
    module = WebAssembly.compileStreaming(fetch(url)).catch(async () => WebAssembly.compile(await (await fetch(url)).arrayBuffer()));
    compiled.set(engine, module);
  }
  return module;
}

/** Profiles of the user, kept in the browser. */
export function ownProfiles(): ProfileText[] {
  try {
    return JSON.parse(localStorage.getItem("profiles") ?? "[]") as ProfileText[];
  } catch {
    return [];
  }
}

export function keepProfile(p: ProfileText): void {
  const rest = ownProfiles().filter((o) => o.name !== p.name);
  localStorage.setItem("profiles", JSON.stringify([...rest, p]));
}
