/** The Mill workshop: a model or a drawing, its stock and operations in; the carved stock and G-code out. */

import { type File as Input, type MillDraft, type MillProgram, type MillResult, OffcutError } from "offcut";
import { engine } from "../engine";
import { bytes, duration, length, mm, stem } from "../print/words";
import { type MillProject, keep, last, pack, unpack } from "../store";
import { debounce, download, fill, h, icon, offer, tool } from "../ui/dom";
import { fail, notice, words } from "../ui/notices";
import { label } from "../ui/settings";
import { Player } from "../view/player";
import { Stage } from "../view/stage";
import { MillScene } from "./scene";
import { Operations } from "./operations";
import sample from "../../../../test-models/gear.obj?url";

const FILES = /\.(stl|obj|3mf|amf|svg|dxf|toml)$/i;
const MATERIALS = ["softwood", "hardwood", "plywood", "mdf", "foam", "hdpe", "acrylic", "polycarbonate", "pcb", "brass", "aluminium", "steel"];
const DIALECTS = ["grbl", "grblhal", "linuxcnc", "mach3", "marlin"];
const MOMENTS = 60;

export async function millWorkshop(host: HTMLElement): Promise<{ show(): void; drop(files: File[]): Promise<void> }> {
  const shop = new MillShop(host);
  await shop.begin();
  return shop;
}

