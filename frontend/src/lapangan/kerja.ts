// The work itself, without a screen: counting, and what is signed at its end.
import { sha256Hex, utf8 } from "./bita";
import { listHash } from "./kanonik";
import { codeOf } from "./label";
import { releasePhotos } from "./foto";
import type { Bound, Payload, Plain, SealedPin, SentEvent, Task } from "./kawat";
import { keepEvent, KEPT, say, type Said } from "./peristiwa";
import { type Draft, get, type Note, type Offered, put, type RefusedBox, write, type Writing } from "./simpanan";
import { uuid7 } from "./uuid7";
import type { Parcel } from "./bingkai";

/** What a task is called on this phone, stable over reloads and new answers of the office. */
export function keyOf(task: Task): string {
  return `${task.direction}|${task.leg || task.offer?.id || task.other.post}`;
}

export function newDraft(task: Task, work: Draft["work"], expected: string[]): Draft {
  return {
    id: `${work}|${keyOf(task)}`,
    work,
    leg: task.leg,
    offer: task.offer?.id ?? "",
    list_hash: task.offer?.list_hash ?? "",
    giver: task.other.person,
    giver_name: task.other.name || task.other.word,
    from_post: task.other.post,
    to_post: "",
    place: task.place,
    expected_at: task.expected_at,
    expected: [...expected].sort(),
    scanned: [],
    extra: [],
    refused: {},
    seals: {},
    begun_at: Date.now(),
  };
}

export async function keepDraft(draft: Draft): Promise<void> {
  await put("draft", draft);
}

export async function findDraft(id: string): Promise<Draft | undefined> {
  return get("draft", id);
}

export interface Count {
  good: string[];
  refused: string[];
  missing: string[];
}

export function countOf(draft: Draft): Count {
  const seen = new Set(draft.scanned);
  const refused = Object.keys(draft.refused).sort();
  const good = [...draft.expected, ...draft.extra].filter((object) => seen.has(object) && draft.refused[object] === undefined);
  const missing = draft.expected.filter((object) => !seen.has(object) && draft.refused[object] === undefined);
  return { good, refused, missing };
}

/** Notes what was typed: only a QR carries the election, people type the code alone. */
export function noteTyped(count: Read, object: string, text: string): void {
  if (!text.includes(":") && !count.scanned.includes(object)) {
    (count.typed ??= []).push(object);
  }
}

type Read = Pick<Draft, "scanned" | "typed">;

/** How each object was read, as runs: s scanned, t typed, u not read. */
function howRead(objects: string[], count?: Read): string {
  const letters = objects.map((one) => (count?.typed?.includes(one) ? "t" : count?.scanned.includes(one) ? "s" : "u"));
  return letters.join("").replace(/(.)\1*/g, (run) => run.length + run.charAt(0));
}

/** Notes a scan; says whether it was new. */
export function tick(draft: Draft, object: string, refusal?: RefusedBox): boolean {
  const known = draft.scanned.includes(object) && (refusal === undefined || draft.refused[object] !== undefined);
  if (!draft.scanned.includes(object)) {
    draft.scanned.push(object);
  }
  if (refusal !== undefined) {
    draft.refused[object] = refusal;
  }
  return !known;
}

const PREFIXES: Record<string, string> = { KPPS: "kpps", PENGEMUDI: "angkutan", PENYEDIA: "angkutan" };

/** Whether this person may receive at a post; drivers and KPPS stand at several. */
function standsAt(identity: Bound, post: string): boolean {
  if (identity.post !== "") {
    return post === identity.post;
  }
  const [kind, key = ""] = post.split(":");
  return kind === PREFIXES[identity.role] && (kind === "angkutan" || key.startsWith(identity.area_code));
}

/** At which post this person receives: the own one, the trip, or the TPS that the boxes say. */
export function postFor(draft: Draft, task: Task, identity: Bound): string {
  if (identity.post !== "" || draft.to_post !== "") {
    return identity.post || draft.to_post;
  }
  const kind = PREFIXES[identity.role] ?? "";
  const tps = codeOf(draft.expected[0] ?? "").split("-")[1] ?? "";
  return kind === "kpps" ? `kpps:${identity.area_code}-${tps}` : `${kind}:${task.trip}`;
}

