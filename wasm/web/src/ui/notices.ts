/** Messages that belong to no other place. */

import { OffcutError } from "offcut";
import { h, icon } from "./dom";

/** Shows a message until it is closed; the same one only once. */
export function notice(text: string, kind: "error" | "info" = "error"): void {
  const list = document.getElementById("notices");
  if (!list || [...list.children].some((c) => c.firstChild?.textContent === text)) return;
  const close = h("button", { type: "button", className: "tool", "aria-label": "Close this message", onclick: () => box.remove() }, icon("close"));
  const box = h("div", { className: `notice ${kind}` }, h("p", {}, text), close);
  list.append(box);
  while (list.children.length > 3) list.firstChild?.remove();
  if (kind === "info") setTimeout(() => box.remove(), 4000);
}

/** The words of an error. */
export function words(e: unknown): string {
  return e instanceof Error ? e.message : String(e);
}

/** Shows an error, but for cancellations, which somebody wanted. */
export function fail(e: unknown): void {
  if (e instanceof OffcutError && e.code === "cancelled") return;
  notice(words(e));
}
