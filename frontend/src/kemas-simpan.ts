// What a table keeps in this browser: what is not sent yet, seals scanned and not yet recorded, and the last the server said of each box,
// so that the page may be loaded anew without a network and is no older than what was known.
import type { BoxNow, Reply, Sent } from "./kemas-kawat";

export interface Pending {
  box: string;
  numbers: string[];
}

interface Known {
  boxes: Record<string, BoxNow & { at: string }>;
  seals: string[];
  upto: number;
}

const NOTHING: Known = { boxes: {}, seals: [], upto: 0 };

export class Drawer {
  private known: Known;

  constructor(private readonly session: number) {
    this.known = { ...NOTHING, ...this.read<Partial<Known>>("papan", {}) };
    this.tidy();
  }

  queue(): Sent[] {
    return this.read<Sent[]>("", []);
  }

  // Whether it was kept; a browser in private mode may refuse.
  keepQueue(queue: readonly Sent[]): boolean {
    return this.write("", queue.length > 0 ? queue : null);
  }

  pending(): Pending {
    return this.read<Pending>("segel", { box: "", numbers: [] });
  }

  keepPending(pending: Pending): boolean {
    return this.write("segel", pending.numbers.length > 0 ? pending : null);
  }

  // What the server said of a box after this page was made, if anything.
  since(code: string, made: string): BoxNow | undefined {
    const box = this.known.boxes[code];
    return box && box.at > made ? box : undefined;
  }

  sealsHeard(): readonly string[] {
    return this.known.seals;
  }

  heardUpto(): number {
    return this.known.upto;
  }

  hear(reply: Reply, given: number): void {
    for (const [code, box] of Object.entries(reply.boxes)) {
      this.known.boxes[code] = { ...box, at: reply.at };
    }
    // A page that the server made later knows them all itself.
    const before = this.known.upto >= given ? this.known.seals : [];
    this.known.seals = [...before, ...reply.seals.numbers];
    this.known.upto = Math.max(reply.seals.upto, given);
    this.write("papan", this.known);
  }

  private name(what: string, session: number | string = this.session): string {
    return what ? `kemas-${what}-${session}` : `kemas-${session}`;
  }

  private read<T>(what: string, otherwise: T): T {
    try {
      return JSON.parse(localStorage.getItem(this.name(what)) ?? "null") ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  private write(what: string, value: unknown): boolean {
    try {
      if (value === null) {
        localStorage.removeItem(this.name(what));
      } else {
        localStorage.setItem(this.name(what), JSON.stringify(value));
      }
      return true;
    } catch {
      return false;
    }
  }

  // What other sessions heard is of no use any more; what they have not sent stays.
  private tidy(): void {
    try {
      const old = Object.keys(localStorage).filter((key) => key.startsWith("kemas-papan-") && key !== this.name("papan"));
      old.forEach((key) => localStorage.removeItem(key));
    } catch {
      // Nothing is kept where nothing may be kept.
    }
  }
}
