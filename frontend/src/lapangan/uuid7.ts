// UUIDv7: unique, and kind to the office's indexes. Never used for order or time.
import { hex } from "./bita";

export function uuid7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place++) {
    bytes[place] = Math.floor(now / 2 ** (8 * (5 - place))) & 255;
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 15);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 63);
  const digits = hex(bytes);
  return [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, digits);
}
