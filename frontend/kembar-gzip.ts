// Each built file gets a gzipped twin for the server to hand out.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

// How much zlib looks at before it ends a block; which is best depends on the file.
const MEMORY_LEVELS = [6, 7, 8, 9];

function smallest(content: Buffer): Buffer {
  const tries = MEMORY_LEVELS.map((memLevel) => gzipSync(content, { level: 9, memLevel }));
  return tries.reduce((best, one) => (one.length < best.length ? one : best));
}

export function gzipTwins(out: string): Plugin {
  return {
    name: "gzip-twins",
    closeBundle() {
      for (const name of readdirSync(out)) {
        if (/\.(js|mjs|css)$/.test(name)) {
          const file = join(out, name);
          writeFileSync(`${file}.gz`, smallest(readFileSync(file)));
        }
      }
    },
  };
}
