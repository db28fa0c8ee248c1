/** The models on the bed: seen, picked, dragged. */

import {
  BufferAttribute, BufferGeometry, Color, Group, Matrix4, Mesh, MeshStandardMaterial, Plane, Vector3,
} from "three";
import { type Item, type Source, boxOf } from "../print/plate";
import type { Stage } from "./stage";

const COLORS = { plain: 0x5b9aa8, chosen: 0x1aa094, wrong: 0xc2453d };

export interface Picks {
  /** A model was clicked, or nothing. */
  pick(id: number | undefined, add: boolean): void;
  /** Chosen models were dragged by so much. */
  drag(dx: number, dy: number): void;
  /** Dragging ended. */
  drop(): void;
  /** A face was clicked while faces are asked for. */
  face(id: number, normal: [number, number, number]): void;
}

export class Models {
  readonly group = new Group();
  /** The next click chooses a face to lie on. */
  facing = false;
  /** True while something else has the pointer. */
  hold = () => false;
  readonly #geometries = new WeakMap<Source, BufferGeometry>();
  readonly #meshes = new Map<number, Mesh<BufferGeometry, MeshStandardMaterial>>();
  #chosen = new Set<number>();

  constructor(readonly stage: Stage, picks: Picks) {
    stage.scene.add(this.group);
    const ground = new Plane(new Vector3(0, 0, 1), 0);
    const at = new Vector3();
    let last: Vector3 | undefined;
    let down: { x: number; y: number; id: number | undefined } | undefined;
    const c = stage.canvas;
    c.addEventListener("pointerdown", (e) => {
      if (e.button !== 0 || !this.group.visible || this.hold()) return;
      const hit = this.#hit(e);
      down = { x: e.clientX, y: e.clientY, id: hit?.id };
      if (hit && !this.facing) {
        if (!this.#chosen.has(hit.id)) picks.pick(hit.id, e.shiftKey || e.ctrlKey);
        ground.constant = -hit.point.z;
        last = hit.point.clone();
        stage.controls.enabled = false;
        c.setPointerCapture(e.pointerId);
      }
    }, { capture: true });
    c.addEventListener("pointermove", (e) => {
      if (!last || !stage.ray(e).ray.intersectPlane(ground, at)) return;
      picks.drag(at.x - last.x, at.y - last.y);
      last.copy(at);
    });
    const end = (e: PointerEvent) => {
      stage.controls.enabled = true;
      if (last) picks.drop();
      last = undefined;
      const still = down && Math.hypot(e.clientX - down.x, e.clientY - down.y) < 4;
      if (still && this.group.visible) {
        const hit = this.#hit(e);
        if (this.facing && hit) picks.face(hit.id, hit.normal);
        else if (!hit && down?.id === undefined) picks.pick(undefined, false);
      }
      down = undefined;
    };
    c.addEventListener("pointerup", end);
    c.addEventListener("pointercancel", end);
  }

  /** Shows items. */
  show(items: Item[], chosen: Set<number>, wrong: Set<number>): void {
    this.#chosen = chosen;
    const left = new Set(this.#meshes.keys());
    for (const i of items) {
      left.delete(i.id);
      let mesh = this.#meshes.get(i.id);
      if (!mesh) {
        mesh = new Mesh(this.#geometry(i.source), new MeshStandardMaterial({ roughness: 0.65, metalness: 0 }));
        mesh.matrixAutoUpdate = false;
        mesh.userData["id"] = i.id;
        this.#meshes.set(i.id, mesh);
        this.group.add(mesh);
      }
      const { lo, hi } = boxOf(i.source, i.matrix);
      const m = i.matrix;
      mesh.matrix.copy(new Matrix4(
        m[0], m[1], m[2], i.at[0] - (lo[0] + hi[0]) / 2,
        m[3], m[4], m[5], i.at[1] - (lo[1] + hi[1]) / 2,
        m[6], m[7], m[8], -lo[2], 0, 0, 0, 1,
      ));
      mesh.matrixWorldNeedsUpdate = true;
      const color = wrong.has(i.id) ? COLORS.wrong : chosen.has(i.id) ? COLORS.chosen : COLORS.plain;
      mesh.material.color.set(color);
      mesh.material.emissive = new Color(chosen.has(i.id) ? 0x0b3b36 : 0);
    }
    for (const id of left) {
      const mesh = this.#meshes.get(id)!;
      this.group.remove(mesh);
      mesh.material.dispose();
      this.#meshes.delete(id);
    }
    this.stage.draw();
  }

  #geometry(source: Source): BufferGeometry {
    let g = this.#geometries.get(source);
    if (!g) {
      g = new BufferGeometry().setAttribute("position", new BufferAttribute(source.corners, 3));
      g.computeVertexNormals();
      g.computeBoundingSphere();
      this.#geometries.set(source, g);
    }
    return g;
  }

  #hit(e: PointerEvent): { id: number; point: Vector3; normal: [number, number, number] } | undefined {
    const [hit] = this.stage.ray(e).intersectObjects(this.group.children, false);
    if (!hit) return undefined;
    const n = hit.face!.normal.clone().transformDirection(hit.object.matrixWorld);
    return { id: hit.object.userData["id"] as number, point: hit.point, normal: [n.x, n.y, n.z] };
  }
}
