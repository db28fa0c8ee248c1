/** The Print workshop: models on the bed, settings, slicing, the preview of layers. */

import {
  OffcutError, type Preview, type SettingsDocument, type SliceDocument, type SliceJob, type Value,
} from "offcut";
import { engine, keepProfile, ownProfiles } from "../engine";
import { type Project, keep, last, pack, unpack } from "../store";
import { debounce, download, fill, h, icon, offer, tool } from "../ui/dom";
import { fail, notice, words } from "../ui/notices";
import { type Overrides, type SettingsForm, settingsForm } from "../ui/settings";
import { Gizmo } from "../view/gizmo";
import { Models } from "../view/models";
import { Stage } from "../view/stage";
import { Toolpath } from "../view/toolpath";
import {
  type Bed, type Item, bedOf, faceDown, freePlace, models, moved, multiply, newItem, problems, reach, sizeOf,
} from "./plate";
import { paintFigures, turned } from "./figures";
import { type Actions, press } from "./keys";
import { PreviewPanel } from "./preview";
import { type Selection, exportProfiles, paintChoices } from "./profiles";
import { read, thumbnail, told } from "./result";
import { bytes, mm, stem } from "./words";
import sample from "../../../../test-models/gear.obj?url";

const ESSENTIALS = [
  "layer_height", "perimeters", "infill_density", "infill_pattern", "support", "brim_width",
];
const MODELS = /\.(stl|obj|3mf|amf)$/i;

interface Made {
  document: SliceDocument;
  gcode: Uint8Array;
  preview: Preview;
  name: string;
  picture: HTMLElement | undefined;
}

export async function printWorkshop(host: HTMLElement): Promise<{ show(): void; drop(files: File[]): Promise<void> }> {
  const shop = new PrintShop(host);
  await shop.begin();
  return shop;
}

