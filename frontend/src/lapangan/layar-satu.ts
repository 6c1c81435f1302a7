// One phone for two people: the receiver confirms on the giver's, with an own card and PIN, or a signature and a photo.
import { type Photo, keepPhoto, shrink } from "./foto";
import { cardsNow, expectedFor, mustBe } from "./keadaan";
import type { Bound, KnownCard, Task } from "./kawat";
import { close, type Confirming, countOf, keepDraft } from "./kerja";
import { sealPin } from "./kunci";
import { countScreen, photoFile } from "./layar-hitung";
import { oneDraft } from "./layar-serah";
import { figures, refusedList, sealRow, shortNotice, signWords } from "./layar-terima";
import { scanner } from "./pindai";
import type { Draft } from "./simpanan";
import { button, h, heading, link, notice, p } from "./unsur";

export async function oneCountScreen(main: HTMLElement, key: string, task: Task, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  const draft = await oneDraft(task, identity);
  return countScreen(main, {
    title: "Satu HP: hitung bersama",
    draft,
    expected: () => expectedFor(identity, draft.expected),
    refusing: true,
    done_words: "Selesai hitung",
    done: async () => {
      await keepDraft(draft);
      go(`#/satu-periksa/${encodeURIComponent(key)}`);
    },
  });
}

export async function oneReviewScreen(main: HTMLElement, key: string, task: Task, go: (to: string) => void): Promise<void> {
  const identity = await mustBe();
  const draft = await oneDraft(task, identity);
  const count = countOf(draft);
  main.replaceChildren(
    heading("Tunjukkan kepada penerima"),
    figures(draft),
    count.missing.length > 0 ? await shortNotice(draft) : "",
    refusedList(draft, () => oneReviewScreen(main, key, task, go)),
    sealRow(draft, key),
    count.good.length + count.refused.length === 0
      ? notice("ingat", "Belum ada kotak yang dihitung.", "Pindai dulu kotaknya.")
      : link("Lanjut: penerima menegaskan", `#/satu-tegas/${encodeURIComponent(key)}`, "utama besar"),
    link("Hitung lagi", `#/satu-hp/${encodeURIComponent(key)}`),
  );
}

/** Who receives: by card, or by name from the list. */
export async function oneConfirmScreen(main: HTMLElement, task: Task, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  const draft = await oneDraft(task, identity);
  const cards = (await cardsNow()).filter((card) => card.person !== identity.person);
  const role = task.other.post.split(":")[0]?.toUpperCase();
  const near = cards.filter((card) => (card.post || card.role) === (card.post === "" ? role : task.other.post));
  const said = h("div", { "aria-live": "polite" });
  let shut = (): void => undefined;
  const chosen = (card: KnownCard, shown: boolean): void => {
    shut();
    pinScreen(main, { card, shown, draft, task, identity, go });
  };
  const scan = button(
    "Pindai kartu penerima",
    () => {
      const eye = scanner(
        (text) => {
          const card = cardIn(text, cards);
          if (card === undefined) {
            said.replaceChildren(notice("bahaya", "Kartu ini tidak dikenal di HP ini.", "Pilih nama penerima di bawah, atau pakai tanda tangan."));
          } else {
            chosen(card, true);
          }
        },
        (trouble) => said.replaceChildren(notice("ingat", trouble)),
      );
      shut = eye.stop;
      said.replaceChildren(eye.element);
    },
    "utama",
  );
  const people = (near.length > 0 ? near : cards).map((card) => button(`${card.name}, kartu ${card.card}`, () => chosen(card, false)));
  const other: KnownCard = { card: "", person: task.other.person, name: task.other.name || task.other.word, post: task.other.post };
  main.replaceChildren(
    heading("Siapa yang menerima?"),
    p(signWords(draft), "redup"),
    scan,
    said,
    people.length > 0 ? h("h2", {}, "Atau pilih namanya") : notice("ingat", "Nama penerima belum sampai di HP ini.", "Pindai kartunya, atau minta kartu cadangan PPK."),
    h("div", { class: "pilihan" }, people),
    other.person === "" ? "" : button(`Tanpa kartu: tanda tangan ${other.name}`, () => signatureScreen(main, { card: other, shown: false, draft, task, identity, go })),
  );
  return () => shut();
}

function cardIn(text: string, cards: KnownCard[]): KnownCard | undefined {
  const words = new Set(text.toUpperCase().split(/[^A-Z0-9-]+/));
  return cards.find((card) => words.has(card.card.toUpperCase()));
}

