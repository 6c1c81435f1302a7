// What a label says, and whether it belongs here. The check letter is the one of src/tepat/packing/codes.py.
import type { Area } from "./kawat";

const LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"; // 23; without I, O and Q, which are read as 1 and 0
const QR = /^(L?)T(\d+):(\d{4}):([A-Z0-9-]+):([A-Z0-9-]+)$/;
const TYPED = /^(\d{6})-?(\d{3}|PPS|PPK)-?([1-9A-H])([A-Z])$/;

export interface Label {
  /** `091015-001-3` */
  code: string;
  /** `kotak:pemilu-2024:091015-001-3`; without election for a typed code */
  office: string;
  election: string;
  /** whether its QR is of a rehearsal; null for a typed code, which does not say */
  rehearsal: boolean | null;
}

export type Read = { label: Label } | { fault: "bukan-label" | "huruf" | "versi" };

function valueOf(letter: string): number {
  return letter >= "0" && letter <= "9" ? 8 + Number(letter) : LETTERS.indexOf(letter);
}

export function checkLetter(code: string): string {
  const letters = [...code.replace(/-/g, "")].reverse();
  const total = letters.reduce((sum, letter, place) => sum + (place + 2) * valueOf(letter), 0);
  return LETTERS.charAt((LETTERS.length - (total % LETTERS.length)) % LETTERS.length);
}

/** Reads a QR text, or a code typed with its check letter last. */
export function readLabel(scanned: string): Read {
  const plain = scanned.toUpperCase().replace(/\s+/g, "");
  const found = QR.exec(plain);
  if (found !== null && found[2] !== "1") {
    return { fault: "versi" };
  }
  const body = found === null ? plain : (found[5] ?? "");
  const parts = TYPED.exec(body) ?? TYPED.exec(body.replace(/O/g, "0").replace(/I/g, "1"));
  if (parts === null) {
    return { fault: "bukan-label" };
  }
  const code = `${parts[1]}-${parts[2]}-${parts[3]}`;
  if (checkLetter(code) !== parts[4]) {
    return { fault: "huruf" };
  }
  const rehearsal = found === null ? null : found[1] !== "";
  return { label: { code, office: found?.[3] ?? "", election: (found?.[4] ?? "").toLowerCase(), rehearsal } };
}

export function objectId(election: string, code: string): string {
  return `${/[A-H]$/.test(code) ? "bundel" : "kotak"}:${election}:${code}`;
}

export function codeOf(object: string): string {
  return object.slice(object.lastIndexOf(":") + 1);
}

export function electionOf(object: string): string {
  return object.split(":")[1] ?? "";
}

/** `TPS 001 · kotak 3` */
export function words(code: string): string {
  const [, unit = "", slot = ""] = code.split("-");
  const set = /^\d/.test(unit) ? `TPS ${unit}` : unit;
  return `${set} · ${/[A-H]/.test(slot) ? "bundel" : "kotak"} ${slot}`;
}

/** What a scan is judged by. */
export interface Expected {
  office: string;
  rehearsal: boolean;
  objects: ReadonlySet<string>;
  areas: Record<string, Area>;
}

export type Verdict =
  | { fits: true; object: string; code: string }
  | { fits: false; fault: Fault; code: string; object: string; says: string };
export type Fault = "bukan-label" | "huruf" | "versi" | "latihan" | "sungguhan" | "kantor" | "pemilihan" | "dapil" | "desa" | "tps" | "lebih";

/** Faults of labels that are nothing of this office's present work: nothing about them is written down. */
export const FOREIGN: ReadonlySet<Fault> = new Set<Fault>(["bukan-label", "huruf", "versi", "latihan", "sungguhan", "kantor", "pemilihan"]);

/** Says whether a scanned label is one of those expected here, and if not, why not. */
export function judge(scanned: string, expected: Expected): Verdict {
  const read = readLabel(scanned);
  if ("fault" in read) {
    return { fits: false, fault: read.fault, code: scanned.slice(0, 40), object: "", says: "" };
  }
  const { code, office, election, rehearsal } = read.label;
  if (rehearsal !== null && rehearsal !== expected.rehearsal) {
    return { fits: false, fault: rehearsal ? "latihan" : "sungguhan", code, object: "", says: "" };
  }
  const elections = new Set([...expected.objects].map(electionOf));
  const object = objectId(election || ([...elections][0] ?? ""), code);
  const no = (fault: Fault, says = ""): Verdict => ({ fits: false, fault, code, object, says });
  if (office !== "" && office !== expected.office.replace(/\./g, "")) {
    return no("kantor", office);
  }
  if (expected.objects.has(object)) {
    return { fits: true, object, code };
  }
  if (election !== "" && elections.size > 0 && !elections.has(election)) {
    return no("pemilihan", election);
  }
  return no(...whereFrom(code, expected));
}

function whereFrom(code: string, expected: Expected): [Fault, string] {
  const desa = code.slice(0, 6);
  const codes = [...expected.objects].map(codeOf);
  const area = expected.areas[desa];
  const own = expected.areas[codes[0]?.slice(0, 6) ?? ""];
  if (area !== undefined && own !== undefined && area.dapil !== own.dapil) {
    return ["dapil", `${area.name}, ${area.dapil}; yang ditunggu ${own.dapil}`];
  }
  if (!codes.some((one) => one.startsWith(desa))) {
    return ["desa", area?.name ?? `kode ${desa}`];
  }
  return codes.some((one) => one.startsWith(code.slice(0, 10))) ? ["lebih", ""] : ["tps", words(code)];
}
