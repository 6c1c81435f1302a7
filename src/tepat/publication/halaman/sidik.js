"use strict";
// SHA-256 and SHA-512, written out so that the page works where the browser lends no cryptography.
// Their constants are the fractions of roots of the first primes; computing them beats copying tables.

const PRIMES = (() => {
  const found = [];
  for (let n = 2n; found.length < 80; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
})();
const MASK64 = (1n << 64n) - 1n;

function rootOf(value, power) {
  let low = 0n, high = 1n << 128n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= value) low = middle; else high = middle;
  }
  return low;
}

const SQUARES = PRIMES.slice(0, 8).map((p) => rootOf(p << 128n, 2n) & MASK64);
const CUBES = PRIMES.map((p) => rootOf(p << 192n, 3n) & MASK64);
const H256 = Int32Array.from(SQUARES, (v) => Number(v >> 32n) | 0);
const K256 = Int32Array.from(CUBES.slice(0, 64), (v) => Number(v >> 32n) | 0);

function padded(parts, block) {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(Math.ceil((length + 1 + block / 8) / block) * block);
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  whole[length] = 128;
  new DataView(whole.buffer).setUint32(whole.length - 4, (length << 3) >>> 0);
  new DataView(whole.buffer).setUint32(whole.length - 8, Math.floor(length / 0x20000000));
  return whole;
}

const words = new Int32Array(64);

/** SHA-256 over the parts one after another. */
function sha256(...parts) {
  const raw = padded(parts, 64), state = Int32Array.from(H256);
  for (let start = 0; start < raw.length; start += 64) {
    for (let i = 0, at = start; i < 16; i++, at += 4)
      words[i] = (raw[at] << 24) | (raw[at + 1] << 16) | (raw[at + 2] << 8) | raw[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15], y = words[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K256[i] + words[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }
  const out = new Uint8Array(32), view = new DataView(out.buffer);
  state.forEach((word, i) => view.setInt32(i * 4, word));
  return out;
}

/** SHA-512, for the signatures only: short messages, so that clear is better than fast. */
function sha512(...parts) {
  const raw = padded(parts, 128), view = new DataView(raw.buffer), state = [...SQUARES];
  const turn = (x, n) => ((x >> n) | (x << (64n - n))) & MASK64;
  for (let start = 0; start < raw.length; start += 128) {
    const w = [];
    for (let i = 0; i < 16; i++) w.push(view.getBigUint64(start + i * 8));
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n), s1 = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
      w.push((w[i - 16] + s0 + w[i - 7] + s1) & MASK64);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
      const t1 = (h + s1 + ((e & f) ^ (~e & MASK64 & g)) + CUBES[i] + w[i]) & MASK64;
      const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) & MASK64;
      h = g; g = f; f = e; e = (d + t1) & MASK64; d = c; c = b; b = a; a = (t1 + t2) & MASK64;
    }
    [a, b, c, d, e, f, g, h].forEach((v, i) => { state[i] = (state[i] + v) & MASK64; });
  }
  const out = new Uint8Array(64), filled = new DataView(out.buffer);
  state.forEach((word, i) => filled.setBigUint64(i * 8, word));
  return out;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const utf8 = (text) => new TextEncoder().encode(text);
const asText = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

function unbase64(text) {
  const plain = atob(text);
  if (btoa(plain) !== text) throw new Error("base64 tidak baku");
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
