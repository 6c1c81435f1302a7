// The field page and its service worker, for phones as old as Chrome 87: apart from the office's scripts, so that neither
// carries the other. `lapangan.js` and `lapangan.css` have fixed names; the server adds their hash to the address.
import { defineConfig } from "vite";
import { gzipTwins } from "./kembar-gzip.ts";
import { notices } from "./lisensi.ts";

const out = "../src/tepat/static/app/lapangan";

export default defineConfig({
  base: "./",
  plugins: [gzipTwins(out), notices(out, ["lean-qr", "qr"])],
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "[name]-[hash].js" } } },
  build: {
    outDir: out,
    emptyOutDir: true,
    // All of ES2020, and nothing newer, is in Chrome 87; named itself, that one has `?.` taken apart for a fault that
    // needs a spread beside it, which is nowhere here and costs half a kilobyte.
    target: "es2020",
    cssTarget: "chrome87",
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      preserveEntrySignatures: "strict",
      input: { lapangan: "src/lapangan/lapangan.ts", tulis: "src/lapangan/tulis.ts", sw: "src/lapangan/sw.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", assetFileNames: "[name][extname]" },
    },
  },
});
