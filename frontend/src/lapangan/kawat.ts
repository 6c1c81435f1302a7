// What travels between the field page and the office: the same shapes as src/tepat/field/wire.py. Moments are UTC, ISO 8601
// with milliseconds and `Z`; hashes and salts lower-case hexadecimal; signatures and keys base64url without padding.
// Fields with a question mark are said by an office that knows them; the page works without.

export interface PublicKey {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
}

/**
 * What only the office can read: ECDH P-256 with a key made for this once, HKDF-SHA-256 (no salt, info `tepat pin 1`),
 * AES-256-GCM. Inside is `{card, pin}` in the form of RFC 8785; the additional data is the event's id, or the SHA-256 of the
 * invitation's code when a PIN is chosen.
 */
export interface SealedPin {
  key: PublicKey;
  iv: string;
  box: string;
}

/** `POST /lapangan/ikat/` */
export interface Bind {
  code: string;
  public_key: PublicKey;
  pin: SealedPin | null;
}

export interface Office {
  /** `33.16` */
  code: string;
  name: string;
  /** IANA name: `Asia/Jakarta`. */
  time_zone: string;
  phone?: string;
}

export interface Bound {
  device: string;
  person: string;
  /** The person's own name, shown on this phone only. */
  name: string;
  role: string;
  role_word: string;
  /** `pps:33.16.09.1015`; empty for a spare card that nobody has activated yet. */
  post: string;
  area_code: string;
  valid_from: string;
  valid_to: string;
  mode: string;
  card: string;
  office: Office;
  office_key: PublicKey;
  received_at: string;
}

/** `GET /lapangan/kunci/` */
export interface Keys {
  office_key: PublicKey;
  office: Office;
  mode: string;
  received_at: string;
}

export interface Party {
  post: string;
  word: string;
  person: string;
  name: string;
}

export interface OpenOffer {
  id: string;
  list_hash: string;
  objects: string[];
}

export interface Task {
  /** `hadir`: be there and see, hold nothing. */
  direction: "terima" | "serahkan" | "hadir";
  other: Party;
  count: number;
  /** Object ids: `kotak:pemilu-2024:091015-001-3`. */
  objects: string[];
  leg: string;
  trip: string;
  place: string;
  expected_at: string;
  offer: OpenOffer | null;
  place_word?: string;
  vehicle?: string;
  /** Number of the surat jalan, as printed. */
  paper?: string;
  /** When the trip's driver said so. */
  departed_at?: string;
  arrived_at?: string;
}

export interface KnownCard {
  card: string;
  person: string;
  name: string;
  post: string;
  role?: string;
}

/** A desa or PPK of the office, by the first six digits of its labels. */
export interface Area {
  name: string;
  dapil: string;
}

/** `GET /lapangan/tugas/`, with `Authorization: Tepat DEVICE AT SIGNATURE` over RFC 8785 of `{ask: path, at, device}`. */
export interface Tasks {
  received_at: string;
  tasks: Task[];
  held: string[];
  cards: KnownCard[];
  day: string;
  refused_devices: number;
  areas?: Record<string, Area>;
  /** Seal numbers put on at packing, by object id, where known. */
  seals?: Record<string, string[]>;
}

/** What a device signs, in the form of RFC 8785. */
export interface Statement {
  id: string;
  kind: string;
  kind_version: number;
  claimed_at: string;
  device: string;
  counter: number;
  mode: string;
  actor: string;
  objects: string[];
  place: string;
  payload_hash: string;
  /** SHA-256 of photos and of signatures drawn on the screen. */
  evidence: string[];
}

/** One event; a phone may also carry events of another phone, unchanged. */
export interface SentEvent {
  statement: Statement;
  payload: Payload;
  salt: string;
  signature: string;
  pin?: SealedPin;
}

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };
export type Payload = { [key: string]: Plain };

/** `POST /lapangan/kirim/`. `device` is the phone that brings the events, `left` how many stay on it besides these. */
export interface Sending {
  device: string;
  sent_at: string;
  events: SentEvent[];
  left: number;
}

/** Each of the three answers is a receipt: taken, known already, or kept in the tray with a reason. */
export interface Answer {
  id: string;
  answer: "diterima" | "sudah" | "nampan";
  code: string;
  text: string;
}

export interface Receipt {
  received_at: string;
  answers: Answer[];
}

/** A refusal of a whole request. `POST /lapangan/foto/` takes the bytes of one JPEG and refuses with this too. */
export interface Trouble {
  code: string;
  text: string;
  again: boolean;
}

export const EVENTS_PER_SENDING_MAX = 100;
export const PHOTO_BYTES_MAX = 150 * 1024;
export const OBJECTS_PER_EVENT_MAX = 500;
