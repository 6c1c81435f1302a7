// Looking after boxes: scan what lies here, so that the office has fresh evidence; nothing changes hands.
import { redStop } from "./berhenti";
import { yes } from "./bunyi";
import { heldNow, mustBe, setName, tasksNow } from "./keadaan";
import { onlyWatches } from "./hadir";
import { noteTyped, saySeen } from "./kerja";
import { FOREIGN, judge, objectId, readLabel, words } from "./label";
import { scanner } from "./pindai";
import { button, h, heading, notice, number, p } from "./unsur";

export async function checkScreen(main: HTMLElement, go: (to: string) => void): Promise<() => void> {
  const identity = await mustBe();
  const [held, tasks] = await Promise.all([heldNow(identity), tasksNow()]);
  const known = new Set([...held, ...tasks.tasks.flatMap((task) => task.objects)]);
  const seen = new Set<string>();
  const count = { scanned: [] as string[] };
  const said = h("div", { "aria-live": "polite" });
  const counter = h("output", { class: "hitungan" }, h("b", {}, "0"), " kotak terlihat");
  const take = async (text: string): Promise<void> => {
    const verdict = judge(text, { office: identity.office.code, rehearsal: identity.mode === "latihan", objects: known, areas: tasks.areas ?? {} });
    const read = readLabel(text);
    const mine = "label" in read && verdict.fits === false && !FOREIGN.has(verdict.fault);
    if (!verdict.fits && !mine) {
      return redStop(verdict.fault, verdict.code, verdict.says);
    }
    const election = "label" in read ? read.label.election : "";
    const object = verdict.object || objectId(election, verdict.code);
    if (object.includes("::")) {
      return said.replaceChildren(notice("ingat", "Daftar tugas belum sampai di HP ini.", "Pindai kode QR pada label; ketikan saja belum cukup."));
    }
    noteTyped(count, object, text);
    count.scanned.push(object);
    seen.add(object);
    yes();
    counter.replaceChildren(h("b", {}, number(seen.size)), " kotak terlihat");
    said.replaceChildren(await told(object, verdict.code, held));
  };
  const eye = scanner(
    (text) => void take(text),
    (trouble) => said.replaceChildren(notice("ingat", trouble)),
  );
  const save = async (): Promise<void> => {
    if (seen.size > 0) {
      await saySeen([...seen].sort(), identity.person, "periksa", identity, count);
    }
    go("#/simpan");
  };
  main.replaceChildren(
    heading("Pindai kotak"),
    p(`Pindai kotak yang ada di hadapan Anda. ${onlyWatches(identity) ? "Di sini terbaca kotak apa itu; tidak ada yang dicatat." : "Ini mencatat bahwa kotak terlihat di sini; pemegangnya tidak berubah."}`),
    h("div", { class: "papan" }, counter),
    eye.element,
    said,
    typed(take),
    onlyWatches(identity) ? "" : button("Simpan pemeriksaan", save, "utama"),
  );
  return () => eye.stop();
}

async function told(object: string, code: string, held: ReadonlySet<string>): Promise<HTMLElement> {
  const unit = code.slice(0, code.lastIndexOf("-"));
  return notice(held.has(object) ? "baik" : "ingat", code, `${await setName(unit)}, ${words(code)}`, held.has(object) ? "Ada pada Anda menurut kantor." : "Menurut kantor tidak pada Anda.");
}

function typed(take: (text: string) => Promise<void>): HTMLElement {
  const input = h("input", { id: "kode", autocapitalize: "characters", autocomplete: "off", maxlength: 60 });
  const form = h("form", { class: "ketik" }, h("label", { for: "kode" }, "Atau ketik kode label"), h("div", { class: "sebaris" }, input, h("button", { class: "tombol" }, "Tambah")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void take(input.value).then(() => {
      input.value = "";
      input.focus();
    });
  });
  return form;
}

