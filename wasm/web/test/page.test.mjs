// The built page and the package in headless Chromium.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { executable, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const dist = join(root, "wasm/web/dist");
const models = join(root, "test-models");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = [process.env.OFFCUT, ...["release", "quick", "debug"].map((p) => join(target, p, "offcut"))].find((p) => p && existsSync(p));
const skip = !executable && "there is no Chromium";
const folder = mkdtempSync(join(tmpdir(), "offcut-page-"));
let browser, site;

before(async () => {
  if (skip) return;
  site = await serve(dist);
  browser = await launch();
});
after(async () => {
  site?.close();
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A test of the page. It waits for states, never for times; its limits are for machines that hang, not for slow ones. */
const check = (name, run) => test(name, { skip, timeout: 400_000 }, run);
const PATIENCE = 150_000;

/** What the command line writes, run where the models are. */
function native(command, ...args) {
  const out = join(folder, "native.gcode");
  const isolated = command === "mill" ? [] : ["--isolated"];
  execFileSync(program, [command, ...args, "-o", out, "--force", ...isolated, "--quiet"], { cwd: models });
  return readFileSync(out);
}

/** A context that is closed with the test, however it ends. */
async function context(t, options = {}) {
  const c = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  t.after(() => c.close());
  c.setDefaultTimeout(PATIENCE);
  c.setDefaultNavigationTimeout(PATIENCE);
  return c;
}

/** A page that is ready, and what went wrong in it. */
async function opened(t, options) {
  const c = await context(t, options);
  const page = await c.newPage();
  const faults = [];
  page.on("pageerror", (e) => faults.push(e.message));
  await page.goto(site.url);
  await page.waitForSelector(".shop.print[data-ready]");
  return { page, context: c, faults };
}

const slice = async (page) => {
  await page.click(".print .main");
  await page.waitForSelector("text=Download G-code");
};

async function downloaded(page, press) {
  const [file] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

async function drop(page, name, bytes) {
  await page.evaluate(([name, data]) => {
    const t = new DataTransfer();
    t.items.add(new File([new Uint8Array(data)], name));
    dispatchEvent(new DragEvent("drop", { dataTransfer: t, cancelable: true }));
  }, [name, [...bytes]]);
}

check("drop a model, slice, move the slider, download the bytes of the command line", async (t) => {
  const { page, faults } = await opened(t);
  await page.click(".print .items button");
  await page.keyboard.press("Delete");
  await drop(page, "bracket.stl", readFileSync(join(models, "bracket.stl")));
  await page.waitForSelector(".print .items >> text=bracket.stl");
  await slice(page);
  const top = Number(await page.inputValue(".slider input"));
  await page.focus("canvas");
  await page.keyboard.press("ArrowDown");
  assert.equal(Number(await page.inputValue(".slider input")), top - 1);
  await page.keyboard.press("PageDown");
  assert.equal(await page.getAttribute(".slider input", "aria-valuetext").then((t) => t.startsWith(`layer ${top - 11} of ${top}`)), true);
  for (const by of ["speed", "width", "time", "role"]) await page.selectOption(".legend select", by);
  const { name, bytes } = await downloaded(page, () => page.click("text=Download G-code"));
  assert.equal(name, "bracket.gcode");
  if (program) {
    const expected = native("slice", join(models, "bracket.stl"), "--machine", "generic-marlin", "--material", "pla", "--process", "normal");
    assert.ok(Buffer.compare(bytes, expected) === 0, `${bytes.length} against ${expected.length} bytes`);
  }
  assert.deepEqual(faults, []);
});

check("slicing leaves the page's own thread alone", async (t) => {
  const { page, faults } = await opened(t);
  // The share of the time from the click to the engine's answer that the longest task took: a machine's speed is in
  // both. With the engine in the page's thread it would be nearly all of it. What is drawn then is no part of it.
  const measured = await page.evaluate(async () => {
    const tasks = [];
    const observer = new PerformanceObserver((l) => tasks.push(...l.getEntries()));
    observer.observe({ type: "longtask" });
    const until = async (what) => {
      while (!what()) await new Promise((done) => setTimeout(done));
    };
    const longest = (from, to) => Math.max(0, ...tasks.map((t) => Math.min(to, t.startTime + t.duration) - Math.max(from, t.startTime)));
    // A task that is long by intent is seen.
    await new Promise((done) => setTimeout(done));
    const begin = performance.now();
    while (performance.now() - begin < 150);
    await until(() => longest(begin, Infinity) > 0);
    const seen = longest(begin, Infinity);
    const main = document.querySelector(".print .main");
    const start = performance.now();
    main.click();
    await until(() => /Download/.test(main.textContent));
    const [{ startTime: end }] = performance.getEntriesByName("sliced");
    // Tasks are told of when they are over, those of drawing too.
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    tasks.push(...observer.takeRecords());
    return { seen, task: longest(start, end), whole: end - start };
  });
  console.log(`longest task while slicing: ${Math.round(measured.task)} of ${Math.round(measured.whole)} ms`);
  assert.ok(measured.seen >= 100, `a task of 150 ms was seen as ${measured.seen} ms`);
  assert.ok(measured.task < 0.5 * measured.whole, `${measured.task} of ${measured.whole} ms`);
  assert.deepEqual(faults, []);
});

check("settings: search, change, reset, a clash at its place", async (t) => {
  const { page, faults } = await opened(t);
  await page.fill(".settings input[type=search]", "layer height");
  const row = page.locator(".settings .rows:visible [data-key=layer_height]").last();
  await row.locator("input").fill("0.3mm");
  await row.locator("input").press("Enter");
  await page.waitForSelector("[data-key=layer_height].own");
  await row.locator(".reset").click();
  await page.waitForSelector("[data-key=layer_height]:not(.own)");
  await page.fill(".settings input[type=search]", "");
  const height = page.locator("#top-layer_height");
  await height.fill("5");
  await height.press("Enter");
  await page.waitForSelector("#notices >> text=layer_height");
  await page.waitForFunction(() => document.querySelector("#top-layer_height").value === "0.2" || document.activeElement.id === "top-layer_height");
  await slice(page);
  assert.deepEqual(faults, []);
});

check("what was changed goes out as a profile and comes back; a model is turned by degrees and by rings", async (t) => {
  const { page, faults } = await opened(t);
  await page.fill("#top-layer_height", "0.25");
  await page.press("#top-layer_height", "Enter");
  await page.waitForSelector("[data-key=layer_height].own");
  const profile = await downloaded(page, () => page.click("text=Export profile"));
  assert.equal(profile.name, "my-normal.toml");
  assert.match(profile.bytes.toString(), /^kind = "process"\ninherits = "normal"[^]*layer_height = 0.25/);
  await drop(page, profile.name, profile.bytes);
  await page.waitForSelector("#choose-process option[value=my-normal]", { state: "attached" });
  await page.click("[data-key=layer_height] .reset");
  await page.waitForSelector("[data-key=layer_height]:not(.own)");
  await page.selectOption("#choose-process", "my-normal");
  await page.waitForFunction(() => document.querySelector("#top-layer_height").value === "0.25");
  await page.click(".print .items button");
  const lies = await page.textContent(".print .items .quiet");
  await page.fill("[aria-label='Turn about X by degrees']", "90");
  await page.keyboard.press("Enter");
  await page.waitForFunction((before) => document.querySelector(".print .items .quiet").textContent !== before, lies);
  await page.keyboard.press("g");
  await page.waitForSelector(".print .tools [aria-label='Turn by dragging rings'][aria-pressed=true]");
  await page.keyboard.press("g");
  await page.waitForSelector(".print .tools [aria-label='Turn by dragging rings'][aria-pressed=false]");
  assert.deepEqual(faults, []);
});

/** A box as STL, its corner at the origin. */
function box(...size) {
  const corner = (k) => size.map((s, axis) => (k >> axis) & 1 && s).join(" ");
  const sides = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
  const triangles = sides.flatMap(([a, b, c, d]) => [[a, b, c], [a, c, d]]);
  const facet = (t) => `facet normal 0 0 0\nouter loop\n${t.map((k) => `vertex ${corner(k)}`).join("\n")}\nendloop\nendfacet`;
  return Buffer.from(`solid box\n${triangles.map(facet).join("\n")}\nendsolid box\n`);
}

check("a model is laid on the face that is clicked; what stands beyond the bed is arranged", async (t) => {
  const { page, faults } = await opened(t);
  await page.click(".print .items button");
  await page.keyboard.press("Delete");
  await drop(page, "box.stl", box(40, 30, 10));
  const size = (text) => page.waitForFunction((text) => document.querySelector(".print .items .quiet")?.textContent === text, text);
  await size("40 × 30 × 10");
  await page.fill("[aria-label='Turn about X by degrees']", "90");
  await page.keyboard.press("Enter");
  await size("40 × 10 × 30");
  const canvas = page.locator(".print canvas");
  await canvas.focus();
  await page.keyboard.press("h");
  await page.keyboard.press("f");
  await page.waitForSelector(".print .facing");
  // The middle of the view is the large side, which looks to the front.
  const { x, y, width, height } = await canvas.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await size("40 × 30 × 10");
  await page.waitForSelector(".print .view:not(.facing)");

  await page.keyboard.press("Control+d");
  await page.waitForFunction(() => document.querySelectorAll(".print .items li").length === 2);
  for (let i = 0; i < 30; i++) await page.keyboard.press("Shift+ArrowRight");
  await page.waitForSelector(".print .told .fault >> text=beyond the bed");
  assert.ok(await page.isDisabled(".print .main"));
  await page.keyboard.press("a");
  await page.waitForSelector(".print .told:has-text('Ready.')");
  await slice(page);
  const { bytes } = await downloaded(page, () => page.click("text=Download G-code"));
  if (program) {
    const path = join(folder, "box.stl");
    writeFileSync(path, box(40, 30, 10));
    const expected = native("slice", path, "--copies", "2", "--machine", "generic-marlin", "--material", "pla", "--process", "normal");
    const words = (b) => b.toString().split("\n").filter((l) => /^G[01] /.test(l)).length;
    assert.ok(Math.abs(words(bytes) - words(expected)) < 0.05 * words(expected), `${words(bytes)} moves against ${words(expected)}`);
  }
  assert.deepEqual(faults, []);
});

check("another printer: the model stays in the middle, and the picture for its screen is shown", async (t) => {
  const { page, faults } = await opened(t);
  await page.selectOption("#choose-machine", "prusa-mk4");
  await page.waitForFunction(() => document.querySelector("#choose-machine").value === "prusa-mk4");
  await slice(page);
  await page.waitForFunction(() => document.querySelector(".print .thumbnail")?.naturalWidth === 440);
  const { bytes } = await downloaded(page, () => page.click("text=Download G-code"));
  const expected = program && native("slice", "gear.obj", "--machine", "prusa-mk4", "--material", "pla", "--process", "normal");
  if (program) assert.ok(Buffer.compare(bytes, expected) === 0, `${bytes.length} against ${expected.length} bytes`);
  assert.deepEqual(faults, []);
});

check("cancel, a hostile file, and on", async (t) => {
  const { page, faults } = await opened(t);
  await drop(page, "broken.stl", Buffer.from("solid nothing\nfacet normal"));
  await page.waitForSelector("#notices .error >> text=broken.stl");
  await drop(page, "bomb.offcut", Buffer.from("PK\u0003\u0004 no zip"));
  await page.waitForSelector("#notices .error >> text=bomb.offcut");
  await page.fill("#top-layer_height", "0.02");
  await page.press("#top-layer_height", "Enter");
  await page.waitForSelector("[data-key=layer_height].own");
  // The click comes with the first progress, so that the job is there to be cancelled on a machine of any speed.
  await page.evaluate(() => {
    const told = document.querySelector(".print .told");
    const observer = new MutationObserver(() => {
      if (!(told.querySelector("progress")?.value > 0)) return;
      observer.disconnect();
      [...told.querySelectorAll("button")].find((b) => b.textContent === "Cancel").click();
    });
    observer.observe(told, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await page.click(".print .main");
  await page.waitForSelector(".print .told:has-text('Ready.')");
  assert.equal(await page.textContent(".print .main"), "Slice");
  await page.click("[data-key=layer_height] .reset");
  await page.waitForSelector("[data-key=layer_height]:not(.own)");
  await slice(page);
  assert.deepEqual(faults, []);
});

check("a project is kept in the browser and comes back from a file", async (t) => {
  const { page } = await opened(t);
  await page.click(".print .items button");
  await page.keyboard.press("r");
  await page.keyboard.press("Control+d");
  await page.waitForFunction(() => document.querySelectorAll(".print .items li").length === 2);
  await slice(page);
  const first = await downloaded(page, () => page.click("text=Download G-code"));
  const project = await downloaded(page, () => page.click("text=Save project"));
  assert.equal(project.name, "gear.offcut");
  await page.waitForSelector(".shop.print[data-kept]");
  await page.reload();
  await page.waitForSelector(".shop.print[data-ready]");
  assert.equal(await page.locator(".print .items li").count(), 2);
  const other = await opened(t);
  await drop(other.page, project.name, project.bytes);
  await other.page.waitForFunction(() => document.querySelectorAll(".print .items li").length === 2);
  await slice(other.page);
  const second = await downloaded(other.page, () => other.page.click("text=Download G-code"));
  assert.ok(Buffer.compare(first.bytes, second.bytes) === 0);
});

check("parts and jobs are kept, and come back from files wherever they are dropped", async (t) => {
  const { page, faults } = await opened(t);
  await page.click("[data-shop=cut]");
  await page.waitForSelector(".shop.cut[data-ready]");
  await page.waitForSelector(".cut .paper img.sketch");
  await page.fill("#cut-width", "345");
  await page.press("#cut-width", "Enter");
  await page.fill(".cut .items input", "3");
  await page.press(".cut .items input", "Enter");
  await page.selectOption("#laser-machine", "k40-grbl");
  await page.waitForFunction(() => document.querySelector("#laser-machine").value === "k40-grbl");
  const cut = await downloaded(page, () => page.click(".cut >> text=Save project"));
  assert.equal(cut.name, "sample.offcut");
  await page.click("[data-shop=mill]");
  await page.waitForSelector(".shop.mill[data-ready]");
  await drop(page, "stand.svg", readFileSync(join(models, "stand.svg")));
  await page.waitForSelector(".mill .items >> text=stand.svg");
  await page.selectOption("#mill-material", "brass");
  await page.waitForSelector(".shop.mill[data-kept]");
  const mill = await downloaded(page, () => page.click(".mill >> text=Save project"));
  await page.reload();
  await page.waitForSelector(".shop.print[data-ready]");
  await page.click("[data-shop=mill]");
  await page.waitForSelector(".shop.mill[data-ready]");
  assert.equal(await page.inputValue("#mill-material"), "brass");

  // Another browser, which has kept nothing: each file opens its workshop.
  const other = (await opened(t)).page;
  await drop(other, cut.name, cut.bytes);
  await other.waitForFunction(() => document.querySelector("#cut-width")?.value === "345" && document.querySelector(".cut .items input")?.value === "3");
  assert.equal(await other.inputValue("#laser-machine"), "k40-grbl");
  await drop(other, mill.name, mill.bytes);
  await other.waitForSelector(".mill .items >> text=stand.svg");
  await other.waitForFunction(() => document.querySelector("#mill-material")?.value === "brass");
  assert.deepEqual(faults, []);
});

check("nest live, stop, cut, and take everything along", async (t) => {
  const { page, faults } = await opened(t);
  await page.click("[data-shop=cut]");
  await page.waitForSelector(".shop.cut[data-ready]");
  await page.fill("#cut-seconds", "600");
  await page.fill("#cut-width", "290");
  await page.fill("#cut-height", "190");
  await page.click(".cut .main");
  // A layout is there while the search goes on; a stop keeps the best one.
  await page.waitForSelector(".cut .paper img:not(.sketch)");
  assert.match(await page.getAttribute(".cut .paper img:not(.sketch)", "alt"), /The layout: \d+ parts on \d+ sheets/);
  await page.click(".cut .told >> text=Stop");
  await page.waitForSelector(".cut .downloads");
  const svg = await downloaded(page, () => page.click(".cut .downloads >> text=SVG"));
  assert.match(svg.bytes.toString(), /^<\?xml|^<svg/);
  const dxf = await downloaded(page, () => page.click(".cut .downloads >> text=DXF"));
  assert.match(dxf.bytes.toString(), /ENTITIES/);
  const layout = await downloaded(page, () => page.click(".cut .downloads >> text=JSON"));
  await page.selectOption("#laser-machine", "k40-grbl");
  await page.fill("#laser-top-cut_power", "55");
  await page.press("#laser-top-cut_power", "Enter");
  await page.waitForSelector(".laser [data-key=cut_power].own");
  await page.click(".cut .main");
  await page.waitForSelector(".cut .main:has-text('Download G-code')");
  const end = await page.getAttribute(".cut .player input", "aria-valuetext");
  await page.focus(".cut .player input");
  await page.keyboard.press("Home");
  assert.notEqual(await page.getAttribute(".cut .player input", "aria-valuetext"), end);
  const gcode = await downloaded(page, () => page.click(".cut .main"));
  if (program) {
    const path = join(folder, "layout.json");
    writeFileSync(path, layout.bytes);
    const material = await page.inputValue("#laser-material");
    const sheet = JSON.parse(layout.bytes).sheets.length > 1 ? ["--sheet", "1"] : [];
    const expected = native("cut", path, "--machine", "k40-grbl", ...(material ? ["--material", material] : []), "--set", "cut_power=55", ...sheet);
    assert.ok(Buffer.compare(gcode.bytes, expected) === 0, `${gcode.bytes.length} against ${expected.length} bytes`);
  }
  assert.deepEqual(faults, []);
});

check("mill a model and a drawing: stock, operations, simulation, the bytes of the command line", async (t) => {
  const { page, faults } = await opened(t);
  await page.click("[data-shop=mill]");
  await page.waitForSelector(".shop.mill[data-ready]");
  const plan = async () => {
    await page.click(".mill .main");
    await page.waitForSelector(".mill .main:has-text('Download G-code')");
    return downloaded(page, () => page.click(".mill .main"));
  };
  await drop(page, "text.stl", readFileSync(join(models, "text.stl")));
  await page.waitForSelector(".mill .items >> text=text.stl");
  const text = await plan();
  assert.equal(text.name, "text.nc");
  if (program) assert.ok(Buffer.compare(text.bytes, native("mill", "text.stl")) === 0);
  await page.focus(".mill .player input");
  await page.keyboard.press("Home");
  assert.match(await page.getAttribute(".mill .player input", "aria-valuetext"), /^0\.0 s of /);
  for (const box of await page.locator(".mill .ways input").all()) await box.uncheck();

  await drop(page, "stand.svg", readFileSync(join(models, "stand.svg")));
  await page.waitForSelector(".mill .items >> text=stand.svg");
  await page.click(".mill .operation:last-of-type summary");
  await page.locator(".mill .operation:last-of-type [data-key=stepdown] input").fill("2");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".mill .operation:last-of-type [data-key=stepdown].own");
  const stand = await plan();
  if (program) assert.ok(Buffer.compare(stand.bytes, native("mill", "stand.svg", "--set", "operation.1.stepdown=2")) === 0);
  await page.locator(".mill .operation:last-of-type [data-key=depth] input").fill("-2");
  await page.keyboard.press("Enter");
  await page.dispatchEvent(".mill .main", "click");
  await page.waitForSelector(".mill .told .fault");
  await drop(page, "broken.stl", Buffer.from("solid nothing\nfacet normal"));
  await page.waitForSelector("#notices .error >> text=broken.stl");
  const job = await downloaded(page, () => page.click(".mill >> text=Save job"));
  assert.match(job.bytes.toString(), /stand\.svg/);
  assert.deepEqual(faults, []);
});

check("offline after the first visit", async (t) => {
  const { page, context } = await opened(t);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.waitForSelector(".shop.print[data-ready]");
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector(".shop.print[data-ready]");
  // What the page's own worker answers is isolated on any host, so that there can be threads.
  assert.ok(await page.evaluate(() => crossOriginIsolated));
  await slice(page);
  const { bytes } = await downloaded(page, () => page.click("text=Download G-code"));
  const expected = program && native("slice", "gear.obj", "--machine", "generic-marlin", "--material", "pla", "--process", "normal");
  if (program) assert.ok(Buffer.compare(bytes, expected) === 0, `${bytes.length} against ${expected.length} bytes`);
});

check("threads in an isolated page: the bytes of the command line, nests, cancellation", async (t) => {
  const threads = join(root, "wasm/package/dist/engine/threads_bg.wasm");
  if (statSync(threads).size === 0) return t.skip("the engine with threads was not built");
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  for (const isolated of [true, false]) {
    const host = await serve(join(root, "wasm/package"), isolated ? headers : {});
    t.after(() => host.close());
    const page = await (await context(t)).newPage();
    await page.route("**/blank.html", (r) => r.fulfill({ contentType: "text/html", body: "<!doctype html><title>blank</title>", headers: isolated ? headers : {} }));
    await page.goto(`${host.url}blank.html`);
    const file = (name) => ({ name, data: [...readFileSync(join(models, name))] });
    const made = await page.evaluate(async ([bracket, stand]) => {
      const { createWorker } = await import(new URL("./dist/threads.js", location.href));
      const { createWorker: createSingle } = await import(new URL("./dist/index.js", location.href));
      const bytes = ({ name, data }) => ({ name, data: new Uint8Array(data) });
      const nest = () => ({ parts: [{ ...bytes(stand), quantity: 2 }], sheets: [{ size: "300x200" }], work: 10_000, workers: 2, format: "json" });
      const worker = await createWorker({ threads: 2 });
      const stop = new AbortController();
      const job = () => ({ models: [bytes(bracket)] });
      const cancelled = await worker.slice(job(), { signal: stop.signal, onProgress: () => stop.abort() }).catch((e) => e.code);
      const sliced = [...(await worker.slice(job())).gcode];
      const texts = [];
      const single = await createSingle();
      for (const w of [worker, single]) texts.push(new TextDecoder().decode((await w.nestDrawings(nest())).layout));
      worker.terminate();
      single.terminate();
      return { threads: worker.threads, cancelled, sliced, texts };
    }, [file("bracket.stl"), file("stand.svg")]);
    assert.equal(made.threads, isolated ? 2 : 1);
    assert.equal(made.cancelled, "cancelled");
    assert.equal(made.texts[0], made.texts[1]);
    if (program) assert.ok(Buffer.compare(Buffer.from(made.sliced), native("slice", join(models, "bracket.stl"))) === 0);
  }
});

check("a thread that stops with a fault ends its job, and the next job has threads again", async (t) => {
  const threads = join(root, "wasm/package/dist/engine/threads_bg.wasm");
  if (statSync(threads).size === 0) return t.skip("the engine with threads was not built");
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const host = await serve(join(root, "wasm/package"), headers);
  t.after(() => host.close());
  const page = await (await context(t)).newPage();
  await page.route("**/blank.html", (r) => r.fulfill({ contentType: "text/html", body: "<!doctype html><title>blank</title>", headers }));
  await page.goto(`${host.url}blank.html`);
  const made = await page.evaluate(async ([gear, bracket]) => {
    // The first helper gets a memory that its engine can't start in.
    const helpers = [];
    globalThis.Worker = class extends Worker {
      postMessage(message, transfer) {
        if (message.type === "join") helpers.push(message);
        const broken = message.type === "join" && helpers.length === 1;
        super.postMessage(broken ? { ...message, memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }) } : message, transfer);
      }
    };
    const { createWorker } = await import(new URL("./dist/threads.js", location.href));
    const worker = await createWorker({ threads: 2 });
    const long = { models: [{ name: "gear.obj", data: new Uint8Array(gear) }], copies: 4, scale: 2, settings: { layer_height: 0.03, first_layer_height: 0.1, bed_size: "900x900" } };
    const fault = await worker.slice(long).then(() => "none", (e) => e.code);
    const sliced = [...(await worker.slice({ models: [{ name: "bracket.stl", data: new Uint8Array(bracket) }] })).gcode];
    worker.terminate();
    return { fault, sliced, helpers: helpers.length };
  }, ["gear.obj", "bracket.stl"].map((name) => [...readFileSync(join(models, name))]));
  assert.equal(made.fault, "internal");
  assert.equal(made.helpers, 2);
  if (program) assert.ok(Buffer.compare(Buffer.from(made.sliced), native("slice", join(models, "bracket.stl"))) === 0);
});

check("a phone's width, light and dark, and nothing that axe complains of", async (t) => {
  const axe = readFileSync(join(root, "wasm/node_modules/axe-core/axe.min.js"), "utf8");
  const audit = async (page) => {
    await page.addScriptTag({ content: axe });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), []);
  };
  for (const options of [{ colorScheme: "dark" }, { viewport: { width: 390, height: 844 } }]) {
    const { page } = await opened(t, options);
    await audit(page);
    await slice(page);
    await audit(page);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= page.viewportSize().width);
    for (const shop of ["cut", "mill"]) {
      await page.click(`[data-shop=${shop}]`);
      await page.waitForSelector(`.shop.${shop}[data-ready]`);
      await audit(page);
    }
  }
});

