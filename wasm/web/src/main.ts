/** The page: bar, workshops, files dropped anywhere, theme, offline. */

import "./style.css";
import { cutWorkshop } from "./cut/workshop";
import { millWorkshop } from "./mill/workshop";
import { printWorkshop } from "./print/workshop";
import { fill, h, tool } from "./ui/dom";
import { SHOP_OF, unpack } from "./store";
import { fail, notice } from "./ui/notices";

interface Workshop {
  show(): void;
  drop(files: File[]): Promise<void>;
}

const SHOPS: { id: string; name: string; open: (host: HTMLElement) => Promise<Workshop> }[] = [
  { id: "print", name: "Print", open: printWorkshop },
  { id: "cut", name: "Cut", open: cutWorkshop },
  { id: "mill", name: "Mill", open: millWorkshop },
];

const root = document.getElementById("workshop")!;
const open = new Map<string, { host: HTMLElement; shop: Promise<Workshop> }>();
let now = "print";

function go(id: string): void {
  now = id;
  const { open: begin } = SHOPS.find((s) => s.id === id)!;
  for (const o of open.values()) o.host.hidden = true;
  let o = open.get(id);
  if (!o) {
    const host = h("div", { className: `shop ${id}` });
    root.append(host);
    const shop = begin(host);
    shop.catch((e) => {
      fail(e);
      fill(host, h("p", { className: "broken" }, "The engine could not be started. It needs a browser with WebAssembly and WebGL 2."));
    });
    open.set(id, (o = { host, shop }));
  }
  o.host.hidden = false;
  void o.shop.then((s) => s.show()).catch(() => {});
  for (const b of document.querySelectorAll<HTMLElement>("#bar [role=tab]")) b.setAttribute("aria-selected", String(b.dataset["shop"] === id));
}

function theme(next?: string): void {
  if (next) localStorage.setItem("theme", next);
  const kept = localStorage.getItem("theme");
  if (kept) document.documentElement.dataset["theme"] = kept;
  dispatchEvent(new Event("theme"));
}

const dark = () => getComputedStyle(document.documentElement).colorScheme === "dark";
fill(document.getElementById("bar")!,
  h("h1", {}, "offcut"),
  h("nav", { role: "tablist", "aria-label": "Workshops" },
    ...SHOPS.map((s) => h("button", { type: "button", role: "tab", "data-shop": s.id, onclick: () => go(s.id) }, s.name))),
  h("span", { className: "quiet private" }, "Nothing leaves this computer."),
  tool("sun", "Light or dark", () => theme(dark() ? "light" : "dark")));
theme();
go("print");

addEventListener("dragover", (e) => {
  e.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (e) => {
  if (!e.relatedTarget) document.body.classList.remove("dropping");
});
/** Takes files to the workshop that they belong to. */
async function take(files: File[]): Promise<void> {
  // A drawing belongs to another workshop than a model; a project says where it belongs.
  const project = files.find((f) => /\.offcut$/i.test(f.name));
  if (project) go(SHOP_OF[unpack(project.name, new Uint8Array(await project.arrayBuffer())).offcut]!);
  else if (now === "print" && files.length > 0 && files.every((f) => /\.(svg|dxf|lbrn2?)$/i.test(f.name))) go("cut");
  await (await open.get(now)?.shop)?.drop(files);
}

addEventListener("files", (e) => void take((e as CustomEvent<File[]>).detail).catch(fail));
addEventListener("drop", (e) => {
  e.preventDefault();
  document.body.classList.remove("dropping");
  void take([...(e.dataTransfer?.files ?? [])]).catch(fail);
});

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("./sw.js").catch(() => notice("This page will not work offline: its worker could not be registered.", "info"));
}
