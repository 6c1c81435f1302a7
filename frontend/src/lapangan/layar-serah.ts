// Giving: show the offer to the other phone, read its receipt, or let the receiver confirm here.
import type { Parcel } from "./bingkai";
import { type Film, film, filmReader } from "./film";
import { sayMoved } from "./hadir";
import { bySets, expectedFor, FREE, freeTasks, heldNow, mustBe, setName, tasksNow } from "./keadaan";
import type { Bound, Task } from "./kawat";
import { findDraft, keepDraft, keyOf, newDraft, offer, signDifference, takeReceipt, withdraw } from "./kerja";
import { codeOf } from "./label";
import { countScreen } from "./layar-hitung";
import { OBJECTS_PER_EVENT_MAX } from "./kawat";
import { moved } from "./layar-tugas";
import { all, type Draft, get, type Note, type Offered } from "./simpanan";
import { button, h, heading, link, notice, number, p } from "./unsur";

export async function parcelOf(what: Parcel["what"], events: string[], identity: Bound): Promise<Parcel> {
  const kept = await Promise.all(events.map((id) => get("event", id)));
  const { person, name } = identity;
  const wires = kept.flatMap((one) => (one === undefined ? [] : [one.wire]));
  return { what, person, name, word: `${identity.role_word} ${identity.post}`, events: wires };
}

async function objectsToGive(task: Task, identity: Bound): Promise<string[]> {
  const held = await heldNow(identity);
  const both = task.objects.filter((object) => held.has(object));
  return (both.length > 0 ? both : task.objects).sort();
}

async function openOffer(task: Task): Promise<Offered | undefined> {
  const offers = await all("offer");
  return offers.find((one) => one.to_post === task.other.post && one.leg === task.leg && !one.answered);
}

/** What these hands hold, and to whom it may go. */
export async function freeScreen(main: HTMLElement): Promise<void> {
  const tasks = await freeTasks();
  const rows = tasks.map((task) =>
    h(
      "li",
      {},
      h(
        "a",
        { class: "kartu serahkan", href: `#/serahkan/${encodeURIComponent(FREE + task.other.post)}` },
        h("span", { class: "arah", "aria-hidden": "true" }, "↑"),
        h("span", { class: "badan" }, h("b", {}, task.other.word), h("span", {}, `${number(task.count)} kotak ada pada Anda`)),
      ),
    ),
  );
  main.replaceChildren(
    heading("Serahkan kepada siapa?"),
    rows.length > 0 ? h("ul", { class: "kartu-kartu" }, rows) : notice("baik", "Tidak ada kotak pada Anda menurut catatan HP ini."),
    link("Kembali", "#/"),
  );
}

export async function giveScreen(main: HTMLElement, key: string, task: Task, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  const offered = await openOffer(task);
  if (offered !== undefined) {
    return offerScreen(main, key, offered, go);
  }
  const loaded = await findDraft(`serahkan|${keyOf(task)}`);
  const objects = loaded !== undefined && loaded.scanned.length > 0 ? loaded.scanned : await objectsToGive(task, identity);
  const tooMany = objects.length > OBJECTS_PER_EVENT_MAX;
  const start = async (): Promise<void> => {
    await offer(task, objects, identity, loaded);
    await giveScreen(main, key, task, go);
  };
  main.replaceChildren(
    heading(`Serahkan kepada ${task.other.name || task.other.word}`),
    p(`${number(objects.length)} kotak${loaded === undefined ? "" : " yang sudah dipindai"}.`),
    await setList(objects),
    tooMany ? notice("bahaya", `Lebih dari ${OBJECTS_PER_EVENT_MAX} kotak.`, "Pindai dulu sebagian, serahkan, lalu ulangi untuk sisanya.") : "",
    objects.length === 0 || tooMany ? "" : button("Tunjukkan tawaran", start, "utama besar"),
    link("Hitung dulu dengan pindai", `#/muat/${encodeURIComponent(key)}`),
    link("Penerima tanpa HP (satu HP)", `#/satu-hp/${encodeURIComponent(key)}`),
    task.trip === "" ? "" : trip(task, identity),
  );
  return () => undefined;
}

function trip(task: Task, identity: Bound): HTMLElement {
  const said = h("p", { role: "status", class: "kecil" });
  const say = (words: string, kind: "custody.departed" | "custody.arrived"): HTMLElement =>
    button(words, async () => {
      const legs = (await tasksNow()).tasks.filter((one) => one.trip === task.trip && one.direction === "serahkan");
      await sayMoved(kind, task, identity, legs.flatMap((one) => one.objects));
      said.textContent = `${words}: tercatat.`;
    });
  return h("section", {}, h("h2", {}, "Perjalanan"), moved(task), h("div", { class: "dua" }, say("Berangkat", "custody.departed"), say("Tiba", "custody.arrived")), said);
}

