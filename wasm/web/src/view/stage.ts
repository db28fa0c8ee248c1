/** The 3D view: camera, light, bed. Draws when something changed, and only then. */

import {
  AmbientLight, BufferGeometry, Color, DirectionalLight, DoubleSide, Float32BufferAttribute, Group, LineBasicMaterial, LineSegments,
  MOUSE, Mesh, MeshBasicMaterial, PerspectiveCamera, PlaneGeometry, Points, PointsMaterial, Raycaster, Scene, Vector2, Vector3, WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { Bed } from "../print/plate";

export class Stage {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(35, 1, 1, 20000);
  readonly controls: OrbitControls;
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #bed = new Group();
  readonly #ray = new Raycaster();
  #size: Bed = { size: [220, 220], origin: [0, 0], height: 250 };
  readonly #dot = new Points(new BufferGeometry().setAttribute("position", new Float32BufferAttribute([0, 0, 0], 3)), new PointsMaterial({ color: 0xe0352b, size: 11, sizeAttenuation: false, depthTest: false }));
  #asked = false;

  constructor(readonly host: HTMLElement) {
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.canvas = this.#renderer.domElement;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    host.append(this.canvas);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, this.canvas);
    this.controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.PAN, RIGHT: MOUSE.PAN };
    this.controls.screenSpacePanning = true;
    this.controls.addEventListener("change", () => this.draw());
    const sun = new DirectionalLight(0xffffff, 1.9);
    sun.position.set(-0.5, -1, 1.6);
    const fill = new DirectionalLight(0xffffff, 0.5);
    fill.position.set(1, 0.6, 0.5);
    this.#dot.visible = false;
    this.#dot.frustumCulled = false;
    this.#dot.renderOrder = 2;
    this.scene.add(new AmbientLight(0xffffff, 0.9), sun, fill, this.#bed, this.#dot);
    new ResizeObserver(() => this.#resize()).observe(host);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.retheme());
    this.#resize();
  }

  /** Asks for a picture. */
  draw(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#renderer.render(this.scene, this.camera);
    });
  }

  /** The bed of a machine. */
  setBed(bed: Bed): void {
    const same = JSON.stringify(bed) === JSON.stringify(this.#size) && this.#bed.children.length > 0;
    if (same) return;
    this.#size = bed;
    this.retheme();
    this.home();
  }

  /** Takes the colours of the page again. */
  retheme(): void {
    const color = (name: string) => new Color(getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#888");
    const [w, d] = this.#size.size;
    const [x, y] = this.#size.origin;
    this.#bed.clear();
    const plate = new Mesh(new PlaneGeometry(w, d), new MeshBasicMaterial({ color: color("--bed"), side: DoubleSide, polygonOffset: true, polygonOffsetFactor: 2, polygonOffsetUnits: 2 }));
    plate.position.set(x + w / 2, y + d / 2, -0.05);
    this.#bed.add(plate);
    const lines = (step: number, name: string, z: number) => {
      const p: number[] = [];
      for (let i = 0; i <= w + 1e-6; i += step) p.push(x + i, y, z, x + i, y + d, z);
      for (let i = 0; i <= d + 1e-6; i += step) p.push(x, y + i, z, x + w, y + i, z);
      const g = new BufferGeometry().setAttribute("position", new Float32BufferAttribute(p, 3));
      this.#bed.add(new LineSegments(g, new LineBasicMaterial({ color: color(name) })));
    };
    lines(10, "--grid", -0.03);
    lines(50, "--grid-strong", -0.02);
    const edge = [x, y, x + w, y, x + w, y, x + w, y + d, x + w, y + d, x, y + d, x, y + d, x, y];
    const p = edge.flatMap((v, i) => (i % 2 ? [v, -0.01] : [v]));
    this.#bed.add(new LineSegments(new BufferGeometry().setAttribute("position", new Float32BufferAttribute(p, 3)), new LineBasicMaterial({ color: color("--bed-edge") })));
    this.draw();
  }

  /** A dot where the tool is, or none. */
  mark(at: readonly number[] | undefined): void {
    this.#dot.visible = at !== undefined;
    if (at) this.#dot.position.set(at[0]!, at[1]!, at[2]!);
  }

  /** Looks at the whole bed from the front, or at a box, or straight down on it. */
  home(lo?: readonly number[], hi?: readonly number[], down = false): void {
    const [w, d] = this.#size.size;
    const [x, y] = this.#size.origin;
    const middle = lo && hi ? [0, 1, 2].map((k) => (lo[k]! + hi[k]!) / 2) : [x + w / 2, y + d / 2, 10];
    const reach = lo && hi ? Math.max(60, Math.hypot(hi[0]! - lo[0]!, hi[1]! - lo[1]!, hi[2]! - lo[2]!) * 1.5) : Math.hypot(w, d) * 1.05;
    const aspect = Math.min(1, this.camera.aspect);
    const flat = lo && hi && Math.max(60, 1.25 * Math.max(hi[1]! - lo[1]!, (hi[0]! - lo[0]!) / this.camera.aspect));
    const far = (down && flat ? flat : reach / aspect) / (2 * Math.tan((this.camera.fov * Math.PI) / 360));
    const v = (down ? new Vector3(0, -0.001, 1) : new Vector3(0.3, -1, 0.8)).normalize().multiplyScalar(far);
    this.controls.target.set(middle[0]!, middle[1]!, middle[2]!);
    this.camera.position.copy(this.controls.target).add(v);
    this.controls.update();
    this.draw();
  }

  /** The ray below a pointer. */
  ray(e: { clientX: number; clientY: number }): Raycaster {
    const r = this.canvas.getBoundingClientRect();
    const p = new Vector2(((e.clientX - r.left) / r.width) * 2 - 1, 1 - ((e.clientY - r.top) / r.height) * 2);
    // What was moved since the last picture counts too.
    this.scene.updateMatrixWorld();
    this.camera.updateMatrixWorld();
    this.#ray.setFromCamera(p, this.camera);
    return this.#ray;
  }

  #resize(): void {
    const { clientWidth: w, clientHeight: t } = this.host;
    if (!w || !t) return;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.#renderer.setSize(w, t, false);
    this.camera.aspect = w / t;
    this.camera.updateProjectionMatrix();
    this.draw();
  }
}
