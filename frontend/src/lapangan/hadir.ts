// Being there: a trip that leaves or comes, and who sees it without holding anything.
import { type Bound, OBJECTS_PER_EVENT_MAX, type Task } from "./kawat";
import { say, type Said } from "./peristiwa";
import type { Note } from "./simpanan";
import { uuid7 } from "./uuid7";

/** A departure is about everything on board, an arrival about what this stop gets. */
export async function sayMoved(kind: "custody.departed" | "custody.arrived", task: Task, identity: Bound, aboard: string[]): Promise<void> {
  const payload = { trip: task.trip, leg: task.leg };
  const objects = kind === "custody.arrived" ? task.objects : aboard.slice(0, OBJECTS_PER_EVENT_MAX);
  await say([{ kind, objects, place: task.place || identity.area_code, payload }]);
}

const PRESENCES: Record<string, string> = { PPK: "ppk", PANWASCAM: "panwascam", PKD: "pkd", POLRI: "polri" };

export function presenceOf(identity: Bound): string | undefined {
  return PRESENCES[identity.role.toUpperCase()];
}

/** Panwascam, PKD and police see and are there; only who may hold may scan into the book. */
export function onlyWatches(identity: Bound): boolean {
  return ["PANWASCAM", "PKD", "POLRI"].includes(identity.role);
}

/** What somebody is present at: a task, or the offer that a giver shows. */
export async function sayPresent(task: Task, identity: Bound): Promise<Note> {
  const presence = presenceOf(identity) ?? "ppk";
  const id = uuid7();
  const payload = { presence, person: identity.person, absent: false, offer: task.offer?.id ?? "", leg: task.leg };
  const note: Note = {
    id,
    at: new Date().toISOString(),
    work: "hadir",
    leg: task.leg,
    offer: task.offer?.id ?? "",
    giver: task.other.person,
    giver_name: task.other.name || task.other.word,
    receiver: identity.person,
    receiver_name: identity.name,
    taken: [],
    missing: [],
    refused: [],
    one_phone: false,
    events: [id],
  };
  const said: Said = { id, kind: "custody.present", objects: task.objects, place: task.place || identity.area_code, payload };
  await say([said], async (writing) => {
    await writing.put("note", note);
  });
  return note;
}