/** The surat jalan is the offer, where no phone showed one: its name is the same on every phone. */
async function paperOffer(draft: Draft, post: string): Promise<string> {
  const digits = await sha256Hex(utf8(`surat-jalan|${draft.leg}|${draft.from_post}|${post}`));
  return [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`, digits.slice(20, 32)].join("-");
}

/** Puts the giver's offer under a count; says why not, where it is not for this post. */
export async function takeOffer(draft: Draft, parcel: Parcel, identity: Bound): Promise<string> {
  const event = parcel.events.find((one) => one.statement.kind === "custody.offered");
  if (event === undefined) {
    return "Kode ini bukan tawaran.";
  }
  const said = event.payload as { to_post: string; list_hash: string; expected_at: string; leg: string };
  if (event.statement.mode !== identity.mode) {
    return "Tawaran ini dari mode lain: latihan dan sungguhan tidak bercampur.";
  }
  if (!standsAt(identity, said.to_post)) {
    return "Tawaran ini untuk penerima lain.";
  }
  if (said.list_hash !== (await listHash(event.statement.objects))) {
    return "Daftar pada tawaran ini tidak utuh.";
  }
  Object.assign(draft, {
    offer: event.statement.id,
    list_hash: said.list_hash,
    giver: event.statement.actor,
    giver_name: parcel.name || draft.giver_name,
    leg: said.leg || draft.leg,
    to_post: said.to_post,
    expected: [...event.statement.objects].sort(),
  });
  await write(async (writing) => {
    await keepEvent(writing, event, false);
    await writing.put("draft", draft);
  });
  return "";
}

/** Signs an offer of some objects. */
export async function offer(task: Task, objects: string[], identity: Bound, count?: Draft): Promise<Offered> {
  const id = uuid7();
  const offered: Offered = { id, leg: task.leg, to_post: task.other.post, objects, to_word: task.other.name || task.other.word, answered: false };
  const said = await offerSaid(id, task, objects, identity, count);
  await say([said], async (writing) => {
    await writing.put("offer", offered);
  });
  return offered;
}

async function offerSaid(id: string, task: Task, objects: string[], identity: Bound, count?: Draft): Promise<Said> {
  return {
    id,
    kind: "custody.offered",
    objects,
    place: task.place || identity.area_code,
    payload: {
      to_post: task.other.post,
      list_hash: await listHash(objects),
      to_person: task.other.person,
      leg: task.leg,
      expected_at: task.expected_at,
      how: howRead(objects, count),
    },
  };
}

export async function withdraw(offered: Offered, identity: Bound): Promise<void> {
  const payload = { offer: offered.id };
  await say([{ kind: "custody.withdrawn", objects: offered.objects, place: identity.area_code, payload }], async (writing) => {
    await writing.delete("offer", offered.id);
  });
}

/** Who confirms, and by what. */
export interface Confirming {
  receiver: string;
  receiver_name: string;
  post: string;
  proof: "perangkat" | "kartu-pin" | "kartu" | "tanda-tangan";
  one_phone: boolean;
  pin: "" | "tersegel" | "lupa";
  /** Seals the PIN for the receipt's id, where one was typed. */
  seal?: (event: string) => Promise<SealedPin>;
  photos: string[];
}

/** Signs the end of a count: an acceptance, whole or in part, or a refusal; and the difference, where there is one. */
export async function close(draft: Draft, task: Task, identity: Bound, confirming: Confirming): Promise<Note> {
  const count = countOf(draft);
  const id = uuid7();
  const said: Said[] = [];
  const objects = [...new Set([...draft.expected, ...draft.extra])].sort();
  if (draft.work === "satu-hp" && draft.offer === "") {
    draft.offer = uuid7();
    said.push(await offerSaid(draft.offer, task, draft.expected, identity, draft));
  }
  draft.offer ||= await paperOffer(draft, confirming.post);
  draft.list_hash ||= await listHash(draft.expected);
  const photos = photosOf(draft, confirming);
  const place = draft.place || identity.area_code;
  // A refusal is signed by who refuses; on the giver's phone it is an acceptance of nothing, with the same reasons.
  const taken = count.good.length > 0 || confirming.one_phone;
  const how = howRead(objects, draft);
  const payload = taken ? { ...acceptance(draft, count, confirming), how } : refusal(draft, confirming);
  const kind = taken ? "custody.accepted" : "custody.refused";
  const pin = await confirming.seal?.(id);
  const main: Said = { id, kind, objects, place, payload, evidence: photos };
  said.push(pin === undefined ? main : { ...main, pin });
  if (taken && (count.missing.length > 0 || draft.extra.length > 0)) {
    said.push(difference(draft, count, confirming, place));
  }
  const note = noteOf(id, draft, count, confirming);
  await say(said.map(withId), async (writing) => {
    note.events.push(...said.map((one) => one.id ?? ""));
    await finish(writing, draft, note, photos);
  });
  return note;
}

function withId(said: Said): Said {
  said.id ??= uuid7();
  return said;
}

async function finish(writing: Writing, draft: Draft, note: Note, photos: string[]): Promise<void> {
  await releasePhotos(writing, photos, note.id);
  await writing.delete("draft", draft.id);
  await writing.put("note", note);
  const offered = await writing.get("offer", draft.offer);
  if (offered !== undefined) {
    await writing.put("offer", { ...offered, answered: true });
  }
}

function photosOf(draft: Draft, confirming: Confirming): string[] {
  const all = [...Object.values(draft.refused), ...Object.values(draft.seals)].map((one) => one.photo);
  return [...new Set([...all, ...confirming.photos])].filter((hash) => hash !== "").sort();
}

function parties(draft: Draft, confirming: Confirming): Payload {
  const { offer: named, list_hash, giver } = draft;
  return { offer: named, list_hash, giver, receiver: confirming.receiver, post: confirming.post };
}

function refusedOf(draft: Draft): Plain[] {
  const objects = Object.keys(draft.refused).sort();
  return objects.map((object) => ({ object, ...(draft.refused[object] as RefusedBox) }));
}

function acceptance(draft: Draft, count: Count, confirming: Confirming): Payload {
  const seals = Object.entries(draft.seals).map(([object, seal]) => ({ object, ...seal }));
  return {
    ...parties(draft, confirming),
    missing: count.missing,
    refused: refusedOf(draft),
    extra: draft.extra,
    seals,
    proof: confirming.proof,
    one_phone: confirming.one_phone,
    pin: confirming.pin,
  };
}

function refusal(draft: Draft, confirming: Confirming): Payload {
  return { ...parties(draft, confirming), refused: refusedOf(draft) };
}

function difference(draft: Draft, count: Count, confirming: Confirming, place: string): Said {
  const { offer: named, giver } = draft;
  const payload = {
    offer: named,
    offered: draft.expected.length,
    counted: draft.expected.length - count.missing.length + draft.extra.length,
    giver,
    receiver: confirming.receiver,
    missing: count.missing,
    extra: draft.extra,
  };
  return { kind: "custody.count-differs", objects: [...count.missing, ...draft.extra], place, payload };
}

function noteOf(id: string, draft: Draft, count: Count, confirming: Confirming): Note {
  return {
    id,
    at: new Date().toISOString(),
    work: count.good.length === 0 ? "tolak" : draft.work === "satu-hp" ? "serahkan" : "terima",
    leg: draft.leg,
    offer: draft.offer,
    giver: draft.giver,
    giver_name: draft.giver_name,
    receiver: confirming.receiver,
    receiver_name: confirming.receiver_name,
    taken: count.good,
    missing: count.missing,
    refused: count.refused,
    extra: draft.extra,
    one_phone: confirming.one_phone,
    events: [],
  };
}

/** What a giver reads from the receiver's receipt; carried to the office by this phone too. */
export async function takeReceipt(parcel: Parcel, identity: Bound): Promise<Note | string> {
  const event = parcel.events.find((one) => /^custody\.(accepted|refused)$/.test(one.statement.kind));
  const offered = event && (await get("offer", String(event.payload["offer"])));
  if (event === undefined || offered === undefined) {
    return "Tanda terima ini bukan untuk tawaran dari HP ini.";
  }
  const note = noteFromReceipt(event, parcel, offered, identity);
  await write(async (writing) => {
    for (const one of parcel.events) {
      await keepEvent(writing, one, false);
    }
    await writing.put("offer", { ...offered, answered: true });
    await writing.put("note", note);
  });
  window.dispatchEvent(new Event(KEPT));
  return note;
}

function noteFromReceipt(event: SentEvent, parcel: Parcel, offered: Offered, identity: Bound): Note {
  const list = (name: string): string[] => (Array.isArray(event.payload[name]) ? (event.payload[name] as string[]) : []);
  const whole = event.statement.kind === "custody.refused";
  const missing = list("missing");
  const refused = (list("refused") as unknown as { object: string }[]).map((one) => one.object);
  const out = new Set([...missing, ...refused]);
  return {
    id: event.statement.id,
    at: event.statement.claimed_at,
    work: whole ? "tolak" : "serahkan",
    leg: offered.leg,
    offer: offered.id,
    giver: identity.person,
    giver_name: identity.name,
    receiver: String(event.payload["receiver"]),
    receiver_name: parcel.name || parcel.word,
    taken: whole ? [] : event.statement.objects.filter((object) => !out.has(object)),
    missing,
    refused,
    extra: list("extra"),
    one_phone: false,
    events: parcel.events.map((one) => one.statement.id),
  };
}

/** The giver's own signature under a difference that the receiver named. */
export async function signDifference(note: Note, offered: Offered, identity: Bound): Promise<void> {
  const { missing, extra = [] } = note;
  const payload: Payload = {
    offer: note.offer,
    offered: offered.objects.length,
    counted: offered.objects.length - missing.length + extra.length,
    giver: identity.person,
    receiver: note.receiver,
    missing,
    extra,
  };
  const place = identity.area_code;
  await say([{ kind: "custody.count-differs", objects: [...missing, ...extra], place, payload }], async (writing) => {
    await writing.put("note", { ...note, work: "selisih" });
  });
}

/** Something that was seen, without a change of hands. */
export async function saySeen(objects: string[], withPerson: string, purpose: "periksa" | "temuan", identity: Bound, count: Read): Promise<void> {
  const payload = { with_person: withPerson, post: identity.post, purpose, how: howRead(objects, count) };
  await say([{ kind: "custody.seen", objects, place: identity.area_code, payload }]);
}
