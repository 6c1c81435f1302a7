// The checklist at a packing table, the same rules as packing/codes.py and packing/rules.py: a wrong dapil or TPS stops the
// work here, without a server. A test holds both sides to the same answers. No document, no network, no clock.

export type Kind = "kotak" | "lot" | "barang";

export interface Code {
  readonly kind: Kind;
  readonly text: string;
}

export interface Box {
  readonly code: string;
  readonly ballot: string;
  readonly mark: string;
  readonly needs: Readonly<Record<string, number>>;
  readonly packed: Readonly<Record<string, number>>;
  readonly closed: boolean;
}

export interface Bench {
  readonly boxes: Readonly<Record<string, Box>>;
  readonly current: string;
}

export interface Verdict {
  readonly outcome: string;
  readonly good: boolean;
  readonly box: string;
  readonly item: string;
  readonly count: number;
  readonly facts: Readonly<Record<string, string>>;
}

// What a scan could not be read for: the code of its sentence, and what the sentence names.
export interface Unread {
  readonly outcome: string;
  readonly facts: Readonly<Record<string, string>>;
}

const LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";
const MODULUS = LETTERS.length;
const VERSION = "1";
const SCAN_LENGTH_MAX = 120;
const GOODS_LENGTH_MAX = 22;
const SHOWN_LENGTH = 40;
const COUNT_MAX = 100_000;
const PREFIXES: Readonly<Record<string, Kind>> = { T: "kotak", L: "lot", B: "barang" };
const OBJECT = /^(\d\d)(\d{4})(\d{3}|PPS|PPK)([1-9A-H])([A-Z])$/;
const LOT = /^(PPWP|DPR|DPD|DPRDP|DPRDK|PGUB|PBUP)-(\d{1,2}|[A-H])-(\d{4})([A-Z])$/;
const GOODS = /^(?!(?:PPWP|DPR|DPD|DPRDP|DPRDK|PGUB|PBUP)-)([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*)\.([A-Z])$/;
const PAYLOAD = /^(L?)([TLB])(\d+):([0-9]{4}):([A-Z0-9-]+):([A-Z0-9.-]+)$/;

const VALUES: Readonly<Record<string, number>> = {
  ...Object.fromEntries([...LETTERS].map((letter, value) => [letter, value])),
  ...Object.fromEntries([..."0123456789"].map((digit, value) => [digit, 8 + value])),
  I: 18,
  O: 19,
  Q: 20,
};

export function checkLetter(text: string): string {
  const characters = [...text.replaceAll("-", "")].reverse();
  const total = characters.reduce((sum, character, place) => sum + (place + 2) * (VALUES[character] ?? 0), 0);
  return LETTERS[(MODULUS - (total % MODULUS)) % MODULUS] ?? "";
}

export function readCode(text: string, office: string, election: string, rehearsal = false): Code | Unread {
  const plain = text.trim().toUpperCase();
  const shown = text.trim().slice(0, SHOWN_LENGTH) || "(kosong)";
  const unknown: Unread = { outcome: "CODE-UNKNOWN", facts: { text: shown } };
  if (text.length > SCAN_LENGTH_MAX) {
    return unknown;
  }
  if (!plain.includes(":")) {
    return typed(plain, shown);
  }
  const found = PAYLOAD.exec(plain);
  if (!found) {
    return unknown;
  }
  const [, drill = "", prefix = "", version = "", givenOffice = "", givenElection = "", body = ""] = found;
  if (version !== VERSION) {
    return { outcome: "CODE-VERSION", facts: { version, known: VERSION } };
  }
  if ((drill !== "") !== rehearsal) {
    return { outcome: drill ? "CODE-REHEARSAL" : "CODE-REAL", facts: {} };
  }
  if (givenOffice !== office.replace(".", "")) {
    const dotted = `${givenOffice.slice(0, 2)}.${givenOffice.slice(2)}`;
    return { outcome: "CODE-OTHER-OFFICE", facts: { office: dotted, own: office } };
  }
  if (givenElection !== election.toUpperCase()) {
    return { outcome: "CODE-OTHER-ELECTION", facts: { election: givenElection, own: election.toUpperCase() } };
  }
  const code = typed(body, shown);
  return "kind" in code && code.kind !== PREFIXES[prefix] ? unknown : code;
}

function typed(plain: string, shown: string): Code | Unread {
  const lot = LOT.exec(plain);
  if (lot) {
    return sure({ kind: "lot", text: `${lot[1]}-${lot[2]}-${lot[3]}` }, lot[4] ?? "", shown);
  }
  const goods = plain.length <= GOODS_LENGTH_MAX ? GOODS.exec(plain) : null;
  if (goods) {
    return sure({ kind: "barang", text: goods[1] ?? "" }, goods[2] ?? "", shown);
  }
  const compact = plain.replace(/[\s-]+/g, "");
  const found = OBJECT.exec(compact) ?? OBJECT.exec(compact.replaceAll("O", "0").replaceAll("I", "1"));
  if (!found || (found[3] === "PPK") !== (found[2] === "0000")) {
    return { outcome: "CODE-UNKNOWN", facts: { text: shown } };
  }
  const text = `${found[1]}${found[2]}-${found[3]}-${found[4]}`;
  return sure({ kind: "kotak", text }, found[5] ?? "", shown);
}

function sure(code: Code, letter: string, shown: string): Code | Unread {
  return checkLetter(code.text) === letter ? code : { outcome: "CODE-CHECK", facts: { text: shown } };
}

export function unitOf(code: string): string {
  return code.slice(0, Math.max(0, code.lastIndexOf("-")));
}

export function left(box: Box, item: string): number {
  return (box.needs[item] ?? 0) - (box.packed[item] ?? 0);
}

export function missing(box: Box): string[] {
  return Object.keys(box.needs).filter((item) => left(box, item) > 0);
}

function setOpen(bench: Bench): boolean {
  const own = Object.values(bench.boxes).filter((box) => unitOf(box.code) === unitOf(bench.current));
  return own.some((box) => Object.keys(box.packed).length > 0) && !own.every((box) => box.closed);
}

function stop(outcome: string, box: string, facts: Readonly<Record<string, string>> = {}, item = ""): Verdict {
  return { outcome, good: false, box, item, count: 0, facts };
}

function go(outcome: string, box: string, item = "", count = 0): Verdict {
  return { outcome, good: true, box, item, count, facts: {} };
}

export function judge(bench: Bench, code: Code, count: number | null = null): Verdict {
  if (code.kind === "kotak") {
    return label(bench, code.text);
  }
  const box = bench.boxes[bench.current];
  if (!box) {
    return stop("PACK-NO-BOX", "");
  }
  if (box.closed) {
    return stop("PACK-BOX-CLOSED", box.code, { box: box.code });
  }
  if (code.kind === "lot") {
    const [ballot = "", mark = ""] = code.text.split("-");
    return wrongLot(box, code, ballot, mark) ?? goods(box, `SS-${ballot}`, count);
  }
  if (code.text.startsWith("SS-")) {
    return stop("PACK-BALLOT-BY-LOT", box.code, { item: code.text });
  }
  return goods(box, code.text, count);
}

function label(bench: Bench, text: string): Verdict {
  const open = bench.boxes[bench.current];
  if (open && text === bench.current) {
    return close(open);
  }
  if (bench.current && setOpen(bench) && unitOf(text) !== unitOf(bench.current)) {
    return stop("PACK-WRONG-TPS", bench.current, { found: unitOf(text), open: unitOf(bench.current) });
  }
  return bench.boxes[text] ? go("kotak", text) : stop("PACK-BOX-UNKNOWN", "", { box: text });
}

function close(box: Box): Verdict {
  if (box.closed) {
    return stop("PACK-BOX-CLOSED", box.code, { box: box.code });
  }
  const still = missing(box);
  if (still.length > 0) {
    return stop("PACK-INCOMPLETE", box.code, { box: box.code, missing: still.sort().join(",") });
  }
  return go("tutup", box.code);
}

function wrongLot(box: Box, code: Code, ballot: string, mark: string): Verdict | undefined {
  const facts = { box: box.code, found: code.text };
  if (ballot !== box.ballot) {
    return stop("PACK-WRONG-BALLOT", box.code, { ...facts, wanted: box.ballot || "–" });
  }
  if (mark !== (box.mark || "0")) {
    return stop("PACK-WRONG-DAPIL", box.code, { ...facts, wanted: box.mark, given: mark });
  }
  return undefined;
}

function goods(box: Box, item: string, count: number | null): Verdict {
  const facts = { box: box.code, item };
  if (!(item in box.needs)) {
    return stop("PACK-NOT-IN-BOX", box.code, facts, item);
  }
  const still = left(box, item);
  const taken = count ?? still;
  if (count !== null && !(count > 0 && count <= COUNT_MAX)) {
    return stop("PACK-NO-COUNT", box.code, facts, item);
  }
  if (still <= 0 || taken > still) {
    return stop("PACK-TOO-MANY", box.code, { ...facts, left: String(Math.max(still, 0)) }, item);
  }
  return go("masuk", box.code, item, taken);
}

export function after(bench: Bench, verdict: Verdict): Bench {
  if (!verdict.good) {
    return bench;
  }
  if (verdict.outcome === "kotak") {
    return { ...bench, current: verdict.box };
  }
  const box = bench.boxes[verdict.box];
  if (!box) {
    return bench;
  }
  const changed: Box =
    verdict.outcome === "tutup"
      ? { ...box, closed: true }
      : { ...box, packed: { ...box.packed, [verdict.item]: (box.packed[verdict.item] ?? 0) + verdict.count } };
  return { ...bench, boxes: { ...bench.boxes, [box.code]: changed } };
}

// "100*KODE": fewer than what is missing, where a carton runs out.
export function splitCount(typedText: string): { count: number | null; text: string } {
  const found = /^\s*(\d{1,6})\s*\*(.*)$/.exec(typedText);
  return found ? { count: Number(found[1]), text: found[2] ?? "" } : { count: null, text: typedText };
}

export function sentence(parts: readonly string[], facts: Readonly<Record<string, string>>): string[] {
  return parts.map((part) => part.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? ""));
}
