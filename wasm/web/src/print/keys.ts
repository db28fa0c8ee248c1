/** The keyboard of the Print workshop. */

import { typing } from "../ui/dom";

/** What keys do. */
export interface Actions {
  /** The preview of layers is seen, not the models. */
  layers(): boolean;
  step(by: number): void;
  move(dx: number, dy: number): void;
  turn(degrees: number): void;
  remove(): void;
  escape(): void;
  face(): void;
  gizmo(): void;
  arrange(): void;
  look(): void;
  undo(): void;
  copy(): void;
  all(): void;
  save(): void;
  slice(): void;
}

export function press(e: KeyboardEvent, a: Actions): void {
  if (typing(e)) return;
  const layers = a.layers();
  const far = e.shiftKey ? 10 : 1;
  const keys: Record<string, () => void> = {
    ArrowUp: () => (layers ? a.step(far) : a.move(0, far)),
    ArrowDown: () => (layers ? a.step(-far) : a.move(0, -far)),
    ArrowLeft: () => !layers && a.move(-far, 0),
    ArrowRight: () => !layers && a.move(far, 0),
    PageUp: () => layers && a.step(10),
    PageDown: () => layers && a.step(-10),
    Delete: a.remove,
    Backspace: a.remove,
    Escape: a.escape,
    r: () => a.turn(e.shiftKey ? -45 : 45),
    f: a.face,
    g: a.gizmo,
    a: a.arrange,
    h: a.look,
  };
  const control: Record<string, () => void> = { z: a.undo, d: a.copy, a: a.all, s: a.save, Enter: a.slice };
  const act = (e.ctrlKey || e.metaKey ? control : keys)[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  const target = e.target as HTMLElement;
  if (!act || target.matches?.("input[type=range]") || (e.key.startsWith("Arrow") && target.closest?.("aside, header"))) return;
  e.preventDefault();
  act();
}
