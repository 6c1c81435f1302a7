// Receiving: count, look at what is short or broken, sign.
import { expectedFor, mustBe, taskOf, taskTo } from "./keadaan";
import type { Bound, Task } from "./kawat";
import { close, type Confirming, countOf, findDraft, keepDraft, newDraft, postFor, saySeen, takeOffer } from "./kerja";
import { codeOf } from "./label";
import { countScreen, missingList, photoFile, REASONS } from "./layar-hitung";
import { keepPhoto } from "./foto";
import type { Draft } from "./simpanan";
import { button, h, heading, link, notice, number, p } from "./unsur";

/** A receipt for which the office had not announced anything: the giver's offer says what it is about. */
export const BY_OFFER = "tawaran";

export async function receivedTask(key: string): Promise<Task | undefined> {
  return key === BY_OFFER ? taskTo({ post: "", word: "pengantar", person: "", name: "" }, "terima") : taskOf(key);
}

async function draftOf(task: Task): Promise<Draft> {
  const fresh = newDraft(task, "terima", task.offer?.objects.length ? task.offer.objects : task.objects);
  return (await findDraft(fresh.id)) ?? fresh;
}

export async function receiveScreen(main: HTMLElement, key: string, task: Task, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  const draft = await draftOf(task);
  return countScreen(main, {
    title: draft.giver_name === "" ? "Terima" : `Terima dari ${draft.giver_name}`,
    draft,
    expected: () => expectedFor(identity, draft.expected),
    refusing: true,
    done_words: "Selesai hitung",
    done: async () => {
      await keepDraft(draft);
      go(`#/periksa-terima/${encodeURIComponent(key)}`);
    },
    ways: (object) => waysWith(object, draft, identity),
    offered: (parcel) => takeOffer(draft, parcel, identity),
  });
}

function waysWith(object: string, draft: Draft, identity: Bound): { words: string; act: () => unknown }[] {
  const find = { words: "Catat sebagai temuan", act: () => saySeen([object], draft.giver || identity.person, "temuan", identity, { ...draft, scanned: [object] }) };
  const own = identity.post.split(":")[1]?.replace(/-\d{3}$/, "").replace(/\./g, "").slice(4) ?? "";
  if (own === "" || !codeOf(object).startsWith(own)) {
    return [find];
  }
  const more = async (): Promise<void> => {
    draft.extra.push(object);
    draft.scanned.push(object);
    await keepDraft(draft);
  };
  return [{ words: "Milik wilayah saya: terima sebagai tambahan", act: more }, find];
}

/** What was counted, before it is signed. */
export async function reviewScreen(main: HTMLElement, key: string, task: Task, go: (to: string) => void): Promise<void> {
  const identity = await mustBe();
  const draft = await draftOf(task);
  const count = countOf(draft);
  const again = link("Hitung lagi", `#/terima/${encodeURIComponent(key)}`);
  const sign = async (): Promise<void> => {
    const note = await close(draft, task, identity, ownConfirming(identity, postFor(draft, task, identity)));
    go(`#/bukti/${note.id}`);
  };
  const nothing = count.good.length + count.refused.length === 0;
  main.replaceChildren(
    heading("Periksa hitungan"),
    figures(draft),
    count.missing.length > 0 ? await shortNotice(draft) : "",
    refusedList(draft, () => reviewScreen(main, key, task, go)),
    nothing ? "" : sealRow(draft, key),
    draft.extra.length > 0 ? notice("ingat", `Tambahan: ${draft.extra.map(codeOf).join(", ")}.`, "Tidak ada di tawaran; dicatat sebagai selisih.") : "",
    nothing ? notice("ingat", "Belum ada kotak yang dihitung.", "Pindai dulu kotaknya.") : button(signWords(draft), sign, `utama besar ${count.missing.length > 0 ? "ingat" : ""}`),
    again,
  );
}

