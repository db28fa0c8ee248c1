// The README's examples: those for Node run as they stand, all are checked against the types.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const wasm = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((m) => m[1]);
const folder = mkdtempSync(join(wasm, "node_modules/.offcut-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
symlinkSync(join(wasm, "package"), join(folder, "node_modules/offcut"));
cpSync(join(wasm, "../test-models/cube.stl"), join(folder, "cube.stl"));
cpSync(join(wasm, "web/src/cut/sample.svg"), join(folder, "parts.svg"));

test("the examples for Node run", () => {
  const node = examples.filter((e) => e.includes("node:fs"));
  assert.equal(node.length, 4);
  node.forEach((text, i) => {
    writeFileSync(join(folder, `${i}.mjs`), text);
    execFileSync(process.execPath, [`${i}.mjs`], { cwd: folder });
  });
  assert.match(readFileSync(join(folder, "cube.gcode"), "utf8"), /;LAYER_CHANGE/);
  assert.match(readFileSync(join(folder, "threads.gcode"), "utf8"), /;LAYER_CHANGE/);
  assert.match(readFileSync(join(folder, "layout.svg"), "utf8"), /<svg/);
  assert.match(readFileSync(join(folder, "parts.gcode"), "utf8"), /^M[34] S/m);
  assert.match(readFileSync(join(folder, "cube.nc"), "utf8"), /^; operation 1 .roughing/m);
});

test("the examples fit the types, and a wrong one does not", () => {
  const compile = (text) => {
    writeFileSync(join(folder, "example.mts"), `declare const file: File;\n${text}\nexport {};\n`);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--types", "node", "--typeRoots", join(wasm, "node_modules/@types")];
    return execFileSync(process.execPath, [join(wasm, "node_modules/typescript/bin/tsc"), ...options, "example.mts"], { cwd: folder, encoding: "utf8" });
  };
  for (const e of examples) compile(e);
  assert.throws(() => compile('import { slice } from "offcut";\nawait slice({ models: [], settings: { layer_hight: 1 } });'), (e) => /layer_hight/.test(e.stdout));
});
