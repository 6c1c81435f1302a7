// What is saved here and not yet sent, since when, in words; and its second copy.
import { type Film, film, filmReader } from "./film";
import { mustBe, unsentNow } from "./keadaan";
import { line, sendNow } from "./kirim";
import { KEPT } from "./peristiwa";
import { codeOf } from "./label";
import { save } from "./layar-bukti";
import { copyAsFilm, copyToFile, type Taken, takeEvents, takeFile } from "./salinan";
import { type KeptEvent, read } from "./simpanan";
import { button, h, heading, notice, number, p } from "./unsur";
import { clock, dayAndClock, span } from "./waktu";

const KINDS: Record<string, string> = {
  "custody.offered": "Tawaran",
  "custody.accepted": "Penerimaan",
  "custody.refused": "Penolakan",
  "custody.withdrawn": "Tawaran dibatalkan",
  "custody.count-differs": "Selisih",
  "custody.seen": "Pemeriksaan",
  "custody.present": "Kehadiran",
  "custody.departed": "Berangkat",
  "custody.arrived": "Tiba",
  "identity.spare-activated": "Kartu cadangan",
};

export async function outboxScreen(main: HTMLElement): Promise<() => void> {
  const identity = await mustBe();
  const [unsent, copied = 0] = await Promise.all([unsentNow(), read("copied_at")]);
  const place = h("div", { "aria-live": "polite", "data-hasil": true });
  let shown: Film | undefined;
  const open = (element: Film): void => {
    shown?.stop();
    shown = element;
    place.replaceChildren(element.element);
    place.scrollIntoView({ block: "start" });
  };
  const trouble = (words: string): void => place.replaceChildren(notice("ingat", words));
  const told = (taken: Taken): void => {
    shown?.stop();
    place.replaceChildren(notice("baik", `${number(taken.fresh)} catatan disalin ke HP ini.`, taken.known > 0 ? `${number(taken.known)} sudah ada.` : "", "Akan terkirim dari sini."));
    window.dispatchEvent(new Event(KEPT));
  };
  const waiting = unsent.events.length > 0;
  const asFilm = async (): Promise<void> => open(await film(await copyAsFilm(identity), "Kode salinan untuk HP lain"));
  const readFilm = (): void => open(filmReader((parcel) => void takeEvents(parcel.events).then(told), trouble));
  main.replaceChildren(
    heading("Tersimpan di HP ini"),
    summary(unsent.events.length, unsent.photos, unsent.since, unsent.sent_at),
    lineNotice(),
    button("Kirim sekarang", sendNow, "utama"),
    list("Belum terkirim", unsent.events),
    list("Diperiksa kantor (nampan)", unsent.tray),
    h("h2", {}, "Salinan kedua"),
    p(copied > 0 ? `Salinan terakhir ${dayAndClock(copied)}.` : "Belum pernah disalin. Salinan menjaga catatan bila HP ini hilang atau rusak."),
    h("div", { class: "pilihan" }, waiting && button("Salin ke berkas", async () => save(await copyToFile(identity))), waiting && button("Tunjukkan kode ke HP lain", asFilm)),
    place,
    h("h2", {}, "Bawa milik HP lain"),
    p("Catatan HP lain yang belum terkirim dapat Anda bawa. Isinya tidak berubah, dan sama bila terkirim dua kali."),
    h("div", { class: "pilihan" }, button("Pindai kode dari HP lain", readFilm), fileButton(told, trouble)),
  );
  return () => shown?.stop();
}

function summary(events: number, photos: number, since: number, sent_at: number): HTMLElement {
  if (events === 0 && photos === 0) {
    return notice("baik", "Semua sudah terkirim.", sent_at > 0 ? `Terakhir ${dayAndClock(sent_at)}.` : "");
  }
  const what = [events > 0 ? `${number(events)} catatan` : "", photos > 0 ? `${number(photos)} foto` : ""].filter(Boolean).join(" dan ");
  return notice("ingat", `${what} belum terkirim.`, `Tersimpan di HP ini sejak ${clock(since)}, ${span(Date.now() - since)} yang lalu.`, "Terkirim sendiri begitu ada sinyal. Jangan hapus data peramban.");
}

function lineNotice(): HTMLElement | string {
  if (line.state === "ditolak") {
    return notice("bahaya", line.says || "Kantor belum dapat menerima.", "Catatan tetap tersimpan di HP ini.");
  }
  return line.state === "menunggu" ? p(`Kantor belum terhubung. Dicoba lagi pukul ${clock(line.again_at)}.`, "redup") : "";
}

function list(title: string, events: KeptEvent[]): HTMLElement | string {
  if (events.length === 0) {
    return "";
  }
  const rows = events.slice(0, 50).map((event) => {
    const { kind, claimed_at, objects } = event.wire.statement;
    const first = objects[0] === undefined ? "" : objects.length === 1 || objects[0].startsWith("kartu:") ? codeOf(objects[0]) : `${number(objects.length)} kotak`;
    return h("li", {}, h("span", {}, h("b", {}, KINDS[kind] ?? kind), ` ${first}${event.own ? "" : " (milik HP lain)"}`, event.says === "" ? "" : h("small", {}, event.says)), h("span", {}, clock(claimed_at)));
  });
  return h("section", {}, h("h2", {}, title), h("ul", { class: "baris" }, rows), events.length > 50 ? p(`dan ${number(events.length - 50)} lagi`) : "");
}

function fileButton(told: (taken: Taken) => void, trouble: (words: string) => void): HTMLElement {
  const input = h("input", { type: "file", accept: ".json,application/json", class: "hanya-pembaca" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) {
      input.value = "";
      takeFile(file).then(told, () => trouble("Berkas itu bukan salinan dari halaman ini. Tidak ada yang berubah."));
    }
  });
  return h("label", { class: "tombol" }, "Buka berkas salinan", input);
}
