/** Rings that turn the chosen model by dragging; with Shift in steps of 15°. */

import { type Matrix3Tuple, Matrix4, MathUtils, Object3D, Quaternion } from "three";
import { TransformControls } from "three/examples/jsm/controls/TransformControls.js";
import type { Matrix } from "offcut";
import type { Stage } from "./stage";

export class Gizmo {
  readonly #controls: TransformControls;
  readonly #handle = new Object3D();

  /** `begin` when a ring is taken, `turn` with the turn since then, `end` when it is let go. */
  constructor(readonly stage: Stage, begin: () => void, turn: (m: Matrix) => void, end: () => void) {
    const c = (this.#controls = new TransformControls(stage.camera, stage.canvas));
    c.setMode("rotate");
    c.setSpace("world");
    c.setSize(0.8);
    stage.scene.add(this.#handle, c.getHelper());
    c.addEventListener("change", () => stage.draw());
    c.addEventListener("dragging-changed", (e) => {
      stage.controls.enabled = !e.value;
      if (e.value) {
        this.#handle.quaternion.copy(new Quaternion());
        begin();
      } else {
        this.#handle.quaternion.copy(new Quaternion());
        end();
      }
    });
    c.addEventListener("objectChange", () => {
      const e = new Matrix4().makeRotationFromQuaternion(this.#handle.quaternion).elements;
      turn([e[0], e[4], e[8], e[1], e[5], e[9], e[2], e[6], e[10]] as Matrix3Tuple);
    });
    addEventListener("keydown", (e) => e.key === "Shift" && c.setRotationSnap(MathUtils.degToRad(15)));
    addEventListener("keyup", (e) => e.key === "Shift" && c.setRotationSnap(null));
  }

  /** A ring is below the pointer or dragged. */
  get busy(): boolean {
    return this.#controls.object !== undefined && this.#controls.axis !== null;
  }

  /** Shows the rings around a place, or hides them. */
  show(at: [number, number, number] | undefined): void {
    if (at) {
      this.#handle.position.set(...at);
      this.#handle.updateMatrixWorld(true);
      if (this.#controls.object !== this.#handle) this.#controls.attach(this.#handle);
    } else if (this.#controls.object) {
      this.#controls.detach();
    }
    this.stage.draw();
  }
}
