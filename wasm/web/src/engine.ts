/** The engine: one worker that makes things, one that answers at once. */

import { type OffcutWorker, type ProfileText, type SchemaDocument, createWorker } from "offcut";

interface Engines {
  /** Slices and nests. */
  maker: OffcutWorker;
  /** Reads files and settings. */
  helper: OffcutWorker;
  schema: SchemaDocument["slice"]["properties"];
}

let engines: Promise<Engines> | undefined;

/** Starts both workers once. */
export function engine(): Promise<Engines> {
  engines ??= (async () => {
    const source = await WebAssembly.compileStreaming(fetch(wasm)).catch(async () =>
      WebAssembly.compile(await (await fetch(wasm)).arrayBuffer()),
    );
    const [maker, helper] = await Promise.all([
      createWorker({ source, keepFiles: true }),
      createWorker({ source, keepFiles: true }),
    ]);
    return { maker, helper, schema: (await helper.schema()).slice.properties };
  })();
  return engines;
}

import wasm from "offcut/offcut.wasm?url";

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
