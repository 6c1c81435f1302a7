// What the screens read: who this phone is, today's tasks, and what is not sent yet.
import type { Bound, KnownCard, Party, Task, Tasks } from "./kawat";
import { keyOf } from "./kerja";
import { codeOf, type Expected } from "./label";
import { all, type KeptEvent, type Note, read, trayEvents, unsentEvents, unsentPhotos } from "./simpanan";
import { useZone } from "./waktu";

const CLOCK_ERROR_MS = 2 * 60_000;

export interface Unsent {
  events: KeptEvent[];
  photos: number;
  tray: KeptEvent[];
  /** When the oldest began to wait; 0 where nothing waits. */
  since: number;
  sent_at: number;
}

export async function identityNow(): Promise<Bound | undefined> {
  const identity = await read("identity");
  useZone(identity?.office.time_zone ?? "");
  return identity;
}

/** The identity, on screens that nobody sees without one. */
export async function mustBe(): Promise<Bound> {
  const identity = await identityNow();
  if (identity === undefined) {
    throw new Error("no identity");
  }
  return identity;
}

const NOTHING: Tasks = { received_at: "", tasks: [], held: [], cards: [], day: "", refused_devices: 0 };

export async function tasksNow(): Promise<Tasks> {
  return { ...NOTHING, ...(await read("tasks")) };
}

export async function taskOf(key: string): Promise<Task | undefined> {
  const post = key.startsWith(FREE) ? key.slice(FREE.length) : undefined;
  return post === undefined ? (await tasksNow()).tasks.find((task) => keyOf(task) === key) : (await freeTasks()).find((task) => task.other.post === post);
}

/** Keys of hand-overs that no plan has: of what one holds, to a post that the labels name. */
export const FREE = "bebas|";

/** To whom the boxes in these hands may go by their labels: down to PPS and KPPS, back up to PPS and PPK. */
export async function freeTasks(): Promise<Task[]> {
  const identity = await identityNow();
  if (identity === undefined) {
    return [];
  }
  const { areas = {} } = await tasksNow();
  const found = new Map<string, Task>();
  const add = (post: string, word: string, object: string): void => {
    const task = found.get(post) ?? taskTo({ post, word, person: "", name: "" });
    task.objects.push(object);
    task.count = task.objects.length;
    found.set(post, task);
  };
  for (const object of [...(await heldNow(identity))].sort()) {
    const [desa = "", unit = ""] = codeOf(object).split("-");
    const kecamatan = `${identity.office.code}.${desa.slice(0, 2)}`;
    const area = `${kecamatan}.${desa.slice(2)}`;
    const name = areas[desa]?.name ?? desa;
    const inDesa = desa.slice(2) !== "0000";
    if (identity.role === "PPS" && /^\d/.test(unit)) {
      add(`kpps:${area}-${unit}`, `KPPS TPS ${unit} ${name}`, object);
    } else if (identity.role !== "PPS" && inDesa) {
      add(`pps:${area}`, `PPS ${name}`, object);
    }
    if (!["PPK", "KPPS"].includes(identity.role)) {
      add(`ppk:${kecamatan}`, areas[`${desa.slice(0, 2)}0000`]?.name ?? `PPK ${kecamatan}`, object);
    }
  }
  return [...found.values()].filter((task) => task.other.post !== identity.post).sort((one, other) => (one.other.word < other.other.word ? -1 : 1));
}

/** A task that nobody planned. */
export function taskTo(other: Party, direction: Task["direction"] = "serahkan"): Task {
  return { direction, other, count: 0, objects: [], leg: "", trip: "", place: "", expected_at: "", offer: null };
}

export async function notesNow(): Promise<Note[]> {
  const notes = await all("note");
  return notes.sort((one, other) => (one.at < other.at ? 1 : -1));
}

/** The receipt of a task, where this phone has one. */
export function noteFor(task: Task, notes: Note[]): Note | undefined {
  const works = task.direction === "hadir" ? ["hadir"] : task.direction === "terima" ? ["terima", "tolak"] : ["serahkan", "selisih", "tolak"];
  const same = (note: Note): boolean => (task.leg !== "" && note.leg === task.leg) || (task.offer !== null && note.offer === task.offer.id);
  return notes.find((note) => works.includes(note.work) && same(note));
}

/** What is in these hands: what the office says, with what this phone has signed since it asked. */
export async function heldNow(identity: Bound): Promise<Set<string>> {
  const [tasks, notes, asked = 0] = await Promise.all([tasksNow(), notesNow(), read("tasks_at")]);
  const held = new Set(tasks.held);
  for (const note of notes.reverse()) {
    if (Date.parse(note.at) > asked) {
      note.taken.forEach((object) => (note.receiver === identity.person ? held.add(object) : held.delete(object)));
    }
  }
  return held;
}

export async function expectedFor(identity: Bound, objects: string[]): Promise<Expected> {
  const { areas = {} } = await tasksNow();
  return { office: identity.office.code, rehearsal: identity.mode === "latihan", objects: new Set(objects), areas };
}

export async function cardsNow(): Promise<KnownCard[]> {
  return (await tasksNow()).cards;
}

export async function unsentNow(): Promise<Unsent> {
  const [events, photos, tray, sent_at = 0] = await Promise.all([unsentEvents(), unsentPhotos(), trayEvents(), read("sent_at")]);
  const since = Math.min(...[...events, ...photos].map((one) => one.kept_at));
  return { events, photos: photos.length, tray, since: Number.isFinite(since) ? since : 0, sent_at };
}

/** How far the phone's clock stands from the office's, where that is worth a word. */
export async function clockErrorMs(): Promise<number> {
  const error = (await read("clock_error_ms")) ?? 0;
  return Math.abs(error) < CLOCK_ERROR_MS ? 0 : error;
}

/** `TPS 001 (5), TPS 002 (5)`: objects by their sets. */
export function bySets(objects: string[]): Map<string, string[]> {
  const sets = new Map<string, string[]>();
  for (const code of objects.map(codeOf).sort()) {
    const unit = code.slice(0, code.lastIndexOf("-"));
    sets.set(unit, [...(sets.get(unit) ?? []), code]);
  }
  return sets;
}

/** `091015-001` as people say it. */
export async function setName(unit: string): Promise<string> {
  const { areas = {} } = await tasksNow();
  const [desa = "", tps = ""] = unit.split("-");
  return `${/^\d/.test(tps) ? `TPS ${tps}` : tps} ${areas[desa]?.name ?? desa}`;
}

/** `pps:33.16.09.1015` as people say it. */
export async function postName(post: string): Promise<string> {
  const { areas = {} } = await tasksNow();
  const [kind = "", area = ""] = post.split(":");
  const name = areas[area.replace(/\./g, "").slice(4).padEnd(6, "0")]?.name ?? (area || post);
  return kind === "pps" ? `PPS ${name}` : name;
}
