// Events as a film of QR codes, from one screen to another phone's camera, without any signal.
import { base64url, fromBase64url, hex, sha256, text, utf8 } from "./bita";
import type { Bound, SentEvent } from "./kawat";

/** With its head 266 bytes: a code of 57 modules, which a cheap camera still reads from a hand's breadth. */
const LETTERS_PER_FRAME = 250;
const FRAME = /^F1:([0-9a-f]{6}):(\d+):(\d+):([\w-]+)$/;

/** All that a phone must know of itself to work, but for its key. */
export type Given = Omit<Bound, "device" | "received_at">;

export interface Parcel {
  what: "tawaran" | "tanda-terima" | "salinan" | "kartu";
  /** Who shows it, so that the other side reads a name and not a number. */
  person: string;
  name: string;
  word: string;
  /** What a spare card makes of the phone that reads it. */
  bound?: Given;
  events: SentEvent[];
}

async function through(bytes: Uint8Array<ArrayBuffer>, machine: GenericTransformStream): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(machine)).arrayBuffer());
}

export async function toFrames(parcel: Parcel): Promise<string[]> {
  const packed = await through(utf8(JSON.stringify(parcel)), new CompressionStream("deflate"));
  const name = hex((await sha256(packed)).slice(0, 3));
  const letters = base64url(packed);
  const total = Math.ceil(letters.length / LETTERS_PER_FRAME);
  return Array.from({ length: total }, (_, place) => {
    const part = letters.slice(place * LETTERS_PER_FRAME, (place + 1) * LETTERS_PER_FRAME);
    return `F1:${name}:${place + 1}:${total}:${part}`;
  });
}

export const isFrame = (scanned: string): boolean => FRAME.test(scanned);

/** Gathers frames in whatever order they are seen; another film starts anew. */
export class Gathering {
  private name = "";
  private parts = new Map<number, string>();
  private total = 0;

  get progress(): { have: number; of: number } {
    return { have: this.parts.size, of: this.total };
  }

  /** Takes one frame; returns the parcel when it is whole, and false for a frame that was seen before. */
  async add(scanned: string): Promise<Parcel | boolean> {
    const [, name = "", place = "", total = "", part = ""] = FRAME.exec(scanned) ?? [];
    if (name !== this.name || Number(total) !== this.total) {
      this.name = name;
      this.total = Number(total);
      this.parts.clear();
    }
    const known = this.parts.has(Number(place));
    this.parts.set(Number(place), part);
    if (this.parts.size < this.total || known) {
      return !known;
    }
    return this.whole();
  }

  private async whole(): Promise<Parcel | boolean> {
    const letters = Array.from({ length: this.total }, (_, place) => this.parts.get(place + 1) ?? "").join("");
    try {
      const packed = fromBase64url(letters);
      if (hex((await sha256(packed)).slice(0, 3)) !== this.name) {
        throw new RangeError("damaged");
      }
      return JSON.parse(text(await through(packed, new DecompressionStream("deflate")))) as Parcel;
    } catch {
      this.parts.clear();
      return false;
    }
  }
}
