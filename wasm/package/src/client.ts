/** The caller's side of a worker: a queue of jobs, their events, their cancellation. */

import { Commands, type RunResult } from "./commands.js";
import { type EngineName, pack } from "./engine.js";
import { OffcutError, cancelled, internal } from "./error.js";
import { THREADS } from "./generated/threads.js";
import type { FromWorker, ToWorker } from "./protocol.js";
import type { Job, RunOptions } from "./types.js";

/** A worker of the browser or of Node. */
export interface Port {
  post(message: ToWorker, transfer: ArrayBuffer[]): void;
  terminate(): void;
}

/** Starts a worker. */
export type Spawn = (hear: (m: FromWorker) => void, fail: (e: Error) => void) => Port;

/** How a worker behaves. */
export interface WorkerOptions {
  /** Files are copied to the worker; without it they are moved there, and empty here afterwards. */
  keepFiles?: boolean;
  /** A worker that sees the wish to stop and is not done after this time is replaced, ms; 1500 unless told otherwise. */
  patience?: number;
  /** With `offcut/threads`: how many threads work at a job, one for each core unless told otherwise. */
  threads?: number;
}

interface Task {
  message: ToWorker & { type: "run" };
  transfer: ArrayBuffer[];
  options: RunOptions;
  resolve: (r: RunResult) => void;
  reject: (e: Error) => void;
  stop?: () => void;
}

/** The engines in a worker. Jobs wait for each other. */
export class OffcutWorker extends Commands {
  readonly #spawn: Spawn;
  readonly #load: (engine: EngineName) => Promise<WebAssembly.Module>;
  readonly #modules = new Map<EngineName, Promise<WebAssembly.Module>>();
  /** What the worker at hand has started. */
  #started = new Set<EngineName>();
  readonly #keep: boolean;
  readonly #patience: number;
  /** Above 1 the engine with threads does everything. */
  readonly #threads: number;
  #port: Port | undefined;
  /** Workers that share the memory of the one at hand. */
  #helpers: Port[] = [];
  #waiting: Task[] = [];
  #task: Task | undefined;
  #closed = false;

  /** @internal */
  constructor(spawn: Spawn, load: (engine: EngineName) => Promise<WebAssembly.Module>, options: WorkerOptions, threads = 1) {
    super();
    this.#threads = threads;
    this.#spawn = spawn;
    this.#load = load;
    this.#keep = options.keepFiles ?? false;
    this.#patience = options.patience ?? 1500;
    this.#open();
  }

  /** @internal A worker with the engine that it begins with. */
  static async begin(worker: OffcutWorker): Promise<OffcutWorker> {
    await worker.#module(worker.threads > 1 ? "threads" : "print");
    return worker;
  }

  /** How many threads work at a job. */
  get threads(): number {
    return this.#threads;
  }

  /** Compiles an engine once, also for workers that replace this one. */
  #module(engine: EngineName): Promise<WebAssembly.Module> {
    let module = this.#modules.get(engine);
    if (!module) {
      module = this.#load(engine);
      this.#modules.set(engine, module);
      module.catch(() => this.#modules.delete(engine));
    }
    return module;
  }

  /** Ends the worker. Jobs that it has not finished are rejected. */
  terminate(): void {
    this.#closed = true;
    this.#stop();
    const left = [...(this.#task ? [this.#task] : []), ...this.#waiting];
    this.#task = undefined;
    this.#waiting = [];
    for (const t of left) this.#settle(t, () => t.reject(cancelled()));
  }

  [Symbol.dispose](): void {
    this.terminate();
  }

  run(job: Job, options: RunOptions = {}): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw internal("the worker was terminated");
      const { signal } = options;
      if (signal?.aborted) throw cancelled();
      const packed = pack(job);
      if (this.#threads > 1) packed.engine = "threads";
      // The same file may be named twice; a buffer can be moved once.
      const transfer = this.#keep ? [] : [...new Set(packed.files.map((f) => f.buffer as ArrayBuffer))];
      // With shared memory the worker sees the wish; otherwise it is replaced by a new one.
      const flag = signal && shared() ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
      const message = { type: "run" as const, job: packed, stream: options.onChunk !== undefined, layouts: options.onLayout !== undefined, flag };
      const task: Task = { message, transfer, options, resolve, reject };
      if (signal) {
        const stop = () => this.#abort(task);
        signal.addEventListener("abort", stop, { once: true });
        task.stop = stop;
      }
      this.#waiting.push(task);
      this.#next();
    });
  }

