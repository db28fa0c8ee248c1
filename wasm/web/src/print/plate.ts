/** What stands on the bed: data and geometry, nothing that is seen. Lengths are millimetres. */

import type { Matrix, Model, SettingsDocument, Value } from "offcut";

export const UPRIGHT: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** A model file and its triangles. */
export interface Source {
  name: string;
  data: Uint8Array;
  /** Nine coordinates for each triangle. */
  corners: Float32Array;
}

/** A copy of a model on the bed. */
export interface Item {
  id: number;
  source: Source;
  matrix: Matrix;
  /** Where the middle of its box stands. */
  at: [number, number];
}

export interface Box {
  lo: [number, number, number];
  hi: [number, number, number];
}

export interface Bed {
  size: [number, number];
  origin: [number, number];
  height: number;
}

/** The bed of resolved settings. */
export function bedOf(d: SettingsDocument): Bed {
  const [size, origin] = [pair(d.settings["bed_size"]), pair(d.settings["bed_origin"])];
  return { size: size ?? [220, 220], origin: origin ?? [0, 0], height: Number(d.settings["bed_height"] ?? 250) };
}

/** The items on another bed: they keep their distance from its middle. */
export function moved(items: Item[], from: Bed, to: Bed): Item[] {
  const by = [0, 1].map((k) => to.origin[k]! + to.size[k]! / 2 - from.origin[k]! - from.size[k]! / 2);
  return by.every((v) => v === 0) ? items : items.map((i) => ({ ...i, at: [i.at[0] + by[0]!, i.at[1] + by[1]!] }));
}

/** Two numbers of a value as `250x210`. */
export function pair(v: Value | undefined): [number, number] | undefined {
  const parts = Array.isArray(v) ? v : typeof v === "string" ? v.split("x").map(Number) : undefined;
  return parts?.length === 2 && parts.every((n) => Number.isFinite(n)) ? [parts[0]!, parts[1]!] : undefined;
}

let ids = 0;

export function newItem(source: Source, at: [number, number], matrix: Matrix = UPRIGHT): Item {
  return { id: ++ids, source, matrix, at };
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  const out = [0, 0, 0, 0, 0, 0, 0, 0, 0] as Matrix;
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++) out[3 * r + c] = a[3 * r]! * b[c]! + a[3 * r + 1]! * b[3 + c]! + a[3 * r + 2]! * b[6 + c]!;
  return out;
}

/** A turn about an axis; quarter turns are exact. */
export function turn(axis: 0 | 1 | 2, degrees: number): Matrix {
  const d = ((degrees % 360) + 360) % 360;
  const quarter = [[1, 0], [0, 1], [-1, 0], [0, -1]] as const;
  const [c, s] = d % 90 === 0 ? quarter[d / 90]! : [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)];
  if (axis === 0) return [1, 0, 0, 0, c, -s, 0, s, c];
  if (axis === 1) return [c, 0, s, 0, 1, 0, -s, 0, c];
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}

/** The turn that brings a direction straight down. */
export function faceDown(n: [number, number, number]): Matrix {
  const l = Math.hypot(...n) || 1;
  const [x, y, z] = [n[0] / l, n[1] / l, n[2] / l];
  if (z < -0.999999) return UPRIGHT;
  if (z > 0.999999) return turn(0, 180);
  // Rodrigues' formula about n × (0, 0, -1), whose cosine is -z.
  const k = 1 / (1 - z);
  return [1 - x * x * k, -x * y * k, x, -x * y * k, 1 - y * y * k, y, -x, -y, -z];
}

