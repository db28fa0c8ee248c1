// Lasers, mills and nests in Node: the bytes and documents of the command line, events, previews.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { CUTS, CUT_ROLES, JUMP, OffcutError, TRAVEL, createWorker, cut, cutSettings, lasers, mill, millJob, mills, nestDrawings, schema } from "offcut";

const root = new URL("../../../", import.meta.url).pathname;
const models = join(root, "test-models");
const file = (name) => ({ name, data: new Uint8Array(readFileSync(join(models, name))) });
const folder = mkdtempSync(join(tmpdir(), "offcut-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = [process.env.OFFCUT, ...["release", "quick", "debug"].map((p) => join(target, p, "offcut"))].find((p) => p && existsSync(p));
const skip = !program && "no offcut is built";

/** What the command line writes and says, run where the models are. */
function native(command, out, ...args) {
  const path = join(folder, out);
  const text = execFileSync(program, [command, ...args, "-o", path, "--force", "--json"], { cwd: models });
  return { bytes: readFileSync(path), document: JSON.parse(text) };
}

/** Documents but for what the two front ends can't share. */
const plain = ({ output, audit_args, ...rest }) => ({ ...rest, version: 0 });

function same(bytes, document, expected) {
  assert.ok(Buffer.compare(bytes, expected.bytes) === 0, `${bytes.length} against ${expected.bytes.length} bytes`);
  assert.deepEqual(plain(document), plain(expected.document));
}

test("a laser job: the bytes of the command line", { skip }, async () => {
  const job = { inputs: [file("stand.svg")], machine: "diode-10w", material: "plywood-3mm", settings: { cut_power: 80, kerf: "0.15mm", arcs: true } };
  const expected = native("cut", "a.gcode", "stand.svg", "--isolated", "--machine", "diode-10w", "--material", "plywood-3mm", "--set", "cut_power=80", "--set", "kerf=0.15mm", "--set", "arcs=true");
  const { gcode, document } = await cut(job);
  same(gcode, document, expected);
  const frame = await cut({ inputs: [file("stand.svg")], mode: "frame" });
  same(frame.gcode, frame.document, native("cut", "b.gcode", "stand.svg", "--isolated", "--frame"));
  const card = await cut({ mode: "test_grid", grid: ["power=20-80/3", "speed=10-40/2"] });
  same(card.gcode, card.document, native("cut", "c.gcode", "--isolated", "--test-grid", "power=20-80/3,speed=10-40/2"));
});

test("milling jobs: the bytes of the command line", { skip }, async () => {
  const drawing = await mill({ files: [file("stand.svg")] });
  same(drawing.gcode, drawing.document, native("mill", "a.nc", "stand.svg"));
  const model = await mill({ files: [file("text.stl")], material: "hardwood", set: ["operation.1.stepover=0.5"] });
  same(model.gcode, model.document, native("mill", "b.nc", "text.stl", "--material", "hardwood", "--set", "operation.1.stepover=0.5"));
});

test("a nest under a budget of work: the layout of the command line, which is cut like there", { skip }, async () => {
  const job = { parts: [{ ...file("stand.svg"), quantity: 3 }], sheets: [{ size: "300x200" }], spacing: 2, margin: 3, work: 30_000, name: "layout", format: "json" };
  const expected = native("nest", "layout.nest.json", "stand.svg:3", "--sheet", "300x200", "--spacing", "2", "--margin", "3", "--work", "30000", "--workers", "1");
  const { layout, document } = await nestDrawings(job);
  same(layout, document, expected);
  const path = join(folder, "layout.nest.json");
  const sheets = document.sheets.length > 1 ? ["--sheet", "1"] : [];
  const cuts = native("cut", "l.gcode", path, "--isolated", ...sheets);
  const made = await cut({ inputs: [{ name: path, data: layout }], ...(sheets.length && { sheet: 1 }) });
  same(made.gcode, made.document, cuts);
});

test("the way of the beam", async () => {
  const { document, preview: p } = await cut({ inputs: [file("stand.svg")], settings: { kerf: 0 }, preview: true });
  let way = 0;
  const n = p.roles.length;
  for (let i = 1; i < n; i++) {
    if (p.roles[i] === JUMP || p.roles[i] === TRAVEL) continue;
    assert.ok(CUT_ROLES[p.roles[i] - CUTS], `role ${p.roles[i]}`);
    way += Math.hypot(p.positions[3 * i] - p.positions[3 * i - 3], p.positions[3 * i + 1] - p.positions[3 * i - 2]);
  }
  assert.ok(Math.abs(way - document.cut_mm) < 0.002 * document.cut_mm, `${way} of ${document.cut_mm} mm`);
  assert.ok(Math.abs(p.times[n - 1] - document.time_s) < 0.01 * document.time_s);
});

test("the stock is carved from its block to the part", async () => {
  const cube = file("cube.stl");
  const draft = await millJob({ files: [cube], preview: true });
  const [lo, hi] = draft.document.stock_mm;
  assert.match(draft.text, /\[\[operation\]\]/);
  assert.ok(draft.model.length > 0 && draft.model.length % 9 === 0);
  const { document, preview, carving, gcode } = await mill({ job: draft.document.job, files: [cube], preview: true, moments: 5 });
  // The object gives the program of the file by itself.
  assert.ok(Buffer.compare(gcode, (await mill({ files: [cube] })).gcode) === 0);
  assert.deepEqual(document.stock_mm, [lo, hi]);
  const [w, d] = carving.size;
  assert.equal(carving.points.length, 6);
  assert.equal(carving.heights.length, 6 * w * d);
  assert.ok(carving.points[0] === 0 && carving.points[5] === preview.roles.length);
  assert.ok(Math.abs(w * carving.cell - (hi[0] - lo[0])) <= carving.cell);
  const volume = (k) => carving.heights.subarray(k * w * d, (k + 1) * w * d).reduce((v, h) => v + h - carving.bed, 0) * carving.cell ** 2;
  const block = (hi[0] - lo[0]) * (hi[1] - lo[1]) * (hi[2] - lo[2]);
  assert.ok(Math.abs(volume(0) / block - 1) < 0.02, `${volume(0)} of ${block} mm³`);
  for (let k = 1; k < 6; k++) assert.ok(volume(k) <= volume(k - 1));
  assert.ok(volume(5) < 0.9 * block);
  // The model's top is uncovered, and nothing of the model is gone.
  let top = -Infinity;
  for (let i = 2; i < draft.model.length; i += 3) top = Math.max(top, draft.model[i]);
  const middle = carving.heights[5 * w * d + Math.floor(d / 2) * w + Math.floor(w / 2)];
  assert.ok(Math.abs(middle - top) < 0.3, `${middle} where the model ends at ${top}`);
  assert.equal(preview.layers.length, document.operations.length);
});

test("a drawing's job has its outlines; a faulty one says where", async () => {
  const draft = await millJob({ files: [file("stand.svg")], preview: true });
  assert.ok(draft.outlines.roles.length > 4 && !draft.model);
  const job = draft.document.job;
  const at = (job) => ({ job, files: [file("stand.svg")] });
  await assert.rejects(mill(at({ ...job, colour: "red" })), (e) => e instanceof OffcutError && e.code === "usage" && /colour/.test(e.message));
  await assert.rejects(mill(at({ ...job, operation: [{ kind: "dance", tool: "flat-3" }] })), /dance/);
  await assert.rejects(mill({ job, files: [] }), (e) => e.code === "input" && /stand\.svg/.test(e.message));
  await assert.rejects(cut({ inputs: [file("stand.svg")], settings: { cut_powr: 3 } }), /did you mean `cut_power`/);
});

test("layouts come while the nest gets better, and after a stop there is one", async () => {
  const worker = await createWorker({ keepFiles: true, patience: 120_000 });
  const stop = new AbortController();
  let [layouts, last] = [0, undefined];
  const job = { parts: [{ ...file("stand.svg"), quantity: 8 }], sheets: [{ size: "300x200" }], time: 120, format: "json" };
  const options = { signal: stop.signal, onLayout: (l) => ((last = l), layouts++, stop.abort()) };
  const { document, layout } = await worker.nestDrawings(job, options);
  assert.ok(document.cancelled && layouts > 0);
  for (const text of [last, layout]) assert.equal(JSON.parse(Buffer.from(text)).offcut, JSON.parse(Buffer.from(layout)).offcut);
  worker.terminate();
});

test("choices, settings and schemas for forms", async () => {
  const l = await lasers();
  assert.ok(l.lasers.some((l) => l.name === "diode-10w") && l.materials.some((m) => m.name === "plywood-3mm"));
  const m = await mills();
  assert.ok(m.tools.some((t) => t.name === "flat-6") && m.schema.properties.operation);
  assert.equal((await schema()).cut.properties.kerf["x-unit"], "mm");
  const d = await cutSettings({ machine: "diode-10w", settings: { kerf: 0.3 } });
  assert.equal(d.settings.kerf, 0.3);
  assert.notEqual(d.inherited.kerf, 0.3);
  assert.match((await cutSettings({ settings: { cut_power: 300 } })).clash.message, /cut_power/);
});
