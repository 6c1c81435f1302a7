// RFC 8785 for what our events hold: text, whole numbers, yes and no, nothing, lists, tables. Fractions have no place in them.
import { sha256Hex, utf8 } from "./bita";
import type { Plain } from "./kawat";

/** @throws TypeError for a fraction, a number that is not exact, or half of a surrogate pair. */
export function canonical(value: Plain): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new TypeError(`not a whole number: ${value}`);
  }
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    return quoted(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  const members = Object.keys(value)
    .sort() // by UTF-16 code units, as the standard wants
    .map((key) => `${quoted(key)}:${canonical(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

function quoted(words: string): string {
  if (/[\ud800-\udbff](?![\udc00-\udfff])/.test(words) || /(?:^|[^\ud800-\udbff])[\udc00-\udfff]/.test(words)) {
    throw new TypeError("half of a surrogate pair");
  }
  return JSON.stringify(words);
}

/** The hash of a list of objects, whatever its order: what an acceptance names. Ids are ASCII, which every language sorts alike. */
export function listHash(objects: Iterable<string>): Promise<string> {
  return sha256Hex(utf8(canonical([...new Set(objects)].sort())));
}
