// The package in Node: figures, bytes, cancellation, errors.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { OffcutError, ROLES, createWorker, info, nest, profiles, schema, settings, shapes, slice } from "offcut";

const root = new URL("../../../", import.meta.url).pathname;
const models = join(root, "test-models");
const model = (name) => ({ name, data: new Uint8Array(readFileSync(join(models, name))) });
const folder = mkdtempSync(join(tmpdir(), "offcut-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The command line that the workspace built; the tests that compare with it are skipped without one. */
const program = [process.env.OFFCUT, ...["quick", "release", "debug"].map((p) => join(target(), p, "offcut"))].find(
  (p) => p && existsSync(p),
);
function target() {
  return process.env.CARGO_TARGET_DIR ?? join(root, "target");
}

/** What the command line writes. */
function native(...args) {
  const out = join(folder, "native.gcode");
  const text = execFileSync(program, ["slice", ...args, "-o", out, "--force", "--isolated", "--json"]);
  return { gcode: readFileSync(out), document: JSON.parse(text) };
}

const cases = [
  ["cube", "cube.stl", {}, []],
  ["bracket, a machine", "bracket.stl", { machine: "prusa-mk4", material: "petg", process: "strong" },
    ["--machine", "prusa-mk4", "--material", "petg", "--process", "strong"]],
  ["overhangs with support", "overhangs.stl", { settings: { support: "grid", layer_height: "0.25mm" } },
    ["--set", "support=grid", "--set", "layer_height=0.25mm"]],
  ["gear, arcs and a turn", "gear.obj", { rotate: 30, scale: 0.8, settings: { arc_fitting: true } },
    ["--set", "arc_fitting=true", "--rotate", "30", "--scale", "0.8"]],
  ["text, three copies, snug support", "text.stl", { copies: 3, settings: { support: "snug" } },
    ["--copies", "3", "--set", "support=snug"]],
];
for (const [what, file, job, args] of cases) {
  test(`the bytes of the command line: ${what}`, { skip: !program && "no offcut is built" }, async () => {
    const expected = native(join(models, file), ...args);
    const { gcode, document } = await slice({ models: [model(file)], ...job });
    assert.ok(Buffer.compare(gcode, expected.gcode) === 0, `${gcode.length} against ${expected.gcode.length} bytes`);
    const plain = (d) => ({ ...d, output: null, warnings: d.warnings.length, objects: d.objects.length });
    assert.deepEqual(plain(document), plain(expected.document));
  });
}

test("a place of its own gives the bytes of --center", { skip: !program && "no offcut is built" }, async () => {
  const expected = native(join(models, "cube.stl"), "--center", "60,70");
  const placed = { ...model("cube.stl"), places: [{ at: [60, 70] }] };
  assert.ok(Buffer.compare((await slice({ models: [placed] })).gcode, expected.gcode) === 0);
  const quarter = { ...placed, places: [{ at: [60, 70], matrix: [0, -1, 0, 1, 0, 0, 0, 0, 1] }] };
  const turned = native(join(models, "cube.stl"), "--center", "60,70", "--rotate", "90");
  assert.ok(Buffer.compare((await slice({ models: [quarter] })).gcode, turned.gcode) === 0);
});

test("the preview is the G-code in space", async () => {
  const { gcode, document, preview } = await slice({ models: [model("cube.stl")], preview: true });
  const p = preview;
  const n = p.roles.length;
  assert.equal(p.positions.length, 3 * n);
  for (const a of [p.widths, p.heights, p.speeds, p.times]) assert.equal(a.length, n);
  assert.equal(p.layers.length, document.layers);
  assert.equal(p.layerTops.length, document.layers);
  assert.ok(Math.abs(p.times[n - 1] - document.time_s) < 1, `${p.times[n - 1]} of ${document.time_s} s`);
  const seconds = new Map();
  const [lo, hi] = [[1e9, 1e9, 1e9], [-1e9, -1e9, -1e9]];
  for (let i = 1; i < n; i++) {
    const role = ROLES[p.roles[i]];
    if (!role) continue;
    seconds.set(role, (seconds.get(role) ?? 0) + p.times[i] - p.times[i - 1]);
    for (let k = 0; k < 3; k++) {
      lo[k] = Math.min(lo[k], p.positions[3 * i + k]);
      hi[k] = Math.max(hi[k], p.positions[3 * i + k]);
    }
  }
  for (const r of document.roles) assert.ok(Math.abs(seconds.get(r.role) - r.seconds) < 0.5 + r.seconds / 50, r.role);
  for (let k = 0; k < 3; k++) {
    assert.ok(Math.abs(lo[k] - document.bounds_mm[0][k]) < 0.01 && Math.abs(hi[k] - document.bounds_mm[1][k]) < 0.01);
  }
  // A cube of 100 layers and more has one outer wall a layer.
  assert.equal(p.seams.length, document.layers);
  const text = Buffer.from(gcode).toString();
  assert.equal(text.match(/^;LAYER_CHANGE/gm).length, document.layers);
});

test("a worker slices, reports, streams, and leaves the inputs to those who want them", async () => {
  const worker = await createWorker({ keepFiles: true });
  const cube = model("cube.stl");
  const stages = new Set();
  let size = 0;
  const options = {
    onProgress: (stage, done) => {
      stages.add(stage);
      assert.ok(done >= 0 && done <= 1);
    },
    onChunk: (bytes) => (size += bytes.length),
  };
  const { gcode } = await worker.slice({ models: [cube] }, options);
  assert.equal(gcode.length, 0);
  assert.equal(size, (await slice({ models: [cube] })).gcode.length);
  assert.ok(stages.size > 2, [...stages].join());
  assert.ok(cube.data.length > 0);
  worker.terminate();
  await assert.rejects(worker.slice({ models: [cube] }), OffcutError);

  const moving = await createWorker();
  await moving.slice({ models: [cube] });
  assert.equal(cube.data.length, 0, "moved to the worker");
  const moved = (e) => e instanceof OffcutError && e.code === "usage" && /cube\.stl.*earlier job/.test(e.message);
  await assert.rejects(moving.slice({ models: [cube] }), moved);
  await moving.slice({ models: [model("cube.stl")] });
  moving.terminate();
});

test("a job is cancelled, waiting or running, and the worker goes on", async () => {
  const worker = await createWorker({ keepFiles: true });
  const gear = model("gear.obj");
  const slow = { models: [gear], copies: 4, scale: 2, settings: { layer_height: 0.05, first_layer_height: 0.1, bed_size: "900x900", bed_height: 500 } };
  const [running, waiting] = [new AbortController(), new AbortController()];
  let begun;
  const first = worker.slice(slow, { signal: running.signal, onProgress: () => (begun ??= running.abort()) });
  const second = worker.slice(slow, { signal: waiting.signal });
  waiting.abort();
  const isCancelled = (e) => e instanceof OffcutError && e.code === "cancelled" && e.exitStatus === 130;
  await assert.rejects(second, isCancelled);
  await assert.rejects(first, isCancelled);
  const { document } = await worker.slice({ models: [model("cube.stl")] });
  assert.ok(document.layers > 50);
  worker.terminate();
});

test("errors are those of the terminal", async () => {
  const wrong = slice({ models: [{ name: "broken.stl", data: new Uint8Array([1, 2, 3]) }] });
  await assert.rejects(wrong, (e) => {
    assert.ok(e instanceof OffcutError);
    assert.deepEqual([e.code, e.exitStatus, e.place], ["input", 3, "broken.stl"]);
    return true;
  });
  const unknown = slice({ models: [model("cube.stl")], settings: { layer_hight: 0.2 } });
  await assert.rejects(unknown, /did you mean `layer_height`/);
  await assert.rejects(slice({ models: [model("cube.stl")], colour: "red" }), /unknown field `colour`/);
  await assert.rejects(slice({ models: [] }), (e) => e.code === "usage");
  await assert.rejects(slice({ models: [{ name: "a.stl" }] }), /Uint8Array/);
  await assert.rejects(slice({ models: [model("cube.stl")], machine: "prusa-mk5" }), /did you mean/);
});

test("every truncated model ends in a message", async () => {
  for (const file of readdirSync(models).filter((f) => /\.(stl|obj|3mf|amf)$/.test(f))) {
    const { name, data } = model(file);
    for (const share of [0.02, 0.5, 0.97]) {
      const cut = { name, data: data.slice(0, Math.floor(data.length * share)) };
      try {
        await info({ file: cut });
      } catch (e) {
        assert.ok(e instanceof OffcutError && ["input", "impossible"].includes(e.code), `${file}: ${e.code} ${e.message}`);
      }
    }
  }
  // The engine is in order afterwards.
  assert.equal((await info({ file: model("cube.stl") })).kind, "model");
});

test("settings say who set them", async () => {
  const d = await settings({ machine: "prusa-mk4", settings: { layer_height: 0.15 } });
  assert.equal(d.settings.layer_height, 0.15);
  assert.deepEqual(d.origins.layer_height, { level: "job", profile: "" });
  assert.deepEqual(d.origins.bed_size, { level: "machine", profile: "prusa-mk4" });
  assert.equal(d.inherited.layer_height, 0.2);
  assert.equal(d.clash, null);
  const own = { name: "mine", text: 'kind = "material"\ninherits = "pla"\nhotend_temperature = 222\n' };
  const mine = await settings({ material: "mine", profiles: [own] });
  assert.equal(mine.settings.hotend_temperature, 222);
  assert.ok((await profiles([own])).materials.some((m) => m.name === "mine"));
});

test("the schema and the shapes are there for forms and views", async () => {
  const { slice: s } = await schema();
  assert.equal(s.properties.layer_height["x-unit"], "mm");
  const { document, shapes: found } = await shapes(model("cube.stl"));
  assert.deepEqual([document.objects[0].triangles, found[0].length], [12, 108]);
});

test("nesting is reproducible under a budget of work", async () => {
  const square = { outer: [[0, 0], [10, 0], [10, 10], [0, 10]] };
  const instance = nestInstance(square);
  const job = () => ({ instance: { name: "squares.json", data: new TextEncoder().encode(instance) }, work: 20000 });
  const [a, b] = [await nest(job()), await nest(job())];
  assert.deepEqual(a, b);
  assert.equal(a.document.placed, 4);
  await assert.rejects(nest({ instance: job().instance }), (fault) => fault.message.includes("work"));
});

function nestInstance() {
  return JSON.stringify({
    name: "squares", strip_height: 20,
    items: [{ id: 0, demand: 4, allowed_orientations: [0], shape: { type: "simple_polygon", data: [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]] } }],
  });
}
