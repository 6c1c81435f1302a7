// Receipts: on the screen, as a picture to share, and as codes that the other phone carries to the office as well.
import { drawQR, type Film, film } from "./film";
import { mustBe, notesNow } from "./keadaan";
import type { Bound } from "./kawat";
import { parcelOf } from "./layar-serah";
import { get, type KeptEvent, type Note } from "./simpanan";
import { codeOf } from "./label";
import { button, h, heading, link, notice, number, p } from "./unsur";
import { clock, dayAndClock } from "./waktu";

const TITLES: Record<Note["work"], string> = {
  terima: "Tanda terima",
  serahkan: "Tanda serah",
  tolak: "Penolakan",
  hadir: "Kehadiran",
  periksa: "Pemeriksaan",
  selisih: "Selisih",
};
const PICTURE_WIDTH = 720;
const CODES_MAX = 40;

export async function receiptsScreen(main: HTMLElement): Promise<void> {
  const notes = await notesNow();
  const rows = notes.map((note) =>
    h(
      "li",
      {},
      h(
        "a",
        { class: "kartu", href: `#/bukti/${note.id}` },
        h("span", { class: "badan" }, h("span", { class: "ujung" }, clock(note.at)), h("b", {}, `${TITLES[note.work]}${note.taken.length > 0 ? `, ${number(note.taken.length)} kotak` : ""}`), h("span", {}, `${note.giver_name} → ${note.receiver_name}`)),
      ),
    ),
  );
  main.replaceChildren(heading("Bukti"), rows.length > 0 ? h("ul", { class: "kartu-kartu" }, rows) : notice("baik", "Belum ada tanda terima di HP ini."));
}

export async function receiptScreen(main: HTMLElement, note: Note): Promise<() => void> {
  const identity = await mustBe();
  const events = (await Promise.all(note.events.map((id) => get("event", id)))).flatMap((event) => event ?? []);
  const codes = h("div");
  let shown: Film | undefined;
  const show = async (): Promise<void> => {
    shown?.stop();
    shown = await film(await parcelOf("tanda-terima", note.events, identity), "Kode tanda terima untuk dipindai pengantar");
    codes.replaceChildren(shown.element, p("Pengantar memindai kode ini: tanggung jawabnya selesai juga di HP-nya.", "kecil tengah"));
    codes.scrollIntoView({ block: "start" });
  };
  const own = note.receiver === identity.person && note.work !== "hadir";
  main.replaceChildren(
    heading(`${TITLES[note.work]}`),
    paper(note, identity),
    status(events),
    own ? button("Tunjukkan ke pengantar", show, "utama") : "",
    codes,
    button("Bagikan gambar", () => share(note, identity)),
    link("Kembali ke tugas", "#/"),
  );
  return () => shown?.stop();
}

function lines(note: Note): [string, string][] {
  const list = (objects: string[]): string => {
    const some = objects.slice(0, CODES_MAX).map(codeOf).join(", ");
    return objects.length > CODES_MAX ? `${some} dan ${number(objects.length - CODES_MAX)} lagi` : some;
  };
  const all: [string, string][] = [["Waktu", dayAndClock(note.at)]];
  if (note.work === "hadir") {
    return [...all, ["Hadir", note.receiver_name], ["Serah terima", note.giver_name]];
  }
  all.push(["Dari", note.giver_name], ["Kepada", `${note.receiver_name}${note.one_phone ? " (satu HP)" : ""}`]);
  all.push(["Diterima", `${number(note.taken.length)} kotak`]);
  if (note.refused.length > 0) {
    all.push(["Ditolak", `${number(note.refused.length)} kotak: ${list(note.refused)}`]);
  }
  if (note.missing.length > 0) {
    all.push(["Belum terlihat", `${number(note.missing.length)} kotak: ${list(note.missing)}`]);
  }
  if (note.extra?.length) {
    all.push(["Tambahan di luar tawaran", `${number(note.extra.length)} kotak: ${list(note.extra)}`]);
  }
  return all;
}

