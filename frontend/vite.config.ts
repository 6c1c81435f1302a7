// One entry (`tepat.js`, `tepat.css`) under fixed names, because the server's templates name them, and the service worker of the
// packing tables; the map engine is a chunk of its own that only a page with a map asks for. Each file gets a gzipped twin for the server to hand out.
import { defineConfig } from "vite";
import { gzipTwins } from "./kembar-gzip.ts";
import { notices } from "./lisensi.ts";

const out = "../src/tepat/static/app";

export default defineConfig({
  base: "./",
  plugins: [gzipTwins(out), notices(out, ["maplibre-gl"])],
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { tepat: "src/tepat.ts", "meja-pekerja": "src/kemas-pekerja.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "tepat.css" : "[name]-[hash][extname]"),
      },
    },
  },
});
