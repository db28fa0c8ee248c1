/** Settings as a form made from the schema: what matters first, everything behind a search. */

import type { SettingSchema, SettingsDocument, Value } from "offcut";
import { fill, h, icon } from "./dom";

export type Overrides = Record<string, Value>;

export interface SettingsForm {
  element: HTMLElement;
  /** Shows resolved values. */
  update(d: SettingsDocument, overrides: Overrides): void;
  /** Shows one setting. */
  reveal(key: string): void;
}

/** Words for a key: `layer_height` → `Layer height`. */
export function label(key: string): string {
  const words = key.replaceAll("_", " ").replace(/^xy /, "XY ").replace(/^z /, "Z ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Groups as people think of a print; those that are not here come last. */
const ORDER = [
  "Layers", "Perimeters", "Surfaces", "Infill", "Support", "Adhesion", "Line widths", "Speeds", "Accelerations", "Travel", "Retraction", "Cooling",
  "Temperatures", "Material", "Output", "Machine", "Machine limits", "G-code",
];

interface Row {
  element: HTMLElement;
  show(d: SettingsDocument, own: boolean): void;
}

/** A form; `essentials` stand on top, `prefix` keeps the elements of several forms apart, `change` hears of values, `undefined` for a reset. */
export function settingsForm(
  schema: Record<string, SettingSchema>,
  essentials: string[],
  change: (key: string, value: Value | undefined) => void,
  prefix = "",
): SettingsForm {
  const rows = new Map<string, Row[]>();
  const make = (key: string, place: string) => {
    const r = row(key, schema[key]!, prefix + place, change);
    rows.set(key, [...(rows.get(key) ?? []), r]);
    return r.element;
  };
  const top = h("div", { className: "rows" }, ...essentials.filter((k) => schema[k]).map((k) => make(k, "top")));
  const groups = new Map<string, string[]>();
  for (const [key, s] of Object.entries(schema)) groups.set(s["x-group"], [...(groups.get(s["x-group"]) ?? []), key]);
  const rank = (g: string) => (ORDER.indexOf(g) + ORDER.length + 1) % (ORDER.length + 1);
  const details = [...groups].sort((a, b) => rank(a[0]) - rank(b[0])).map(([group, keys]) => {
    const body = h("div", { className: "rows" });
    const d = h("details", { className: "group" }, h("summary", {}, group), body);
    // Two hundred rows are made when they are looked at.
    d.addEventListener("toggle", () => {
      if (d.open && !body.firstChild) {
        body.append(...keys.map((k) => make(k, "all")));
        if (latest) for (const k of keys) for (const r of rows.get(k)!) r.show(latest.d, k in latest.own);
      }
    });
    return { d, body, keys };
  });
  const none = h("p", { className: "quiet", hidden: true }, "No setting is called so.");
  const query = h("input", { type: "search", placeholder: "Search all settings", "aria-label": "Search all settings", oninput: () => search() });
  const changed = h("input", { type: "checkbox", onchange: () => search() });
  const results = h("div", { className: "rows", hidden: true });
  const list = h("div", {}, ...details.map((g) => g.d));
  let latest: { d: SettingsDocument; own: Overrides } | undefined;

  function search(): void {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = words.length > 0 || changed.checked;
    results.hidden = !active;
    list.hidden = active;
    none.hidden = true;
    for (const [key, all] of rows) rows.set(key, all.filter((r) => !results.contains(r.element)));
    fill(results);
    if (!active) return;
    const found = Object.entries(schema).filter(([key, s]) => {
      const text = `${key} ${label(key)} ${s["x-group"]} ${s.description}`.toLowerCase();
      return words.every((w) => text.includes(w)) && (!changed.checked || (latest && key in latest.own));
    });
    const score = (key: string) => (words.every((w) => label(key).toLowerCase().includes(w)) ? 0 : 1);
    found.sort((a, b) => score(a[0]) - score(b[0]));
    results.append(...found.slice(0, 40).map(([key]) => make(key, "found")));
    none.hidden = found.length > 0;
    if (latest) for (const [key] of found) for (const r of rows.get(key) ?? []) r.show(latest.d, key in latest.own);
  }

  const element = h(
    "section",
    { className: "settings", "aria-label": "Settings" },
    top,
    h("div", { className: "search" }, icon("search"), query, h("label", { className: "check", title: "Only what you changed" }, changed, "changed")),
    results,
    none,
    list,
  );
  return {
    element,
    update(d, own) {
      latest = { d, own };
      for (const [key, all] of rows) for (const r of all) r.show(d, key in own);
      if (changed.checked) search();
    },
    reveal(key) {
      query.value = label(key);
      search();
      results.querySelector<HTMLElement>("input,select,textarea")?.focus();
    },
  };
}

/** Values as people write them. */
function text(v: Value | undefined): string {
  return v === null || v === undefined ? "" : Array.isArray(v) ? v.join(" x ") : String(v);
}

function row(key: string, s: SettingSchema, place: string, change: (key: string, v: Value | undefined) => void): Row {
  const id = `${place}-${key}`;
  const forms = s.anyOf ?? [s as { type?: string; const?: string; description?: string }];
  const choices = forms.filter((f) => f.const !== undefined && f.const !== "auto");
  const optional = forms.some((f) => f.type === "null");
  const kind = choices.length ? "choice" : forms.some((f) => f.type === "boolean") ? "flag" : s["x-group"] === "Custom G-code" || /_gcode$/.test(key) ? "long" : "text";
  const help = `${id}-help`;
  const common = { id, "aria-describedby": help };
  let control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
  if (kind === "choice") {
    const options = choices.map((c) => h("option", { value: c.const, title: c.description ?? "" }, label(c.const!)));
    if (optional) options.unshift(h("option", { value: "" }, "Auto"));
    control = h("select", { ...common, onchange: () => change(key, control.value || null) }, ...options);
  } else if (kind === "flag") {
    const box = h("input", { ...common, type: "checkbox", onchange: () => change(key, box.checked) });
    control = box;
  } else if (kind === "long") {
    control = h("textarea", { ...common, rows: 3, spellcheck: false, onchange: () => change(key, control.value) });
  } else {
    const numeric = forms.some((f) => f.type === "number" || f.type === "integer");
    control = h("input", {
      ...common,
      type: "text",
      inputMode: numeric ? "decimal" : "text",
      placeholder: optional ? "auto" : "",
      onchange: () => {
        const v = control.value.trim();
        change(key, v === "" ? (optional ? null : undefined) : numeric && /^[-+]?[0-9.]+$/.test(v) ? Number(v) : v);
      },
      onkeydown: (e: KeyboardEvent) => {
        const step = { ArrowUp: 1, ArrowDown: -1 }[e.key];
        const now = Number(control.value);
        if (!numeric || step === undefined || control.value === "" || Number.isNaN(now)) return;
        e.preventDefault();
        const grain = Number.isInteger(now) && !/height|width|diameter/.test(key) ? 1 : 0.05;
        control.value = String(Math.round((now + step * grain) * 1000) / 1000);
        control.dispatchEvent(new Event("change"));
      },
    });
  }
  const unit = s["x-unit"] && kind === "text" ? h("span", { className: "unit" }, s["x-unit"]) : null;
  const origin = h("span", { className: "origin" });
  const reset = h("button", { type: "button", className: "reset", hidden: true, onclick: () => change(key, undefined) }, icon("undo"));
  reset.setAttribute("aria-label", `Reset ${label(key)}`);
  const fault = h("p", { className: "fault", hidden: true, role: "alert" });
  const element = h(
    "div",
    { className: `row ${kind}`, "data-key": key },
    h("label", { htmlFor: id, title: key }, label(key)),
    h("span", { className: "field" }, control, unit, reset),
    h("p", { className: "help", id: help }, s.description, " ", origin),
    fault,
  );
  return {
    element,
    show(d, own) {
      const v = d.settings[key];
      if (document.activeElement !== control || kind !== "text") {
        if (kind === "flag") (control as HTMLInputElement).checked = v === true;
        else control.value = text(v);
      }
      const from = d.origins[key];
      const before = text(d.inherited[key]) || "auto";
      origin.textContent = own ? `Yours; ${before} without.` : from ? `From ${from.level} ${from.profile}.` : "Default.";
      element.classList.toggle("own", own);
      reset.hidden = !own;
      reset.title = `Back to ${before}`;
      const mine = d.clash && d.clash.message.includes(`\`${key}\``) ? d.clash.message : d.warnings.find((w) => w.key === key)?.message;
      fault.hidden = !mine;
      fault.textContent = mine ?? "";
    },
  };
}
