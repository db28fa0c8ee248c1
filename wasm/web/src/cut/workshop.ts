/** The Cut workshop: drawings and quantities in, a layout on sheets that gets better while one looks, G-code for a laser. */

import { type CutResult, type DrawingNestJob, type LayoutDocument, type LayoutFormat, OffcutError } from "offcut";
import { engine } from "../engine";
import { type CutProject, keep, last, pack, unpack } from "../store";
import { debounce, download, fill, h, icon, offer, tool } from "../ui/dom";
import { fail, notice } from "../ui/notices";
import { bytes, duration, length, mm, stem } from "../print/words";
import { Laser } from "./laser";
import sample from "./sample.svg?url";

interface Part {
  name: string;
  data: Uint8Array;
  quantity: number;
  /** Width and height of everything in the file, mm. */
  size: [number, number];
  count: number;
}

/** What is told of a layout. */
type Told = Pick<LayoutDocument, "placed" | "density" | "remnants_mm2" | "warnings" | "unplaced"> & { sheets: { id: string }[] };

interface Made {
  document: Told;
  json: Uint8Array;
}

/** The figures of a layout that came while the search went on. */
function figuresOf(json: Uint8Array): Told {
  type Sheet = { id: string; area_mm2: number; parts_mm2: number; remnants_mm2: number; placements: unknown[] };
  const l = JSON.parse(new TextDecoder().decode(json)) as { sheets: Sheet[]; unplaced: LayoutDocument["unplaced"] };
  const sum = (f: (s: Sheet) => number) => l.sheets.reduce((n, s) => n + f(s), 0);
  return {
    placed: sum((s) => s.placements.length),
    density: sum((s) => s.parts_mm2) / Math.max(1, sum((s) => s.area_mm2)),
    remnants_mm2: sum((s) => s.remnants_mm2),
    sheets: l.sheets,
    unplaced: l.unplaced,
    warnings: [],
  };
}

/** Why a search is stopped that nobody stopped. */
const STALE = "stale";
const DRAWINGS = /\.(svg|dxf|lbrn2?|json)$/i;
/** How long a first layout is looked for, seconds: it shows what lies there, and the search makes a better one. */
const SKETCH = 0.1;

export async function cutWorkshop(host: HTMLElement): Promise<{ show(): void; drop(files: File[]): Promise<void> }> {
  const shop = new CutShop(host);
  await shop.begin();
  return shop;
}

class CutShop {
  #parts: Part[] = [];
  #made: Made | undefined;
  #cut: CutResult | undefined;
  #chosen = 1;
  #abort: AbortController | undefined;
  #zoom = 1;
  #next: Uint8Array | undefined;
  #drawing = false;
  #edition = 0;
  readonly #store = debounce(600, () => void keep(this.#project()).then((kept) => kept && (this.host.dataset["kept"] = "yes")));
  readonly #values = { width: "600", height: "400", quantity: "", spacing: "2", margin: "3", rotations: "4", mirror: false, holes: true, seconds: "5" };
  readonly #list = h("ul", { className: "items parts" });
  readonly #sheet = h("div", { className: "paper" });
  readonly #flat = h("div", { className: "flat" }, this.#sheet);
  readonly #laser = new Laser(() => this.#uncut());
  readonly #view = h("div", { className: "view" }, this.#flat, this.#laser.view);
  readonly #tabs: Record<"sheet" | "cut", HTMLButtonElement>;
  readonly #told = h("div", { className: "told" });
  // Stays in its place: a click on it may follow a change of a field that it leaves.
  readonly #main = h("button", { type: "button", className: "main", onclick: () => void this.#laser.settling.then(() => this.#act()) }, "Nest");
  readonly #action = h("section", { className: "action card", "aria-label": "Result" }, this.#told, this.#main);

