// Reading seals: an unread seal is no match, and one that differs takes a photo and a second person.
import { keepPhoto } from "./foto";
import { cardsNow, mustBe, tasksNow } from "./keadaan";
import type { Task } from "./kawat";
import { countOf, findDraft, keepDraft, keyOf } from "./kerja";
import { codeOf, words } from "./label";
import { photoFile } from "./layar-hitung";
import type { Draft, SealReading } from "./simpanan";
import { button, h, heading, link, notice, p } from "./unsur";

const SEALS_MAX = 12;

export async function sealScreen(main: HTMLElement, key: string, task: Task): Promise<void> {
  const draft = (await findDraft(`terima|${keyOf(task)}`)) ?? (await findDraft(`satu-hp|${keyOf(task)}`));
  if (draft === undefined) {
    main.replaceChildren(heading("Segel"), p("Hitungan ini sudah ditutup."), link("Kembali", "#/"));
    return;
  }
  const back = link("Selesai membaca segel", `#/${draft.work === "terima" ? "periksa-terima" : "satu-periksa"}/${encodeURIComponent(key)}`, "utama");
  const { seals = {} } = await tasksNow();
  const rows = countOf(draft).good.map((object) => row(main, key, task, draft, object, seals[object]));
  main.replaceChildren(
    heading("Segel"),
    p("Ketik nomor segel yang Anda baca. Kotak yang tidak dibaca dicatat “belum dibaca”, bukan “cocok”."),
    h("ul", { class: "baris" }, rows),
    back,
  );
}

function row(main: HTMLElement, key: string, task: Task, draft: Draft, object: string, expected: string[] | undefined): HTMLElement {
  const reading = draft.seals[object];
  const state = reading === undefined ? "belum dibaca" : stateOf(reading, expected);
  return h(
    "li",
    {},
    h("span", {}, h("b", {}, codeOf(object)), ` ${words(codeOf(object))}`, h("small", { class: `cap ${{ berbeda: "tolak", "belum dibaca": "sedang" }[state] ?? ""}` }, state)),
    button(reading === undefined ? "Baca" : "Ubah", () => sealForm(main, key, task, draft, object, expected)),
  );
}

function stateOf(reading: SealReading, expected: string[] | undefined): string {
  const numbers = reading.numbers ?? [];
  if (expected === undefined) {
    return numbers.join(", ") || "tanpa nomor";
  }
  return [...numbers].sort().join() === [...expected].sort().join() ? "cocok" : "berbeda";
}

async function sealForm(main: HTMLElement, key: string, task: Task, draft: Draft, object: string, expected: string[] | undefined): Promise<void> {
  const reading: SealReading = { numbers: null, photo: "", second: "", ...draft.seals[object] };
  const input = h("input", { id: "segel", autocapitalize: "characters", autocomplete: "off", maxlength: 200, value: (reading.numbers ?? []).join(" ") });
  const more = h("div", { "aria-live": "polite" });
  const keepIt = async (): Promise<void> => {
    reading.numbers = input.value.toUpperCase().split(/[\s,;]+/).filter((word) => word !== "").slice(0, SEALS_MAX);
    if (reading.numbers.length === 0 && expected === undefined) {
      // Nothing typed and nothing known is no reading.
      delete draft.seals[object];
      await keepDraft(draft);
      return sealScreen(main, key, task);
    }
    const differs = expected !== undefined && stateOf(reading, expected) === "berbeda";
    if (differs && (reading.photo === "" || reading.second === "")) {
      more.replaceChildren(await difference(reading, expected));
      return;
    }
    draft.seals[object] = differs ? reading : { ...reading, second: "" };
    await keepDraft(draft);
    await sealScreen(main, key, task);
  };
  main.replaceChildren(
    heading(`Segel ${codeOf(object)}`),
    h("div", { class: "isian" }, h("label", { for: "segel" }, "Nomor segel, dipisah spasi"), input),
    more,
    button("Simpan", keepIt, "utama"),
    button("Kembali", () => sealScreen(main, key, task)),
  );
  input.focus();
}

async function difference(reading: SealReading, expected: string[]): Promise<HTMLElement> {
  const me = await mustBe();
  const people = (await cardsNow()).filter((one) => one.person !== me.person);
  const choice = h(
    "select",
    { id: "kedua" },
    h("option", { value: "" }, "Pilih orang kedua"),
    people.map((one) => h("option", { value: one.person }, `${one.name}, ${one.card}`)),
  );
  choice.value = reading.second;
  choice.addEventListener("change", () => (reading.second = choice.value));
  const said = h("p", { class: "kecil" }, reading.photo === "" ? "Foto belum ada." : "Foto tersimpan.");
  const photo = photoFile("Foto segel", async (taken) => {
    await keepPhoto(taken);
    reading.photo = taken.sha256;
    said.textContent = "Foto tersimpan.";
  });
  return h(
    "div",
    { class: "pilihan" },
    notice("bahaya", "Nomor segel berbeda.", `Tercatat saat pengepakan: ${expected.join(", ")}.`, "Baca sekali lagi. Jika tetap berbeda, ambil foto dan minta orang kedua ikut membaca."),
    h("div", { class: "isian" }, h("label", { for: "kedua" }, "Orang kedua"), choice),
    photo,
    said,
  );
}
