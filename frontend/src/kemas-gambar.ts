// Drawing the packing table: from its state, whole, each time; a table has some fifty boxes.
import { left, missing, unitOf, type Bench, type Box } from "./kemas-aturan";
import { element, grouped } from "./kemas-bagian";
import type { Given, GivenBox } from "./kemas-kawat";

export interface Sight {
  bench: Bench;
  sealed: ReadonlySet<string>;
  pending: readonly string[];
}

const STATES: Record<string, string> = { segel: "tersegel", tutup: "tertutup", diisi: "sedang diisi", belum: "belum diisi" };

export function isBox(code: string): boolean {
  return /[1-9]$/.test(code);
}

export class Painter {
  private readonly boxes = new Map<string, GivenBox>();

  constructor(private readonly given: Given) {
    given.boxes.forEach((box) => this.boxes.set(box.code, box));
  }

  goodsName(item: string): string {
    return this.given.goods[item]?.[0] ?? item;
  }

  unit(item: string): string {
    return this.given.goods[item]?.[1] ?? "";
  }

  nothingOpen(): HTMLElement {
    const panel = element("div", "meja-kosong");
    panel.append(element("p", "meja-ajakan", "Pindai label kotak"), element("p", "", "Lalu pindai isinya satu per satu."));
    return panel;
  }

  openBox(box: Box, sight: Sight): HTMLElement[] {
    const still = missing(box);
    const list = element("ul", "meja-isi");
    list.setAttribute("role", "list");
    const items = [...still, ...Object.keys(box.needs).filter((item) => !still.includes(item))];
    list.append(...items.map((item) => this.line(box, item)));
    return [this.head(box), this.state(box, still.length, sight), ...this.seals(sight), list];
  }

  private head(box: Box): HTMLElement {
    const given = this.boxes.get(box.code);
    const head = element("div", "meja-kepala");
    const words = this.given.units.find(([unit]) => unit === unitOf(box.code))?.[1] ?? unitOf(box.code);
    const title = element("div", "");
    title.append(
      element("p", "meja-tps", words),
      element("p", "meja-jenis", [given?.words, given?.colour].filter(Boolean).join(" · ")),
      element("p", "meja-kode", box.code),
    );
    head.append(title);
    if (box.mark) {
      const mark = element("div", "meja-dapil");
      mark.append(element("span", "", "DAPIL"), element("strong", "", box.mark));
      head.append(mark);
    }
    return head;
  }

  private state(box: Box, still: number, sight: Sight): HTMLElement {
    if (sight.pending.length > 0) {
      return element("p", "meja-keadaan segel", "Pindai segel berikutnya, atau label kotak sekali lagi untuk mencatat");
    }
    if (sight.sealed.has(box.code)) {
      return element("p", "meja-keadaan tutup", "TERSEGEL");
    }
    if (box.closed) {
      const words = isBox(box.code) ? "TERTUTUP – pasang segelnya, lalu pindai nomornya" : "TERTUTUP";
      return element("p", "meja-keadaan tutup", words);
    }
    return still === 0
      ? element("p", "meja-keadaan lengkap", "LENGKAP – pindai label kotak sekali lagi untuk menutup")
      : element("p", "meja-keadaan", `Masih ${still} macam`);
  }

  private seals(sight: Sight): HTMLElement[] {
    if (sight.pending.length === 0) {
      return [];
    }
    const list = element("ul", "meja-segel");
    list.setAttribute("aria-label", "Segel yang belum dicatat");
    list.append(...sight.pending.map((number) => element("li", "", number)));
    return [list];
  }

  private line(box: Box, item: string): HTMLElement {
    const wanting = left(box, item);
    const row = element("li", wanting > 0 ? "kurang" : "ada");
    const need = box.needs[item] ?? 0;
    const some = wanting > 0 && wanting < need ? `kurang ${grouped(wanting)} dari ` : "";
    row.append(
      element("span", "meja-tanda", wanting > 0 ? "○" : "✓"),
      element("span", "", this.goodsName(item)),
      element("strong", "", `${some}${grouped(need)} ${this.unit(item)}`),
    );
    return row;
  }

  unitRow(unit: string, words: string, sight: Sight, pick: (code: string) => void): HTMLElement {
    const { bench, sealed } = sight;
    const row = element("li", unit === unitOf(bench.current) ? "kini" : "");
    const boxes = Object.values(bench.boxes).filter((box) => unitOf(box.code) === unit);
    const closed = boxes.filter((box) => box.closed).length;
    row.append(element("span", "", words), element("strong", "", `${closed}/${boxes.length}`));
    const chips = element("span", "meja-kotak");
    for (const box of boxes) {
      const state = stateOf(box, sealed);
      const button = element("button", state, box.code.slice(-1)) as HTMLButtonElement;
      button.type = "button";
      button.title = `Buka ${box.code}: ${STATES[state]}`;
      button.setAttribute("aria-label", button.title);
      button.setAttribute("aria-pressed", String(box.code === bench.current));
      button.addEventListener("click", () => pick(box.code));
      chips.append(button);
    }
    row.append(chips);
    return row;
  }
}

function stateOf(box: Box, sealed: ReadonlySet<string>): string {
  if (sealed.has(box.code)) {
    return "segel";
  }
  return box.closed ? "tutup" : Object.keys(box.packed).length > 0 ? "diisi" : "belum";
}
