/** The lines of a sliced job: every move a round bead, drawn as one strip that faces the eye. */

import {
  BufferAttribute, BufferGeometry, Color, Group, InstancedBufferAttribute, InstancedBufferGeometry, InstancedInterleavedBuffer,
  InterleavedBufferAttribute, Mesh, Points, PointsMaterial, ShaderMaterial, Sphere, Vector3,
} from "three";
import { JUMP, type Preview, TRAVEL } from "offcut";
import { RAMP, ROLE_COLORS, TRAVEL_COLOR } from "../print/colors";
import type { Stage } from "./stage";

/** Moves in one buffer: layers far from the slider cost nothing. */
const BLOCK = 120_000;

export type ColorBy = "role" | "speed" | "width" | "time";

const VERTEX = /* glsl */ `
  attribute vec3 a, b;
  attribute float role, width, height, value;
  attribute vec2 corner;
  uniform vec3 colors[13];
  uniform float shown[13];
  uniform int first;
  uniform bool byRole;
  uniform vec2 range;
  uniform vec3 ramp[5];
  varying vec3 vColor, vSide, vFace;
  varying vec2 vAt;
  varying float vLength, vRadius;
  void main() {
    int kind = role > 253.5 ? 12 : int(role + 0.5);
    vec3 d = b - a;
    float len = length(d);
    if (gl_InstanceID < first || role > 254.5 || shown[kind] < 0.5 || len < 1e-5) {
      gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
      return;
    }
    d /= len;
    float w = kind == 12 ? 0.10 : width;
    float h = kind == 12 ? 0.10 : height;
    vec3 p = mix(a, b, corner.y);
    if (kind != 12) p.z -= 0.5 * h;
    vec3 eye = normalize(cameraPosition - p);
    vec3 side = cross(d, eye);
    side = length(side) < 1e-4 ? vec3(-d.y, d.x, 0.0) : normalize(side);
    vec2 share = vec2(length(side.xy) * w, side.z * h) * 0.5;
    float reach = max(length(share), 0.02);
    float cap = (corner.y * 2.0 - 1.0) * w * 0.5;
    p += side * reach * corner.x + d * cap;
    vSide = side;
    vFace = normalize(cross(side, d));
    vAt = vec2(corner.x, corner.y * len + cap);
    vLength = len;
    vRadius = 0.5 * w;
    float t = clamp((value - range.x) / max(range.y - range.x, 1e-6), 0.0, 1.0) * 4.0;
    int k = int(min(t, 3.0));
    vColor = byRole || kind == 12 ? colors[kind] : mix(ramp[k], ramp[k + 1], t - float(k));
    gl_Position = projectionMatrix * viewMatrix * vec4(p, 1.0);
  }
`;

const FRAGMENT = /* glsl */ `
  varying vec3 vColor, vSide, vFace;
  varying vec2 vAt;
  varying float vLength, vRadius;
  void main() {
    float over = max(-vAt.y, vAt.y - vLength) / vRadius;
    if (over > 0.0 && over * over + vAt.x * vAt.x > 1.0) discard;
    vec3 n = normalize(vSide * vAt.x + vFace * sqrt(max(0.0, 1.0 - vAt.x * vAt.x)));
    float light = 0.50 + 0.42 * max(dot(n, normalize(vec3(-0.45, -0.75, 0.9))), 0.0) + 0.14 * max(n.z, 0.0);
    gl_FragColor = vec4(vColor * light, 1.0);
    #include <colorspace_fragment>
  }
`;

interface Block {
  first: number;
  mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  values: InstancedBufferAttribute;
}

