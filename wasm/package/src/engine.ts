/** The engines in the thread at hand: from a packed job to its result, without promises. */

import type * as print from "./engine/print.js";
import { OffcutError, internal } from "./error.js";
import type { Carving, Document, Fault, File, Job, Preview } from "./types.js";

/**
 * There are three, so that a page loads what it needs: for prints, for what is cut of sheets, and for mills. The one
 * with threads does all of it.
 */
export type EngineName = "print" | "sheets" | "mill" | "threads";

type Lines = print.Lines;

/** What all engines offer; one with threads can't be reset, and takes the memory that it shares. */
export type Bindings = Omit<typeof print, "default" | "initSync" | "__wbg_reset_state"> & {
  initSync(from: { module: WebAssembly.Module; memory?: WebAssembly.Memory }): { memory: WebAssembly.Memory };
  __wbg_reset_state?(): void;
  begin_threads?(count: number): boolean;
  join_threads?(): void;
};

const ENGINE_OF: Record<Job["command"], EngineName> = {
  slice: "print", arrange: "print", shapes: "print", settings: "print", profiles: "print", schema: "print",
  nest: "sheets", convert: "sheets", cut: "sheets", info: "sheets", check: "sheets", lasers: "sheets",
  mill: "mill", mills: "mill",
};

/** A job as an engine takes it: a document, and the files that it names in their order. */
export interface Packed {
  engine: EngineName;
  document: string;
  files: Uint8Array[];
}

/** What a job gave. */
export interface Outcome {
  document: Document;
  product: Uint8Array;
  preview?: Preview;
  carving?: Carving;
  shapes: Float32Array[];
}

/** What happens while a job runs. */
export interface Watcher {
  progress(stage: string, done: number): void;
  chunk?: ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined;
  improved(density: number): void;
  layout?: ((text: Uint8Array<ArrayBuffer>) => void) | undefined;
  cancelled(): boolean;
}

/** Takes the content of the files out of a job. */
export function pack(job: Job): Packed {
  const files: Uint8Array[] = [];
  const name = (file: File) => {
    if (!(file?.data instanceof Uint8Array)) {
      const message = `job: ${file?.name ?? "a file"}: its data must be a Uint8Array`;
      throw new OffcutError({ kind: "usage", exit_status: 2, message });
    }
    // A worker would never see the message with it.
    const { detached, byteLength } = file.data.buffer as ArrayBuffer & { detached?: boolean };
    if (detached ?? byteLength === 0) {
      const message = `job: ${file.name}: it is empty, or was handed to a worker with an earlier job`;
      const hint = "read it again, or make the worker with keepFiles: true";
      throw new OffcutError({ kind: "usage", exit_status: 2, message, hint });
    }
    files.push(file.data);
    return file.name;
  };
  const plain: Record<string, unknown> = { ...job };
  if (job.command === "slice" || job.command === "arrange") {
    plain["models"] = (job.models ?? []).map((m) => ({ name: name(m), ...(m.places && { places: m.places }) }));
  } else if (job.command === "nest" && "parts" in job) {
    const named = <T extends object>(f: T) => ("data" in f ? { ...f, name: name(f as T & File), data: undefined } : f);
    plain["parts"] = job.parts.map((p) => ({ ...p, name: name(p), data: undefined }));
    plain["sheets"] = job.sheets.map(named);
  } else if (job.command === "nest") {
    plain["instance"] = name(job.instance);
    if (job.start) plain["start"] = name(job.start);
  } else if (job.command === "cut") {
    plain["inputs"] = (job.inputs ?? []).map((f) => ({ name: name(f) }));
  } else if (job.command === "mill") {
    plain["files"] = (job.files ?? []).map((f) => ({ name: name(f) }));
  } else if ("file" in job) {
    plain["file"] = name(job.file);
  }
  return { engine: ENGINE_OF[job.command] ?? "print", document: JSON.stringify(plain), files };
}

const started = new Map<EngineName, { bindings: Bindings; memory: WebAssembly.Memory }>();

/** Starts an engine; a second call does nothing. */
export function start(engine: EngineName, module: WebAssembly.Module, bindings: Bindings): WebAssembly.Memory {
  let one = started.get(engine);
  if (!one) started.set(engine, (one = { bindings, memory: bindings.initSync({ module }).memory }));
  return one.memory;
}

/** Whether an engine should be replaced with its worker: it holds much memory, or stopped, and can't be reset. */
export function spent(engine: EngineName): boolean {
  const one = started.get(engine);
  return one !== undefined && !one.bindings.__wbg_reset_state && (stopped || one.memory.buffer.byteLength > KEEP);
}
let stopped = false;