function ownConfirming(identity: Bound, post: string): Confirming {
  const { person, name } = identity;
  return { receiver: person, receiver_name: name, post, proof: "perangkat", one_phone: false, pin: "", photos: [] };
}

export function signWords(draft: Draft): string {
  const { good, refused, missing } = countOf(draft);
  if (good.length === 0) {
    return `Tolak semua: ${number(refused.length)} kotak`;
  }
  const parts = [`Terima ${number(good.length)} kotak`];
  if (refused.length > 0) {
    parts.push(`tolak ${number(refused.length)}`);
  }
  return missing.length + draft.extra.length > 0 ? `Laporkan selisih: ${parts.join(", ").toLowerCase()}` : parts.join(", ");
}

export function figures(draft: Draft): HTMLElement {
  const { good, refused, missing } = countOf(draft);
  const one = (words: string, value: number, look: string): HTMLElement => h("div", { class: value > 0 ? look : "" }, h("dt", {}, words), h("dd", {}, number(value)));
  return h(
    "dl",
    { class: "angka" },
    one("Ditawarkan", draft.expected.length, ""),
    one("Diterima", good.length, "baik"),
    one("Ditolak", refused.length, "bahaya"),
    one("Belum terlihat", missing.length, "ingat"),
    draft.extra.length > 0 ? one("Tambahan", draft.extra.length, "ingat") : "",
  );
}

export async function shortNotice(draft: Draft): Promise<HTMLElement> {
  const { missing } = countOf(draft);
  const counted = draft.expected.length - missing.length;
  const giver = draft.giver_name || "Pengantar";
  return h(
    "div",
    { class: "kabar ingat", role: "status" },
    h("strong", {}, `Hitungan berbeda: ${number(missing.length)} kotak belum terlihat`),
    p(`Ditawarkan ${number(draft.expected.length)} kotak, dihitung ${number(counted)}.`),
    await missingList(missing),
    p(`Hitungan Anda sudah tersimpan. ${giver} tetap memegang tanggung jawab atas yang belum terlihat.`),
    p("Periksa sekali lagi isi kendaraan. Jika tetap berbeda, laporkan selisih.", "lakukan"),
  );
}

export function refusedList(draft: Draft, changed: () => unknown): HTMLElement | string {
  const all = Object.entries(draft.refused);
  if (all.length === 0) {
    return "";
  }
  const rows = all.map(([object, box]) =>
    h(
      "li",
      {},
      h("b", {}, codeOf(object)),
      ` ${REASONS[box.reason].toLowerCase()}${box.note === "" ? "" : `: ${box.note}`}${box.photo === "" ? "" : ", berfoto"}`,
      button("Batal tolak", async () => {
        delete draft.refused[object];
        await keepDraft(draft);
        await changed();
      }),
    ),
  );
  const bare = all.filter(([, box]) => box.photo === "");
  const add = photoFile("Tambahkan foto", async (photo) => {
    await keepPhoto(photo);
    bare.forEach(([, box]) => (box.photo = photo.sha256));
    await keepDraft(draft);
    await changed();
  });
  const advice = notice("ingat", `${number(bare.length)} kotak ditolak tanpa foto.`, "Foto membuat penggantinya lebih cepat datang.");
  return h("section", {}, h("h2", {}, "Ditolak"), h("ul", { class: "baris" }, rows), bare.length > 0 ? advice : "", bare.length > 0 ? add : "");
}

export function sealRow(draft: Draft, key: string): HTMLElement {
  const readings = Object.values(draft.seals);
  const differ = readings.filter((seal) => seal.second !== "" || seal.photo !== "").length;
  const words = readings.length === 0 ? "Segel belum dibaca" : `Segel dibaca pada ${number(readings.length)} kotak${differ > 0 ? `, ${number(differ)} berbeda` : ""}`;
  return h("div", { class: "sebaris segel" }, h("span", {}, words), link("Baca segel", `#/segel/${encodeURIComponent(key)}`));
}
