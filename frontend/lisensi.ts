// The notices of the packages inside a bundle, as one text file beside it: minifying takes them out of the code.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Package {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
}

/** Each package with all that it brings, once. */
function withTheirs(names: string[], found = new Map<string, Package>()): Map<string, Package> {
  for (const name of names) {
    const file = join("node_modules", name, "package.json");
    // Types have no code of their own in a bundle.
    if (!found.has(name) && !name.startsWith("@types/") && existsSync(file)) {
      const read = JSON.parse(readFileSync(file, "utf8")) as Package;
      found.set(name, read);
      withTheirs(Object.keys(read.dependencies ?? {}), found);
    }
  }
  return found;
}

function noticeOf({ name, version }: Package): string {
  const folder = join("node_modules", name);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  return `${name} ${version}\n\n${texts.join("\n\n")}\n`;
}

/** Writes `lisensi.txt` into the folder of a bundle. */
export function notices(out: string, names: string[]): Plugin {
  return {
    name: "notices",
    closeBundle() {
      const all = [...withTheirs(names).values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      writeFileSync(join(out, "lisensi.txt"), all.map(noticeOf).join(`\n${"=".repeat(80)}\n\n`));
    },
  };
}
