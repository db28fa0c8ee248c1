/** What a laser shall do: machine, material and settings in, G-code and its play out. */

import type { CutJob, CutResult, Value } from "offcut";
import { engine } from "../engine";
import { bedOf } from "../print/plate";
import { duration, length } from "../print/words";
import { fill, h, tool } from "../ui/dom";
import { fail } from "../ui/notices";
import { type Overrides, type SettingsForm, label, settingsForm } from "../ui/settings";
import { Player } from "../view/player";
import { Stage } from "../view/stage";
import { CUT_COLORS, RAPID_COLOR, Way } from "../view/way";

const ESSENTIALS = ["cut_power", "cut_speed", "cut_passes", "kerf", "lead_in", "tabs"];

export class Laser {
  readonly element = h("section", { className: "laser", "aria-label": "Laser" });
  readonly view = h("div", { className: "bench", hidden: true });
  readonly #stage = new Stage(this.view);
  readonly #player = new Player((seconds) => this.#at(seconds));
  readonly #kinds = h("ul", { className: "legend card roles beams" });
  #machine = localStorage.getItem("laser") ?? "diode-10w";
  #material = localStorage.getItem("laser-material") ?? "plywood-3mm";
  #settings: Overrides = {};
  #form: SettingsForm | undefined;
  #way: Way | undefined;
  /** Settled when the last change of a setting is known to fit or not. */
  settling: Promise<void> = Promise.resolve();
  /** Why these settings can't be used. */
  fault: string | undefined;

  constructor(readonly changed: () => void) {
    this.#stage.canvas.setAttribute("aria-label", "The way of the laser");
    this.view.append(this.#kinds, this.#player.element, h("div", { className: "corner" }, tool("home", "Look at everything", () => this.#look())));
    addEventListener("theme", () => this.#stage.retheme());
  }

  async begin(): Promise<void> {
    const { helper, schemas } = await engine();
    const { lasers, materials } = await helper.lasers();
    const pick = (id: string, text: string, names: { name: string; description: string }[], now: string, change: (name: string) => void) => {
      const select = h("select", { id, onchange: () => change(select.value) }, ...names.map((n) => h("option", { value: n.name, title: n.description }, label(n.name.replaceAll("-", " ")))));
      select.value = now;
      return h("div", { className: "row" }, h("label", { htmlFor: id }, text), h("span", { className: "field" }, select));
    };
    if (!lasers.some((l) => l.name === this.#machine)) this.#machine = lasers[0]!.name;
    const choices = h("div", { className: "choices" });
    const paint = async () => {
      const of = (await helper.cutSettings({ machine: this.#machine })).settings["laser_class"];
      const fitting = materials.filter((m) => m.machine === null || m.machine === of || m.machine === this.#machine);
      const names = [{ name: "", description: "The settings below as they are" }, ...fitting.filter((m, i) => fitting.findIndex((o) => o.name === m.name) === i)];
      if (!names.some((n) => n.name === this.#material)) this.#material = names[1]?.name ?? "";
      fill(choices,
        pick("laser-machine", "Laser", lasers, this.#machine, (name) => {
          this.#machine = name;
          localStorage.setItem("laser", name);
          this.settling = paint().catch(fail);
        }),
        pick("laser-material", "Material", names, this.#material, (name) => {
          this.#material = name;
          localStorage.setItem("laser-material", name);
          this.settling = this.#resolve().catch(fail);
        }));
      const none = choices.querySelector<HTMLOptionElement>("#laser-material option");
      if (none) none.textContent = "None";
      await this.#resolve();
    };
    this.#form = settingsForm(schemas.cut.properties, ESSENTIALS, (key, value) => this.#set(key, value), "laser-");
    fill(this.element, h("h2", {}, "Laser"), choices, this.#form.element);
    await paint();
  }

  /** As a project keeps it. */
  get kept(): { machine: string; material: string; settings: Overrides } {
    return { machine: this.#machine, material: this.#material, settings: this.#settings };
  }

  /** Takes what a project kept, before {@link begin}. */
  restore(kept: { machine: string; material: string; settings: Overrides }): void {
    [this.#machine, this.#material, this.#settings] = [String(kept.machine), String(kept.material), kept.settings];
  }

  /** What a job says of the laser. */
  wish(): CutJob {
    return { machine: this.#machine, ...(this.#material && { material: this.#material }), settings: this.#settings as NonNullable<CutJob["settings"]> };
  }

  #set(key: string, value: Value | undefined): void {
    const before = this.#settings;
    const { [key]: _, ...rest } = before;
    this.#settings = value === undefined ? rest : { ...rest, [key]: value };
    this.settling = this.#resolve().catch((e) => {
      this.#settings = before;
      fail(e);
      return this.#resolve().catch(() => {});
    });
  }

  async #resolve(): Promise<void> {
    const { helper } = await engine();
    const d = await helper.cutSettings(this.wish());
    this.fault = d.clash?.message;
    this.#form?.update(d, this.#settings);
    this.#stage.setBed(bedOf(d));
    this.changed();
  }

  /** Shows a job, or nothing. */
  show(made: CutResult | undefined): void {
    if (this.#way) this.#stage.scene.remove(this.#way.group);
    this.#way?.dispose();
    this.#way = undefined;
    this.#player.set(undefined);
    if (!made?.preview) return;
    const way = (this.#way = new Way(made.preview));
    this.#stage.scene.add(way.group);
    const rows = made.document.roles.map((r) => ({ name: r.role, text: `${length(r.length_mm)}, ${duration(r.seconds)}` }));
    if (made.document.travel_mm > 0) rows.push({ name: "rapid", text: `${length(made.document.travel_mm)}, ${duration(made.document.travel_s)}` });
    fill(this.#kinds, ...rows.map(({ name, text }) => {
      const box = h("input", { type: "checkbox", checked: true, onchange: () => {
        way.show(name, box.checked);
        this.#stage.draw();
      } });
      const color = name === "rapid" ? RAPID_COLOR : CUT_COLORS[name];
      return h("li", {}, h("label", {}, box, h("span", { className: "chip", style: `background:${color}` }), h("span", { className: "name" }, label(name.replaceAll(" ", "_"))), h("span", { className: "figure" }, text)));
    }));
    this.#bounds = made.document.bounds_mm;
    this.#look();
    this.#player.set(way.seconds);
  }

  #bounds: CutResult["document"]["bounds_mm"] = [[0, 0], [100, 100]];

  #look(): void {
    const [lo, hi] = this.#bounds;
    this.#stage.home([...lo, 0], [...hi, 0], true);
  }

  #at(seconds: number): void {
    if (!this.#way) return;
    const { place } = this.#way.at(seconds);
    this.#stage.mark(seconds < this.#way.seconds ? place : undefined);
    this.#stage.draw();
  }
}
