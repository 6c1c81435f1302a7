// The screen of a packing table. A USB scanner types into the one field and presses Enter; what it means is decided here at
// once, and sent to the server when it answers. What is not sent yet stays in this browser, and the page says so.
import { after, checkLetter, judge, readCode, sentence, splitCount, type Bench, type Box, type Code, type Unread } from "./kemas-aturan";
import { beep, element, grouped, newId, part } from "./kemas-bagian";
import { isBox, Painter, type Sight } from "./kemas-gambar";
import type { Given, GivenBox, Reply, Sent } from "./kemas-kawat";
import { Outbox } from "./kemas-kirim";
import { keepPage, missedArea } from "./kemas-luring";
import { judgeSeal, UsedSeals } from "./kemas-segel";
import { Drawer, type Pending } from "./kemas-simpan";

export { scanOn } from "./kemas-isian";

const CALM_MS = 3000;
const RECENT = 6;

export function startTable(root: HTMLElement): void {
  const data = document.getElementById("data-meja")?.textContent;
  if (data) {
    new Table(root, JSON.parse(data) as Given).start();
  }
}

class Table {
  private readonly painter: Painter;
  private readonly drawer: Drawer;
  private readonly used: UsedSeals;
  private readonly outbox: Outbox;
  private readonly sealed = new Set<string>();
  private readonly field: HTMLInputElement;
  private readonly stopBox: HTMLElement;
  private bench: Bench;
  private pending: Pending;
  private recent: string[] = [];
  private unkept = false;
  private reloadable = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly given: Given,
  ) {
    this.painter = new Painter(given);
    this.drawer = new Drawer(given.session);
    this.used = new UsedSeals(given.seals);
    this.used.add(this.drawer.sealsHeard());
    const boxes = given.boxes.map((box) => ({ ...box, ...this.drawer.since(box.code, given.made) }));
    boxes.filter((box) => box.sealed).forEach((box) => this.sealed.add(box.code));
    this.bench = { boxes: Object.fromEntries(boxes.map((box) => [box.code, plain(box)])), current: "" };
    this.pending = this.drawer.pending();
    this.field = part<HTMLInputElement>(root, "pindai");
    this.stopBox = part(root, "henti");
    const token = (): string => root.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
    this.outbox = new Outbox(this.drawer.queue(), root.dataset["kirim"] ?? "", token, {
      keep: (queue) => this.keep(queue),
      settle: (reply, batch) => this.settle(reply, batch),
      changed: () => this.draw(),
      sealsAfter: () => Math.max(given.seals.upto, this.drawer.heardUpto()),
    });
  }

  start(): void {
    this.outbox.queue.forEach((sent) => this.replay(sent));
    if (this.pending.numbers.length > 0 && this.bench.boxes[this.pending.box]) {
      this.bench = { ...this.bench, current: this.pending.box };
    }
    this.listen();
    if (missedArea(this.given.area)) {
      this.remark("Tanpa jaringan: wilayah itu belum pernah dibuka di komputer ini");
    }
    this.draw();
    // Until here a scan would be lost: the field takes none before somebody listens.
    this.field.disabled = false;
    this.field.placeholder = "";
    this.field.focus();
    this.outbox.start();
    void keepPage(this.root.dataset["pekerja"] ?? "").then((kept) => {
      this.reloadable = kept;
      this.root.dataset["muatUlang"] = kept ? "bisa" : "tidak";
      this.drawState();
    });
  }

  private listen(): void {
    part<HTMLFormElement>(this.root, "isian").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.field.value;
      this.field.value = "";
      if (text.trim()) {
        this.take(text);
      }
    });
    part(this.root, "mengerti").addEventListener("click", () => this.resume());
    part(this.root, "tinggalkan").addEventListener("click", () => this.leave());
    part(this.root, "catat-segel").addEventListener("click", () => this.recordSeals());
    part(this.root, "hapus-segel").addEventListener("click", () => this.forgetSeals());
    part<HTMLFormElement>(this.root, "selesai").addEventListener("submit", (event) => this.mayEnd(event));
    document.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("click", (event) => this.keepFocus(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.outbox.queue.length > 0) {
        event.preventDefault();
      }
    });
  }

  private read(text: string): Code | Unread {
    return readCode(text, this.given.office, this.given.election, this.given.rehearsal);
  }

  // A scan, from its text to what the person sees: nothing here waits for the server.
  private take(typedText: string): void {
    const { count, text } = splitCount(typedText);
    const code = this.read(text);
    if (this.takesSeals() && !("kind" in code) && code.outcome === "CODE-UNKNOWN" && !text.includes(":")) {
      this.takeSeal(text);
    } else if (this.pending.numbers.length > 0) {
      if ("kind" in code && code.kind === "kotak" && code.text === this.pending.box) {
        this.recordSeals();
      } else {
        this.halt("SEAL-PENDING", { box: this.pending.box });
      }
    } else {
      this.takeCode(code, text, count);
    }
  }

  private takeCode(code: Code | Unread, text: string, count: number | null): void {
    const before = this.bench.current;
    if (!("kind" in code)) {
      this.halt(code.outcome, code.facts);
      this.enqueue(text, before, count);
      return;
    }
    const verdict = judge(this.bench, code, count);
    if (!verdict.good) {
      this.halt(verdict.outcome, this.named(verdict.facts));
      this.enqueue(text, before, count);
      return;
    }
    this.bench = after(this.bench, verdict);
    beep(true);
    if (verdict.outcome === "kotak") {
      this.remark(`Kotak ${verdict.box} dibuka`);
      this.draw();
      return;
    }
    const taken = `${grouped(verdict.count)} ${this.painter.unit(verdict.item)} masuk ${verdict.box}`;
    this.remark(verdict.outcome === "tutup" ? `Kotak ${verdict.box} ditutup` : `${this.painter.goodsName(verdict.item)}: ${taken}`);
    this.enqueue(text, before, count);
  }

  // A closed box waits for its seals; a bundle has none.
  private takesSeals(): boolean {
    const box = this.bench.boxes[this.bench.current];
    return box !== undefined && box.closed && isBox(box.code) && !this.sealed.has(box.code);
  }

  private takeSeal(text: string): void {
    const box = this.bench.current;
    const verdict = judgeSeal(box, this.pending.numbers, text, this.used);
    if (!verdict.good) {
      this.halt(verdict.outcome, verdict.facts);
      if (verdict.outcome === "SEAL-USED") {
        this.enqueue(text, box, null); // the ledger shall know that it was tried
      }
      return;
    }
    this.keepPending({ box, numbers: [...this.pending.numbers, verdict.item] });
    this.remark(`Segel ${verdict.item} dipindai untuk ${box}`);
    beep(true);
    this.draw();
  }

  private recordSeals(): void {
    const { box, numbers } = this.pending;
    if (numbers.length > 0) {
      this.used.add(numbers, box);
      this.sealed.add(box);
      this.keepPending({ box: "", numbers: [] });
      this.remark(`Kotak ${box} tersegel: ${numbers.join(", ")}`);
      beep(true);
      this.outbox.add({ id: newId(), box, text: "", count: null, at: new Date().toISOString(), numbers });
    }
    this.field.focus();
  }

  private forgetSeals(): void {
    this.keepPending({ box: "", numbers: [] });
    this.remark("Nomor segel yang belum dicatat dihapus");
    this.draw();
    this.field.focus();
  }

  private keepPending(pending: Pending): void {
    this.pending = pending;
    this.unkept = !this.drawer.keepPending(pending) || this.unkept;
  }

  private enqueue(text: string, box: string, count: number | null): void {
    this.outbox.add({ id: newId(), box, text, count, at: new Date().toISOString() });
  }

  private replay(sent: Sent): void {
    if (sent.numbers !== undefined) {
      this.used.add(sent.numbers, sent.box);
      this.sealed.add(sent.box);
      return;
    }
    const code = this.read(sent.text);
    if ("kind" in code) {
      const bench = { ...this.bench, current: this.bench.boxes[sent.box] ? sent.box : "" };
      const verdict = judge(bench, code, sent.count);
      this.bench = verdict.outcome === "kotak" ? bench : after(bench, verdict);
    }
  }

  // What the server holds is right; where it differs from what was shown here, the work stops and says so.
  private settle(reply: Reply, batch: readonly Sent[]): void {
    this.drawer.hear(reply, this.given.seals.upto);
    this.used.add(reply.seals.numbers);
    const sealings = new Map(batch.filter((sent) => sent.numbers !== undefined).map((sent) => [sent.id, sent]));
    const refused = reply.answers.filter((answer) => answer.code !== "");
    refused.forEach((answer) => this.used.drop(sealings.get(answer.id)?.numbers ?? [], answer.box));
    const waiting = new Set(this.outbox.queue.map((sent) => sent.box));
    const boxes = { ...this.bench.boxes };
    for (const [code, now] of Object.entries(reply.boxes)) {
      const box = boxes[code];
      if (box && !waiting.has(code)) {
        boxes[code] = { ...box, packed: now.packed, closed: now.closed };
        this.sealed[now.sealed ? "add" : "delete"](code);
      }
    }
    this.bench = { ...this.bench, boxes };
    // What was stopped here already is no news; a refused seal always is.
    const shown = (code: string): boolean => Object.hasOwn(this.given.sentences, code);
    const news = refused.find((answer) => sealings.has(answer.id) || (answer.answer === "ditolak" && !shown(answer.code)));
    if (news) {
      this.shout("Server menolak", [news.text, "", ""]);
    }
    reply.answers.filter((answer) => !answer.code && answer.text).forEach((answer) => this.remark(answer.text));
  }

  // A click on a box opens it; only its label, read twice, closes it.
  private pick(code: string): void {
    if (code !== this.bench.current) {
      this.take(code + checkLetter(code));
    }
    this.field.focus();
  }

  private leave(): void {
    if (this.pending.numbers.length > 0) {
      this.halt("SEAL-PENDING", { box: this.pending.box });
      return;
    }
    this.bench = { ...this.bench, current: "" };
    this.remark("Set ditinggalkan; isinya tetap tercatat");
    this.draw();
    this.field.focus();
  }

  // A session that ends takes nothing more: first everything has to be there.
  private mayEnd(event: Event): void {
    const count = this.outbox.queue.length;
    if (count > 0) {
      event.preventDefault();
      delete (event.target as HTMLElement).dataset["terkirim"];
      this.shout("Belum terkirim", [
        `${grouped(count)} pindaian masih di komputer ini.`,
        "Semuanya tetap tersimpan.",
        "Tunggu sampai terkirim, lalu tutup giliran sekali lagi.",
      ]);
    }
  }

  // A stop fills the screen; the scanner's Enter must not wave it away, so only Esc or the button does.
  private halt(outcome: string, facts: Readonly<Record<string, string>>): void {
    const parts = sentence(this.given.sentences[outcome] ?? [outcome], facts);
    const [happened = "", ...rest] = parts;
    const at = happened.indexOf(". ");
    const loud = at > 0 && happened.slice(0, at) === happened.slice(0, at).toUpperCase();
    this.shout(loud ? happened.slice(0, at) : "BERHENTI", [loud ? happened.slice(at + 2) : happened, ...rest]);
    part(this.root, "henti-kode").textContent = `Kode: ${outcome}`;
  }

  private shout(title: string, parts: string[]): void {
    part(this.root, "henti-judul").textContent = title;
    part(this.root, "henti-kejadian").textContent = parts[0] ?? "";
    part(this.root, "henti-aman").textContent = parts[1] ?? "";
    part(this.root, "henti-langkah").textContent = parts[2] ?? "";
    part(this.root, "henti-kode").textContent = "";
    this.stopBox.hidden = false;
    this.field.disabled = true;
    beep(false);
    navigator.vibrate?.([400, 100, 400]);
  }

  private resume(): void {
    this.stopBox.hidden = true;
    this.field.disabled = false;
    this.field.value = "";
    this.field.focus();
  }

  private onKey(event: KeyboardEvent): void {
    if (this.stopBox.hidden) {
      if (event.target === document.body && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
        this.field.focus();
      }
      return;
    }
    if (event.key === "Escape") {
      this.resume();
    } else if (event.key !== "Tab") {
      event.preventDefault();
    }
  }

  private keepFocus(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    if (this.stopBox.hidden && !target.closest("a, button, select, input, summary, label")) {
      this.field.focus();
    }
  }

  private keep(queue: readonly Sent[]): void {
    this.unkept = !this.drawer.keepQueue(queue);
  }

  private remark(line: string): void {
    this.recent = [line, ...this.recent].slice(0, RECENT);
  }

  private named(facts: Readonly<Record<string, string>>): Record<string, string> {
    const found: Record<string, string> = { ...facts };
    if (facts["item"]) {
      found["item"] = this.painter.goodsName(facts["item"]);
    }
    if (facts["missing"]) {
      found["missing"] = facts["missing"].split(",").map((item) => this.painter.goodsName(item)).join(", ");
    }
    return found;
  }

  private draw(): void {
    const box = this.bench.boxes[this.bench.current];
    const sight: Sight = { bench: this.bench, sealed: this.sealed, pending: this.pending.numbers };
    part(this.root, "tinggalkan").hidden = !box;
    part(this.root, "segel").hidden = this.pending.numbers.length === 0;
    part(this.root, "kotak").replaceChildren(...(box ? this.painter.openBox(box, sight) : [this.painter.nothingOpen()]));
    const rows = this.given.units.map(([unit, words]) => this.painter.unitRow(unit, words, sight, (code) => this.pick(code)));
    part(this.root, "daftar").replaceChildren(...rows);
    part(this.root, "terakhir").replaceChildren(...this.recent.map((line) => element("li", "", line)));
    this.drawState();
  }

  private drawState(): void {
    const box = part(this.root, "simpanan");
    const { queue, failed, trouble } = this.outbox;
    const first = queue[0];
    // What is only on its way is no news.
    const quiet = !this.unkept && (!first || (!failed && Date.now() - Date.parse(first.at) < CALM_MS));
    box.className = quiet ? "meja-simpanan aman" : "meja-simpanan tunggu";
    if (quiet) {
      box.textContent = first ? "Sedang dikirim ke server." : "Semua tersimpan di server.";
      return;
    }
    const unkept = "Peramban ini tidak dapat menyimpan. Jangan tutup halaman sebelum semuanya terkirim.";
    const goOn = this.reloadable ? "Teruskan bekerja; halaman ini tetap ada walau dimuat ulang." : "Teruskan bekerja; jangan tutup halaman ini.";
    const since = first ? new Date(first.at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" }) : "";
    const count = first ? `${queue.length} pindaian tersimpan di komputer ini dan belum terkirim, sejak ${since}. ` : "";
    box.textContent = count + (this.unkept ? unkept : trouble || goOn);
  }
}

function plain(box: GivenBox): Box {
  const { code, ballot, mark, packed, closed } = box;
  return { code, ballot, mark, needs: Object.fromEntries(box.needs), packed, closed };
}