  #open(): void {
    const port: Port = this.#spawn(
      (m) => port === this.#port && this.#hear(m),
      (e) => port === this.#port && this.#lost(e),
    );
    this.#port = port;
    this.#started = new Set();
  }

  /** Ends the worker and those that help it. */
  #stop(): void {
    for (const p of [...this.#helpers, this.#port]) p?.terminate();
    this.#helpers = [];
    this.#port = undefined;
  }

  /** Workers for the threads that the engine left free. A job goes on without them until they are there. */
  async #help(memory: WebAssembly.Memory): Promise<void> {
    const [port, module] = [this.#port, await this.#module("threads")];
    if (port !== this.#port) return;
    for (let i = 1; i < this.#threads; i++) {
      const helper: Port = this.#spawn(
        (m) => this.#helpers.includes(helper) && m.type === "failed" && this.#fail(new OffcutError(m.fault)),
        (e) => this.#helpers.includes(helper) && this.#lost(e),
      );
      this.#helpers.push(helper);
      helper.post({ type: "join", module, memory }, []);
    }
  }

  #next(): void {
    if (this.#task || this.#closed) return;
    const task = this.#waiting.shift();
    if (!task) return;
    this.#task = task;
    if (!this.#port) this.#open();
    void this.#send(task).catch((e) => this.#task === task && this.#end(() => task.reject(internal(String(e)))));
  }

  /** Sends a job to the worker once its engine is there. */
  async #send(task: Task): Promise<void> {
    const { engine } = task.message.job;
    if (!this.#started.has(engine)) {
      const module = await this.#module(engine);
      // Cancelled meanwhile, perhaps with the worker.
      if (this.#task !== task) return;
      this.#port?.post({ type: "start", engine, module, threads: this.#threads }, []);
      this.#started.add(engine);
    }
    this.#port?.post(task.message, task.transfer);
  }

  #hear(m: FromWorker): void {
    const task = this.#task;
    if (m.type === "ready" && m.memory) void this.#help(m.memory).catch((e) => this.#lost(e as Error));
    if (!task) return;
    // Its memory is given back with it.
    if ((m.type === "done" || m.type === "failed") && m.spent) this.#stop();
    switch (m.type) {
      case "progress":
        return task.options.onProgress?.(m.stage, m.done);
      case "chunk":
        return task.options.onChunk?.(m.bytes);
      case "improved":
        return task.options.onImprovement?.(m.density);
      case "layout":
        return task.options.onLayout?.(m.text);
      case "done":
        // Done between the wish to stop and its arrival: a nest says so in its document.
        if (task.options.signal?.aborted && !("cancelled" in m.outcome.document)) return this.#end(() => task.reject(cancelled()));
        return this.#end(() => task.resolve(m.outcome));
      case "failed":
        return this.#end(() => task.reject(new OffcutError(m.fault)));
    }
  }

  #abort(task: Task): void {
    if (this.#task !== task) {
      this.#waiting = this.#waiting.filter((t) => t !== task);
      return this.#settle(task, () => task.reject(cancelled()));
    }
    if (task.message.flag) {
      Atomics.store(task.message.flag, 0, 1);
      setTimeout(() => this.#task === task && this.#replace(task), this.#patience);
    } else {
      this.#replace(task);
    }
  }

  /** Ends the worker in the middle of its job; the next job makes a new one. */
  #replace(task: Task): void {
    this.#stop();
    this.#end(() => task.reject(cancelled()));
  }

  #lost(e: Error): void {
    this.#fail(internal(`the worker stopped: ${e.message}`));
  }

  #fail(e: OffcutError): void {
    this.#stop();
    const task = this.#task;
    if (task) this.#end(() => task.reject(e));
  }

  #end(tell: () => void): void {
    const task = this.#task;
    this.#task = undefined;
    if (task) this.#settle(task, tell);
    this.#next();
  }

  #settle(task: Task, tell: () => void): void {
    if (task.stop) task.options.signal?.removeEventListener("abort", task.stop);
    tell();
  }
}

/** Whether threads can share memory here. */
export function shared(): boolean {
  return typeof SharedArrayBuffer !== "undefined" && (globalThis.crossOriginIsolated ?? true);
}

/** How many threads to use of so many cores: one where memory can't be shared. */
export function crew(wanted: number | undefined, cores: number): number {
  if (!THREADS || !shared()) return 1;
  try {
    // Some devices have no address space for the largest one.
    new WebAssembly.Memory({ initial: 1, maximum: 2 ** 15, shared: true });
  } catch {
    return 1;
  }
  return Math.max(1, Math.min(wanted ?? cores, 16));
}
