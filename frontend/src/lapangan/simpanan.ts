// What this phone keeps, in IndexedDB. Nothing leaves it before the office's receipt; events stay after it, as memory.
import type { Bound, SentEvent, Tasks } from "./kawat";

const NAME = "tepat-lapangan";
const VERSION = 1;

export type Sent = "tersimpan" | "diterima" | "sudah" | "nampan";

export interface KeptEvent {
  id: string;
  /** The order in which this phone came to hold it. */
  order: number;
  wire: SentEvent;
  /** Made here, or carried for another phone. */
  own: boolean;
  kept_at: number;
  sent: Sent;
  code: string;
  says: string;
}

export interface KeptPhoto {
  sha256: string;
  event: string;
  bytes: Uint8Array<ArrayBuffer>;
  kept_at: number;
  /** 0: waits; 1: the office has it; 2: its receipt is not signed yet. */
  sent: 0 | 1 | 2;
}

export type Reason = "basah" | "rusak" | "salah" | "segel-rusak" | "segel-beda" | "terbuka" | "lain";

export interface RefusedBox {
  reason: Reason;
  note: string;
  photo: string;
}

export interface SealReading {
  numbers: string[] | null;
  photo: string;
  second: string;
}

/** A count that goes on; kept after every scan, so that a reload costs nothing. */
export interface Draft {
  id: string;
  work: "terima" | "serahkan" | "satu-hp";
  leg: string;
  offer: string;
  list_hash: string;
  giver: string;
  giver_name: string;
  from_post: string;
  to_post: string;
  place: string;
  expected_at: string;
  expected: string[];
  scanned: string[];
  /** Those that were typed and not scanned. */
  typed?: string[];
  extra: string[];
  refused: Record<string, RefusedBox>;
  seals: Record<string, SealReading>;
  begun_at: number;
}

/** What a person shows as proof; made when it is signed. */
export interface Note {
  id: string;
  at: string;
  work: "terima" | "serahkan" | "tolak" | "hadir" | "periksa" | "selisih";
  leg: string;
  offer: string;
  giver: string;
  giver_name: string;
  receiver: string;
  receiver_name: string;
  taken: string[];
  missing: string[];
  refused: string[];
  /** Taken, though the offer does not name it. */
  extra?: string[];
  one_phone: boolean;
  /** Events that belong to it, for the other phone to read. */
  events: string[];
}

export interface Offered {
  id: string;
  leg: string;
  to_post: string;
  objects: string[];
  to_word: string;
  /** Whether a receipt came back. */
  answered: boolean;
}

interface Records {
  identity: Bound;
  keys: CryptoKeyPair;
  /** The invitation's code, while its card is nobody's yet. */
  code: string;
  counter: number;
  order: number;
  tasks: Tasks;
  tasks_at: number;
  clock_error_ms: number;
  sent_at: number;
  copied_at: number;
}

interface Shelves {
  record: Records[keyof Records];
  event: KeptEvent;
  photo: KeptPhoto;
  draft: Draft;
  note: Note;
  offer: Offered;
}

export type Shelf = keyof Shelves;

const SHELVES: Record<Shelf, string> = { record: "", event: "id", photo: "sha256", draft: "id", note: "id", offer: "id" };
const BY_SENT: Shelf[] = ["event", "photo"];

function promised<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** One transaction: all of what it writes is kept, or nothing. */
export class Writing {
  readonly done: Promise<void>;

  constructor(readonly real: IDBTransaction) {
    this.done = new Promise((resolve, reject) => {
      real.oncomplete = () => resolve();
      real.onabort = real.onerror = () => reject(real.error ?? new DOMException("aborted", "AbortError"));
    });
  }

  get<S extends Shelf>(shelf: S, key: string): Promise<Shelves[S] | undefined> {
    return promised(this.real.objectStore(shelf).get(key) as IDBRequest<Shelves[S] | undefined>);
  }

  put<S extends Shelf>(shelf: S, value: Shelves[S], key?: string): Promise<unknown> {
    return promised(this.real.objectStore(shelf).put(value, key));
  }

  delete(shelf: Shelf, key: string): Promise<unknown> {
    return promised(this.real.objectStore(shelf).delete(key));
  }

  all<S extends Shelf>(shelf: S, sent?: Sent | number): Promise<Shelves[S][]> {
    const kept = this.real.objectStore(shelf);
    return promised((sent === undefined ? kept : kept.index("sent")).getAll(sent) as IDBRequest<Shelves[S][]>);
  }
}

let opened: Promise<IDBDatabase> | undefined;

/** @throws DOMException where the browser refuses to keep anything. */
export function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [shelf, keyPath] of Object.entries(SHELVES)) {
        const made = asked.result.createObjectStore(shelf, keyPath === "" ? {} : { keyPath });
        if (BY_SENT.includes(shelf as Shelf)) {
          made.createIndex("sent", "sent");
        }
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** One transaction over everything. */
export async function write<T>(work: (writing: Writing) => Promise<T>): Promise<T> {
  const how: IDBTransactionOptions = { durability: "strict" };
  const writing = new Writing((await open()).transaction(Object.keys(SHELVES), "readwrite", how));
  try {
    const result = await work(writing);
    await writing.done;
    return result;
  } catch (fault) {
    try {
      writing.real.abort();
    } catch {
      // It had ended by itself.
    }
    await writing.done.catch(() => undefined);
    throw fault;
  }
}

async function reading(shelf: Shelf): Promise<Writing> {
  return new Writing((await open()).transaction(shelf));
}

export const get = async <S extends Shelf>(shelf: S, key: string): Promise<Shelves[S] | undefined> => (await reading(shelf)).get(shelf, key);

export const all = async <S extends Shelf>(shelf: S, sent?: Sent | number): Promise<Shelves[S][]> => (await reading(shelf)).all(shelf, sent);

export const put = <S extends Shelf>(shelf: S, value: Shelves[S], key?: string): Promise<unknown> =>
  write((writing) => writing.put(shelf, value, key));

export async function read<K extends keyof Records>(name: K): Promise<Records[K] | undefined> {
  return (await get("record", name)) as Records[K] | undefined;
}

export async function keep<K extends keyof Records>(name: K, value: Records[K]): Promise<void> {
  await put("record", value, name);
}

export async function readIn<K extends keyof Records>(writing: Writing, name: K): Promise<Records[K] | undefined> {
  return (await writing.get("record", name)) as Records[K] | undefined;
}

export async function unsentEvents(): Promise<KeptEvent[]> {
  return (await all("event", "tersimpan")).sort((one, other) => one.order - other.order);
}

export const unsentPhotos = (): Promise<KeptPhoto[]> => all("photo", 0);

export const trayEvents = (): Promise<KeptEvent[]> => all("event", "nampan");
