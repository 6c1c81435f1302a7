// A film of QR codes on this screen, and the eye that reads one from another.
import { Gathering, isFrame, type Parcel, toFrames } from "./bingkai";
import { whole, yes } from "./bunyi";
import { scanner } from "./pindai";
import { h, p } from "./unsur";

const FRAME_MS = 350;

type Writer = typeof import("./tulis");
// An address and no name of a module: the bundler's own way of loading weighs more than it does good here.
const WRITER = "tulis.js";

export async function drawQR(canvas: HTMLCanvasElement, text: string): Promise<void> {
  const { correction, generate } = (await import(/* @vite-ignore */ new URL(WRITER, import.meta.url).href)) as Writer;
  generate(text, { minCorrectionLevel: correction.L }).toCanvas(canvas, { on: [0, 0, 0, 255], off: [255, 255, 255, 255] });
}

export interface Film {
  element: HTMLElement;
  stop(): void;
}

/** Shows a parcel, one code after the other, without end. */
export async function film(parcel: Parcel, label: string): Promise<Film> {
  const frames = await toFrames(parcel);
  const canvas = h("canvas", { class: "qr", role: "img", "aria-label": label });
  const place = h("p", { class: "kecil tengah" });
  let at = 0;
  const show = async (): Promise<void> => {
    await drawQR(canvas, frames[at % frames.length] ?? "");
    place.textContent = frames.length > 1 ? `Gambar ${(at % frames.length) + 1} dari ${frames.length}, berganti sendiri` : "";
    at += 1;
  };
  await show();
  // The menu below would cover a part of the code.
  document.body.classList.add("berfilm");
  const timer = frames.length > 1 ? setInterval(() => void show(), FRAME_MS) : 0;
  const stop = (): void => {
    clearInterval(timer);
    document.body.classList.remove("berfilm");
  };
  return { element: h("figure", { class: "film" }, canvas, place), stop };
}

/** Reads a film with the camera. */
export function filmReader(taken: (parcel: Parcel) => void, trouble: (words: string) => void): Film {
  const gathering = new Gathering();
  const said = p("Arahkan kamera ke kode di layar HP lain.", "tengah");
  said.setAttribute("role", "status");
  let done = false;
  const eye = scanner(async (scanned) => {
    const found = !done && isFrame(scanned) ? await gathering.add(scanned) : false;
    if (typeof found === "object") {
      done = true;
      whole();
      taken(found);
    } else if (found) {
      yes();
      const { have, of } = gathering.progress;
      said.textContent = `Terbaca ${have} dari ${of}. Tahan sebentar.`;
    }
  }, trouble);
  return { element: h("div", {}, eye.element, said), stop: eye.stop };
}
