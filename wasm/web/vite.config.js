import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Gives the service worker the names of all files, so that the page works offline after the first visit. What it
 * answers is isolated, so that from then on there are threads on hosts that can't send headers of their own.
 */
function offline() {
  return {
    name: "offline",
    apply: "build",
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((f) => !f.endsWith(".map"));
      const page = ["./", "icon.svg", "manifest.webmanifest"];
      const version = files.join().split("").reduce((h, c) => (Math.imul(h, 31) + c.charCodeAt(0)) | 0, 7) >>> 0;
      const source = `const VERSION = "offcut-${version.toString(36)}";
const FILES = ${JSON.stringify([...page, ...files.filter((f) => f !== "index.html")])};
addEventListener("install", (e) =>
  e.waitUntil(caches.open(VERSION).then((c) => c.addAll(FILES)).then(() => skipWaiting())));
addEventListener("activate", (e) =>
  e.waitUntil(caches.keys().then((all) => Promise.all(all.filter((k) => k !== VERSION).map((k) => caches.delete(k))))
    .then(() => clients.claim())));
// The modules go through as they are: browsers keep what they compiled of them.
const isolated = (request, r) => {
  if (request.mode !== "navigate" && request.destination !== "worker") return r;
  const headers = new Headers(r.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  return new Response(r.body, { status: r.status, headers });
};
addEventListener("fetch", (e) => {
  if (e.request.method === "GET" && new URL(e.request.url).origin === location.origin)
    e.respondWith(caches.match(e.request, { ignoreSearch: true }).then((hit) => (hit ? isolated(e.request, hit) : fetch(e.request))));
});
`;
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [offline()],
  server: { fs: { allow: [repository] } },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  worker: { format: "es" },
});
