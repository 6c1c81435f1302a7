// The way of a table's scans to the server: in their order, in batches, once each, as soon as it answers.
import type { Reply, Sent } from "./kemas-kawat";

const BATCH = 50;
const PAUSE_MS = 4000;
const PATIENCE_MS = 15_000;

// The server answered, and said no to the whole batch.
export class Refusal extends Error {}

export interface Ends {
  keep: (queue: readonly Sent[]) => void;
  settle: (reply: Reply, batch: readonly Sent[]) => void;
  changed: () => void;
  sealsAfter: () => number;
}

export class Outbox {
  trouble = "";
  failed = false;
  private sending = false;

  constructor(
    public queue: Sent[],
    private readonly address: string,
    private readonly token: () => string,
    private readonly ends: Ends,
  ) {}

  start(): void {
    window.addEventListener("online", () => void this.send());
    window.setInterval(() => void this.send(), PAUSE_MS);
    void this.send();
  }

  add(sent: Sent): void {
    this.queue.push(sent);
    this.ends.keep(this.queue);
    this.ends.changed();
    void this.send();
  }

  private async send(): Promise<void> {
    if (this.sending || this.queue.length === 0) {
      return;
    }
    this.sending = true;
    const batch = this.queue.slice(0, BATCH);
    try {
      const reply = await this.post(batch);
      this.trouble = "";
      this.failed = false;
      const done = new Set(reply.answers.map((answer) => answer.id));
      this.queue = this.queue.filter((sent) => !done.has(sent.id));
      this.ends.keep(this.queue);
      this.ends.settle(reply, batch);
    } catch (error) {
      this.failed = true;
      this.trouble = error instanceof Refusal ? error.message : "";
    } finally {
      this.sending = false;
      this.ends.changed();
    }
    if (!this.failed && this.queue.length > 0) {
      await this.send();
    }
  }

  private async post(batch: readonly Sent[]): Promise<Reply> {
    const scans = batch.filter((sent) => sent.numbers === undefined).map(({ id, box, text, count, at }) => ({ id, box, text, count, at }));
    const sealings = batch.flatMap(({ id, box, numbers, at }) => (numbers === undefined ? [] : [{ id, box, numbers, at }]));
    const answer = await fetch(this.address, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
      body: JSON.stringify({ scans, sealings, seals_after: this.ends.sealsAfter() }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
      const reply = (await answer.json()) as Reply & { refused?: string };
      if (answer.ok) {
        return reply;
      }
      throw new Refusal(reply.refused ?? "");
    }
    const signedOut = answer.type === "opaqueredirect" || answer.status === 403;
    throw new Refusal(signedOut ? "Anda perlu masuk lagi: buka halaman masuk di tab lain, masuk, lalu muat ulang halaman ini." : "");
  }
}
