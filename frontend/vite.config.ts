// One entry (`tepat.js`, `tepat.css`) under fixed names, because the server's templates name them; the map engine is a
// chunk of its own that only a page with a map asks for. Each file gets a gzipped twin for the server to hand out.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";

const out = "../src/tepat/static/app";

const gzipTwins = {
  name: "gzip-twins",
  closeBundle() {
    for (const name of readdirSync(out)) {
      if (/\.(js|mjs|css)$/.test(name)) {
        const file = join(out, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    }
  },
};

export default defineConfig({
  base: "./",
  plugins: [gzipTwins],
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { tepat: "src/tepat.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "tepat.css" : "[name]-[hash][extname]"),
      },
    },
  },
});
