// Sending, whenever there is signal: one at a time, events before photos, and nothing is struck out without the office's receipt.
import { canonical } from "./kanonik";
import { bind } from "./ikat";
import { ask, post, Refused } from "./kantor";
import { type Answer, EVENTS_PER_SENDING_MAX, type Receipt, type Sending, type Tasks } from "./kawat";
import { sign } from "./kunci";
import { KEPT } from "./peristiwa";
import { keep, type KeptEvent, type KeptPhoto, put, read, unsentEvents, unsentPhotos, write } from "./simpanan";

const EVERY_MS = 20_000;
const WAIT_MS_MAX = 5 * 60_000;
const TASKS_EVERY_MS = 60_000;
const BATCH_MIN = 5;

export interface Line {
  /** What goes on now, for the person. */
  state: "diam" | "mengirim" | "menunggu" | "ditolak";
  says: string;
  again_at: number;
}

export const line: Line = { state: "diam", says: "", again_at: 0 };

let failures = 0;
let batch = EVENTS_PER_SENDING_MAX;
let told: () => void = () => undefined;
let timer = 0;

/** Starts sending on every occasion that a browser offers; `tell` is called after each change. */
export function startSending(tell: () => void): void {
  told = tell;
  window.addEventListener("online", () => void sendNow());
  window.addEventListener(KEPT, () => void sendNow());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      void sendNow();
    }
  });
  void sendNow();
}

/** Sends what is there, unless another tab of this phone does so already. */
export async function sendNow(): Promise<void> {
  if (!("locks" in navigator)) {
    return round();
  }
  await navigator.locks.request("tepat-kirim", { ifAvailable: true }, (lock) => (lock === null ? undefined : round()));
}

async function round(): Promise<void> {
  clearTimeout(timer);
  let wait = EVERY_MS;
  try {
    const identity = await read("identity");
    if (identity !== undefined) {
      if (identity.received_at === "") {
        await bind((await read("code")) ?? "", "");
      }
      await sendEvents();
      await sendPhotos();
      await askTasks();
    }
    failures = 0;
    Object.assign(line, { state: "diam", says: "" });
  } catch (fault) {
    failures += 1;
    batch = Math.max(BATCH_MIN, Math.floor(batch / 2));
    wait = Math.min(WAIT_MS_MAX, 2000 * 2 ** failures) * (0.8 + 0.4 * Math.random());
    const refused = fault instanceof Refused;
    Object.assign(line, { state: refused ? "ditolak" : "menunggu", says: refused ? fault.trouble.text : "" });
  }
  line.again_at = Date.now() + wait;
  timer = window.setTimeout(() => void sendNow(), wait);
  told();
}

async function sendEvents(): Promise<void> {
  const identity = await read("identity");
  for (;;) {
    const waiting = await unsentEvents();
    const some = waiting.slice(0, batch);
    if (some.length === 0 || identity === undefined) {
      return;
    }
    Object.assign(line, { state: "mengirim", says: "" });
    told();
    const sending: Sending = {
      device: identity.device,
      sent_at: new Date().toISOString(),
      events: some.map((kept) => kept.wire),
      left: waiting.length - some.length,
    };
    const receipt = await post<Receipt>("/lapangan/kirim/", sending);
    await noteClock(receipt.received_at);
    await strike(some, receipt.answers);
    batch = Math.min(EVENTS_PER_SENDING_MAX, batch * 2);
    told();
  }
}

async function strike(sent: KeptEvent[], answers: Answer[]): Promise<void> {
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  if (!sent.some((kept) => byId.has(kept.id))) {
    throw new TypeError("an answer about nothing that was sent");
  }
  await write(async (writing) => {
    for (const kept of sent) {
      const answer = byId.get(kept.id);
      if (answer !== undefined) {
        await writing.put("event", { ...kept, sent: answer.answer, code: answer.code, says: answer.text });
      }
    }
    await writing.put("record", Date.now(), "sent_at");
  });
}

async function sendPhotos(): Promise<void> {
  for (const photo of await unsentPhotos()) {
    Object.assign(line, { state: "mengirim", says: "" });
    if (await photoTaken(photo)) {
      await put("photo", { ...photo, sent: 1 });
      told();
    }
  }
}

/** A photo that the office does not want yet, because its event lies in the tray, stays here and stops nothing else. */
async function photoTaken(photo: KeptPhoto): Promise<boolean> {
  try {
    await ask("/lapangan/foto/", { method: "POST", headers: { "Content-Type": "image/jpeg" }, body: photo.bytes });
    return true;
  } catch (fault) {
    if (fault instanceof Refused && (fault.status < 500 || fault.trouble.code.startsWith("FIELD-PHOTO"))) {
      return false;
    }
    throw fault;
  }
}

async function askTasks(): Promise<void> {
  const [identity, keys, last = 0] = await Promise.all([read("identity"), read("keys"), read("tasks_at")]);
  if (identity === undefined || keys === undefined || (line.state === "diam" && Date.now() - last < TASKS_EVERY_MS)) {
    return;
  }
  const path = "/lapangan/tugas/";
  const at = new Date().toISOString();
  const proof = await sign(keys, canonical({ ask: path, at, device: identity.device }));
  const headers = { Authorization: `Tepat ${identity.device} ${at} ${proof}` };
  const tasks = (await (await ask(path, { headers })).json()) as Tasks;
  await keep("tasks", tasks);
  await keep("tasks_at", Date.now());
  await noteClock(tasks.received_at);
}

/** Asks for the tasks at the next round, however fresh they are. */
export async function forgetAge(): Promise<void> {
  await keep("tasks_at", 0);
}

async function noteClock(received_at: string): Promise<void> {
  const office = Date.parse(received_at);
  if (!Number.isNaN(office)) {
    await keep("clock_error_ms", Date.now() - office);
  }
}
