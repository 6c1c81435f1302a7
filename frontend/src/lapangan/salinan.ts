// The second copy of what is not sent: a file, or a film for another phone, and both read back.
import { base64url, fromBase64url, sha256Hex } from "./bita";
import type { Parcel } from "./bingkai";
import type { Bound, SentEvent } from "./kawat";
import { keepEvent, looksLikeEvent } from "./peristiwa";
import { get, keep, put, unsentEvents, unsentPhotos, write } from "./simpanan";

const NAME = "tepat-lapangan";
const VERSION = 1;

interface CopyFile {
  name: typeof NAME;
  version: number;
  events: SentEvent[];
  photos: { sha256: string; event: string; bytes: string }[];
}

export async function copyToFile(identity: Bound): Promise<File> {
  const [events, photos] = await Promise.all([unsentEvents(), unsentPhotos()]);
  const copy: CopyFile = {
    name: NAME,
    version: VERSION,
    events: events.map((event) => event.wire),
    photos: photos.map((photo) => ({ sha256: photo.sha256, event: photo.event, bytes: base64url(photo.bytes) })),
  };
  await keep("copied_at", Date.now());
  const moment = new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-");
  const post = identity.post.replace(/[^a-z0-9]+/gi, "-");
  return new File([JSON.stringify(copy)], `tepat-belum-terkirim-${post}-${moment}.json`, { type: "application/json" });
}

export async function copyAsFilm(identity: Bound): Promise<Parcel> {
  const events = await unsentEvents();
  const { person, name } = identity;
  return { what: "salinan", person, name, word: identity.post, events: events.map((event) => event.wire) };
}

export interface Taken {
  fresh: number;
  known: number;
}

/** Keeps the events of another phone, to be carried to the office unchanged. */
export async function takeEvents(events: unknown[]): Promise<Taken> {
  const sound = events.filter(looksLikeEvent);
  let fresh = 0;
  await write(async (writing) => {
    for (const event of sound) {
      fresh += Number(await keepEvent(writing, event, false));
    }
  });
  return { fresh, known: sound.length - fresh };
}

/** @throws SyntaxError or TypeError where the file is no copy. */
export async function takeFile(file: File): Promise<Taken> {
  const copy = JSON.parse(await file.text()) as CopyFile;
  if (copy?.name !== NAME || !Array.isArray(copy.events)) {
    throw new TypeError("no copy");
  }
  const taken = await takeEvents(copy.events);
  for (const photo of copy.photos ?? []) {
    const bytes = fromBase64url(photo.bytes);
    const same = (await sha256Hex(bytes)) === photo.sha256;
    if (same && (await get("photo", photo.sha256)) === undefined) {
      await put("photo", { sha256: photo.sha256, event: photo.event, bytes, kept_at: Date.now(), sent: 0 });
    }
  }
  return taken;
}