check("the demo of the docs, on a plain host and on an isolated one", async (t) => {
  const demo = readFileSync(join(root, "docs/web.md"), "utf8").match(/```html\n([\s\S]*?)```/)[1];
  const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  for (const headers of [{}, isolated]) {
    const host = await serve(join(root, "wasm/package"), headers);
    t.after(() => host.close());
    const page = await (await context(t)).newPage();
    await page.route("**/demo.html", (r) => r.fulfill({ contentType: "text/html", body: demo, headers }));
    // The engine comes late: a file chosen before it is there must be sliced all the same.
    await page.route("**/*.wasm", async (r) => (await new Promise((done) => setTimeout(done, 500)), r.continue()));
    await page.goto(`${host.url}demo.html`);
    assert.equal(await page.evaluate(() => crossOriginIsolated), headers === isolated);
    await page.setInputFiles("input", join(models, "cube.stl"));
    await page.waitForSelector("a:not([hidden])");
    const { bytes } = await downloaded(page, () => page.click("a"));
    if (program) assert.ok(Buffer.compare(bytes, native("slice", join(models, "cube.stl"))) === 0);
    await page.evaluate(() => {
      const button = document.querySelector("button");
      new MutationObserver(() => button.hidden || button.click()).observe(button, { attributes: true });
    });
    await page.setInputFiles("input", join(models, "lattice.stl"));
    await page.waitForFunction(() => document.querySelector("p").textContent.includes("cancelled"));
    }
});