class PrintShop {
  #items: Item[] = [];
  #chosen = new Set<number>();
  #history: Item[][] = [];
  #settings: Overrides = {};
  #on: Selection = {
    machine: localStorage.getItem("machine") ?? "generic-marlin",
    material: localStorage.getItem("material") ?? "pla",
    process: localStorage.getItem("process") ?? "normal",
  };
  #bed: Bed = { size: [220, 220], origin: [0, 0], height: 250 };
  #resolved: SettingsDocument | undefined;
  #made: Made | undefined;
  #slicing: AbortController | undefined;
  #form!: SettingsForm;
  readonly #stage: Stage;
  readonly #models: Models;
  readonly #gizmo: Gizmo;
  #turning = false;
  readonly #path: Toolpath;
  readonly #panel: PreviewPanel;
  readonly #view = h("div", { className: "view" });
  readonly #list = h("ul", { className: "items" });
  readonly #tools = h("div", { className: "tools", role: "toolbar", "aria-label": "The chosen models" });
  readonly #figures = h("div", { className: "figures" });
  readonly #choices = h("div", { className: "choices" });
  readonly #right = h("aside", { className: "side right", "aria-label": "How it is made" });
  readonly #told = h("div", { className: "told" });
  // Stays in its place: a click on it may follow a change of a field that it leaves.
  readonly #main = h("button", { type: "button", className: "main" });
  readonly #action = h("section", { className: "action card", "aria-label": "Result" }, this.#told, this.#main);
  #settling: Promise<void> = Promise.resolve();
  readonly #tabs: Record<"model" | "layers", HTMLButtonElement>;
  #edition = 0;
  readonly #store = debounce(600, async () => {
    const of = this.#edition;
    // Seen from outside, it is kept only while nothing newer is there.
    if ((await keep(this.#project())) && of === this.#edition) this.host.dataset["kept"] = "yes";
  });

  constructor(readonly host: HTMLElement) {
    this.#stage = new Stage(this.#view);
    this.#stage.canvas.setAttribute("aria-label", "The bed with the models");
    this.#models = new Models(this.#stage, {
      pick: (id, add) => this.#pick(id, add),
      drag: (dx, dy) => {
        this.#items = this.#items.map((i) => (this.#chosen.has(i.id) ? { ...i, at: [i.at[0] + dx, i.at[1] + dy] } : i));
        this.#paint();
      },
      drop: () => this.#changed(),
      face: (id, normal) => {
        this.#models.facing = false;
        this.#transform((i) => (i.id === id ? { ...i, matrix: multiply(faceDown(normal), i.matrix) } : i), true);
      },
    });
    this.#models.stage.canvas.addEventListener("pointerdown", () => this.#remember(), { capture: true });
    this.#models.hold = () => this.#gizmo.busy;
    let before: Item[] = [];
    this.#gizmo = new Gizmo(this.#stage, () => {
      this.#remember();
      before = this.#items;
    }, (m) => {
      this.#items = before.map((i) => (this.#chosen.has(i.id) ? { ...i, matrix: multiply(m, i.matrix) } : i));
      this.#paint();
    }, () => this.#changed());
    this.#path = new Toolpath(this.#stage);
    this.#panel = new PreviewPanel(this.#path);
    const tab = (name: "model" | "layers", text: string) =>
      h("button", { type: "button", role: "tab", onclick: () => this.#show(name) }, text);
    this.#tabs = { model: tab("model", "Model"), layers: tab("layers", "Layers") };
    const file = h("input", { type: "file", multiple: true, accept: ".stl,.obj,.3mf,.amf,.offcut,.toml", hidden: true, onchange: () => {
      offer(file.files);
      file.value = "";
    } });
    const left = h("aside", { className: "side left", "aria-label": "What is made" },
      h("div", { className: "head" }, h("h2", {}, "Models"),
        h("button", { type: "button", className: "small", onclick: () => file.click() }, icon("add"), "Add")),
      file, this.#list, this.#tools, this.#figures,
      h("div", { className: "head foot" },
        h("button", { type: "button", className: "small plain", onclick: () => file.click() }, icon("folder"), "Open"),
        h("button", { type: "button", className: "small plain", onclick: () => this.#save() }, icon("download"), "Save project")));
    const switcher = h("div", { className: "switch", role: "tablist", "aria-label": "View" }, this.#tabs.model, this.#tabs.layers);
    const corner = h("div", { className: "corner" }, tool("home", "Look at everything", () => this.#look(), "H"));
    this.#view.append(switcher, corner, this.#panel.slider, this.#panel.legend, h("div", { className: "drophint" }, "Drop to add"));
    this.#right.append(this.#choices);
    host.append(left, this.#view, this.#right, this.#action);
    // What was changed a moment ago counts.
    this.#main.onclick = () => void this.#settling.then(() => (this.#made ? download(`${this.#made.name}.gcode`, this.#made.gcode, "text/x.gcode") : this.#slice()));
    addEventListener("keydown", (e) => this.host.hidden || press(e, this.#actions));
    addEventListener("theme", () => this.#stage.retheme());
    this.#show("model");
    this.#result();
  }

  async begin(): Promise<void> {
    const { schemas } = await engine();
    this.#form = settingsForm(schemas.slice.properties, ESSENTIALS, (key, value) => this.#set(key, value));
    const take = h("button", { type: "button", className: "small plain", title: "What you changed, as files that this page and the command line read", onclick: () => {
      if (exportProfiles(this.#settings, schemas.slice.properties, this.#on) === 0) notice("Nothing is changed yet: change a setting to export a profile.", "info");
    } }, icon("download"), "Export profile");
    this.#right.append(this.#form.element, h("div", { className: "head foot" }, take));
    const kept = await last("project");
    if (kept && kept.items.length > 0) await this.#open(kept).catch(fail);
    await this.#profiles();
    await this.#resolve();
    if (this.#items.length === 0) {
      const data = new Uint8Array(await (await fetch(sample)).arrayBuffer());
      await this.#add("gear.obj", data).catch(fail);
      this.#chosen.clear();
      this.#paint();
    }
    this.#look();
    this.host.dataset["ready"] = "yes";
  }

  show(): void {
    this.#stage.draw();
  }

  /** Takes files of any kind. */
  async drop(files: File[]): Promise<void> {
    for (const f of files) {
      try {
        const data = new Uint8Array(await f.arrayBuffer());
        const project = /\.offcut$/i.test(f.name) ? unpack(f.name, data) : undefined;
        if (project?.offcut === "project") await this.#open(project);
        else if (/\.toml$/i.test(f.name)) await this.#profile(f.name, new TextDecoder().decode(data));
        else if (MODELS.test(f.name) || !/\.\w+$/.test(f.name)) await this.#add(f.name, data);
        else notice(`${f.name}: is no model; drop STL, OBJ, 3MF or AMF files, .offcut projects or .toml profiles`);
      } catch (e) {
        fail(e);
      }
    }
  }

  // ---- models

  async #add(name: string, data: Uint8Array): Promise<void> {
    const source = await read(name, data);
    this.#remember();
    const probe = newItem(source, [0, 0]);
    const item = { ...probe, at: freePlace(this.#items, sizeOf(probe), this.#bed) };
    this.#items = [...this.#items, item];
    this.#chosen = new Set([item.id]);
    this.#show("model");
    this.#changed();
  }

  #pick(id: number | undefined, add: boolean): void {
    if (id === undefined) this.#chosen = new Set();
    else if (add) this.#chosen = new Set([...this.#chosen, id]);
    else this.#chosen = new Set([id]);
    this.#paint();
  }

  #remember(): void {
    if (this.#history.at(-1) !== this.#items) this.#history.push(this.#items);
    if (this.#history.length > 50) this.#history.shift();
  }

  #undo(): void {
    let before = this.#history.pop();
    while (before === this.#items) before = this.#history.pop();
    if (!before) return;
    this.#items = before;
    this.#changed();
  }

  /** Changes items: the chosen ones, or all that `f` cares for. */
  #transform(f: (i: Item) => Item, all = false): void {
    this.#remember();
    this.#items = this.#items.map((i) => (all || this.#chosen.has(i.id) ? f(i) : i));
    this.#changed();
  }

  #turn(axis: 0 | 1 | 2, degrees: number): void {
    this.#transform(turned(axis, degrees));
  }

  #copy(): void {
    this.#remember();
    const made: Item[] = [];
    for (const i of this.#items.filter((i) => this.#chosen.has(i.id)))
      made.push(newItem(i.source, freePlace([...this.#items, ...made], sizeOf(i), this.#bed), i.matrix));
    this.#items = [...this.#items, ...made];
    this.#chosen = new Set(made.map((i) => i.id));
    this.#changed();
  }

  #remove(): void {
    this.#remember();
    this.#items = this.#items.filter((i) => !this.#chosen.has(i.id));
    this.#chosen = new Set();
    this.#changed();
  }

  async #arrange(): Promise<void> {
    try {
      const { helper } = await engine();
      const plate = models(this.#items);
      const places = await helper.arrange({ ...this.#wish(), models: plate });
      const next = plate.map(() => 0);
      this.#remember();
      const of = (i: Item) => plate.findIndex((p) => p.data === i.source.data && p.name === i.source.name);
      this.#items = this.#items.map((i) => {
        const k = of(i);
        const at = places[k]?.[next[k]!++];
        return at ? { ...i, at } : i;
      });
      this.#changed();
    } catch (e) {
      fail(e);
    }
  }

  // ---- settings

  #wish(): Omit<SliceJob, "models"> {
    return { ...this.#on, profiles: ownProfiles(), settings: this.#settings as NonNullable<SliceJob["settings"]> };
  }

  #set(key: string, value: Value | undefined): void {
    const before = this.#settings;
    const { [key]: _, ...rest } = before;
    this.#settings = value === undefined ? rest : { ...rest, [key]: value };
    this.#settling = this.#resolve().catch((e) => {
      this.#settings = before;
      fail(e);
      if (this.#resolved) this.#form.update(this.#resolved, this.#settings);
    });
  }

  async #resolve(): Promise<void> {
    const { helper } = await engine();
    const d = await helper.settings(this.#wish());
    this.#resolved = d;
    const bed = bedOf(d);
    this.#items = moved(this.#items, this.#bed, bed);
    this.#stage.setBed((this.#bed = bed));
    this.#form.update(d, this.#settings);
    this.#changed();
  }

  async #profiles(): Promise<void> {
    const { helper } = await engine();
    const p = await helper.profiles(ownProfiles());
    paintChoices(this.#choices, p, this.#on, (scope, name) => {
      this.#on[scope] = name;
      localStorage.setItem(scope, name);
      this.#settling = this.#resolve().catch(fail);
    });
  }

  async #profile(file: string, text: string): Promise<void> {
    const name = stem(file);
    const { helper } = await engine();
    await helper.profiles([{ name, text }]);
    keepProfile({ name, text });
    await this.#profiles();
    notice(`The profile ${name} is there to be chosen now.`, "info");
  }

  // ---- slicing

  async #slice(): Promise<void> {
    await this.#settling;
    if (this.#slicing || this.#items.length === 0 || this.#made || this.#wrong()) return;
    const abort = new AbortController();
    this.#slicing = abort;
    const bar = h("progress", { max: 1, value: 0, "aria-label": "Progress" });
    const stage = h("span", {}, "Starting");
    this.#main.hidden = true;
    fill(this.#told, h("div", { className: "line" }, stage, h("button", { type: "button", className: "small plain", onclick: () => abort.abort() }, "Cancel")), bar);
    const stages = ["reading", "slicing", "perimeters", "support", "surfaces", "infill", "toolpaths", "writing"];
    try {
      const { maker } = await engine();
      const name = stem(this.#items[0]!.source.name);
      const { document, gcode, preview } = await maker.slice({ ...this.#wish(), models: models(this.#items), preview: true }, {
        signal: abort.signal,
        onProgress: (at, done) => {
          const k = stages.indexOf(at);
          stage.textContent = at[0]!.toUpperCase() + at.slice(1);
          bar.value = Math.max(bar.value, k < 0 ? 0 : (k + done) / stages.length);
        },
      });
      performance.mark("sliced");
      this.#made = { document, gcode, preview: preview!, name, picture: thumbnail(gcode) };
      this.#panel.set(preview!, document);
      this.#show("layers");
      this.#stage.home(...document.bounds_mm);
    } catch (e) {
      if (!(e instanceof OffcutError && e.code === "cancelled")) notice(words(e));
    } finally {
      this.#slicing = undefined;
      this.#result();
    }
  }

  /** Why nothing can be sliced. */
  #wrong(): string | undefined {
    return this.#resolved?.clash?.message ?? problems(this.#items, this.#bed)[0]?.text;
  }

  #result(): void {
    if (this.#slicing) return;
    const m = this.#made;
    const why = this.#wrong();
    this.#main.hidden = false;
    this.#main.disabled = !m && (this.#items.length === 0 || !!why);
    this.#tabs.layers.disabled = !m;
    if (!m) {
      const hint = this.#items.length === 0 ? "Drop an STL, OBJ or 3MF file anywhere." : "Ready.";
      fill(this.#told, why ? h("p", { className: "fault", role: "alert" }, why) : h("p", { className: "quiet" }, hint));
      fill(this.#main, "Slice");
      return;
    }
    fill(this.#told, m.picture, ...told(m.document));
    fill(this.#main, icon("download"), `Download G-code (${bytes(m.gcode.length)})`);
  }

  // ---- what is seen

  #show(what: "model" | "layers"): void {
    const layers = what === "layers" && !!this.#made;
    this.#view.dataset["show"] = layers ? "layers" : "model";
    this.#models.group.visible = !layers;
    if (layers) this.#gizmo.show(undefined);
    this.#path.group.visible = layers;
    this.#tabs.model.setAttribute("aria-selected", String(!layers));
    this.#tabs.layers.setAttribute("aria-selected", String(layers));
    this.#stage.draw();
  }

  /** Looks at what stands on the bed. */
  #look(): void {
    if (this.#items.length > 0) this.#stage.home(...reach(this.#items));
    else this.#stage.home();
  }

  /** Something that a slice depends on is other than before. */
  #changed(): void {
    if (this.#made) {
      this.#made = undefined;
      this.#show("model");
    }
    this.#slicing?.abort();
    this.#paint();
    this.#result();
    this.#edition++;
    delete this.host.dataset["kept"];
    this.#store();
  }

  #paint(): void {
    for (const id of this.#chosen) if (!this.#items.some((i) => i.id === id)) this.#chosen.delete(id);
    const wrong = new Set(problems(this.#items, this.#bed).map((p) => p.id));
    this.#models.show(this.#items, this.#chosen, wrong);
    fill(this.#list, ...this.#items.map((i) => {
      const [w, d, t] = sizeOf(i);
      return h("li", {},
        h("button", { type: "button", "aria-pressed": String(this.#chosen.has(i.id)), onclick: (e: MouseEvent) => this.#pick(i.id, e.shiftKey || e.ctrlKey || e.metaKey) },
          h("span", { className: "name" }, i.source.name), h("span", { className: "quiet" }, `${mm(w)} × ${mm(d)} × ${mm(t)}`)));
    }));
    const some = this.#chosen.size > 0;
    this.#turning &&= some;
    const first = this.#items.find((i) => this.#chosen.has(i.id));
    this.#gizmo.show(this.#turning && first && this.#models.group.visible ? [...first.at, sizeOf(first)[2] / 2] : undefined);
    const face = tool("face", "Lay on a face: then click the face", () => {
      this.#models.facing = !this.#models.facing;
      this.#paint();
    }, "F");
    face.setAttribute("aria-pressed", String(this.#models.facing));
    const rings = tool("rings", "Turn by dragging rings", this.#actions.gizmo, "G");
    rings.setAttribute("aria-pressed", String(this.#turning));
    fill(this.#tools,
      tool("copy", "Copy", () => this.#copy(), "Ctrl+D"),
      tool("turn", "Turn by 45°", () => this.#turn(2, 45), "R"),
      rings,
      face,
      tool("trash", "Remove", () => this.#remove(), "Delete"),
      tool("grid", "Arrange everything", () => void this.#arrange(), "A"),
      tool("undo", "Undo", () => this.#undo(), "Ctrl+Z"));
    for (const b of this.#tools.querySelectorAll("button")) {
      const label = b.getAttribute("aria-label")!;
      b.disabled = !some && /^(Copy|Turn|Lay|Remove)/.test(label);
    }
    paintFigures(this.#figures, this.#items.filter((i) => this.#chosen.has(i.id)), this.#bed, (f) => this.#transform(f), () => this.#paint());
    this.#view.classList.toggle("facing", this.#models.facing);
  }

  readonly #actions: Actions = {
    layers: () => this.#view.dataset["show"] === "layers",
    step: (by) => this.#panel.step(by),
    move: (dx, dy) => this.#chosen.size > 0 && this.#transform((i) => ({ ...i, at: [i.at[0] + dx, i.at[1] + dy] })),
    turn: (degrees) => this.#turn(2, degrees),
    remove: () => this.#remove(),
    escape: () => {
      this.#models.facing = this.#turning = false;
      this.#slicing?.abort();
      this.#pick(undefined, false);
    },
    face: () => {
      this.#models.facing = this.#chosen.size > 0;
      this.#paint();
    },
    gizmo: () => {
      this.#turning = !this.#turning && this.#chosen.size > 0;
      this.#paint();
    },
    arrange: () => void this.#arrange(),
    look: () => this.#look(),
    undo: () => this.#undo(),
    copy: () => this.#copy(),
    all: () => {
      this.#chosen = new Set(this.#items.map((i) => i.id));
      this.#paint();
    },
    save: () => this.#save(),
    slice: () => void this.#slice(),
  };

  // ---- projects

  #project(): Project {
    const sources = [...new Set(this.#items.map((i) => i.source))];
    return {
      offcut: "project",
      version: 1,
      ...this.#on,
      settings: this.#settings,
      profiles: ownProfiles(),
      files: sources.map(({ name, data }) => ({ name, data })),
      items: this.#items.map((i) => ({ file: sources.indexOf(i.source), matrix: i.matrix, at: i.at })),
    };
  }

  #save(): void {
    const name = this.#items[0] ? stem(this.#items[0].source.name) : "project";
    download(`${name}.offcut`, pack(this.#project(), this.#resolved?.version ?? ""), "application/zip");
  }

  async #open(p: Project): Promise<void> {
    const sources = await Promise.all(p.files.map((f) => read(f.name, f.data)));
    for (const own of p.profiles ?? []) keepProfile(own);
    this.#on = { machine: p.machine, material: p.material, process: p.process };
    this.#settings = p.settings ?? {};
    this.#remember();
    // Their places are those on the bed that comes now.
    [this.#items, this.#chosen] = [[], new Set()];
    await this.#profiles();
    await this.#resolve();
    this.#items = p.items.map((i) => newItem(sources[i.file]!, i.at, i.matrix));
    this.#changed();
  }
}
