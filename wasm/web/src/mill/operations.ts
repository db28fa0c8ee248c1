/** The operations of a milling job as forms, made from the schema of job files. */

import type { Json, MillProgram } from "offcut";
import { fill, h, tool } from "../ui/dom";
import { label } from "../ui/settings";

export type Operation = NonNullable<MillProgram["operation"]>[number];

interface Property {
  description?: string;
  type?: string | string[];
  enum?: string[];
  const?: string;
  oneOf?: Property[];
  anyOf?: Property[];
  default?: Json;
  $ref?: string;
}

interface Kind {
  name: string;
  description: string;
  properties: Record<string, Property>;
}

/** What is the same in every kind, and seldom changed. */
const COMMON = ["feed", "plunge", "rpm", "coolant"];
const HIDDEN = ["kind", "name", "tool", "select"];

export interface ToolChoice {
  name: string;
}

export class Operations {
  readonly element = h("div", { className: "operations" });
  readonly #kinds: Kind[];
  readonly #defs: Record<string, Property>;
  #list: Operation[] = [];
  #open = new Set<number>();

  constructor(schema: { [keyword: string]: Json }, readonly tools: ToolChoice[], readonly changed: (list: Operation[]) => void) {
    const s = schema as unknown as { properties: { operation: { items: { oneOf: (Property & { properties: Record<string, Property> })[] } } }; $defs: Record<string, Property> };
    this.#defs = s.$defs;
    this.#kinds = s.properties.operation.items.oneOf.map((k) => ({ name: k.properties["kind"]!.const!, description: k.description ?? "", properties: k.properties }));
  }

  set(list: Operation[]): void {
    this.#list = list;
    this.#paint();
  }

  #change(list: Operation[]): void {
    this.#list = list;
    this.#paint();
    this.changed(list);
  }

  #edit(index: number, key: string, value: Json | undefined): void {
    const { [key]: _, ...rest } = this.#list[index]!;
    const next = { ...rest, ...(value !== undefined && { [key]: value }) } as Operation;
    this.#change(this.#list.map((o, i) => (i === index ? next : o)));
  }

  #paint(): void {
    const focus = document.activeElement?.id;
    const add = h("select", { "aria-label": "Add an operation", onchange: () => {
      const last = this.#list.at(-1);
      const made: Operation = { kind: add.value, tool: last?.tool ?? this.tools[0]?.name ?? "flat-6" };
      this.#open = new Set([this.#list.length]);
      this.#change([...this.#list, made]);
    } }, h("option", { value: "" }, "Add an operation …"), ...this.#kinds.map((k) => h("option", { value: k.name, title: k.description }, label(k.name))));
    fill(this.element, ...this.#list.map((o, i) => this.#one(o, i)), add);
    if (focus && this.element.querySelector(`#${CSS.escape(focus)}`)) document.getElementById(focus)?.focus();
  }

  #one(o: Operation, i: number): HTMLElement {
    const kind = this.#kinds.find((k) => k.name === o.kind);
    const names = this.tools.some((t) => t.name === String(o.tool)) ? this.tools : [{ name: String(o.tool ?? "") }, ...this.tools];
    const tools = h("select", { id: `op-${i}-tool`, onchange: () => this.#edit(i, "tool", tools.value) }, ...names.map((t) => h("option", { value: t.name }, t.name)));
    tools.value = String(o.tool ?? "");
    const rows = Object.entries(kind?.properties ?? {}).filter(([key]) => !HIDDEN.includes(key));
    const own = rows.filter(([key]) => !COMMON.includes(key)).map(([key, p]) => this.#row(o, i, key, p));
    const common = rows.filter(([key]) => COMMON.includes(key)).map(([key, p]) => this.#row(o, i, key, p));
    const move = (by: number) => {
      const list = [...this.#list];
      [list[i], list[i + by]] = [list[i + by]!, list[i]!];
      this.#change(list);
    };
    const up = tool("up", `Operation ${i + 1} earlier`, () => move(-1));
    up.disabled = i === 0;
    const remove = tool("trash", `Remove operation ${i + 1}`, () => this.#change(this.#list.filter((_, k) => k !== i)));
    const details = h("details", { className: "operation", open: this.#open.has(i) },
      h("summary", {}, h("b", {}, `${i + 1} ${label(o.kind)}`), h("span", { className: "quiet" }, String(o.tool ?? ""))),
      h("p", { className: "quiet" }, kind?.description ?? ""),
      h("div", { className: "rows" }, h("div", { className: "row" }, h("label", { htmlFor: tools.id }, "Tool"), h("span", { className: "field" }, tools)), ...own, ...common),
      h("div", { className: "tools" }, up, remove));
    details.addEventListener("toggle", () => void (details.open ? this.#open.add(i) : this.#open.delete(i)));
    return details;
  }

  /** One key; what holds further keys is left to job files. */
  #row(o: Operation, i: number, key: string, from: Property): HTMLElement | null {
    const p = this.#resolved(from);
    const id = `op-${i}-${key}`;
    const now = o[key];
    const types = [p.type ?? []].flat();
    const choices = p.enum ?? (p.oneOf ?? p.anyOf ?? []).flatMap((c) => c.enum ?? (c.const ? [c.const] : []));
    let control: HTMLElement;
    if (choices.length > 0) {
      const select = h("select", { id, onchange: () => this.#edit(i, key, select.value || undefined) }, h("option", { value: "" }, typeof from.default === "string" ? label(from.default) : "Auto"),
        ...choices.filter((c) => c !== from.default).map((c) => h("option", { value: c }, label(c))));
      select.value = typeof now === "string" && now !== from.default ? now : "";
      control = select;
    } else if (types.includes("boolean")) {
      const box = h("input", { id, type: "checkbox", checked: now === undefined ? from.default === true : now === true, onchange: () => this.#edit(i, key, box.checked) });
      control = box;
    } else if (types.includes("number") || types.includes("integer")) {
      const input = h("input", { id, type: "text", inputMode: "decimal", value: now === undefined || now === null ? "" : String(now), placeholder: typeof from.default === "number" ? String(from.default) : "auto", onchange: () => {
        const v = input.value.trim().replace(",", ".");
        this.#edit(i, key, v === "" ? undefined : Number.isFinite(Number(v)) ? Number(v) : v);
      } });
      control = input;
    } else {
      return null;
    }
    return h("div", { className: `row${types.includes("boolean") ? " flag" : ""}${now === undefined ? "" : " own"}`, "data-key": key },
      h("label", { htmlFor: id, title: key }, label(key)), h("span", { className: "field" }, control), h("p", { className: "help" }, p.description ?? ""));
  }

  #resolved(p: Property): Property {
    const ref = p.$ref ?? p.anyOf?.find((c) => c.$ref)?.$ref;
    const to = ref && this.#defs[ref.replace("#/$defs/", "")];
    return to ? { ...to, description: p.description ?? to.description ?? "" } : p;
  }
}