async function setList(objects: string[]): Promise<HTMLElement> {
  const rows = await Promise.all([...bySets(objects)].map(async ([unit, codes]) => h("li", {}, h("b", {}, await setName(unit)), ` ${codes.length} kotak`)));
  return h("details", { class: "daftar" }, h("summary", {}, `Daftar per TPS (${number(rows.length)})`), h("ul", {}, rows));
}

export async function loadScreen(main: HTMLElement, key: string, task: Task, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  const fresh = newDraft(task, "serahkan", await objectsToGive(task, identity));
  const draft = (await findDraft(fresh.id)) ?? fresh;
  return countScreen(main, {
    title: "Hitung yang diserahkan",
    draft,
    expected: () => expectedFor(identity, draft.expected),
    refusing: false,
    done_words: "Selesai hitung",
    done: async () => {
      await keepDraft(draft);
      go(`#/serahkan/${encodeURIComponent(key)}`);
    },
  });
}

async function offerScreen(main: HTMLElement, key: string, offered: Offered, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  let shown: Film = await film(await parcelOf("tawaran", [offered.id], identity), "Kode tawaran untuk dipindai penerima");
  const place = h("div", {}, shown.element);
  const said = h("div", { "aria-live": "polite" });
  const read = (): void => {
    shown.stop();
    shown = filmReader(
      async (parcel) => {
        const note = await takeReceipt(parcel, identity);
        shown.stop();
        if (typeof note === "string") {
          said.replaceChildren(notice("bahaya", note));
        } else {
          go(note.missing.length + (note.extra?.length ?? 0) > 0 ? `#/selisih/${note.id}` : `#/bukti/${note.id}`);
        }
      },
      (trouble) => said.replaceChildren(notice("ingat", trouble)),
    );
    place.replaceChildren(shown.element);
  };
  const back = async (): Promise<void> => {
    await withdraw(offered, identity);
    go("#/");
  };
  main.replaceChildren(
    heading(`Tawaran untuk ${offered.to_word}`),
    place,
    p(`${number(offered.objects.length)} kotak. Penerima memindai kode ini dengan HP-nya. Sampai diterima, tanggung jawab tetap pada Anda.`),
    said,
    button("Pindai tanda terima", read, "utama"),
    link("Penerima tanpa HP (satu HP)", `#/satu-hp/${encodeURIComponent(key)}`),
    button("Batalkan tawaran", back),
  );
  return () => shown.stop();
}

/** The giver's side of a count that differs. */
export async function differenceScreen(main: HTMLElement, note: Note, go: (to: string) => void): Promise<void> {
  const identity = await mustBe();
  const offered = await get("offer", note.offer);
  const { missing, extra = [] } = note;
  const total = offered?.objects.length ?? 0;
  const codes = (objects: string[]): string => objects.map(codeOf).join(", ");
  main.replaceChildren(
    heading(`Selisih ${number(missing.length + extra.length)} kotak`),
    p(`${note.receiver_name} menghitung ${number(total - missing.length + extra.length)} kotak; Anda menawarkan ${number(total)}.`),
    missing.length > 0 ? notice("ingat", `Belum terlihat: ${codes(missing)}`, "Tanggung jawab atas kotak ini tetap pada Anda sampai ditemukan.") : "",
    extra.length > 0 ? notice("ingat", `Tambahan: ${codes(extra)}`, "Tidak ada di daftar tawaran Anda, tetapi diterima.") : "",
    p("Periksa kendaraan dan tempat berhenti sebelumnya. Jika hitungan memang begitu, tanda tangani."),
    button(
      "Tanda tangani selisih",
      async () => {
        if (offered !== undefined) {
          await signDifference(note, offered, identity);
        }
        go(`#/bukti/${note.id}`);
      },
      "utama",
    ),
    link("Saya tidak setuju", `#/bukti/${note.id}`),
  );
}

/** The draft of a one-phone hand-over: what this phone gives, counted together. */
export async function oneDraft(task: Task, identity: Bound): Promise<Draft> {
  const offered = await openOffer(task);
  const fresh = newDraft(task, "satu-hp", offered?.objects ?? (await objectsToGive(task, identity)));
  const known = await findDraft(fresh.id);
  return (
    known ?? {
      ...fresh,
      offer: offered?.id ?? "",
      giver: identity.person,
      giver_name: identity.name,
      from_post: identity.post,
      to_post: task.other.post,
    }
  );
}
