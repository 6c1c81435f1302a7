// Reading QR codes from the camera: the browser's own detector, else ours on a centre crop in a worker.
import { h } from "./unsur";

const CROP_PX = 240;
/** Films of QR codes are denser than labels. */
const FILM_PX = 480;
const SAME_AGAIN_MS = 2500;
const PAUSE_MS = 60;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (how: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

export interface Scanner {
  element: HTMLElement;
  stop(): void;
  /** The picture that the camera sees now, or nothing. */
  video: HTMLVideoElement;
}

/** Opens the camera and calls `seen` with each code; the same code again only after a while. */
export function scanner(seen: (text: string) => void, trouble: (words: string) => void): Scanner {
  const video = h("video", { muted: true, playsinline: true, "aria-label": "Gambar kamera" });
  video.muted = true;
  const lamp = h("button", { type: "button", class: "lampu", hidden: true, "aria-pressed": "false" }, "Lampu");
  const element = h("div", { class: "kamera" }, video, h("span", { class: "bidik", "aria-hidden": "true" }), lamp);
  let stopped = false;
  let stream: MediaStream | undefined;
  let reading: Reading | undefined;
  const last = new Map<string, number>();

  const take = (text: string): void => {
    const before = last.get(text) ?? 0;
    last.set(text, Date.now());
    if (text !== "" && Date.now() - before > SAME_AGAIN_MS) {
      seen(text);
    }
  };

  const run = async (): Promise<void> => {
    stream = await openCamera();
    if (stopped) {
      return close();
    }
    video.srcObject = stream;
    await video.play();
    offerLamp(stream, lamp);
    reading = (await ownDetector()) ?? bundledDetector();
    element.dataset["pembaca"] = reading.name;
    while (!stopped) {
      take(await reading.read(video));
      await new Promise((next) => setTimeout(next, PAUSE_MS));
    }
  };
  const close = (): void => {
    stopped = true;
    stream?.getTracks().forEach((track) => track.stop());
    reading?.close();
  };
  run().catch((fault: unknown) => {
    if (!stopped) {
      element.classList.add("mati");
      trouble(whyNoCamera(fault));
    }
  });
  return { element, stop: close, video };
}

function openCamera(): Promise<MediaStream> {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", ...size }, audio: false });
}

function whyNoCamera(fault: unknown): string {
  const name = fault instanceof DOMException ? fault.name : "";
  if (name === "NotAllowedError") {
    return "Kamera belum diizinkan. Ketik kode label, atau izinkan kamera di setelan peramban.";
  }
  return "Kamera HP ini tidak dapat dipakai. Ketik kode label dengan huruf terakhirnya.";
}

function offerLamp(stream: MediaStream, lamp: HTMLButtonElement): void {
  const track = stream.getVideoTracks()[0];
  const able = track?.getCapabilities?.() as { torch?: boolean } | undefined;
  if (track === undefined || able?.torch !== true) {
    return;
  }
  lamp.hidden = false;
  lamp.addEventListener("click", () => {
    const on = lamp.getAttribute("aria-pressed") !== "true";
    lamp.setAttribute("aria-pressed", String(on));
    void track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
  });
}

interface Reading {
  name: string;
  read(video: HTMLVideoElement): Promise<string>;
  close(): void;
}

async function ownDetector(): Promise<Reading | undefined> {
  const Found = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  try {
    if (Found === undefined || !(await Found.getSupportedFormats()).includes("qr_code")) {
      return undefined;
    }
    const detector = new Found({ formats: ["qr_code"] });
    const read = async (video: HTMLVideoElement): Promise<string> => (await detector.detect(video))[0]?.rawValue ?? "";
    return { name: "peramban", read, close: () => undefined };
  } catch {
    return undefined;
  }
}

function bundledDetector(): Reading {
  const worker = new Worker(new URL("./pembaca.ts", import.meta.url), { type: "module" });
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  let turn = 0;
  const read = (video: HTMLVideoElement): Promise<string> => {
    // Labels are held close and small; every third look is a finer one at more of the picture, for films.
    const film = ++turn % 3 === 0;
    const side = Math.min(video.videoWidth, video.videoHeight) * (film ? 1 : 0.7);
    const size = Math.round(film ? Math.min(side, FILM_PX) : CROP_PX);
    if (brush === null || side === 0) {
      return Promise.resolve("");
    }
    canvas.width = canvas.height = size;
    brush.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, size, size);
    const { data } = brush.getImageData(0, 0, size, size);
    return new Promise((resolve) => {
      worker.onmessage = (said: MessageEvent<{ found: string; took_ms: number }>) => {
        performance.measure?.("qr", { start: performance.now() - said.data.took_ms, duration: said.data.took_ms });
        resolve(said.data.found);
      };
      worker.postMessage({ width: size, height: size, data }, [data.buffer]);
    });
  };
  return { name: "bawaan", read, close: () => worker.terminate() };
}
