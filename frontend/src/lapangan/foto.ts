// Photos small enough for a slow line, named by their hash.
import { sha256Hex } from "./bita";
import { PHOTO_BYTES_MAX } from "./kawat";
import { get, put, type Writing } from "./simpanan";

const SIDES_PX = [1280, 1024, 800, 640, 480];
const QUALITIES = [0.75, 0.6, 0.45, 0.3];

export interface Photo {
  sha256: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Draws a picture smaller until it fits; without the place and camera data that phones write into files. */
export async function shrink(source: HTMLVideoElement | HTMLCanvasElement | ImageBitmap): Promise<Photo> {
  const [width, height] = source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
  for (const side of SIDES_PX) {
    const scale = Math.min(1, side / Math.max(width, height, 1));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const bytes = await jpeg(canvas, quality);
      if (bytes.length <= PHOTO_BYTES_MAX) {
        return { sha256: await sha256Hex(bytes), bytes };
      }
    }
  }
  throw new RangeError("no picture fits");
}

async function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (blob === null) {
    throw new RangeError("no picture");
  }
  return new Uint8Array(await blob.arrayBuffer());
}

export async function fromFile(file: File): Promise<Photo> {
  const picture = await createImageBitmap(file);
  try {
    return await shrink(picture);
  } finally {
    picture.close();
  }
}

/** Keeps a photo of a receipt that is not signed yet. */
export async function keepPhoto(photo: Photo): Promise<void> {
  if ((await get("photo", photo.sha256)) === undefined) {
    await put("photo", { ...photo, event: "", kept_at: Date.now(), sent: 2 });
  }
}

/** From now on the photo belongs to an event and may be sent after it. */
export async function releasePhotos(writing: Writing, hashes: string[], event: string): Promise<void> {
  for (const hash of hashes) {
    const photo = await writing.get("photo", hash);
    if (photo !== undefined && photo.sent === 2) {
      await writing.put("photo", { ...photo, event, sent: 0 });
    }
  }
}
