// The built page and the package in headless Chromium.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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
  [browser, site] = [await launch(), await serve(dist)];
});
after(async () => {
  await browser?.close();
  site?.close();
  rmSync(folder, { recursive: true });
});

function native(...args) {
  const out = join(folder, "native.gcode");
  execFileSync(program, ["slice", ...args, "-o", out, "--force", "--isolated", "--quiet"]);
  return readFileSync(out);
}

/** A page that is ready, and what went wrong in it. */
async function opened(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (e) => faults.push(e.message));
  await page.goto(site.url);
  await page.waitForSelector(".shop.print[data-ready]", { timeout: 60_000 });
  return { page, context, faults };
}

const slice = async (page) => {
  await page.click(".print .main");
  await page.waitForSelector("text=Download G-code", { timeout: 120_000 });
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

test("drop a model, slice, move the slider, download the bytes of the command line", { skip }, async () => {
  const { page, context, faults } = await opened();
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((l) => l.getEntries().forEach((e) => (globalThis.longest = Math.max(globalThis.longest, e.duration)))).observe({ type: "longtask" });
  });
  await page.click(".print .items button");
  await page.keyboard.press("Delete");
  await drop(page, "bracket.stl", readFileSync(join(models, "bracket.stl")));
  await page.waitForSelector(".print .items >> text=bracket.stl");
  await slice(page);
  console.log(`longest task of the page while slicing: ${Math.round(await page.evaluate(() => globalThis.longest))} ms`);
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
    const expected = native(join(models, "bracket.stl"), "--machine", "generic-marlin", "--material", "pla", "--process", "normal");
    assert.ok(Buffer.compare(bytes, expected) === 0, `${bytes.length} against ${expected.length} bytes`);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("settings: search, change, reset, a clash at its place", { skip }, async () => {
  const { page, context, faults } = await opened();
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
  await context.close();
});

test("cancel, a hostile file, and on", { skip }, async () => {
  const { page, context, faults } = await opened();
  await drop(page, "broken.stl", Buffer.from("solid nothing\nfacet normal"));
  await page.waitForSelector("#notices .error >> text=broken.stl");
  await drop(page, "bomb.offcut", Buffer.from("PK\u0003\u0004 no zip"));
  await page.waitForSelector("#notices .error >> text=bomb.offcut");
  await page.fill("#top-layer_height", "0.02");
  await page.press("#top-layer_height", "Enter");
  await page.waitForSelector("[data-key=layer_height].own");
  await page.click(".print .main");
  await page.click("text=Cancel");
  await page.waitForSelector(".print .main");
  await page.click("[data-key=layer_height] .reset");
  await page.waitForSelector("[data-key=layer_height]:not(.own)");
  await slice(page);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a project is kept in the browser and comes back from a file", { skip }, async () => {
  const { page, context } = await opened();
  await page.click(".print .items button");
  await page.keyboard.press("r");
  await page.keyboard.press("Control+d");
  await page.waitForFunction(() => document.querySelectorAll(".print .items li").length === 2);
  await slice(page);
  const first = await downloaded(page, () => page.click("text=Download G-code"));
  const project = await downloaded(page, () => page.click("text=Save project"));
  assert.equal(project.name, "gear.offcut");
  await page.waitForTimeout(900);
  await page.reload();
  await page.waitForSelector(".shop.print[data-ready]");
  assert.equal(await page.locator(".print .items li").count(), 2);
  await context.close();
  const other = await opened();
  await drop(other.page, project.name, project.bytes);
  await other.page.waitForFunction(() => document.querySelectorAll(".print .items li").length === 2);
  await slice(other.page);
  const second = await downloaded(other.page, () => other.page.click("text=Download G-code"));
  assert.ok(Buffer.compare(first.bytes, second.bytes) === 0);
  await other.context.close();
});

test("nest, and take the layout along", { skip }, async () => {
  const { page, context, faults } = await opened();
  await page.click("[data-shop=cut]");
  await page.waitForSelector(".shop.cut[data-ready]");
  await page.fill("#cut-seconds", "0.5");
  await page.click(".cut .main");
  await page.waitForSelector(".cut .paper img", { timeout: 60_000 });
  const svg = await downloaded(page, () => page.click(".cut .downloads >> text=SVG"));
  assert.match(svg.bytes.toString(), /^<\?xml|^<svg/);
  const dxf = await downloaded(page, () => page.click(".cut .downloads >> text=DXF"));
  assert.match(dxf.bytes.toString(), /ENTITIES/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("offline after the first visit", { skip }, async () => {
  const { page, context } = await opened();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.waitForSelector(".shop.print[data-ready]");
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector(".shop.print[data-ready]", { timeout: 60_000 });
  await slice(page);
  await context.close();
});

test("a phone's width, light and dark, and nothing that axe complains of", { skip }, async () => {
  const axe = readFileSync(join(root, "wasm/node_modules/axe-core/axe.min.js"), "utf8");
  const check = async (page) => {
    await page.addScriptTag({ content: axe });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), []);
  };
  for (const options of [{ colorScheme: "dark" }, { viewport: { width: 390, height: 844 } }]) {
    const { page, context } = await opened(options);
    await check(page);
    await slice(page);
    await check(page);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= page.viewportSize().width);
    await page.click("[data-shop=cut]");
    await page.waitForSelector(".shop.cut[data-ready]");
    await check(page);
    await context.close();
  }
});

test("the demo of the docs, on a plain host and on an isolated one", { skip }, async () => {
  const demo = readFileSync(join(root, "docs/web.md"), "utf8").match(/```html\n([\s\S]*?)```/)[1];
  const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  for (const headers of [{}, isolated]) {
    const host = await serve(join(root, "wasm/package"), headers);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**/demo.html", (r) => r.fulfill({ contentType: "text/html", body: demo, headers }));
    // The engine comes late: a file chosen before it is there must be sliced all the same.
    await page.route("**/*.wasm", async (r) => (await new Promise((done) => setTimeout(done, 500)), r.continue()));
    await page.goto(`${host.url}demo.html`);
    assert.equal(await page.evaluate(() => crossOriginIsolated), headers === isolated);
    await page.setInputFiles("input", join(models, "cube.stl"));
    await page.waitForSelector("a:not([hidden])", { timeout: 60_000 });
    const { bytes } = await downloaded(page, () => page.click("a"));
    if (program) assert.ok(Buffer.compare(bytes, native(join(models, "cube.stl"))) === 0);
    await page.evaluate(() => {
      const button = document.querySelector("button");
      new MutationObserver(() => button.hidden || button.click()).observe(button, { attributes: true });
    });
    await page.setInputFiles("input", join(models, "lattice.stl"));
    await page.waitForFunction(() => document.querySelector("p").textContent.includes("cancelled"));
    await context.close();
    host.close();
  }
});
