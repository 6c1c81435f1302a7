// Seals at a packing table: the numbers that this office has used, and what a scanned seal means. The same rules as
// packing/rules_seals.py and packing/seal_runs.py; a test holds both sides to the same answers. No document, no network, no clock.
import type { Verdict } from "./kemas-aturan";

export interface GivenSeals {
  upto: number;
  counted: Record<string, number[]>;
  plain: string[];
}

const NUMBER = /^[A-Z0-9][A-Z0-9./-]*$/;
const COUNTED = /^(.*?)([0-9]{1,9})$/;
const LENGTH_MAX = 24;
const SEALS_MAX = 12;
const ELSEWHERE = "lain";

// A seal's number as it is compared; nothing where it is no number.
export function sealNumber(text: string): string | undefined {
  const plain = text.toUpperCase().replace(/\s+/g, "");
  return plain.length <= LENGTH_MAX && NUMBER.test(plain) ? plain : undefined;
}

export class UsedSeals {
  private readonly given: GivenSeals;
  private readonly plain: Set<string>;
  private readonly here = new Map<string, string>();

  constructor(given: GivenSeals) {
    this.given = given;
    this.plain = new Set(given.plain);
  }

  // The box on which a number is; "lain" where this table only knows that it is used.
  on(number: string): string | undefined {
    return this.here.get(number) ?? (this.plain.has(number) || this.counted(number) ? ELSEWHERE : undefined);
  }

  add(numbers: readonly string[], box: string = ELSEWHERE): void {
    numbers.forEach((number) => {
      if (box !== ELSEWHERE || !this.here.has(number)) {
        this.here.set(number, box);
      }
    });
  }

  // Forgets what was put on here and was not taken: the server knows where it really is.
  drop(numbers: readonly string[], box: string): void {
    numbers.filter((number) => this.here.get(number) === box).forEach((number) => this.here.delete(number));
  }

  private counted(number: string): boolean {
    const [, prefix = "", digits = ""] = COUNTED.exec(number) ?? [];
    return digits !== "" && inRuns(this.given.counted[`${prefix} ${digits.length}`] ?? [], Number(digits));
  }
}

function inRuns(runs: readonly number[], value: number): boolean {
  let low = 0;
  let high = runs.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[2 * middle] ?? 0) <= value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && value < (runs[2 * low - 2] ?? 0) + (runs[2 * low - 1] ?? 0);
}

// What a scanned seal means for the closed box before us; `pending` are those scanned for it so far.
export function judgeSeal(box: string, pending: readonly string[], text: string, used: UsedSeals): Verdict {
  const number = sealNumber(text);
  const stop = (outcome: string, facts: Record<string, string>): Verdict => ({ outcome, good: false, box, item: "", count: 0, facts });
  if (number === undefined) {
    return stop("SEAL-UNREADABLE", { number: text.trim().slice(0, LENGTH_MAX) || "(kosong)" });
  }
  if (pending.length >= SEALS_MAX) {
    return stop("SEAL-MANY", { box, most: String(SEALS_MAX) });
  }
  if (pending.includes(number)) {
    return stop("SEAL-TWICE", { number, box });
  }
  const other = used.on(number);
  if (other !== undefined) {
    return stop("SEAL-USED", { number, box, other });
  }
  return { outcome: "segel", good: true, box, item: number, count: 1, facts: {} };
}
