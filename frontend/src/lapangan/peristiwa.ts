// Making events: signed by this phone, with its counter, and kept in one transaction with everything that belongs to them.
import { sha256Hex, utf8 } from "./bita";
import { canonical } from "./kanonik";
import type { Bound, Payload, SealedPin, SentEvent, Statement } from "./kawat";
import { newSalt, sign } from "./kunci";
import { type KeptEvent, read, readIn, write, type Writing } from "./simpanan";
import { uuid7 } from "./uuid7";

const ATTEMPTS_MAX = 5;
const SALT = /^[0-9a-f]{64}$/;
/** 64 bytes as base64url. */
const SIGNATURE = /^[\w-]{86}$/;
/** What the window hears when something new waits to be sent. */
export const KEPT = "tepat-tersimpan";

export interface Said {
  id?: string;
  kind: string;
  objects: string[];
  payload: Payload;
  place?: string;
  evidence?: string[];
  pin?: SealedPin;
}

class Overtaken extends Error {}

/**
 * Signs events and keeps them; `also` writes what belongs to them into the same transaction.
 *
 * Signing cannot wait inside a transaction of IndexedDB. So the counter is read, the events are signed, and the transaction
 * keeps them only if the counter still stands where it was; else all is signed anew.
 */
export async function say(said: Said[], also?: (writing: Writing) => Promise<void>): Promise<SentEvent[]> {
  const [identity, keys] = await Promise.all([read("identity"), read("keys")]);
  if (identity === undefined || keys === undefined) {
    throw new Error("this phone is nobody's device yet");
  }
  const named = said.map((one) => ({ ...one, id: one.id ?? uuid7() }));
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const counter = (await read("counter")) ?? 0;
    const events = await Promise.all(named.map((one, place) => signed(one, identity, keys, counter + 1 + place)));
    try {
      await write((writing) => keepAll(writing, events, counter, also));
      window.dispatchEvent(new Event(KEPT));
      return events;
    } catch (fault) {
      if (!(fault instanceof Overtaken)) {
        throw fault;
      }
    }
  }
  throw new Overtaken("the counter never stood still");
}

async function keepAll(
  writing: Writing,
  events: SentEvent[],
  counter: number,
  also?: (writing: Writing) => Promise<void>,
): Promise<void> {
  if (((await readIn(writing, "counter")) ?? 0) !== counter) {
    throw new Overtaken();
  }
  await writing.put("record", counter + events.length, "counter");
  for (const wire of events) {
    await keepEvent(writing, wire, true);
  }
  await also?.(writing);
}

/** Keeps one event, own or of another phone, unless it is here already; says whether it was new. */
export async function keepEvent(writing: Writing, wire: SentEvent, own: boolean): Promise<boolean> {
  const id = wire.statement.id;
  if ((await writing.get("event", id)) !== undefined) {
    return false;
  }
  const order = ((await readIn(writing, "order")) ?? 0) + 1;
  await writing.put("record", order, "order");
  const kept: KeptEvent = { id, order, wire, own, kept_at: Date.now(), sent: "tersimpan", code: "", says: "" };
  await writing.put("event", kept);
  return true;
}

async function signed(
  said: Said & { id: string },
  identity: Bound,
  keys: CryptoKeyPair,
  counter: number,
): Promise<SentEvent> {
  const salt = newSalt();
  const statement: Statement = {
    id: said.id,
    kind: said.kind,
    kind_version: 1,
    claimed_at: new Date().toISOString(),
    device: identity.device,
    counter,
    mode: identity.mode,
    actor: identity.person,
    objects: said.objects,
    place: said.place ?? "",
    payload_hash: await payloadHash(said.payload, salt),
    evidence: said.evidence ?? [],
  };
  const signature = await sign(keys, canonical({ ...statement }));
  return { statement, payload: said.payload, salt, signature, ...(said.pin === undefined ? {} : { pin: said.pin }) };
}

/** SHA-256 of the salt's bytes and the payload's RFC 8785 form. */
export function payloadHash(payload: Payload, salt: string): Promise<string> {
  const start = Uint8Array.from(salt.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const rest = utf8(canonical(payload));
  const whole = new Uint8Array(start.length + rest.length);
  whole.set(start);
  whole.set(rest, start.length);
  return sha256Hex(whole);
}

/** Whether something read from a file or another screen has the shape of an event. The office checks the rest. */
export function looksLikeEvent(value: unknown): value is SentEvent {
  const { statement, payload, salt, signature } = (value ?? {}) as Partial<SentEvent>;
  const named = typeof statement?.id === "string" && typeof statement.kind === "string" && Array.isArray(statement.objects);
  return named && typeof payload === "object" && SALT.test(salt ?? "") && SIGNATURE.test(signature ?? "");
}
