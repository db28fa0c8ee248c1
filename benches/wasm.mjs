// node wasm.mjs MODEL OUT KEY=VALUE…: one slice by the package, for measuring the process.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { slice } from "../wasm/package/dist/node.js";

const [model, out, ...sets] = process.argv.slice(2);
const settings = Object.fromEntries(sets.map((s) => [s.slice(0, s.indexOf("=")), s.slice(s.indexOf("=") + 1)]));
const { gcode } = await slice({ models: [{ name: basename(model), data: readFileSync(model) }], settings });
writeFileSync(out, gcode);
