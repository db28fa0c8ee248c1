/** The stock as it is carved: one mesh of heights whose moments follow a slider. */

import { BufferAttribute, BufferGeometry, Color, DoubleSide, Mesh, MeshStandardMaterial } from "three";
import type { Carving } from "offcut";

/** Colours of untouched and of cut material. */
const LOOKS: [RegExp, string, string][] = [
  [/alum|steel/, "#9aa4ab", "#d5dce0"],
  [/brass/, "#b08a3c", "#e6c878"],
  [/acryl|poly|hdpe|foam/, "#8fb3bd", "#d6e8ec"],
  [/pcb/, "#2f7a4d", "#c98b4e"],
  [/./, "#b98a52", "#ecd0a0"],
];

export class Stock {
  readonly mesh: Mesh<BufferGeometry, MeshStandardMaterial>;
  readonly #c: Carving;
  readonly #position: BufferAttribute;
  readonly #color: BufferAttribute;
  readonly #index: BufferAttribute;
  readonly #looks: [Color, Color];
  #shown = -1;

  constructor(carving: Carving, material: string) {
    const [, top, cut] = LOOKS.find(([of]) => of.test(material))!;
    this.#looks = [new Color(top), new Color(cut)];
    this.#c = carving;
    const [w, d] = carving.size;
    // Every column once, and the border's columns once more at the underside.
    const border = 2 * (w + d);
    this.#position = new BufferAttribute(new Float32Array(3 * (w * d + border)), 3);
    this.#color = new BufferAttribute(new Float32Array(3 * (w * d + border)), 3);
    this.#index = new BufferAttribute(new Uint32Array(6 * ((w - 1) * (d - 1) + border)), 1);
    const g = new BufferGeometry().setAttribute("position", this.#position).setAttribute("color", this.#color);
    g.setIndex(this.#index);
    const p = this.#position.array;
    for (let j = 0; j < d; j++)
      for (let i = 0; i < w; i++) {
        // The outer columns stand on the stock's border.
        p[3 * (j * w + i)] = carving.min[0] + (i === 0 ? 0 : i === w - 1 ? w : i + 0.5) * carving.cell;
        p[3 * (j * w + i) + 1] = carving.min[1] + (j === 0 ? 0 : j === d - 1 ? d : j + 0.5) * carving.cell;
      }
    ring(w, d).forEach((of, k) => {
      const to = 3 * (w * d + k);
      p[to] = p[3 * of]!;
      p[to + 1] = p[3 * of + 1]!;
      p[to + 2] = carving.bed;
    });
    this.mesh = new Mesh(g, new MeshStandardMaterial({ vertexColors: true, flatShading: true, roughness: 0.8, metalness: 0, side: DoubleSide }));
    this.mesh.frustumCulled = false;
    this.show(0);
  }

  /** The moment that shows what is carved after so many points of the way. */
  at(points: number): number {
    let k = 0;
    while (k + 1 < this.#c.points.length && this.#c.points[k + 1]! <= points) k++;
    return k;
  }

  show(moment: number): void {
    if (moment === this.#shown) return;
    this.#shown = moment;
    const c = this.#c;
    const [w, d] = c.size;
    const first = moment * w * d;
    const [p, color, index] = [this.#position.array, this.#color.array, this.#index.array];
    const floor = c.bed + 1e-3;
    const height = (n: number) => c.heights[first + n]!;
    for (let n = 0; n < w * d; n++) {
      const z = height(n);
      p[3 * n + 2] = z;
      const look = this.#looks[z < c.heights[n]! - 1e-3 ? 1 : 0];
      color[3 * n] = look.r;
      color[3 * n + 1] = look.g;
      color[3 * n + 2] = look.b;
    }
    let at = 0;
    const quad = (a: number, b: number, e: number, f: number) => {
      for (const n of [a, b, e, a, e, f]) index[at++] = n;
    };
    for (let j = 0; j + 1 < d; j++)
      for (let i = 0; i + 1 < w; i++) {
        const n = j * w + i;
        // Where all is cut through there is nothing.
        if (height(n) > floor || height(n + 1) > floor || height(n + w) > floor || height(n + w + 1) > floor) quad(n, n + 1, n + w + 1, n + w);
      }
    const around = ring(w, d);
    around.forEach((of, k) => {
      const next = (k + 1) % around.length;
      if (height(of) > floor || height(around[next]!) > floor) quad(of, w * d + k, w * d + next, around[next]!);
      const look = this.#looks[0];
      color.set([look.r, look.g, look.b], 3 * (w * d + k));
    });
    this.mesh.geometry.setDrawRange(0, at);
    for (const a of [this.#position, this.#color, this.#index]) a.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

/** The columns of the border, once around. */
function ring(w: number, d: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < w; i++) out.push(i);
  for (let j = 0; j < d; j++) out.push(j * w + w - 1);
  for (let i = w - 1; i >= 0; i--) out.push((d - 1) * w + i);
  for (let j = d - 1; j >= 0; j--) out.push(j * w);
  return out;
}