function paper(note: Note, identity: Bound): HTMLElement {
  const rows = lines(note).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);
  const rehearsal = identity.mode === "latihan" ? h("p", { class: "cap-latihan" }, "LATIHAN") : "";
  return h("section", { class: `nota ${note.work}` }, rehearsal, h("p", { class: "redup" }, identity.office.name), h("dl", {}, rows), h("p", { class: "kecil kode" }, note.id));
}

function status(events: KeptEvent[]): HTMLElement {
  const tray = events.filter((event) => event.sent === "nampan");
  const waiting = events.filter((event) => event.sent === "tersimpan");
  if (tray.length > 0) {
    return notice("ingat", "Kantor menaruhnya di nampan untuk diperiksa.", tray[0]?.says ?? "", "Tidak ada yang hilang. Kantor akan menghubungi bila perlu.");
  }
  return waiting.length > 0
    ? notice("baik", "Sah dan tersimpan di HP ini.", "Belum terkirim ke kantor; terkirim sendiri begitu ada sinyal.")
    : notice("baik", "Sah, dan sudah diterima kantor.");
}

async function share(note: Note, identity: Bound): Promise<void> {
  const canvas = await picture(note, identity);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) {
    throw new Error("no picture");
  }
  const file = new File([blob], `tepat-${note.work}-${note.id.slice(0, 8)}.png`, { type: "image/png" });
  if (navigator.canShare?.({ files: [file] })) {
    // A person who closes the sheet has not failed.
    return navigator.share({ files: [file], title: TITLES[note.work] }).catch(() => undefined);
  }
  save(file);
}

/** Hands a file to the browser's downloads. */
export function save(file: File): void {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function picture(note: Note, identity: Bound): Promise<HTMLCanvasElement> {
  const canvas = document.createElement("canvas");
  canvas.width = PICTURE_WIDTH;
  canvas.height = 2000;
  const brush = canvas.getContext("2d");
  if (brush === null) {
    return canvas;
  }
  const bottom = write(brush, note, identity);
  const qr = document.createElement("canvas");
  // What is written above it, for a scanner instead of an eye.
  await drawQR(qr, `R1:${identity.office.code.replace(/\./g, "")}:${note.id.toUpperCase()}`);
  brush.imageSmoothingEnabled = false;
  brush.drawImage(qr, (PICTURE_WIDTH - 300) / 2, bottom, 300, 300);
  const height = bottom + 330;
  const whole = document.createElement("canvas");
  whole.width = PICTURE_WIDTH;
  whole.height = height;
  whole.getContext("2d")?.drawImage(canvas, 0, 0);
  return whole;
}

function write(brush: CanvasRenderingContext2D, note: Note, identity: Bound): number {
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, PICTURE_WIDTH, 2000);
  brush.fillStyle = "#12464a";
  brush.fillRect(0, 0, PICTURE_WIDTH, 120);
  brush.fillStyle = "#fff";
  brush.font = "bold 44px sans-serif";
  brush.fillText(TITLES[note.work], 40, 62);
  brush.font = "26px sans-serif";
  brush.fillText(`${identity.office.name}${identity.mode === "latihan" ? " · LATIHAN" : ""}`, 40, 100);
  let y = 176;
  for (const [name, value] of [...lines(note), ["Nomor", note.id] as [string, string]]) {
    brush.fillStyle = "#4a5553";
    brush.font = "24px sans-serif";
    brush.fillText(name, 40, y);
    brush.fillStyle = "#101716";
    brush.font = "bold 28px sans-serif";
    for (const row of wrap(brush, value, PICTURE_WIDTH - 80)) {
      y += 36;
      brush.fillText(row, 40, y);
    }
    y += 50;
  }
  return y - 20;
}

function wrap(brush: CanvasRenderingContext2D, text: string, width: number): string[] {
  const rows: string[] = [""];
  for (const word of text.split(" ")) {
    const longer = `${rows[rows.length - 1] ?? ""} ${word}`.trim();
    if (longer !== word && brush.measureText(longer).width > width) {
      rows.push(word);
    } else {
      rows[rows.length - 1] = longer;
    }
  }
  return rows;
}
