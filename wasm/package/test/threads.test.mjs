// The package with threads in Node: the bytes of one thread, cancellation, errors, limits.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createWorker as createSingle } from "offcut";
import { OffcutError, createWorker } from "offcut/threads";

const root = new URL("../../../", import.meta.url).pathname;
const file = (name) => ({ name, data: new Uint8Array(readFileSync(join(root, "test-models", name))) });
const built = statSync(join(root, "wasm/package/dist/engine/threads_bg.wasm")).size > 0;
const skip = !built && "the engine with threads was not built";
if (skip) console.log(`skipped: ${skip}`);

/** Workers that end with the test, however it ends. */
async function opened(t, make, options) {
  const worker = await make({ keepFiles: true, ...options });
  t.after(() => worker.terminate());
  return worker;
}

test("one, two and three threads make the same of every kind of job", { skip }, async (t) => {
  const square = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]];
  const instance = { name: "squares", strip_height: 25, items: [{ id: 0, demand: 9, allowed_orientations: [0, 90], shape: { type: "simple_polygon", data: square } }] };
  const jobs = [
    ["slice", { models: [file("bracket.stl")], settings: { support: "grid" }, preview: true }],
    ["slice", { models: [file("gear.obj"), file("lattice.stl")], copies: 2, settings: { arc_fitting: true } }],
    ["mill", { files: [file("text.stl")] }],
    ["cut", { inputs: [file("stand.svg")], machine: "diode-10w" }],
    ["nest", { instance: { name: "squares.json", data: new TextEncoder().encode(JSON.stringify(instance)) }, work: 20_000, workers: 2 }],
    ["nestDrawings", { parts: [{ ...file("stand.svg"), quantity: 2 }], sheets: [{ size: "300x200" }], work: 10_000, workers: 2 }],
  ];
  const single = await opened(t, createSingle);
  const expected = [];
  for (const [command, job] of jobs) expected.push(await single[command](job));
  for (const threads of [1, 2, 3]) {
    const worker = await opened(t, createWorker, { threads });
    assert.equal(worker.threads, threads);
    for (const [i, [command, job]] of jobs.entries()) assert.deepEqual(await worker[command](job), expected[i], `${command} with ${threads}`);
  }
});

test("a job is cancelled, waiting or running, and the threads go on", { skip }, async (t) => {
  const worker = await opened(t, createWorker, { threads: 2 });
  const gear = file("gear.obj");
  const slow = { models: [gear], copies: 4, scale: 2, settings: { layer_height: 0.05, first_layer_height: 0.1, bed_size: "900x900", bed_height: 500 } };
  const [running, waiting] = [new AbortController(), new AbortController()];
  let begun;
  const first = worker.slice(slow, { signal: running.signal, onProgress: () => (begun ??= running.abort()) });
  const second = worker.slice(slow, { signal: waiting.signal });
  waiting.abort();
  const isCancelled = (e) => e instanceof OffcutError && e.code === "cancelled";
  await assert.rejects(second, isCancelled);
  await assert.rejects(first, isCancelled);
  const { document } = await worker.slice({ models: [file("cube.stl")] });
  assert.ok(document.layers > 50);
});

test("a broken file, and one that does not fit, end in messages, and the threads go on", { skip }, async (t) => {
  const worker = await opened(t, createWorker, { threads: 2 });
  await assert.rejects(worker.slice({ models: [{ name: "broken.stl", data: new Uint8Array([1, 2, 3]) }] }), (e) => e.code === "input");
  // Thirty times its size is more than the memory that threads share may grow to.
  const big = { name: "big.3mf", data: new Uint8Array(61e6) };
  await assert.rejects(worker.slice({ models: [big] }), (e) => e.code === "memory" && /needs about 1\.8 GB/.test(e.message));
  const { document } = await worker.slice({ models: [file("cube.stl")] });
  assert.ok(document.layers > 50);
});

test("where memory can't be shared there is one thread", async (t) => {
  t.after(() => delete globalThis.crossOriginIsolated);
  globalThis.crossOriginIsolated = false;
  const worker = await opened(t, createWorker, { threads: 2 });
  assert.equal(worker.threads, 1);
  const { document } = await worker.slice({ models: [file("cube.stl")] });
  assert.ok(document.layers > 50);
});
