/** Projects: the last one in the browser's store, any as one `.offcut` file (a zip of inputs and `project.json`). */

import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import type { Matrix, ProfileText } from "offcut";
import type { Overrides } from "./ui/settings";

/** A print as it is kept. */
export interface Project {
  offcut: "project";
  version: 1;
  machine: string;
  material: string;
  process: string;
  settings: Overrides;
  profiles: ProfileText[];
  files: { name: string; data: Uint8Array }[];
  items: { file: number; matrix: Matrix; at: [number, number] }[];
}

/** As one file. */
export function pack(p: Project, engine: string): Uint8Array {
  const names = p.files.map((f, i) => `inputs/${i}-${f.name.replaceAll(/[^\w.-]+/g, "_")}`);
  const plain = { ...p, engine, files: p.files.map((f, i) => ({ name: f.name, path: names[i] })) };
  const entries: Record<string, Uint8Array> = { "project.json": strToU8(JSON.stringify(plain, null, 1)) };
  p.files.forEach((f, i) => (entries[names[i]!] = f.data));
  return zipSync(entries, { level: 6, mtime: new Date("2020-01-01T00:00:00Z") });
}

const LIMIT = 1 << 30;

/** Reads such a file. */
export function unpack(name: string, bytes: Uint8Array): Project {
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
    plain = JSON.parse(strFromU8(text)) as Omit<Project, "files"> & { files: { name: string; path: string }[] };
  } catch {
    throw wrong("has a project.json that is no JSON");
  }
  if (plain.offcut !== "project" || plain.version !== 1 || !Array.isArray(plain.files) || !Array.isArray(plain.items))
    throw wrong("is of another kind or a later version");
  const files = plain.files.map((f) => {
    const data = entries[f.path];
    if (!data) throw wrong(`lacks ${f.name}`);
    return { name: String(f.name), data };
  });
  const numbers = (a: unknown, n: number) => Array.isArray(a) && a.length === n && a.every((v) => typeof v === "number" && Number.isFinite(v));
  for (const i of plain.items) if (!files[i.file] || !numbers(i.matrix, 9) || !numbers(i.at, 2)) throw wrong("has an item that can't be placed");
  return { ...plain, files };
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
export async function keep(p: Project): Promise<boolean> {
  try {
    const db = await open();
    await new Promise<void>((resolve, reject) => {
      const t = db.transaction("projects", "readwrite");
      t.objectStore("projects").put(p, "last");
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

/** The project that was kept, if any. */
export async function last(): Promise<Project | undefined> {
  try {
    const db = await open();
    return await new Promise((resolve) => {
      const r = db.transaction("projects").objectStore("projects").get("last");
      r.onsuccess = () => resolve(r.result as Project | undefined);
      r.onerror = () => resolve(undefined);
    });
  } catch {
    return undefined;
  }
}
