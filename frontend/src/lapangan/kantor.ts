// Asking the office: one request, with an end to waiting, and its refusals in words.
import type { Trouble } from "./kawat";

const TIMEOUT_MS = 60_000;

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly trouble: Trouble,
  ) {
    super(trouble.text);
  }
}

/** @throws Refused or TypeError where the office cannot be reached. */
export async function ask(path: string, how: RequestInit = {}): Promise<Response> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(path, { ...how, signal: stop.signal, credentials: "omit", cache: "no-store" });
    if (!answer.ok) {
      const nothing: Trouble = { code: String(answer.status), text: "", again: true };
      throw new Refused(answer.status, ((await answer.json().catch(() => nothing)) ?? nothing) as Trouble);
    }
    return answer;
  } finally {
    clearTimeout(late);
  }
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return (await (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).json()) as T;
}

export function troubleOf(fault: unknown): Trouble | undefined {
  return fault instanceof Refused ? fault.trouble : undefined;
}
