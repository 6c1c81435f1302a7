// What the server writes into the page of a packing table, and what goes to and fro: packing/views/desks.py.
import type { GivenSeals } from "./kemas-segel";

export interface GivenBox {
  code: string;
  ballot: string;
  mark: string;
  words: string;
  colour: string;
  needs: [string, number][];
  packed: Record<string, number>;
  closed: boolean;
  sealed: boolean;
}

export interface Given {
  session: number;
  made: string;
  area: string;
  office: string;
  election: string;
  rehearsal: boolean;
  seals: GivenSeals;
  units: [string, string][];
  boxes: GivenBox[];
  goods: Record<string, [string, string]>;
  sentences: Record<string, string[]>;
}

// A scan, or with `numbers` the seals of one box; kept in this browser until the server has answered.
export interface Sent {
  id: string;
  box: string;
  text: string;
  count: number | null;
  at: string;
  numbers?: string[];
}

export interface Answer {
  id: string;
  answer: string;
  code: string;
  text: string;
  box: string;
}

export interface BoxNow {
  packed: Record<string, number>;
  closed: boolean;
  sealed: boolean;
}

export interface Reply {
  at: string;
  answers: Answer[];
  boxes: Record<string, BoxNow>;
  seals: { upto: number; numbers: string[] };
}
