// Counting by scan, without a break: what a receiver does for an hour, and a giver while loading.
import { redStop, type Way } from "./berhenti";
import { Gathering, isFrame, type Parcel } from "./bingkai";
import { whole, yes } from "./bunyi";
import { fromFile, keepPhoto, type Photo, shrink } from "./foto";
import { countOf, keepDraft, noteTyped, tick } from "./kerja";
import { type Expected, type Fault, FOREIGN, judge, words } from "./label";
import { scanner } from "./pindai";
import { bySets, setName } from "./keadaan";
import type { Draft, Reason, RefusedBox } from "./simpanan";
import { button, h, heading, number, p, sayFault } from "./unsur";

export const REASONS: Record<Reason, string> = {
  basah: "Basah",
  rusak: "Rusak",
  salah: "Salah kotak atau isi",
  "segel-rusak": "Segel rusak",
  "segel-beda": "Nomor segel beda",
  terbuka: "Terbuka",
  lain: "Lain",
};

export interface Counting {
  title: string;
  draft: Draft;
  expected: () => Promise<Expected>;
  done: () => void;
  done_words: string;
  /** Whether things may be refused here; a giver who loads only counts. */
  refusing: boolean;
  /** What else may be done with a box that is not on the list. */
  ways?: (object: string) => Way[];
  offered?: (parcel: Parcel) => Promise<string>;
}

/** Puts the counting screen into `main`; returns what stops the camera. */
export async function countScreen(main: HTMLElement, work: Counting): Promise<() => void> {
  const screen = new Screen(main, work);
  await screen.open();
  return () => screen.close();
}

class Screen {
  private readonly gathering = new Gathering();
  private readonly counter = h("output", { class: "hitungan" });
  private readonly bar = h("progress", { class: "batang", "aria-label": "Kemajuan hitungan" });
  private readonly last = h("p", { class: "terakhir", role: "status" });
  private readonly band = h("div", { class: "pita-tolak", hidden: true });
  private readonly typing: HTMLFormElement;
  private readonly eye;
  private reason: Reason | undefined;
  private photo = "";
  private busy: Promise<void> = Promise.resolve();

  constructor(
    private readonly main: HTMLElement,
    private readonly work: Counting,
  ) {
    this.typing = this.typingForm();
    this.eye = scanner(
      (text) => this.queue(text),
      (trouble) => {
        this.last.textContent = trouble;
        this.openTyping();
      },
    );
  }

  async open(): Promise<void> {
    const { work } = this;
    document.body.classList.add("menghitung");
    const problem = button("Kurang / Rusak / Salah", () => this.askReason(), "ingat");
    const type = button("Ketik kode", () => this.openTyping());
    this.main.replaceChildren(
      heading(work.title),
      h("div", { class: "papan" }, this.counter, this.bar),
      this.eye.element,
      this.band,
      this.last,
      this.typing,
      h("div", { class: "aksi" }, work.refusing && problem, h("div", { class: "dua" }, type, button(work.done_words, work.done, "utama"))),
    );
    this.show();
  }

  close(): void {
    document.body.classList.remove("menghitung");
    this.eye.stop();
  }

  /** One scan after the other, however fast they come. */
  private queue(text: string): void {
    this.busy = this.busy.then(() => this.take(text)).catch((fault: unknown) => console.error(fault));
  }

  private async take(text: string): Promise<void> {
    if (isFrame(text)) {
      return this.takeFrame(text);
    }
    const { draft } = this.work;
    if (draft.expected.length === 0) {
      this.last.textContent = "Daftarnya belum ada. Pindai dulu tawaran di HP pengantar.";
      return;
    }
    const verdict = judge(text, await this.work.expected());
    noteTyped(draft, verdict.object, text);
    if (!verdict.fits && !draft.extra.includes(verdict.object)) {
      await redStop(verdict.fault, verdict.code, verdict.says, this.waysFor(verdict.object, verdict.fault));
      return this.show();
    }
    const { object, code } = verdict;
    if (!tick(draft, object, this.refusal())) {
      return;
    }
    await keepDraft(draft);
    const count = countOf(draft);
    (count.missing.length === 0 && this.reason === undefined ? whole : yes)();
    this.last.textContent = `${code}: ${words(code)}${this.reason === undefined ? "" : `, ditolak (${REASONS[this.reason].toLowerCase()})`}`;
    this.show();
  }

  private waysFor(object: string, fault: Fault): Way[] {
    return FOREIGN.has(fault) ? [] : (this.work.ways?.(object) ?? []);
  }

  private async takeFrame(text: string): Promise<void> {
    if (this.work.offered === undefined) {
      return;
    }
    const found = await this.gathering.add(text);
    if (typeof found === "object") {
      const trouble = await this.work.offered(found);
      this.last.textContent = trouble === "" ? `Tawaran dari ${found.name || found.word} terbaca. Sekarang pindai kotaknya.` : trouble;
      whole();
      this.show();
    } else if (found) {
      const { have, of } = this.gathering.progress;
      this.last.textContent = `Tawaran terbaca ${have} dari ${of}. Tahan sebentar.`;
    }
  }

  private refusal(): RefusedBox | undefined {
    const note = this.band.querySelector("input")?.value.trim() ?? "";
    return this.reason && { reason: this.reason, note, photo: this.photo };
  }

