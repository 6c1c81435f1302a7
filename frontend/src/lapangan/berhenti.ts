// The red stop: the whole screen says that this box does not belong here, and what to do with it.
import { stop as stopSound } from "./bunyi";
import type { Fault } from "./label";
import { button, h, p } from "./unsur";

interface Words {
  title: string;
  why: (code: string, says: string) => string;
  now: string;
}

const BACK = "Jangan diterima. Taruh terpisah, kembalikan kepada pengantar, dan beri tahu kantor.";
const WORDS: Record<Fault, Words> = {
  dapil: { title: "SALAH DAPIL", why: (code, says) => `Kotak ${code} untuk ${says}.`, now: BACK },
  desa: { title: "SALAH DESA", why: (code, says) => `Kotak ${code} untuk ${says}.`, now: BACK },
  tps: { title: "SALAH TPS", why: (code, says) => `Kotak ${code} (${says}) tidak ada di daftar ini.`, now: BACK },
  lebih: { title: "TIDAK ADA DI DAFTAR", why: (code) => `Kotak ${code} tidak ada di daftar yang ditawarkan.`, now: BACK },
  latihan: {
    title: "LABEL LATIHAN",
    why: (code) => `Label ${code} dicetak untuk latihan; yang dikerjakan di sini sungguhan.`,
    now: "Jangan diterima. Kembalikan kotak latihan ini kepada pengantar dan beri tahu kantor.",
  },
  sungguhan: {
    title: "LABEL SUNGGUHAN",
    why: (code) => `Label ${code} milik pemilihan sungguhan; HP ini sedang dalam mode latihan.`,
    now: "Jangan dibuka dan jangan dipindahkan. Kembalikan ke tempatnya dan beri tahu kantor.",
  },
  kantor: {
    title: "KOTAK KANTOR LAIN",
    why: (code, says) => `Label ${code} milik KPU dengan kode ${says}.`,
    now: "Jangan diterima. Taruh terpisah dan beri tahu kantor sekarang juga.",
  },
  pemilihan: { title: "PEMILIHAN LAIN", why: (code, says) => `Label ${code} untuk ${says}, bukan pemilihan ini.`, now: BACK },
  huruf: {
    title: "LABEL TIDAK COCOK",
    why: (code) => `Huruf terakhir pada ${code} tidak cocok dengan angkanya. Label rusak atau bukan buatan kantor.`,
    now: "Pindai label di sisi lain kotak. Jika tetap begini, taruh terpisah dan beri tahu kantor.",
  },
  versi: {
    title: "LABEL BELUM DIKENAL",
    why: () => "Label ini dibuat untuk halaman yang lebih baru.",
    now: "Buka halaman ini sekali dengan sinyal supaya diperbarui, atau ketik kodenya.",
  },
  "bukan-label": {
    title: "BUKAN LABEL KOTAK",
    why: (code) => `Yang terbaca: “${code}”. Itu bukan label kotak kantor ini.`,
    now: "Pindai label yang tertempel di sisi kotak.",
  },
};

export interface Way {
  words: string;
  act: () => unknown;
}

/** Shows the stop until somebody has read it; `ways` are what may be done besides. */
export function redStop(fault: Fault, code: string, says: string, ways: Way[] = []): Promise<void> {
  const words = WORDS[fault];
  stopSound();
  return new Promise((done) => {
    const dialog = h("dialog", { class: "berhenti", role: "alertdialog", "aria-labelledby": "berhenti-judul", "aria-describedby": "berhenti-isi" });
    const close = (): void => {
      dialog.close();
      dialog.remove();
      done();
    };
    const choices = ways.map((way) =>
      button(way.words, async () => {
        await way.act();
        close();
      }),
    );
    dialog.append(
      h("p", { class: "tanda", "aria-hidden": "true" }, "✕"),
      h("h2", { id: "berhenti-judul" }, words.title),
      h("div", { id: "berhenti-isi" }, p(words.why(code, says)), p(words.now, "lakukan")),
      h("div", { class: "pilihan" }, button("Mengerti", close, "utama"), ...choices),
    );
    dialog.addEventListener("cancel", close, { once: true });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>(".utama")?.focus();
  });
}
