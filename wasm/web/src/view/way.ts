/** The way of a beam or a tool as lines, up to a moment of the job. */

import { BufferAttribute, BufferGeometry, Color, Group, LineBasicMaterial, LineSegments } from "three";
import { CUTS, CUT_ROLES, JUMP, type Preview, TRAVEL } from "offcut";

/** Lines of one colour. */
interface Kind {
  lines: LineSegments<BufferGeometry, LineBasicMaterial>;
  /** The point that each line ends in, ascending. */
  ends: Uint32Array;
}

/** Colours by what a move does; on light and on dark grounds. */
export const CUT_COLORS: Record<string, string> = {
  cut: "#0d9488", score: "#7c5cc4", engrave: "#c2703a", raster: "#a8622f", "lead in": "#5fa39b", "lead out": "#5fa39b", rough: "#2f7fb8",
  finish: "#0d9488", slot: "#2f7fb8", plunge: "#d09a2c", ramp: "#d09a2c", drill: "#c0477e", thread: "#c0477e", link: "#6f8f8b",
};
export const RAPID_COLOR = "#d0524a";

export class Way {
  readonly group = new Group();
  readonly #p: Preview;
  readonly #kinds: { name: string; kind: Kind }[] = [];

  constructor(preview: Preview) {
    this.#p = preview;
    const xyz = new BufferAttribute(preview.positions, 3);
    const found = new Map<string, number[]>();
    preview.roles.forEach((r, i) => {
      if (r === JUMP || i === 0) return;
      const name = r === TRAVEL ? "rapid" : (CUT_ROLES[r - CUTS] ?? "cut");
      let list = found.get(name);
      if (!list) found.set(name, (list = []));
      list.push(i);
    });
    for (const [name, list] of found) {
      const ends = Uint32Array.from(list);
      const index = new Uint32Array(2 * ends.length);
      ends.forEach((e, k) => index.set([e - 1, e], 2 * k));
      const g = new BufferGeometry().setAttribute("position", xyz);
      g.setIndex(new BufferAttribute(index, 1));
      const rapid = name === "rapid";
      const lines = new LineSegments(g, new LineBasicMaterial({ color: new Color(rapid ? RAPID_COLOR : CUT_COLORS[name]), transparent: rapid, opacity: rapid ? 0.55 : 1 }));
      lines.frustumCulled = false;
      this.group.add(lines);
      this.#kinds.push({ name, kind: { lines, ends } });
    }
  }

  /** What kinds of moves there are. */
  get kinds(): string[] {
    return this.#kinds.map((k) => k.name);
  }

  show(name: string, on: boolean): void {
    for (const k of this.#kinds) if (k.name === name) k.kind.lines.visible = on;
  }

  /** Seconds of the whole job. */
  get seconds(): number {
    return this.#p.times.at(-1) ?? 0;
  }

  /** Shows what is done at a time; tells how many points that are and where the tool is. */
  at(seconds: number): { points: number; place: [number, number, number] } {
    const p = this.#p;
    const points = seconds >= this.seconds ? p.times.length : lower(p.times, seconds);
    for (const { kind } of this.#kinds) kind.lines.geometry.setDrawRange(0, 2 * lower(kind.ends, points));
    const [b, a] = [Math.min(points, p.times.length - 1), Math.max(0, points - 1)];
    const span = p.times[b]! - p.times[a]!;
    const t = span > 0 ? Math.min(1, Math.max(0, (seconds - p.times[a]!) / span)) : 1;
    const place = [0, 1, 2].map((k) => p.positions[3 * a + k]! * (1 - t) + p.positions[3 * b + k]! * t) as [number, number, number];
    return { points, place };
  }

  /** The operation that a point belongs to. */
  operation(points: number): number {
    let k = 0;
    while (k + 1 < this.#p.layers.length && this.#p.layers[k + 1]! < points) k++;
    return k;
  }

  dispose(): void {
    for (const { kind } of this.#kinds) {
      kind.lines.geometry.dispose();
      kind.lines.material.dispose();
    }
  }
}

/** How many values of an ascending list lie below one. */
function lower(list: ArrayLike<number>, below: number): number {
  let [lo, hi] = [0, list.length];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (list[mid]! < below) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
