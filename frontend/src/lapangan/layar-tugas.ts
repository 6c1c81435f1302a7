// Today: what comes, what goes, from whom, when, how many.
import { clockErrorMs, mustBe, noteFor, notesNow, tasksNow } from "./keadaan";
import type { Bound, Task } from "./kawat";
import type { Parcel } from "./bingkai";
import { type Film, filmReader } from "./film";
import { onlyWatches, presenceOf, sayPresent } from "./hadir";
import { countOf, findDraft, keyOf } from "./kerja";
import { forgetAge, line, sendNow } from "./kirim";
import type { Note } from "./simpanan";
import { button, h, heading, link, notice, number, p } from "./unsur";
import { clock, day, span } from "./waktu";

const VERBS: Record<Task["direction"], string> = { terima: "Terima", serahkan: "Serahkan", hadir: "Hadiri" };

export async function tasksScreen(main: HTMLElement): Promise<void> {
  const identity = await mustBe();
  const [tasks, notes, error] = await Promise.all([tasksNow(), notesNow(), clockErrorMs()]);
  const cards = await Promise.all(tasks.tasks.map((task) => card(task, notes)));
  main.replaceChildren(
    heading("Tugas hari ini"),
    p(day(Date.now()), "redup"),
    ...warnings(identity, error),
    tasks.refused_devices > 0 ? notice("bahaya", "Ada HP yang ditolak di wilayah Anda.", "Kartunya sudah dipakai HP lain, atau sudah diganti kartu cadangan.", "Beri tahu kantor bila Anda tidak mengenalnya.") : "",
    cards.length > 0 ? h("ul", { class: "kartu-kartu" }, cards) : nothing(identity, tasks.received_at),
    h("div", { class: "pilihan" }, ways(identity, tasks.held.length + notes.length > 0), button("Periksa tugas baru", refresh)),
  );
}

/** What may be done without a task: only what this post may do at all. */
function ways(identity: Bound, holds: boolean): HTMLElement[] {
  const present = presenceOf(identity) === undefined ? [] : [link("Catat kehadiran saya", "#/hadir/sini")];
  if (onlyWatches(identity)) {
    return present;
  }
  const give = holds ? [link("Serahkan yang ada pada saya", "#/serah-baru")] : [];
  if (identity.role === "PPK") {
    present.push(link("Aktifkan kartu cadangan", "#/cadangan"));
  }
  return [link("Terima dengan memindai tawaran", "#/terima/tawaran"), ...give, ...present];
}

async function refresh(): Promise<void> {
  await forgetAge();
  await sendNow();
}

function warnings(identity: Bound, errorMs: number): HTMLElement[] {
  const all: HTMLElement[] = [];
  if (line.state === "ditolak" && line.says !== "") {
    all.push(notice("bahaya", line.says, "Yang tersimpan di HP ini tetap aman."));
  }
  if (Date.parse(identity.valid_to) < Date.now() - errorMs) {
    all.push(notice("bahaya", "Masa berlaku kartu Anda sudah habis.", "Catatan tetap tersimpan dan ditandai.", "Minta kartu baru kepada kantor."));
  }
  if (errorMs !== 0) {
    const side = errorMs > 0 ? "lebih cepat" : "lebih lambat";
    all.push(notice("ingat", `Jam HP ini ${span(errorMs)} ${side} dari jam kantor.`, "Catatan Anda tetap sah; kantor menghitung jam yang benar.", "Betulkan jam HP bila sempat."));
  }
  return all;
}

function nothing(identity: Bound, asked: string): HTMLElement {
  const phone = identity.office.phone;
  const call = !phone ? `Hubungi ${identity.office.name} bila Anda menunggu kiriman.` : `Hubungi ${identity.office.name}, ${phone}.`;
  return asked === ""
    ? notice("ingat", "Daftar tugas belum sampai di HP ini.", "Begitu ada sinyal, daftar datang sendiri.", "Kotak tetap dapat diterima: pindai tawaran di HP pengantar.")
    : notice("baik", "Tidak ada kiriman untuk Anda hari ini.", call);
}