  constructor(readonly host: HTMLElement) {
    const file = h("input", { type: "file", multiple: true, accept: ".svg,.dxf,.lbrn2,.lbrn,.json,.offcut", hidden: true, onchange: () => {
      offer(file.files);
      file.value = "";
    } });
    const left = h("aside", { className: "side left", "aria-label": "What is made" },
      h("div", { className: "head" }, h("h2", {}, "Parts"), h("button", { type: "button", className: "small", onclick: () => file.click() }, icon("add"), "Add")),
      file, this.#list,
      h("div", { className: "head foot" }, h("button", { type: "button", className: "small plain", onclick: () => file.click() }, icon("folder"), "Open"),
        h("button", { type: "button", className: "small plain", onclick: () => this.#pack() }, icon("download"), "Save project")));
    const v = this.#values;
    const text = (label: string, key: "width" | "height" | "quantity" | "spacing" | "margin" | "seconds", unit: string, help: string) => {
      const id = `cut-${key}`;
      const input = h("input", { id, type: "text", inputMode: "decimal", value: v[key], placeholder: key === "quantity" ? "any" : "", title: help, onchange: () => {
        v[key] = input.value.trim().replace(",", ".");
        if (key !== "seconds") this.#stale();
        this.#store();
      } });
      return h("div", { className: "row" }, h("label", { htmlFor: id }, label), h("span", { className: "field" }, input, unit && h("span", { className: "unit" }, unit)));
    };
    const flag = (label: string, key: "mirror" | "holes") => {
      const id = `cut-${key}`;
      const box = h("input", { id, type: "checkbox", checked: v[key], onchange: () => {
        v[key] = box.checked;
        this.#stale();
      } });
      return h("div", { className: "row flag" }, h("label", { htmlFor: id }, label), h("span", { className: "field" }, box));
    };
    const turns = h("select", { id: "cut-rotations", onchange: () => {
      v.rotations = turns.value;
      this.#stale();
    } }, ...Object.entries({ "0": "None", "2": "Half turns", "4": "Quarter turns", "8": "45° steps", free: "Any angle" }).map(([value, name]) => h("option", { value }, name)));
    turns.value = v.rotations;
    const right = h("aside", { className: "side right", "aria-label": "How it is made" },
      h("h2", {}, "Sheet"),
      h("div", { className: "rows" }, text("Width", "width", "mm", "Width of a sheet"), text("Height", "height", "mm", "Height of a sheet"), text("Sheets", "quantity", "", "How many there are; as many as it takes when empty")),
      h("h2", {}, "Rules"),
      h("div", { className: "rows" }, text("Spacing", "spacing", "mm", "Least distance between parts"), text("Margin", "margin", "mm", "Least distance from parts to the sheet's edge"),
        h("div", { className: "row" }, h("label", { htmlFor: "cut-rotations" }, "Turns"), h("span", { className: "field" }, turns)),
        flag("Parts in holes of others", "holes"), flag("Mirrored parts", "mirror"), text("Search for", "seconds", "s", "Stop earlier whenever you like")),
      this.#laser.element);
    const tab = (name: "sheet" | "cut", words: string) => h("button", { type: "button", role: "tab", onclick: () => this.#show(name) }, words);
    this.#tabs = { sheet: tab("sheet", "Sheet"), cut: tab("cut", "Cut") };
    const switcher = h("div", { className: "switch", role: "tablist", "aria-label": "View" }, this.#tabs.sheet, this.#tabs.cut);
    const corner = h("div", { className: "corner" },
      tool("add", "Larger", () => this.#scale(1.25)), tool("home", "Fit", () => this.#scale(0)));
    this.#flat.append(corner);
    this.#view.append(switcher, h("div", { className: "drophint" }, "Drop to add"));
    this.#show("sheet");
    host.append(left, this.#view, right, this.#action);
  }

  async begin(): Promise<void> {
    const kept = await last("cut-project");
    if (kept && kept.files.length > 0) await this.#open(kept).catch(fail);
    else await this.#laser.begin();
    if (this.#parts.length === 0) await this.#add("sample.svg", new Uint8Array(await (await fetch(sample)).arrayBuffer()), 6).catch(fail);
    this.host.dataset["ready"] = "yes";
  }

  // ---- projects

  #project(): CutProject {
    const files = this.#parts.map(({ name, data }) => ({ name, data }));
    return { offcut: "cut-project", version: 1, files, quantities: this.#parts.map((p) => p.quantity), sheet: { ...this.#values }, laser: this.#laser.kept };
  }

  #pack(): void {
    download(`${stem(this.#parts[0]?.name ?? "parts")}.offcut`, pack(this.#project(), ""), "application/zip");
  }

  async #open(p: CutProject): Promise<void> {
    this.#parts = [];
    const v: Record<string, string | boolean> = this.#values;
    for (const [key, value] of Object.entries(p.sheet)) {
      const field = this.host.querySelector<HTMLInputElement | HTMLSelectElement>(`#cut-${CSS.escape(key)}`);
      if (!field || typeof v[key] !== typeof value) continue;
      v[key] = value;
      if (typeof value === "string") field.value = value;
      else (field as HTMLInputElement).checked = value;
    }
    this.#laser.restore(p.laser);
    await this.#laser.begin().catch((e) => {
      fail(e);
      this.#laser.restore({ ...p.laser, settings: {} });
      return this.#laser.begin();
    });
    for (const [i, f] of p.files.entries()) await this.#add(f.name, f.data, Math.max(1, Math.round(p.quantities[i]!)));
  }

  show(): void {}

  async drop(files: File[]): Promise<void> {
    for (const f of files) {
      try {
        const project = /\.offcut$/i.test(f.name) ? unpack(f.name, new Uint8Array(await f.arrayBuffer())) : undefined;
        if (project?.offcut === "cut-project") await this.#open(project);
        else if (!DRAWINGS.test(f.name)) notice(`${f.name}: is no drawing; drop SVG, DXF or LightBurn files`);
        else await this.#add(f.name, new Uint8Array(await f.arrayBuffer()), 1);
      } catch (e) {
        fail(e);
      }
    }
  }

  async #add(name: string, data: Uint8Array, quantity: number): Promise<void> {
    const { helper } = await engine();
    const d = await helper.info({ file: { name, data } });
    if (d.kind !== "drawing") throw new Error(`${name}: is no drawing; drop SVG, DXF or LightBurn files`);
    this.#parts = [...this.#parts, { name, data, quantity, size: d["size_mm"] as [number, number], count: Number(d["parts"] ?? 1) }];
    this.#stale();
  }

  #stale(): void {
    this.#abort?.abort(STALE);
    this.#made = undefined;
    this.#chosen = 1;
    fill(this.#sheet);
    this.#uncut();
    this.#store();
    void this.#sketch().catch(() => {});
  }

  /** Shows the parts on the sheet before anyone asks, as they come. What is wrong with them the search will tell. */
  async #sketch(): Promise<void> {
    const of = ++this.#edition;
    await this.#laser.settling;
    const { helper } = await engine();
    // Changes come in bursts, and the helper has other things to answer.
    if (of !== this.#edition || this.#parts.length === 0) return;
    const { layout } = await helper.nestDrawings({ ...this.#wish(), time: SKETCH });
    if (of === this.#edition && !this.#made && !this.#abort) await this.#picture(layout, of);
  }

  /** What is to be nested, and how. */
  #wish(): Omit<DrawingNestJob, "time"> {
    const v = this.#values;
    const quantity = Number(v.quantity);
    return {
      parts: this.#parts.map(({ name, data, quantity }) => ({ name, data, quantity })),
      sheets: [{ size: `${v.width}x${v.height}`, ...(quantity > 0 && { quantity }) }],
      spacing: Number(v.spacing) || 0,
      margin: Number(v.margin) || 0,
      rotations: v.rotations,
      mirror: v.mirror,
      part_in_part: v.holes,
      name: stem(this.#parts[0]!.name),
      format: "json",
    };
  }

  /** The G-code is that of another wish. */
  #uncut(): void {
    this.#cut = undefined;
    this.#laser.show(undefined);
    this.#show("sheet");
    this.#paint();
  }

  #show(what: "sheet" | "cut"): void {
    const cut = what === "cut" && !!this.#cut;
    this.#flat.hidden = cut;
    this.#laser.view.hidden = !cut;
    this.#tabs.cut.disabled = !this.#cut;
    this.#tabs.sheet.setAttribute("aria-selected", String(!cut));
    this.#tabs.cut.setAttribute("aria-selected", String(cut));
  }

  #act(): void {
    if (this.#cut) download(`${stem(this.#parts[0]?.name ?? "layout")}-${this.#chosen}.gcode`, this.#cut.gcode, "text/x.gcode");
    else if (this.#made) void this.#burn();
    else void this.#nest();
  }

  #paint(): void {
    fill(this.#list, ...this.#parts.map((p) => {
      const n = h("input", { type: "number", min: "1", max: "10000", value: String(p.quantity), "aria-label": `Quantity of ${p.name}`, onchange: () => {
        p.quantity = Math.max(1, Math.round(Number(n.value) || 1));
        this.#stale();
      } });
      const remove = tool("trash", `Remove ${p.name}`, () => {
        this.#parts = this.#parts.filter((o) => o !== p);
        this.#stale();
      });
      const what = `${mm(p.size[0])} × ${mm(p.size[1])} mm${p.count > 1 ? `, ${p.count} parts` : ""}`;
      return h("li", {}, h("span", { className: "what" }, h("span", { className: "name" }, p.name), h("span", { className: "quiet" }, what)), n, remove);
    }));
    if (this.#abort) return;
    this.#main.hidden = false;
    const m = this.#made;
    const d = m?.document;
    this.#main.disabled = d ? d.placed === 0 || !!this.#laser.fault : this.#parts.length === 0;
    if (!d) {
      this.#main.textContent = "Nest";
      return fill(this.#told, h("p", { className: "quiet" }, this.#parts.length ? "Ready." : "Drop an SVG or DXF file anywhere."));
    }
    const figure = (label: string, value: string) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
    const save = (format: LayoutFormat) => h("button", { type: "button", className: "small", title: `Download as ${format.toUpperCase()}`, onclick: () => void this.#save(format) }, format.toUpperCase());
    const again = h("button", { type: "button", className: "small plain", onclick: () => void this.#nest() }, "Search again");
    const which = h("select", { "aria-label": "Sheet to cut", onchange: () => {
      this.#chosen = Number(which.value);
      this.#uncut();
    } }, ...d.sheets.map((_, i) => h("option", { value: String(i + 1) }, `Sheet ${i + 1}`)));
    which.value = String(this.#chosen);
    const c = this.#cut?.document;
    fill(this.#told,
      h("dl", {}, figure("Parts", String(d.placed)), figure("Sheets", String(d.sheets.length)), figure("Used", `${(100 * d.density).toFixed(1)} %`), figure("Offcuts", `${Math.round(d.remnants_mm2 / 100)} cm²`)),
      c && h("dl", { className: "beam" }, figure("Time", duration(c.time_s)), figure("Cutting", length(c.cut_mm)), figure("Travel", length(c.travel_mm)), figure("Pierces", String(c.pierces))),
      this.#laser.fault && h("p", { className: "fault", role: "alert" }, this.#laser.fault),
      ...d.unplaced.map((u) => h("p", { className: "fault" }, `No place for ${u.count} of ${u.part}: ${u.reason}`)),
      ...[...d.warnings, ...(c?.warnings ?? [])].map((w) => h("p", { className: "warning" }, w.message)),
      h("div", { className: "line downloads" }, save("svg"), save("dxf"), save("lbrn2"), save("json")),
      h("div", { className: "line" }, again, d.sheets.length > 1 && which));
    if (this.#cut) fill(this.#main, icon("download"), `Download G-code (${bytes(this.#cut.gcode.length)})`);
    else this.#main.textContent = d.sheets.length > 1 ? `Cut sheet ${this.#chosen}` : "Cut";
  }

  /** G-code of a sheet. */
  async #burn(): Promise<void> {
    const m = this.#made;
    if (!m || this.#abort || this.#laser.fault) return;
    this.#main.disabled = true;
    try {
      const { maker } = await engine();
      const made = await maker.cut({ ...this.#laser.wish(), inputs: [{ name: "layout.json", data: m.json }], sheet: this.#chosen, preview: true });
      if (m !== this.#made) return;
      this.#cut = made;
      this.#show("cut");
      this.#laser.show(made);
    } catch (e) {
      fail(e);
    } finally {
      this.#paint();
    }
  }

  async #nest(): Promise<void> {
    if (this.#abort || this.#parts.length === 0) return;
    const abort = new AbortController();
    this.#abort = abort;
    if (this.#cut) this.#uncut();
    let best: Uint8Array | undefined;
    const v = this.#values;
    this.#view.scrollIntoView({ block: "nearest" });
    const seconds = Math.min(3600, Math.max(0.2, Number(v.seconds) || 5));
    const density = h("b", { className: "live" }, "–");
    const bar = h("progress", { max: seconds, value: 0, "aria-label": "Time of the search" });
    const begin = performance.now();
    const timer = setInterval(() => (bar.value = (performance.now() - begin) / 1000), 100);
    this.#main.hidden = true;
    fill(this.#told, h("div", { className: "line" }, h("span", {}, "Best so far ", density), h("button", { type: "button", className: "small plain", onclick: () => abort.abort() }, "Stop")), bar);
    try {
      const { maker } = await engine();
      const r = await maker.nestDrawings({ ...this.#wish(), time: seconds, workers: maker.threads }, {
        signal: abort.signal,
        onImprovement: (share) => (density.textContent = `${(100 * share).toFixed(1)} %`),
        onLayout: (json) => {
          best = json;
          void this.#draw(json).catch(fail);
        },
      });
      this.#made = { document: r.document, json: r.layout };
    } catch (e) {
      if (!(e instanceof OffcutError && e.code === "cancelled")) fail(e);
      // Stopped where the worker can't be told to: the best so far is what came last.
      else if (best && !this.#outdated(abort)) this.#made = { document: figuresOf(best), json: best };
    } finally {
      clearInterval(timer);
      this.#abort = undefined;
      if (this.#outdated(abort)) this.#made = undefined;
      this.#paint();
      if (this.#made) await this.#draw(this.#made.json).catch(fail);
    }
  }

  /** True when the search was stopped by a change of what it was about, not by the user. */
  #outdated(search: AbortController): boolean {
    return search.signal.aborted && search.signal.reason === STALE;
  }

  /** Draws a layout; one that comes while another is drawn waits, and only the last of these. */
  async #draw(json: Uint8Array): Promise<void> {
    this.#next = json;
    if (this.#drawing) return;
    this.#drawing = true;
    try {
      while (this.#next) {
        const now = this.#next;
        this.#next = undefined;
        await this.#picture(now);
      }
    } finally {
      this.#drawing = false;
    }
  }

  /** Draws a layout, or the sketch of an edition while there is none. */
  async #picture(json: Uint8Array, sketch?: number): Promise<void> {
    const { helper } = await engine();
    const svg = await helper.convert({ name: "layout.json", data: json }, "svg");
    const shown = figuresOf(json);
    // As a picture, so that nothing in a drawing runs; its hairlines as lines that one sees.
    const style = "<style>*{vector-effect:non-scaling-stroke!important;stroke-width:1.5px!important}</style>";
    const text = new TextDecoder().decode(svg).replace(/<svg[^>]*>/, (tag) => tag + style);
    const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    const what = sketch === undefined ? "The layout" : "A first layout";
    const picture = h("img", { className: sketch === undefined ? "" : "sketch", src: url, alt: `${what}: ${shown.placed} parts on ${shown.sheets.length} sheets` });
    await picture.decode().catch(() => {});
    URL.revokeObjectURL(url);
    if (sketch === undefined ? this.#made || this.#abort : sketch === this.#edition && !this.#made && !this.#abort) fill(this.#sheet, picture);
  }

  #scale(f: number): void {
    this.#zoom = f === 0 ? 1 : this.#zoom * f;
    this.#sheet.style.width = `${100 * this.#zoom}%`;
    this.#sheet.style.height = `${100 * this.#zoom}%`;
  }

  async #save(format: LayoutFormat): Promise<void> {
    try {
      const { helper } = await engine();
      const json = this.#made!.json;
      const data = format === "json" ? json : await helper.convert({ name: "layout.json", data: json }, format);
      download(`${stem(this.#parts[0]?.name ?? "layout")}.nest.${format}`, data);
    } catch (e) {
      fail(e);
    }
  }
}