class MillShop {
  #files: Input[] = [];
  #job: MillProgram = {};
  #draft: MillDraft | undefined;
  #made: MillResult | undefined;
  #fault: string | undefined;
  #planning: AbortController | undefined;
  #edition = 0;
  #settling: Promise<void> = Promise.resolve();
  readonly #store = debounce(600, () => {
    const p = this.#project();
    if (p) void keep(p).then((kept) => kept && (this.host.dataset["kept"] = "yes"));
  });
  #operations!: Operations;
  readonly #view = h("div", { className: "view" });
  readonly #stage = new Stage(this.#view);
  readonly #scene = new MillScene(this.#stage);
  readonly #now = h("span", { className: "now quiet" });
  readonly #player = new Player((seconds) => (this.#now.textContent = this.#scene.at(seconds)));
  readonly #inputs = h("ul", { className: "items" });
  readonly #stock = h("div", { className: "rows" });
  readonly #right = h("aside", { className: "side right", "aria-label": "How it is made" });
  readonly #told = h("div", { className: "told" });
  readonly #main = h("button", { type: "button", className: "main", onclick: () => void this.#settling.then(() => (this.#made ? this.#download() : this.#plan())) });
  readonly #paths = h("input", { type: "checkbox", onchange: () => this.#scene.show(this.#paths.checked, this.#body.checked) });
  readonly #body = h("input", { type: "checkbox", checked: true, onchange: () => this.#scene.show(this.#paths.checked, this.#body.checked) });
  readonly #shown = h("div", { className: "legend card ways" });

  constructor(readonly host: HTMLElement) {
    this.#stage.canvas.setAttribute("aria-label", "The stock with the part");
    const file = h("input", { type: "file", multiple: true, accept: ".stl,.obj,.3mf,.amf,.svg,.dxf,.toml,.offcut", hidden: true, onchange: () => {
      offer(file.files);
      file.value = "";
    } });
    const left = h("aside", { className: "side left", "aria-label": "What is made" },
      h("div", { className: "head" }, h("h2", {}, "Part"), h("button", { type: "button", className: "small", onclick: () => file.click() }, icon("folder"), "Open")),
      file, this.#inputs, h("h2", {}, "Stock"), this.#stock,
      h("div", { className: "head foot" }, h("button", { type: "button", className: "small plain", onclick: () => this.#save() }, icon("download"), "Save job"),
        h("button", { type: "button", className: "small plain", onclick: () => this.#pack() }, icon("download"), "Save project")));
    const corner = h("div", { className: "corner" }, tool("home", "Look at everything", () => this.#scene.home()));
    fill(this.#shown, h("label", { className: "check" }, this.#body, "Stock"), h("label", { className: "check" }, this.#paths, "Paths"), this.#now);
    this.#shown.hidden = true;
    this.#view.append(corner, this.#shown, this.#player.element, h("div", { className: "drophint" }, "Drop to mill"));
    host.append(left, this.#view, this.#right, h("section", { className: "action card", "aria-label": "Result" }, this.#told, this.#main));
    addEventListener("theme", () => this.#stage.retheme());
    this.#result();
  }

  async begin(): Promise<void> {
    const { helper } = await engine();
    const { tools, schema } = await helper.mills();
    this.#operations = new Operations(schema, tools, (operation) => this.#change({ operation }));
    fill(this.#right, h("h2", {}, "Operations"), this.#operations.element, this.#machine());
    const kept = await last("mill-project");
    if (kept) await this.#restore(kept).catch(fail);
    if (!this.#draft) await this.#open([{ name: "gear.obj", data: new Uint8Array(await (await fetch(sample)).arrayBuffer()) }]).catch(fail);
    this.host.dataset["ready"] = "yes";
  }

  show(): void {
    this.#stage.draw();
  }

  async drop(all: File[]): Promise<void> {
    const files = all.filter((f) => !/\.offcut$/i.test(f.name));
    for (const f of all.filter((f) => !files.includes(f))) {
      const project = unpack(f.name, new Uint8Array(await f.arrayBuffer()));
      if (project.offcut === "mill-project") await this.#restore(project).catch(fail);
    }
    const wrong = files.find((f) => !FILES.test(f.name));
    if (wrong) notice(`${wrong.name}: is nothing to mill; drop STL, OBJ, 3MF, SVG or DXF files, or a job (.toml) with them`);
    const inputs = await Promise.all(files.filter((f) => f !== wrong).map(async (f) => ({ name: f.name, data: new Uint8Array(await f.arrayBuffer()) })));
    if (inputs.length > 0) await this.#open(inputs).catch(fail);
  }

  /** A part by itself gets a job; a job comes with what it names, or takes what is there. */
  async #open(files: Input[]): Promise<void> {
    const { helper } = await engine();
    const job = files.find((f) => /\.toml$/i.test(f.name));
    const parts = files.filter((f) => f !== job);
    const draft = job
      ? await helper.millJob({ job: new TextDecoder().decode(job.data), name: job.name, files: parts.length > 0 ? parts : this.#files, preview: true })
      : await helper.millJob({ files: [parts[0]!], preview: true });
    if (!job || parts.length > 0) this.#files = job ? parts : [parts[0]!];
    this.#job = draft.document.job;
    this.#take(draft);
    this.#scene.home();
  }

  async #restore(p: MillProject): Promise<void> {
    const text = (name: string, data: Uint8Array) => ({ name, data });
    await this.#open([...p.files, text("project.toml", new TextEncoder().encode(p.job))]);
  }

  #project(): MillProject | undefined {
    return this.#draft && { offcut: "mill-project", version: 1, files: this.#files, job: this.#draft.text };
  }

  #pack(): void {
    const p = this.#project();
    if (p) download(`${stem(this.#files[0]?.name ?? "mill")}.offcut`, pack(p, ""), "application/zip");
  }

  #take(draft: MillDraft): void {
    this.#edition++;
    this.#store();
    this.#draft = draft;
    delete this.host.dataset["kept"];
    this.#made = undefined;
    this.#fault = undefined;
    this.#planning?.abort();
    this.#player.set(undefined);
    this.#shown.hidden = true;
    this.#scene.draft(draft);
    this.#operations.set(this.#job.operation ?? []);
    this.#paint();
    this.#result();
  }

  /** Changes the job; what is wrong with it is told, and the job stays to be mended. */
  #change(by: Partial<MillProgram>): void {
    this.#job = { ...this.#job, ...by };
    const of = ++this.#edition;
    this.#settling = (async () => {
      const { helper } = await engine();
      try {
        const draft = await helper.millJob({ job: this.#job, files: this.#files, preview: true });
        if (of === this.#edition) this.#take(draft);
      } catch (e) {
        if (of !== this.#edition) return;
        this.#made = undefined;
        this.#fault = words(e);
        this.#result();
      }
    })();
  }

  // ---- stock and machine

  #paint(): void {
    const [lo, hi] = this.#draft!.document.stock_mm;
    const size = [0, 1, 2].map((k) => hi[k]! - lo[k]!);
    fill(this.#inputs, ...this.#files.map((f) => h("li", { className: "part" }, h("span", { className: "name" }, f.name), h("span", { className: "quiet" }, bytes(f.data.length)))));
    const stock = this.#job.stock ?? {};
    const number = (id: string, text: string, value: number | undefined, change: (v: number) => void) => {
      const input = h("input", { id, type: "text", inputMode: "decimal", value: value === undefined ? "" : mm(value), onchange: () => {
        const v = Number(input.value.replace(",", "."));
        if (Number.isFinite(v) && v >= 0) change(v);
        else this.#paint();
      } });
      return h("div", { className: "row" }, h("label", { htmlFor: id }, text), h("span", { className: "field" }, input, h("span", { className: "unit" }, "mm")));
    };
    const sides = ["Width", "Depth", "Height"].map((text, k) => number(`stock-${k}`, text, size[k], (v) => {
      const next = size.map((s, i) => (i === k ? v : s)) as [number, number, number];
      const { margin: _, thickness: __, ...rest } = stock;
      this.#change({ stock: { ...rest, size: next } });
    }));
    const material = h("select", { id: "mill-material", onchange: () => this.#change({ material: material.value }) }, ...MATERIALS.map((m) => h("option", { value: m }, label(m))));
    material.value = this.#job.material ?? "plywood";
    fill(this.#stock, ...sides, h("div", { className: "row" }, h("label", { htmlFor: "mill-material" }, "Material"), h("span", { className: "field" }, material)));
  }

  #machine(): HTMLElement {
    const dialect = h("select", { id: "mill-dialect", onchange: () => this.#change({ machine: { ...this.#job.machine, dialect: dialect.value } }) }, ...DIALECTS.map((d) => h("option", { value: d }, d)));
    return h("section", { className: "rows machine" }, h("h2", {}, "Machine"), h("div", { className: "row" }, h("label", { htmlFor: "mill-dialect" }, "Controller"), h("span", { className: "field" }, dialect)));
  }

  // ---- planning

  async #plan(): Promise<void> {
    if (this.#planning || this.#made || this.#fault || !this.#draft) return;
    const abort = new AbortController();
    this.#planning = abort;
    const bar = h("progress", { max: 1, value: 0, "aria-label": "Progress" });
    const stage = h("span", {}, "Starting");
    this.#main.hidden = true;
    fill(this.#told, h("div", { className: "line" }, stage, h("button", { type: "button", className: "small plain", onclick: () => abort.abort() }, "Cancel")), bar);
    const of = this.#edition;
    try {
      const { maker } = await engine();
      const r = await maker.mill({ job: this.#job, files: this.#files, preview: true, moments: MOMENTS }, {
        signal: abort.signal,
        onProgress: (at, done) => {
          stage.textContent = label(at);
          bar.value = Math.max(bar.value, at === "simulation" ? 0.8 + 0.2 * done : 0.8 * done);
        },
      });
      if (of !== this.#edition) return;
      this.#made = r;
      const way = this.#scene.made(r);
      this.#shown.hidden = false;
      this.#scene.show(this.#paths.checked, this.#body.checked);
      this.#player.set(way.seconds);
    } catch (e) {
      if (!(e instanceof OffcutError && e.code === "cancelled")) this.#fault = words(e);
    } finally {
      this.#planning = undefined;
      this.#result();
    }
  }

  #result(): void {
    if (this.#planning) return;
    const m = this.#made;
    this.#main.hidden = false;
    this.#main.disabled = !m && (!this.#draft || !!this.#fault);
    if (!m) {
      const warnings = this.#draft?.document.warnings ?? [];
      fill(this.#told, this.#fault ? h("p", { className: "fault", role: "alert" }, this.#fault) : h("p", { className: "quiet" }, this.#draft ? "Ready." : "Drop a model or a drawing anywhere."),
        ...(this.#fault ? [] : warnings.map((w) => h("p", { className: "warning" }, w.message))));
      fill(this.#main, "Plan and simulate");
      return;
    }
    const d = m.document;
    const figure = (text: string, value: string) => h("div", {}, h("dt", {}, text), h("dd", {}, value));
    const cut = d.operations.reduce((sum, o) => sum + o.cut_mm, 0);
    fill(this.#told,
      h("dl", {}, figure("Time", duration(d.time_s)), figure("Cutting", length(cut)), figure("Tools", String(d.tools.length)), figure("Deepest", `${mm(Math.min(...d.operations.map((o) => o.lowest_mm)))} mm`)),
      ...d.warnings.map((w) => h("p", { className: "warning" }, w.message)));
    fill(this.#main, icon("download"), `Download G-code (${bytes(m.gcode.length)})`);
  }

  #download(): void {
    download(`${stem(this.#files[0]?.name ?? "mill")}.nc`, this.#made!.gcode, "text/x.gcode");
  }

  #save(): void {
    if (this.#draft) download(`${stem(this.#files[0]?.name ?? "mill")}.toml`, new TextEncoder().encode(this.#draft.text), "application/toml");
  }
}
