/** Place, size, scale and turn of the chosen model as fields. */

import type { Matrix } from "offcut";
import { fill, h } from "../ui/dom";
import { type Bed, type Item, UPRIGHT, determinant, multiply, sizeOf, turn } from "./plate";
import { mm } from "./words";

/** Changes the chosen models. */
export type Transform = (f: (i: Item) => Item) => void;

export function turned(axis: 0 | 1 | 2, degrees: number): (i: Item) => Item {
  return (i) => ({ ...i, matrix: multiply(turn(axis, degrees), i.matrix) });
}

export function scaled(f: number): (i: Item) => Item {
  return (i) => (f > 0 && Number.isFinite(f) ? { ...i, matrix: i.matrix.map((v) => v * f) as Matrix } : i);
}

/** Fills the panel; a field that is being written in is left alone. */
export function paintFigures(panel: HTMLElement, chosen: Item[], bed: Bed, transform: Transform, again: () => void): void {
  const one = chosen[0];
  if (!one || chosen.length > 1) return fill(panel, chosen.length > 1 && h("p", { className: "quiet" }, `${chosen.length} models are chosen`));
  if (panel.contains(document.activeElement) && panel.dataset["id"] === String(one.id)) return;
  panel.dataset["id"] = String(one.id);
  const field = (label: string, value: string, unit: string, change: (v: number) => void) => {
    const input = h("input", { type: "text", inputMode: "decimal", value, "aria-label": label, onchange: () => {
      const v = Number(input.value.replace(",", "."));
      input.blur();
      if (Number.isFinite(v)) change(v);
      else again();
    } });
    return h("span", { className: "field" }, input, h("span", { className: "unit" }, unit));
  };
  const size = sizeOf(one);
  const percent = Math.cbrt(Math.abs(determinant(one.matrix))) * 100;
  const mid = [bed.origin[0] + bed.size[0] / 2, bed.origin[1] + bed.size[1] / 2];
  const move = (k: 0 | 1) => (v: number) => transform((i) => ({ ...i, at: (k === 0 ? [v + mid[0]!, i.at[1]] : [i.at[0], v + mid[1]!]) as [number, number] }));
  const line = (name: string, ...fields: (HTMLElement | string)[]) => h("div", { className: "line" }, h("span", { className: "quiet label" }, name), ...fields);
  const degrees = (["X", "Y", "Z"] as const).map((n, k) => field(`Turn about ${n} by degrees`, "0", `${n}°`, (v) => v !== 0 && transform(turned(k as 0 | 1 | 2, v))));
  fill(panel,
    line("Move", field("X from the middle, mm", mm(one.at[0] - mid[0]!), "X", move(0)), field("Y from the middle, mm", mm(one.at[1] - mid[1]!), "Y", move(1))),
    line("Size", ...(["width", "depth", "height"] as const).map((n, k) => field(`${n}, mm`, mm(size[k]!), "XYZ"[k]!, (v) => v > 0 && transform(scaled(v / size[k]!))))),
    line("Scale", field("Scale, percent", mm(percent), "%", (v) => transform(scaled(v / percent))),
      h("button", { type: "button", className: "small plain", onclick: () => transform((i) => ({ ...i, matrix: UPRIGHT })) }, "Reset")),
    line("Turn", ...degrees),
    line("", ...(["X", "Y", "Z"] as const).map((n, k) => h("button", { type: "button", className: "small plain", title: `Turn by 90° about ${n}`, onclick: () => transform(turned(k as 0 | 1 | 2, 90)) }, `${n} 90°`))));
}
