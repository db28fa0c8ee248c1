/** What came of a slice, in figures; and a model file as triangles. */

import type { SliceDocument } from "offcut";
import { engine } from "../engine";
import { h } from "../ui/dom";
import { notice } from "../ui/notices";
import type { Source } from "./plate";
import { duration, length } from "./words";

/** Time, material, warnings. */
export function told(d: SliceDocument): HTMLElement[] {
  const figure = (label: string, value: string) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
  return [
    h("dl", {},
      figure("Time", duration(d.time_s)),
      figure("Material", `${d.material.grams.toFixed(1)} g`),
      figure("Filament", length(d.material.length_mm)),
      d.material.cost > 0 ? figure("Cost", d.material.cost.toFixed(2)) : figure("Layers", String(d.layers))),
    ...d.warnings.map((w) => h("p", { className: "warning" }, w.message)),
  ];
}

/** Reads a model. */
export async function read(name: string, data: Uint8Array): Promise<Source> {
  const { helper } = await engine();
  const { document, shapes } = await helper.shapes({ name, data });
  for (const w of document.warnings) notice(w.message, "info");
  const corners = new Float32Array(shapes.reduce((n, s) => n + s.length, 0));
  let at = 0;
  for (const s of shapes) {
    corners.set(s, at);
    at += s.length;
  }
  return { name, data, corners };
}

/** The largest picture in the head of G-code, as printers show it; only some machines want one. */
export function thumbnail(gcode: Uint8Array): HTMLElement | undefined {
  const head = new TextDecoder().decode(gcode.subarray(0, 400_000));
  const found = [...head.matchAll(/^; thumbnail begin (\d+)x(\d+) \d+\n([^]*?)^; thumbnail end/gm)].sort((a, b) => Number(b[1]) - Number(a[1]))[0];
  if (!found) return undefined;
  const data = found[3]!.replaceAll(/[; \n\r]/g, "");
  return h("img", { className: "thumbnail", src: `data:image/png;base64,${data}`, alt: "The picture that the printer will show" });
}