interface Moment {
  card: KnownCard;
  /** Whether the card itself was shown, not only the name chosen. */
  shown: boolean;
  draft: Draft;
  task: Task;
  identity: Bound;
  go: (to: string) => void;
}

function confirming(moment: Moment, how: Pick<Confirming, "proof" | "pin" | "photos"> & Partial<Confirming>): Confirming {
  const { card, task } = moment;
  return { receiver: card.person, receiver_name: card.name, post: card.post || task.other.post, one_phone: true, ...how };
}

async function finish(moment: Moment, how: Confirming): Promise<void> {
  const note = await close(moment.draft, moment.task, moment.identity, how);
  moment.go(`#/bukti/${note.id}`);
}

function pinScreen(main: HTMLElement, moment: Moment): void {
  const { card, identity } = moment;
  const input = h("input", { id: "pin", type: "password", inputmode: "numeric", maxlength: 6, autocomplete: "off", class: "pin" });
  const said = h("p", { class: "salah", role: "alert" });
  const form = h(
    "form",
    { class: "isian" },
    h("label", { for: "pin" }, `PIN ${card.name}, 6 angka`),
    input,
    said,
    h("button", { class: "tombol utama besar" }, signWords(moment.draft)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!/^\d{6}$/.test(input.value)) {
      said.textContent = "PIN harus 6 angka.";
      return input.focus();
    }
    const pin = input.value;
    const seal = (event: string): ReturnType<typeof sealPin> => sealPin(identity.office_key, pin, card.card, event);
    void finish(moment, confirming(moment, { proof: "kartu-pin", pin: "tersegel", photos: [], seal }));
  });
  main.replaceChildren(
    heading(`Berikan HP kepada ${card.name}`),
    p("Penerima sendiri yang mengetik PIN-nya. PIN dikunci untuk kantor dan tidak tersimpan di HP ini."),
    form,
    button("Lupa PIN", () => signatureScreen(main, { ...moment, shown: moment.shown })),
  );
  input.focus();
}

/** A signature drawn with the finger, and a photo of the receiver with the boxes. */
function signatureScreen(main: HTMLElement, moment: Moment): void {
  const pad = signaturePad();
  const photos: string[] = [];
  const said = h("p", { class: "kecil", role: "status" }, "Foto belum ada.");
  const photo = photoFile("Foto penerima", async (taken: Photo) => {
    await keepPhoto(taken);
    photos.push(taken.sha256);
    said.textContent = "Foto tersimpan.";
  });
  const sign = async (): Promise<void> => {
    if (!pad.drawn()) {
      said.textContent = "Tanda tangan belum ada.";
      return;
    }
    const drawn = await shrink(pad.canvas);
    await keepPhoto(drawn);
    const proof = moment.shown ? "kartu" : "tanda-tangan";
    await finish(moment, confirming(moment, { proof, pin: moment.card.card === "" ? "" : "lupa", photos: [drawn.sha256, ...photos] }));
  };
  main.replaceChildren(
    heading(`Tanda tangan ${moment.card.name}`),
    p("Tulis dengan jari di dalam kotak. Penerimaan tanpa PIN tetap sah dan diberi tanda."),
    pad.canvas,
    h("div", { class: "dua" }, button("Hapus", pad.clear), photo),
    said,
    button(signWords(moment.draft), sign, "utama besar"),
  );
}

function signaturePad(): { canvas: HTMLCanvasElement; drawn: () => boolean; clear: () => void } {
  const canvas = h("canvas", { class: "tanda-tangan", width: 640, height: 320, role: "img", "aria-label": "Tempat tanda tangan" });
  const brush = canvas.getContext("2d");
  let strokes = 0;
  const clear = (): void => {
    strokes = 0;
    if (brush !== null) {
      Object.assign(brush, { fillStyle: "#fff", lineWidth: 5, lineCap: "round", strokeStyle: "#111" });
      brush.fillRect(0, 0, canvas.width, canvas.height);
    }
  };
  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * canvas.width, ((event.clientY - box.top) / box.height) * canvas.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    brush?.beginPath();
    const [x, y] = at(event);
    brush?.moveTo(x, y);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) {
      strokes += 1;
      const [x, y] = at(event);
      brush?.lineTo(x, y);
      brush?.stroke();
    }
  });
  clear();
  return { canvas, drawn: () => strokes > 3, clear };
}