/** The volume's factor of a matrix. */
export function determinant(m: Matrix): number {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

const boxes = new WeakMap<Source, Map<string, Box>>();

/** The box of a model once turned and scaled. */
export function boxOf(source: Source, m: Matrix): Box {
  let known = boxes.get(source);
  if (!known) boxes.set(source, (known = new Map()));
  const key = m.join();
  const hit = known.get(key);
  if (hit) return hit;
  if (known.size > 64) known.clear();
  const lo: Box["lo"] = [Infinity, Infinity, Infinity];
  const hi: Box["hi"] = [-Infinity, -Infinity, -Infinity];
  const p = source.corners;
  for (let i = 0; i < p.length; i += 3) {
    const [x, y, z] = [p[i]!, p[i + 1]!, p[i + 2]!];
    for (let k = 0; k < 3; k++) {
      const v = m[3 * k]! * x + m[3 * k + 1]! * y + m[3 * k + 2]! * z;
      if (v < lo[k]!) lo[k] = v;
      if (v > hi[k]!) hi[k] = v;
    }
  }
  const box = { lo, hi };
  known.set(key, box);
  return box;
}

export function sizeOf(i: Item): [number, number, number] {
  const { lo, hi } = boxOf(i.source, i.matrix);
  return [hi[0] - lo[0], hi[1] - lo[1], hi[2] - lo[2]];
}

/** What an item covers of the bed: left, front, right, rear. */
export function footprint(i: Item): [number, number, number, number] {
  const [w, d] = sizeOf(i);
  return [i.at[0] - w / 2, i.at[1] - d / 2, i.at[0] + w / 2, i.at[1] + d / 2];
}

/** The box of everything: lowest and highest corner. */
export function reach(items: Item[]): [number[], number[]] {
  const feet = items.map(footprint);
  const all = (k: number) => feet.map((f) => f[k]!);
  return [[Math.min(...all(0)), Math.min(...all(1)), 0], [Math.max(...all(2)), Math.max(...all(3)), Math.max(...items.map((i) => sizeOf(i)[2]))]];
}

/** What is wrong with where things stand; nothing when all is well. */
export function problems(items: Item[], bed: Bed): { id: number; text: string }[] {
  const out: { id: number; text: string }[] = [];
  const [x, y] = bed.origin;
  for (const i of items) {
    const [l, f, r, b] = footprint(i);
    const h = sizeOf(i)[2];
    if (l < x - 1e-3 || f < y - 1e-3 || r > x + bed.size[0] + 1e-3 || b > y + bed.size[1] + 1e-3)
      out.push({ id: i.id, text: `${i.source.name} stands beyond the bed; move it, or arrange` });
    else if (h > bed.height + 0.5) out.push({ id: i.id, text: `${i.source.name} is higher than the printer; scale or turn it` });
  }
  return out;
}

/** The nearest free place for a new item: beside what stands there, on a widening square. */
export function freePlace(items: Item[], size: [number, number, number], bed: Bed): [number, number] {
  const middle: [number, number] = [bed.origin[0] + bed.size[0] / 2, bed.origin[1] + bed.size[1] / 2];
  const gap = 6;
  const taken = items.map(footprint);
  const free = ([x, y]: [number, number]) =>
    taken.every(([l, f, r, b]) => x + size[0] / 2 + gap <= l || x - size[0] / 2 - gap >= r || y + size[1] / 2 + gap <= f || y - size[1] / 2 - gap >= b);
  const step = 4;
  for (let ring = 0; ring * step < Math.max(...bed.size); ring++)
    for (let k = 0; k <= 8 * ring; k++) {
      const side = Math.max(1, 2 * ring);
      const along = (k % side) - ring;
      const [dx, dy] = [[along, -ring], [ring, along], [-along, ring], [-ring, -along]][Math.floor(k / side) % 4]!;
      const p: [number, number] = [middle[0] + dx! * step, middle[1] + dy! * step];
      if (free(p)) return p;
    }
  return middle;
}

/** The models of a job: every file once, with its places. */
export function models(items: Item[]): Model[] {
  const out = new Map<Source, Model & { places: NonNullable<Model["places"]> }>();
  for (const i of items) {
    const model = out.get(i.source) ?? { name: i.source.name, data: i.source.data, places: [] };
    model.places.push(i.matrix.every((v, k) => v === UPRIGHT[k]) ? { at: i.at } : { at: i.at, matrix: i.matrix });
    out.set(i.source, model);
  }
  return [...out.values()];
}
