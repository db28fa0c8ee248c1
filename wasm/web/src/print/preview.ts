/** The layer preview: slider, play, colours, legend, what is shown. */

import { type Preview, ROLES, type SliceDocument } from "offcut";
import { fill, h, icon, tool } from "../ui/dom";
import { type ColorBy, Toolpath, layerTimes, roleTimes } from "../view/toolpath";
import { RAMP, ROLE_COLORS, TRAVEL_COLOR } from "./colors";
import { duration } from "./words";

export class PreviewPanel {
  readonly slider: HTMLElement;
  readonly legend: HTMLElement;
  readonly #path: Toolpath;
  readonly #top = h("input", { type: "range", min: "1", step: "1", className: "layers", "aria-label": "Highest layer shown" });
  readonly #move = h("input", { type: "range", min: "0", max: "1000", value: "1000", "aria-label": "Moves of the highest layer" });
  readonly #label = h("output", { className: "at" });
  readonly #single = h("input", { type: "checkbox" });
  readonly #rows = h("ul", { className: "roles" });
  readonly #by: HTMLSelectElement;
  #preview: Preview | undefined;
  #document: SliceDocument | undefined;
  #times: number[] = [];
  #playing: ReturnType<typeof setInterval> | undefined;
  readonly #play: HTMLButtonElement;
  #hidden = new Set<number>([12]);

  constructor(path: Toolpath) {
    this.#path = path;
    this.#by = h("select", { "aria-label": "Colour by", onchange: () => this.#legend() },
      ...(["role", "speed", "width", "time"] as const).map((v) => h("option", { value: v }, { role: "Kind of line", speed: "Speed", width: "Width", time: "Layer time" }[v])));
    this.#top.addEventListener("input", () => this.#cut(true));
    this.#move.addEventListener("input", () => this.#cut(false));
    this.#single.addEventListener("change", () => this.#cut(false));
    this.#play = tool("play", "Play the layers", () => this.#toggle());
    this.slider = h("div", { className: "slider" }, this.#label, this.#top, this.#play);
    const mark = (kind: "seams" | "retractions", text: string) => {
      const box = h("input", { type: "checkbox", onchange: () => path.marks(kind, box.checked) });
      return h("label", { className: "check" }, box, text);
    };
    const wide = matchMedia("(min-width: 861px)").matches;
    this.legend = h("details", { className: "legend card", open: wide }, h("summary", {}, "Lines"),
      h("div", { className: "line" }, h("span", { className: "quiet" }, "Colour"), this.#by),
      this.#rows,
      h("div", { className: "line" }, mark("seams", "Seams"), mark("retractions", "Retractions"), h("label", { className: "check" }, this.#single, "One layer")),
      h("label", { className: "line moves" }, h("span", { className: "quiet" }, "Moves"), this.#move));
  }

  /** Shows a sliced job. */
  set(preview: Preview, document: SliceDocument): void {
    this.#preview = preview;
    this.#document = document;
    this.#times = layerTimes(preview);
    this.#path.set(preview);
    this.#top.max = String(preview.layers.length);
    this.#top.value = this.#top.max;
    this.#legend();
    for (let r = 0; r <= 12; r++) this.#path.show(r, !this.#hidden.has(r));
    this.#cut(true);
  }

  /** One layer up or down. */
  step(by: number): void {
    this.#top.value = String(Number(this.#top.value) + by);
    this.#cut(true);
  }

  /** The layer shown on top, from 1. */
  get layer(): number {
    return Number(this.#top.value);
  }

  #cut(whole: boolean): void {
    const p = this.#preview;
    if (!p) return;
    if (whole) this.#move.value = "1000";
    const top = this.layer;
    const first = p.layers[top - 1] ?? 0;
    const end = p.layers[top] ?? p.roles.length;
    const to = Math.round(first + ((end - first) * Number(this.#move.value)) / 1000);
    this.#path.cut(this.#single.checked ? first : 0, to);
    const z = p.layerTops[top - 1] ?? 0;
    this.#top.setAttribute("aria-valuetext", `layer ${top} of ${p.layers.length}, ${z.toFixed(2)} mm`);
    fill(this.#label, h("b", {}, String(top)), h("span", {}, `${z.toFixed(2)} mm`), h("span", {}, duration(this.#times[top - 1] ?? 0)));
  }

  #toggle(): void {
    if (this.#playing) {
      clearInterval(this.#playing);
      this.#playing = undefined;
    } else {
      if (this.layer >= Number(this.#top.max)) this.#top.value = "1";
      const step = Math.max(1, Math.round(Number(this.#top.max) / 240));
      this.#playing = setInterval(() => {
        this.step(step);
        if (this.layer >= Number(this.#top.max)) this.#toggle();
      }, 40);
    }
    fill(this.#play, icon(this.#playing ? "pause" : "play"));
    this.#play.setAttribute("aria-pressed", String(this.#playing !== undefined));
  }

  #legend(): void {
    const p = this.#preview;
    const d = this.#document;
    if (!p || !d) return;
    const by = this.#by.value as ColorBy;
    const range = this.#path.color(by);
    const seconds = roleTimes(p);
    const rows = [...ROLES, "Travel"].map((name, i) => {
      const used = i === 12 ? true : d.roles.some((r) => r.role === name);
      if (!used) return null;
      const box = h("input", { type: "checkbox", checked: !this.#hidden.has(i), onchange: () => {
        if (box.checked) this.#hidden.delete(i);
        else this.#hidden.add(i);
        this.#path.show(i, box.checked);
      } });
      const chip = h("span", { className: "chip", style: `background:${i === 12 ? TRAVEL_COLOR : range ? "transparent" : ROLE_COLORS[i]}` });
      return h("li", {}, h("label", {}, box, chip, h("span", { className: "name" }, name), h("span", { className: "figure" }, duration(seconds[i] ?? 0))));
    });
    const unit = { role: "", speed: "mm/s", width: "mm", time: "s" }[by];
    const figure = (v: number) => (by === "width" ? v.toFixed(2) : v.toFixed(0));
    const bar = range && h("li", { className: "ramp" }, h("span", {}, figure(range[0])), h("span", { className: "bar", style: `background:linear-gradient(90deg,${RAMP.join()})` }), h("span", {}, `${figure(range[1])} ${unit}`));
    fill(this.#rows, bar, ...rows);
  }
}