async function card(task: Task, notes: Note[]): Promise<HTMLElement> {
  const key = keyOf(task);
  const note = noteFor(task, notes);
  const to = note === undefined ? `#/${task.direction}/${encodeURIComponent(key)}` : `#/bukti/${note.id}`;
  const who = [task.other.name, task.other.word].filter((word) => word !== "").join(", ");
  const facts = [task.place_word === task.other.word ? "" : task.place_word, task.vehicle, task.paper].filter(Boolean).join(" · ");
  const what = task.direction === "hadir" ? `Hadiri serah terima ${number(task.count)} kotak` : `${VERBS[task.direction]} ${number(task.count)} kotak`;
  return h(
    "li",
    {},
    h(
      "a",
      { href: to, class: `kartu ${task.direction} ${note === undefined ? "" : "selesai"}` },
      h("span", { class: "arah", "aria-hidden": "true" }, task.direction === "terima" ? "↓" : task.direction === "serahkan" ? "↑" : "◉"),
      h("span", { class: "badan" }, h("b", { class: "ujung" }, clock(task.expected_at)), h("b", {}, what), h("span", {}, `${{ terima: "dari", serahkan: "kepada", hadir: "di" }[task.direction]} ${who}`), facts === "" ? "" : h("span", { class: "redup" }, facts), moved(task), await state(task, note)),
    ),
  );
}

/** Where the vehicle is, as its driver said. */
export function moved({ departed_at, arrived_at }: Task): HTMLElement | null {
  const words = [departed_at && `berangkat ${clock(departed_at)}`, arrived_at && `tiba ${clock(arrived_at)}`].filter(Boolean).join(", ");
  return words === "" ? null : h("span", { class: "cap" }, `Kendaraan ${words}`);
}

async function state(task: Task, note: Note | undefined): Promise<HTMLElement | null> {
  if (note !== undefined) {
    const words = { tolak: "ditolak", hadir: "dicatat", selisih: "selisih", periksa: "", terima: "diterima", serahkan: "diserahkan" }[note.work];
    return h("span", { class: `cap ${note.work}` }, `${words} ${clock(note.at)}`);
  }
  const draft = task.direction === "terima" ? await findDraft(`terima|${keyOf(task)}`) : undefined;
  return draft === undefined ? null : h("span", { class: "cap sedang" }, `${draft.expected.length - countOf(draft).missing.length} terhitung`);
}

/** Presence: to be there and to have seen, without holding anything. */
export async function presentScreen(main: HTMLElement, task: Task, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  let eye: Film | undefined;
  const place = h("div", { "aria-live": "polite" });
  const what = p(presentAt(task));
  const read = (): void => {
    const taken = (parcel: Parcel): void => {
      const event = parcel.events.find((one) => one.statement.kind === "custody.offered");
      eye?.stop();
      if (event === undefined) {
        return place.replaceChildren(notice("ingat", "Kode ini bukan tawaran."));
      }
      const { id, objects } = event.statement;
      const { leg, list_hash } = event.payload as { leg: string; list_hash: string };
      Object.assign(task, { leg, objects, count: objects.length, offer: { id, list_hash, objects } });
      task.other.name = parcel.name;
      what.textContent = presentAt(task);
      place.replaceChildren();
    };
    eye = filmReader(taken, (trouble) => place.replaceChildren(notice("ingat", trouble)));
    place.replaceChildren(eye.element);
  };
  main.replaceChildren(
    heading("Kehadiran"),
    what,
    p("Dengan ini Anda mencatat bahwa Anda hadir dan melihat. Anda tidak menjadi pemegang kotak."),
    button("Saya hadir", async () => go(`#/bukti/${(await sayPresent(task, identity)).id}`), "utama besar"),
    task.offer === null ? button("Pindai tawaran di HP penyerah", read) : "",
    place,
    link("Kembali", "#/"),
  );
  return () => eye?.stop();
}

function presentAt(task: Task): string {
  const who = [task.other.name, task.other.word].filter((word) => word !== "").join(", ");
  return task.count > 0 ? `Serah terima ${number(task.count)} kotak, ${who}. ${clock(task.expected_at)}` : "Serah terima yang sedang berlangsung di sini.";
}