/** Memory never shrinks: above this an engine is replaced when its job is done. */
const KEEP = 128 << 20;
/** Above this a trap without a message is a lack of memory; with threads there is half as much. */
const full = (engine: EngineName) => 2 ** (engine === "threads" ? 30 : 31);

/** Layouts of a nest that gets better are made so often at most, ms. */
const LAYOUTS = 250;

type Hooks = { __offcut_progress?: (stage: string, done: number) => boolean };
let busy = false;

/** Runs a job; throws an {@link OffcutError}. */
export function runPacked(job: Packed, watch: Watcher): Outcome {
  if (busy) throw internal("a job was started from a callback of another one");
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const shapes: Float32Array[] = [];
  let preview: Preview | undefined;
  let carving: Carving | undefined;
  let told = -LAYOUTS;
  const host = {
    chunk: (bytes: Uint8Array) => {
      const own = bytes.slice();
      if (watch.chunk) watch.chunk(own);
      else chunks.push(own);
    },
    improved: (density: number) => {
      watch.improved(density);
      return watch.cancelled();
    },
    wants_layout: () => {
      const now = performance.now();
      if (!watch.layout || now - told < LAYOUTS) return false;
      told = now;
      return true;
    },
    layout: (text: Uint8Array) => watch.layout?.(text.slice()),
    carving: (size: Uint32Array, [x, y, cell]: Float64Array, bed: number, points: Uint32Array, heights: Float32Array) => {
      carving = { size: [size[0]!, size[1]!], min: [x!, y!], cell: cell!, bed, points, heights };
    },
    shape: (corners: Float32Array) => void shapes.push(corners),
    preview: (lines: Lines) => {
      preview = take(lines);
    },
  };
  (globalThis as Hooks).__offcut_progress = (stage, done) => {
    watch.progress(stage, done);
    return watch.cancelled();
  };
  busy = true;
  const one = started.get(job.engine);
  if (!one) throw internal(`the engine ${job.engine} was not started`);
  const { Job: EngineJob, __wbg_reset_state, last_fault } = one.bindings;
  const size = () => one.memory.buffer.byteLength;
  let text: string;
  try {
    const engine = new EngineJob();
    for (const f of job.files) engine.file(f);
    text = engine.run(job.document, host);
  } catch (e) {
    if (!(e instanceof WebAssembly.RuntimeError)) throw e;
    const error = trapped(e, last_fault, size() > full(job.engine));
    stopped = true;
    __wbg_reset_state?.();
    throw error;
  } finally {
    busy = false;
    delete (globalThis as Hooks).__offcut_progress;
  }
  if (size() > KEEP) __wbg_reset_state?.();
  const document = JSON.parse(text) as Document & { error?: Fault };
  if (document.error) throw new OffcutError(document.error);
  const outcome: Outcome = { document, product: joined(chunks), shapes };
  if (preview) outcome.preview = preview;
  if (carving) outcome.carving = carving;
  return outcome;
}

/** Gives this thread to an engine that another one started; comes back when it stopped. */
export function join(module: WebAssembly.Module, memory: WebAssembly.Memory, bindings: Bindings): void {
  // The thread that runs the job tells, and hears of the wish to stop.
  (globalThis as Hooks).__offcut_progress = () => false;
  bindings.initSync({ module, memory });
  try {
    bindings.join_threads?.();
  } catch (e) {
    if (!(e instanceof WebAssembly.RuntimeError)) throw e;
    throw trapped(e, bindings.last_fault, memory.buffer.byteLength > full("threads"));
  }
}

/** What a trap was about; `full` says that the memory was. */
function trapped(e: WebAssembly.RuntimeError, last_fault: () => string, full: boolean): OffcutError {
  let fault = "";
  try {
    fault = last_fault();
  } catch {
    // The message is lost with the engine.
  }
  if (fault === "" && full) {
    const message =
      "the job needs more memory than a browser's engine can have; reduce the model, or use the command line";
    return new OffcutError({ kind: "memory", exit_status: 1, message });
  }
  return internal(`the engine stopped: ${fault || e.message}`);
}

function take(lines: Lines): Preview {
  const preview = {
    positions: lines.positions(),
    roles: lines.roles(),
    widths: lines.widths(),
    heights: lines.heights(),
    speeds: lines.speeds(),
    times: lines.times(),
    layers: lines.layers(),
    layerTops: lines.layer_tops(),
    retractions: lines.retractions(),
    seams: lines.seams(),
  };
  lines.free();
  return preview;
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const c of chunks) {
    all.set(c, at);
    at += c.length;
  }
  return all;
}
