// The first screen of all: an invitation makes this phone somebody's device.
import { bind } from "./ikat";
import { troubleOf } from "./kantor";
import { sendNow } from "./kirim";
import { waitingScreen } from "./layar-cadangan";
import { scanner } from "./pindai";
import { button, h, heading, notice, p } from "./unsur";

const PIN = /^\d{6}$/;

/** The code of an invitation, from the page's own address or a scanned one. */
export function invitationIn(address: string): string {
  const hash = address.includes("#") ? address.slice(address.indexOf("#") + 1) : "";
  return new URLSearchParams(hash).get("kode") ?? "";
}

export async function notBound(main: HTMLElement, go: (to: string) => void): Promise<() => void> {
  let close = (): void => undefined;
  const place = h("div");
  const scan = button(
    "Pindai kartu undangan",
    () => {
      const eye = scanner(
        (text) => {
          const code = invitationIn(text);
          if (code !== "") {
            go(`#kode=${encodeURIComponent(code)}`);
          }
        },
        (trouble) => place.append(notice("ingat", trouble)),
      );
      close = eye.stop;
      place.replaceChildren(eye.element);
    },
    "utama",
  );
  const input = h("input", { id: "kode-undangan", autocomplete: "off", spellcheck: "false", maxlength: 64 });
  const form = h("form", { class: "isian" }, h("label", { for: "kode-undangan" }, "Atau ketik kode di kartu"), input, h("button", { class: "tombol" }, "Lanjut"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() !== "") {
      go(`#kode=${encodeURIComponent(input.value.trim())}`);
    }
  });
  main.replaceChildren(
    heading("HP ini belum terdaftar"),
    p("Anda menerima kartu undangan dari kantor KPU, PPK, atau PPS. Pindai kode di kartu itu sekali saja. Sesudahnya halaman ini bekerja tanpa sinyal."),
    scan,
    place,
    form,
  );
  return () => close();
}

export async function bindScreen(main: HTMLElement, code: string, done: () => void): Promise<void> {
  const field = (id: string, words: string): HTMLElement =>
    h(
      "div",
      { class: "isian" },
      h("label", { for: id }, words),
      h("input", { id, type: "password", inputmode: "numeric", pattern: "[0-9]{6}", maxlength: 6, autocomplete: "new-password", class: "pin", required: true }),
    );
  const said = h("div", { "aria-live": "polite" });
  const form = h(
    "form",
    {},
    field("pin", "PIN, 6 angka"),
    field("pin-lagi", "PIN sekali lagi"),
    said,
    h("button", { class: "tombol utama", type: "submit" }, "Daftarkan HP ini"),
  );
  const spare = button("Kartu cadangan, tanpa sinyal", () => waitingScreen(main, done, code));
  spare.hidden = navigator.onLine;
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(form, said, code, done).then((reached) => (spare.hidden = reached));
  });
  main.replaceChildren(
    heading("Daftarkan HP ini"),
    p("Buat PIN yang mudah Anda ingat. PIN dipakai bila Anda menerima kotak di HP orang lain. Kartu undangan hanya berlaku untuk satu HP."),
    form,
    spare,
  );
}

/** Says whether the office was reached. */
async function submit(form: HTMLFormElement, said: HTMLElement, code: string, done: () => void): Promise<boolean> {
  const value = (id: string): string => form.querySelector<HTMLInputElement>(`#${id}`)?.value ?? "";
  const submitButton = form.querySelector<HTMLButtonElement>("button[type=submit]");
  if (!PIN.test(value("pin")) || value("pin") !== value("pin-lagi")) {
    const why = PIN.test(value("pin")) ? "Kedua PIN tidak sama." : "PIN harus 6 angka.";
    said.replaceChildren(notice("bahaya", why, "Ketik sekali lagi."));
    form.querySelector<HTMLInputElement>("#pin")?.focus();
    return navigator.onLine;
  }
  submitButton?.setAttribute("disabled", "");
  said.replaceChildren(notice("ingat", "Sedang mendaftarkan. Tunggu, jangan tutup halaman ini."));
  try {
    await bind(code, value("pin"));
    await sendNow();
    done();
    return true;
  } catch (fault) {
    const trouble = troubleOf(fault);
    const words = trouble?.text
      ? [trouble.text, `Kode: ${trouble.code}`]
      : ["Kantor belum terhubung.", "Kartu Anda masih berlaku.", "Cari tempat bersinyal, lalu tekan lagi. Sekali saja; sesudah itu tanpa sinyal."];
    said.replaceChildren(notice("bahaya", ...words));
    return trouble !== undefined;
  } finally {
    submitButton?.removeAttribute("disabled");
  }
}