export class Toolpath {
  readonly group = new Group();
  readonly #uniforms = {
    colors: { value: [...ROLE_COLORS, TRAVEL_COLOR].map((c) => new Color(c)) },
    shown: { value: new Array<number>(13).fill(1) },
    byRole: { value: true },
    range: { value: [0, 1] },
    ramp: { value: RAMP.map((c) => new Color(c)) },
  };
  #preview: Preview | undefined;
  #blocks: Block[] = [];
  #seams = points(0xffffff, 1.1);
  #retractions = points(0xd64b8c, 0.9);
  #range = [0, 0] as [number, number];

  constructor(readonly stage: Stage) {
    stage.scene.add(this.group);
    this.#uniforms.shown.value[12] = 0;
    this.#seams.visible = this.#retractions.visible = false;
    this.group.visible = false;
  }

  /** Takes the lines of a job; nothing frees those of the last. */
  set(preview: Preview | undefined): void {
    for (const b of this.#blocks) {
      b.mesh.geometry.dispose();
      b.mesh.material.dispose();
    }
    this.#blocks = [];
    this.group.clear();
    this.group.add(this.#seams, this.#retractions);
    this.#preview = preview;
    if (preview) this.#build(preview);
  }

  /** Colours by role or by a figure; returns the figure's range. */
  color(by: ColorBy): [number, number] | undefined {
    const p = this.#preview;
    if (!p) return undefined;
    this.#uniforms.byRole.value = by === "role";
    this.stage.draw();
    if (by === "role") return undefined;
    const n = p.roles.length;
    const values = new Float32Array(n);
    let [lo, hi] = [Infinity, -Infinity];
    const times = layerTimes(p);
    for (let i = 0, layer = -1; i < n; i++) {
      while (layer + 1 < p.layers.length && p.layers[layer + 1]! <= i) layer++;
      const v = by === "speed" ? p.speeds[i]! : by === "width" ? p.widths[i]! : times[Math.max(0, layer)]!;
      values[i] = v;
      if (p.roles[i]! < TRAVEL && v < lo) lo = v;
      if (p.roles[i]! < TRAVEL && v > hi) hi = v;
    }
    for (const b of this.#blocks) {
      b.values.set(values.subarray(b.first + 1, b.first + 1 + b.values.count));
      b.values.needsUpdate = true;
    }
    this.#uniforms.range.value = [lo, hi];
    return [lo, hi];
  }

  /** Shows or hides a role; 12 are travels. */
  show(role: number, on: boolean): void {
    this.#uniforms.shown.value[role] = on ? 1 : 0;
    this.stage.draw();
  }

  marks(kind: "seams" | "retractions", on: boolean): void {
    (kind === "seams" ? this.#seams : this.#retractions).visible = on;
    this.stage.draw();
  }

  /** Shows the moves between two points. */
  cut(from: number, to: number): void {
    this.#range = [from, to];
    for (const b of this.#blocks) {
      const g = b.mesh.geometry;
      const count = Math.max(0, Math.min(b.values.count, to - b.first - 1));
      g.instanceCount = count;
      b.mesh.visible = count > 0 && from < b.first + b.values.count;
      b.mesh.material.uniforms["first"]!.value = Math.max(0, from - b.first - 1);
      b.mesh.material.uniformsNeedUpdate = true;
    }
    const p = this.#preview;
    if (p) {
      mark(this.#seams, p, p.seams, this.#range);
      mark(this.#retractions, p, p.retractions, this.#range);
    }
    this.stage.draw();
  }

  #build(p: Preview): void {
    const n = p.roles.length;
    const corners = new BufferAttribute(new Float32Array([-1, 0, 1, 0, 1, 1, -1, 1]), 2);
    const index = new BufferAttribute(new Uint16Array([0, 1, 2, 0, 2, 3]), 1);
    const sphere = new Sphere(new Vector3(), 1e5);
    const starts = [0];
    for (const l of p.layers) if (l - starts.at(-1)! >= BLOCK) starts.push(l - 1);
    starts.forEach((first, k) => {
      const end = (starts[k + 1] ?? n - 1) + 1;
      const count = end - first - 1;
      if (count <= 0) return;
      const g = new InstancedBufferGeometry();
      g.setAttribute("corner", corners);
      g.setIndex(index);
      g.boundingSphere = sphere;
      // A move is a point and the next one: the same buffer, one point later.
      const xyz = new InstancedInterleavedBuffer(p.positions.subarray(3 * first, 3 * end), 3);
      g.setAttribute("a", new InterleavedBufferAttribute(xyz, 3, 0));
      g.setAttribute("b", new InterleavedBufferAttribute(xyz, 3, 3));
      const part = <T extends Float32Array | Uint8Array>(a: T) => new InstancedBufferAttribute(a.subarray(first + 1, end), 1);
      g.setAttribute("role", part(p.roles));
      g.setAttribute("width", part(p.widths));
      g.setAttribute("height", part(p.heights));
      const values = new InstancedBufferAttribute(new Float32Array(count), 1);
      g.setAttribute("value", values);
      const material = new ShaderMaterial({
        vertexShader: VERTEX,
        fragmentShader: FRAGMENT,
        uniforms: { ...this.#uniforms, first: { value: 0 } },
      });
      const mesh = new Mesh(g, material);
      mesh.frustumCulled = false;
      this.group.add(mesh);
      this.#blocks.push({ first, mesh, values });
    });
    this.cut(0, n);
  }
}

/** Seconds of each layer. */
export function layerTimes(p: Preview): number[] {
  return [...p.layers].map((first, i) => {
    const end = (p.layers[i + 1] ?? p.times.length) - 1;
    return p.times[end]! - (first > 0 ? p.times[first - 1]! : 0);
  });
}

/** Seconds by role in one go; the last one is travelling. */
export function roleTimes(p: Preview): number[] {
  const out = new Array<number>(13).fill(0);
  for (let i = 1; i < p.roles.length; i++) {
    const r = p.roles[i]!;
    out[r >= TRAVEL ? 12 : r]! += r === JUMP ? 0 : p.times[i]! - p.times[i - 1]!;
  }
  return out;
}

function points(color: number, size: number): Points<BufferGeometry, PointsMaterial> {
  const p = new Points(new BufferGeometry(), new PointsMaterial({ color, size, depthTest: false }));
  p.frustumCulled = false;
  p.renderOrder = 1;
  return p;
}

function mark(to: Points, p: Preview, at: Uint32Array, [from, end]: [number, number]): void {
  const xyz: number[] = [];
  for (const i of at) if (i >= from && i < end) xyz.push(p.positions[3 * i]!, p.positions[3 * i + 1]!, p.positions[3 * i + 2]!);
  to.geometry.dispose();
  to.geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(xyz), 3));
}
