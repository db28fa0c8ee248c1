/** What is seen of a milling job: the stock before and while it is carved, the part, the way, the tool. */

import {
  Box3, BoxGeometry, BufferAttribute, BufferGeometry, CylinderGeometry, EdgesGeometry, Group, LineBasicMaterial, LineSegments, Mesh, MeshStandardMaterial, Vector3,
} from "three";
import type { MillDraft, MillResult } from "offcut";
import { Stock } from "../view/carving";
import type { Stage } from "../view/stage";
import { Way } from "../view/way";

export class MillScene {
  readonly #all = new Group();
  readonly #before = new Group();
  #stock: Stock | undefined;
  #way: Way | undefined;
  #tool = new Mesh(new CylinderGeometry(0.5, 0.5, 1, 24), new MeshStandardMaterial({ color: 0x3b4a55, metalness: 0.4, roughness: 0.4, transparent: true, opacity: 0.75 }));
  #made: MillResult | undefined;
  #paths = true;
  #body = true;

  constructor(readonly stage: Stage) {
    this.#tool.rotation.x = Math.PI / 2;
    this.#tool.visible = false;
    this.#all.add(this.#before, this.#tool);
    stage.scene.add(this.#all);
  }

  /** A job that is not planned: its stock as a box, the part inside. */
  draft(d: MillDraft): void {
    this.#clear();
    const [lo, hi] = d.document.stock_mm;
    this.#place(lo, hi);
    const size = [0, 1, 2].map((k) => hi[k]! - lo[k]!) as [number, number, number];
    const box = new BoxGeometry(...size);
    box.translate(lo[0] + size[0] / 2, lo[1] + size[1] / 2, lo[2] + size[2] / 2);
    const glass = new Mesh(box, new MeshStandardMaterial({ color: 0xc79a5f, transparent: true, opacity: 0.28, depthWrite: false }));
    this.#before.add(new LineSegments(new EdgesGeometry(box), new LineBasicMaterial({ color: 0xa8783f })), glass);
    if (d.model) {
      const g = new BufferGeometry().setAttribute("position", new BufferAttribute(d.model, 3));
      g.computeVertexNormals();
      this.#before.add(new Mesh(g, new MeshStandardMaterial({ color: 0x5b9aa8, roughness: 0.65 })));
    } else if (d.outlines) {
      this.#before.add(new Way(d.outlines).group);
    }
    this.stage.draw();
  }

  /** A job that is planned. */
  made(r: MillResult): Way {
    this.#clear();
    this.#made = r;
    this.#place(...r.document.stock_mm);
    this.#stock = new Stock(r.carving!, r.document.material);
    this.#way = new Way(r.preview!);
    this.#all.add(this.#stock.mesh, this.#way.group);
    this.show(this.#paths, this.#body);
    this.at(this.#way.seconds);
    return this.#way;
  }

  /** Which of way and stock are seen. */
  show(paths: boolean, body: boolean): void {
    [this.#paths, this.#body] = [paths, body];
    if (this.#way) this.#way.group.visible = paths;
    if (this.#stock) this.#stock.mesh.visible = body;
    this.stage.draw();
  }

  /** Shows a time of the job; names the operation. */
  at(seconds: number): string {
    if (!this.#way || !this.#stock || !this.#made) return "";
    const { points, place } = this.#way.at(seconds);
    this.#stock.show(this.#stock.at(points));
    const { operations, tools } = this.#made.document;
    const o = operations[this.#way.operation(points)];
    const d = tools.find((t) => t.number === o?.tool)?.diameter_mm ?? 3;
    const length = Math.max(18, 4 * d);
    this.#tool.scale.set(d, length, d);
    this.#tool.position.set(place[0], place[1], place[2] + length / 2);
    this.#tool.visible = seconds < this.#way.seconds;
    this.stage.draw();
    return o ? `${o.name}, T${o.tool}` : "";
  }

  /** Looks at everything. */
  home(): void {
    const b = new Box3().setFromObject(this.#before.children.length > 0 ? this.#before : this.#all);
    if (!b.isEmpty()) this.stage.home(b.min.toArray(), b.max.toArray());
  }

  /** The bed carries the stock. */
  #place(lo: readonly number[], hi: readonly number[]): void {
    const room = 30;
    this.stage.setBed({ size: [hi[0]! - lo[0]! + 2 * room, hi[1]! - lo[1]! + 2 * room], origin: [lo[0]! - room, lo[1]! - room], height: 100 });
    this.#all.position.copy(new Vector3(0, 0, -lo[2]!));
    this.#all.updateMatrixWorld(true);
  }

  #clear(): void {
    this.#before.clear();
    this.#tool.visible = false;
    this.#made = undefined;
    if (this.#stock) this.#all.remove(this.#stock.mesh);
    if (this.#way) this.#all.remove(this.#way.group);
    this.#stock?.dispose();
    this.#way?.dispose();
    this.#stock = this.#way = undefined;
  }
}
