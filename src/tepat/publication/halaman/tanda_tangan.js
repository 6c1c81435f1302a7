// Ed25519, signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

const FIELD = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const mod = (value, by = FIELD) => ((value % by) + by) % by;

function power(base, exponent) {
  let result = 1n, factor = mod(base);
  for (let rest = exponent; rest; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % FIELD;
    factor = (factor * factor) % FIELD;
  }
  return result;
}

const CURVE = mod(-121665n * power(121666n, FIELD - 2n));
const HALF_TURN = power(2n, (FIELD - 1n) / 4n);

// Points as [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z.
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * CURVE), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(scalar, point) {
  let result = [0n, 1n, 1n, 0n], step = point;
  for (let rest = scalar; rest; rest >>= 1n) {
    if (rest & 1n) result = add(result, step);
    step = add(step, step);
  }
  return result;
}

const samePoint = (p, q) =>
  mod(p[0] * q[2]) === mod(q[0] * p[2]) && mod(p[1] * q[2]) === mod(q[1] * p[2]);

function numberOf(bytes) {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function pointOf(bytes) {
  const raw = numberOf(bytes), sign = raw >> 255n, y = raw & ((1n << 255n) - 1n);
  if (y >= FIELD) return null;
  const square = mod((y * y - 1n) * power(CURVE * y * y + 1n, FIELD - 2n));
  let x = power(square, (FIELD + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * HALF_TURN);
  if (mod(x * x) !== square || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = FIELD - x;
  return [x, y, 1n, mod(x * y)];
}

const BASE = pointOf(Uint8Array.from({ length: 32 }, (_, i) => (i ? 102 : 88)));

/** Ed25519 with nothing but arithmetic: for browsers that do not know it yet. */
function acceptsPlainly(key, message, signature) {
  const a = pointOf(key), r = pointOf(signature.slice(0, 32)), s = numberOf(signature.slice(32));
  if (!a || !r || s >= ORDER) return false;
  const k = mod(numberOf(sha512(signature.slice(0, 32), key, message)), ORDER);
  return samePoint(times(s, BASE), add(r, times(k, a)));
}

/** Whether a signature is by a key; the browser's own cryptography where it has Ed25519. */
async function accepts(key, message, signature) {
  if (signature.length !== 64) return false;
  try {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", known, signature, message);
  } catch {
    return acceptsPlainly(key, message, signature);
  }
}

function readKey(line) {
  const [name, id, ...rest] = line.trim().split("+"), raw = unbase64(rest.join("+"));
  if (!name || raw.length !== 33 || (raw[0] !== 1 && raw[0] !== 4)) throw new Error("kunci tidak dikenal");
  const wanted = hex(sha256(utf8(name + "\n"), raw).slice(0, 4));
  if (wanted !== id) throw new Error("sidik kunci tidak cocok dengan isinya");
  return { name, id, kind: raw[0], raw: raw.slice(1) };
}

function readNote(text) {
  const gap = text.lastIndexOf("\n\n");
  if (gap < 0 || !text.endsWith("\n")) throw new Error("bukan catatan bertanda tangan");
  const signatures = text.slice(gap + 2, -1).split("\n").map((line) => {
    const found = /^— (\S+) (\S+)$/.exec(line);
    if (!found) throw new Error("baris tanda tangan rusak");
    const raw = unbase64(found[2]);
    return { name: found[1], id: hex(raw.slice(0, 4)), blob: raw.slice(4) };
  });
  return { text: text.slice(0, gap + 1), signatures };
}

function readCheckpoint(note) {
  const lines = note.text.split("\n");
  if (lines.length !== 4 || lines[3] || !/^(0|[1-9]\d{0,15})$/.test(lines[1])) throw new Error("checkpoint rusak");
  const root = unbase64(lines[2]);
  if (root.length !== 32) throw new Error("checkpoint rusak");
  return { origin: lines[0], size: Number(lines[1]), root };
}

const linesOf = (note, key) => note.signatures.filter((one) => one.name === key.name && one.id === key.id);

async function signedBy(note, key) {
  const lines = linesOf(note, key);
  return key.kind === 1 && lines.length === 1 && accepts(key.raw, utf8(note.text), lines[0].blob);
}

/** When a witness cosigned a note, or null. */
async function cosignedAt(note, key) {
  for (const { blob } of key.kind === 4 ? linesOf(note, key) : []) {
    if (blob.length !== 72) continue;
    const at = new DataView(blob.buffer, blob.byteOffset).getBigUint64(0);
    const message = utf8(`cosignature/v1\ntime ${at}\n${note.text}`);
    if (await accepts(key.raw, message, blob.slice(8))) return new Date(Number(at) * 1000);
  }
  return null;
}