  private show(): void {
    const { draft } = this.work;
    const count = countOf(draft);
    const seen = draft.expected.length - count.missing.length;
    const refused = count.refused.length > 0 ? h("small", { class: "ditolak" }, `${count.refused.length} ditolak`) : null;
    const extra = draft.extra.length > 0 ? h("small", {}, `${draft.extra.length} tambahan`) : null;
    this.counter.replaceChildren(h("b", {}, number(seen)), ` dari ${number(draft.expected.length)}`, refused ?? "", extra ?? "");
    this.bar.max = Math.max(1, draft.expected.length);
    this.bar.value = seen;
    this.main.classList.toggle("lengkap", count.missing.length === 0 && draft.expected.length > 0);
  }

  private typingForm(): HTMLFormElement {
    const input = h("input", {
      id: "kode",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: 60,
      "aria-describedby": "kode-salah",
    });
    const wrong = h("p", { id: "kode-salah", class: "salah", role: "alert" });
    const form = h(
      "form",
      { class: "ketik", hidden: true },
      h("label", { for: "kode" }, "Kode di label dan huruf terakhirnya"),
      h("div", { class: "sebaris" }, input, h("button", { class: "tombol utama" }, "Tambah")),
      wrong,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.typed(input, wrong);
    });
    return form;
  }

  /** Takes the code away at once: a scanner on a cable types the next one without waiting. */
  private async typed(input: HTMLInputElement, wrong: HTMLElement): Promise<void> {
    const code = input.value;
    input.value = "";
    input.focus();
    const verdict = judge(code, await this.work.expected());
    const slip = !verdict.fits && (verdict.fault === "huruf" || verdict.fault === "bukan-label");
    wrong.textContent = slip ? `${code}: huruf terakhir atau susunannya tidak cocok. Contoh: 091015-001-3K. Baca lagi dari label.` : "";
    if (slip) {
      input.value ||= code;
    } else {
      this.queue(code);
    }
  }

  private openTyping(): void {
    this.typing.hidden = false;
    this.main.classList.add("mengetik");
    this.typing.querySelector("input")?.focus();
  }

  private async askReason(): Promise<void> {
    const { missing } = countOf(this.work.draft);
    const sheet = h("dialog", { class: "lembar", "aria-labelledby": "lembar-judul" });
    const close = (): void => {
      sheet.close();
      sheet.remove();
    };
    const reasons = Object.entries(REASONS).map(([reason, name]) =>
      button(name, () => {
        close();
        this.startRefusing(reason as Reason);
      }),
    );
    sheet.append(
      h("h2", { id: "lembar-judul" }, "Apa yang salah?"),
      p("Pilih sebabnya, lalu pindai kotak yang ditolak."),
      h("div", { class: "kisi" }, reasons),
      missing.length > 0 && missing.length < this.work.draft.expected.length ? await missingList(missing) : "",
      button("Kembali menghitung", close, "utama"),
    );
    sheet.addEventListener("cancel", close, { once: true });
    document.body.append(sheet);
    sheet.showModal();
  }

  private startRefusing(reason: Reason): void {
    this.reason = reason;
    this.photo = "";
    const note = h("input", { id: "catatan", maxlength: 200, autocomplete: "off" });
    const said = h("p", { class: "kecil", role: "status" }, "Foto belum ada.");
    this.band.replaceChildren(
      h("p", {}, h("strong", {}, `Menolak: ${REASONS[reason].toLowerCase()}.`), " Pindai setiap kotak yang ditolak."),
      reason === "lain" ? h("label", { for: "catatan" }, "Sebabnya", note) : "",
      h("div", { class: "dua" }, this.photoButton(said), button("Selesai menolak", () => this.stopRefusing(), "utama")),
      said,
    );
    this.band.hidden = false;
    this.main.classList.add("menolak");
    this.band.scrollIntoView({ block: "nearest" });
  }

  private photoButton(said: HTMLElement): HTMLElement {
    const kept = async (photo: Photo): Promise<void> => {
      await keepPhoto(photo);
      this.photo = photo.sha256;
      for (const box of Object.values(this.work.draft.refused)) {
        box.photo ||= box.reason === this.reason ? photo.sha256 : "";
      }
      await keepDraft(this.work.draft);
      said.textContent = `Foto tersimpan (${Math.ceil(photo.bytes.length / 1024)} KB).`;
    };
    if (this.eye.element.classList.contains("mati")) {
      return photoFile("Ambil foto", kept);
    }
    return button("Ambil foto", async () => kept(await shrink(this.eye.video)));
  }

  private stopRefusing(): void {
    this.reason = undefined;
    this.band.hidden = true;
    this.main.classList.remove("menolak");
    this.show();
  }
}

/** A button for a photo from the phone's own camera or gallery. */
export function photoFile(name: string, taken: (photo: Photo) => Promise<void>): HTMLElement {
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hanya-pembaca" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) {
      input.value = "";
      fromFile(file).then(taken).catch(sayFault);
    }
  });
  return h("label", { class: "tombol" }, name, input);
}

/** Codes that nobody has seen yet, by their sets. */
export async function missingList(missing: string[]): Promise<HTMLElement> {
  const rows = await Promise.all(
    [...bySets(missing)].map(async ([unit, codes]) => h("li", {}, h("b", {}, await setName(unit)), `: ${codes.join(", ")}`)),
  );
  return h("details", { class: "daftar", open: missing.length <= 10 }, h("summary", {}, `${number(missing.length)} kotak belum terlihat`), h("ul", {}, rows));
}

