/** Elements in one line each. */

type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

/** Makes an element: properties, `on…` listeners, `class`, `aria-…` and `data-…` attributes, children. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on") && typeof value === "function") e.addEventListener(key.slice(2), value as EventListener);
    else if (key in e && !key.includes("-") && key !== "list" && key !== "form") (e as unknown as Props)[key] = value;
    else e.setAttribute(key === "className" ? "class" : key, value === true ? "" : String(value));
  }
  e.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  return e;
}

/** Replaces the content of an element. */
export function fill(e: Element, ...children: Child[]): void {
  e.replaceChildren(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
}

const PATHS: Record<string, string> = {
  add: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v10H9zM5 15V5h10",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  turn: "M19 12a7 7 0 1 1-2.3-5.2M17 3v4h-4",
  face: "M4 19h16M7 15l5-9 5 9z",
  grid: "M5 5h6v6H5zM13 5h6v6h-6zM5 13h6v6H5zM13 13h6v6h-6z",
  scale: "M5 19L19 5M12 5h7v7M5 12v7h7",
  eye: "M2 12s4-6 10-6 10 6 10 6-4 6-10 6-10-6-10-6zM12 12m-2.5 0a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  folder: "M3 7h6l2 2h10v10H3z",
  sun: "M12 12m-4 0a4 4 0 1 0 8 0 4 4 0 1 0-8 0M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4",
  undo: "M8 6L4 10l4 4M4 10h10a6 6 0 0 1 0 12h-3",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  search: "M11 11m-6 0a6 6 0 1 0 12 0 6 6 0 1 0-12 0M16 16l4 4",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  rings: "M12 12m-8 0a8 8 0 1 0 16 0 8 8 0 1 0-16 0M12 4c-3 2-4 5-4 8s1 6 4 8M4 12c2-3 5-4 8-4s6 1 8 4",
  up: "M12 19V6M6 11l6-6 6 6",
  home: "M4 11l8-7 8 7M6 10v9h12v-9",
};

/** A drawn icon. */
export function icon(name: keyof typeof PATHS | string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.append(path);
  return svg;
}

/** A button with an icon and a name for screen readers. */
export function tool(name: string, label: string, onclick: () => void, key?: string): HTMLButtonElement {
  const title = key ? `${label} (${key})` : label;
  return h("button", { type: "button", className: "tool", title, "aria-label": label, onclick }, icon(name));
}

/** Gives the browser a file to save. */
export function download(name: string, bytes: Uint8Array, type = "application/octet-stream"): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Gives chosen files to the page, as if they had been dropped. */
export function offer(files: FileList | null): void {
  dispatchEvent(new CustomEvent("files", { detail: [...(files ?? [])] }));
}

/** Calls `f` when nothing has been asked for some time. */
export function debounce(ms: number, f: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(f, ms);
  };
}

/** True while the user types. */
export function typing(e: Event): boolean {
  const t = e.target as HTMLElement | null;
  return !!t && (/^(TEXTAREA|SELECT)$/.test(t.tagName) || (t.tagName === "INPUT" && !["checkbox", "range"].includes((t as HTMLInputElement).type)));
}
