/** Projects: the last one of each workshop in the browser's store, any as one `.offcut` file (a zip of inputs and `project.json`). */

import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import type { Matrix, ProfileText } from "offcut";
import type { Overrides } from "./ui/settings";

/** What every project has. */
interface Kept {
  version: 1;
  files: { name: string; data: Uint8Array }[];
}

/** A print as it is kept. */
export interface Project extends Kept {
  offcut: "project";
  machine: string;
  material: string;
  process: string;
  settings: Overrides;
  profiles: ProfileText[];
  items: { file: number; matrix: Matrix; at: [number, number] }[];
}

/** Parts to be nested and cut. */
export interface CutProject extends Kept {
  offcut: "cut-project";
  /** One for each file. */
  quantities: number[];
  sheet: { [key: string]: string | boolean };
  laser: { machine: string; material: string; settings: Overrides };
}

/** A job of a mill. */
export interface MillProject extends Kept {
  offcut: "mill-project";
  /** The job file, which names the files. */
  job: string;
}

export type AnyProject = Project | CutProject | MillProject;
type Kind = AnyProject["offcut"];

/** Which workshop a project belongs to. */
export const SHOP_OF: Record<Kind, string> = { project: "print", "cut-project": "cut", "mill-project": "mill" };

/** As one file. */
export function pack(p: AnyProject, engine: string): Uint8Array {
  const names = p.files.map((f, i) => `inputs/${i}-${f.name.replaceAll(/[^\w.-]+/g, "_")}`);
  const plain = { ...p, engine, files: p.files.map((f, i) => ({ name: f.name, path: names[i] })) };
  const entries: Record<string, Uint8Array> = { "project.json": strToU8(JSON.stringify(plain, null, 1)) };
  p.files.forEach((f, i) => (entries[names[i]!] = f.data));
  return zipSync(entries, { level: 6, mtime: new Date("2020-01-01T00:00:00Z") });
}

const LIMIT = 1 << 30;

/** Reads such a file. */
export function unpack(name: string, bytes: Uint8Array): AnyProject {
  const wrong = (what: string) => new Error(`${name}: ${what}; open a file that this page saved`);
  let entries: Record<string, Uint8Array>;
  let total = 0;
  try {
    entries = unzipSync(bytes, {
      filter: (f) => {
        total += f.originalSize;
        if (total > LIMIT) throw new Error("it unpacks to more than 1 GB");
        return true;
      },
    });
  } catch (e) {
    throw wrong(`is no project: ${e instanceof Error ? e.message : e}`);
  }
  const text = entries["project.json"];
  if (!text) throw wrong("has no project.json");
  let plain;
  try {
    plain = JSON.parse(strFromU8(text)) as Omit<AnyProject, "files"> & { files: { name: string; path: string }[] };
  } catch {
    throw wrong("has a project.json that is no JSON");
  }
  if (!Object.hasOwn(SHOP_OF, plain.offcut) || plain.version !== 1 || !Array.isArray(plain.files)) throw wrong("is of another kind or a later version");
  const files = plain.files.map((f) => {
    const data = entries[f.path];
    if (!data) throw wrong(`lacks ${f.name}`);
    return { name: String(f.name), data };
  });
  const project = { ...plain, files } as AnyProject;
  const fault = faultOf(project);
  if (fault) throw wrong(fault);
  return project;
}

/** What can't be used in a project that someone may have written by hand. */
function faultOf(p: AnyProject): string | undefined {
  const numbers = (a: unknown, n: number) => Array.isArray(a) && a.length === n && a.every((v) => typeof v === "number" && Number.isFinite(v));
  const object = (v: unknown) => typeof v === "object" && v !== null;
  switch (p.offcut) {
    case "project":
      if (!Array.isArray(p.items)) return "has no items";
      if (p.items.some((i) => !p.files[i.file] || !numbers(i.matrix, 9) || !numbers(i.at, 2))) return "has an item that can't be placed";
      return;
    case "cut-project":
      return numbers(p.quantities, p.files.length) && object(p.sheet) && object(p.laser) && object(p.laser.settings) ? undefined : "lacks quantities, a sheet or a laser";
    case "mill-project":
      return typeof p.job === "string" ? undefined : "has no job";
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const r = indexedDB.open("offcut", 1);
    r.onupgradeneeded = () => r.result.createObjectStore("projects");
    r.onsuccess = () => resolve(r.result);
    r.onerror = () => reject(r.error);
  });
}

/** Keeps the project at hand and says whether it is; failing to is no reason to stop work. */
export async function keep(p: AnyProject): Promise<boolean> {
  try {
    const db = await open();
    await new Promise<void>((resolve, reject) => {
      const t = db.transaction("projects", "readwrite");
      t.objectStore("projects").put(p, keyOf(p.offcut));
      t.oncomplete = () => resolve();
      t.onerror = t.onabort = () => reject(t.error);
    });
    db.close();
    return true;
  } catch (e) {
    console.warn("the project is not kept in this browser", e);
    return false;
  }
}

const keyOf = (kind: Kind) => (kind === "project" ? "last" : kind);

/** The project of a kind that was kept, if any. */
export async function last<K extends Kind>(kind: K): Promise<Extract<AnyProject, { offcut: K }> | undefined> {
  try {
    const db = await open();
    return await new Promise((resolve) => {
      const r = db.transaction("projects").objectStore("projects").get(keyOf(kind));
      r.onsuccess = () => resolve(r.result as Extract<AnyProject, { offcut: K }> | undefined);
      r.onerror = () => resolve(undefined);
    });
  } catch {
    return undefined;
  }
}
