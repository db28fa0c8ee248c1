/** Which printer, material and quality: choices, and what was changed as profiles to take along. */

import type { ProfilesDocument, SettingSchema, Value } from "offcut";
import { download, fill, h } from "../ui/dom";
import { type Overrides, label } from "../ui/settings";

export type Scope = "machine" | "material" | "process";
export type Selection = Record<Scope, string>;

/** Fills the choices; what is chosen and not there becomes the first that is. */
export function paintChoices(to: HTMLElement, p: ProfilesDocument, now: Selection, change: (scope: Scope, name: string) => void): void {
  const choice = (text: string, scope: Scope, names: { name: string; description: string }[]) => {
    const select = h("select", { id: `choose-${scope}`, onchange: () => change(scope, select.value) },
      ...names.map((n) => h("option", { value: n.name, title: n.description }, scope === "process" ? `${label(n.name)}: ${shortly(n.description)}` : shortly(n.description) || n.name)));
    if (!names.some((n) => n.name === now[scope])) now[scope] = names[0]!.name;
    select.value = now[scope];
    return h("div", { className: "row" }, h("label", { htmlFor: `choose-${scope}` }, text), h("span", { className: "field" }, select));
  };
  fill(to, choice("Printer", "machine", p.machines), choice("Material", "material", p.materials), choice("Quality", "process", p.processes));
}

/** The first words of a description. */
function shortly(text: string): string {
  return text.split(/; |, |\. | \(/)[0]!.replace(/\.$/, "");
}

/** What was changed, as profiles in TOML: one for each kind that has something. */
export function asProfiles(own: Overrides, schema: Record<string, SettingSchema>, on: Selection): { name: string; text: string }[] {
  const scopes: Scope[] = ["process", "material", "machine"];
  return scopes.flatMap((scope) => {
    const keys = Object.keys(own).filter((k) => scopes.find((s) => schema[k]?.["x-scopes"].includes(s)) === scope);
    if (keys.length === 0) return [];
    const head = [`kind = "${scope}"`, `inherits = ${JSON.stringify(on[scope])}`, `description = "My ${on[scope]}"`];
    return [{ name: `my-${on[scope]}`, text: `${[...head, ...keys.map((k) => `${k} = ${toml(own[k]!)}`)].join("\n")}\n` }];
  });
}

function toml(v: Value): string {
  if (v === null) return '"auto"';
  if (Array.isArray(v)) return JSON.stringify(v.join("x"));
  // JSON's texts are TOML's basic texts.
  return typeof v === "string" ? JSON.stringify(v) : String(v);
}

/** Gives the changes as files; tells how many. */
export function exportProfiles(own: Overrides, schema: Record<string, SettingSchema>, on: Selection): number {
  const all = asProfiles(own, schema, on);
  for (const p of all) download(`${p.name}.toml`, new TextEncoder().encode(p.text), "application/toml");
  return all.length;
}
