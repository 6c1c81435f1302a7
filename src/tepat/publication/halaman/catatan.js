// The log itself: tree, entries, numbers of objects, files of the portal; and single proofs.

const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1), WIDTH = 256, FINDINGS = 20;
const leafHash = (raw) => sha256(LEAF, raw);
const nodeHash = (left, right) => sha256(NODE, left, right);

function rootOver(hashes) {
  let level = hashes;
  if (!level.length) return sha256();
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(nodeHash(level[i], level[i + 1]));
    if (level.length % 2) above.push(level[level.length - 1]);
    level = above;
  }
  return level[0];
}

class Edge {
  constructor() { this.size = 0; this.levels = []; }
  append(leaf) {
    const done = [];
    this.size++;
    for (let level = 0, moving = leaf; ; level++) {
      (this.levels[level] ??= []).push(moving);
      if (this.levels[level].length < WIDTH) return done;
      const index = Math.floor(this.size / WIDTH ** (level + 1)) - 1;
      done.push({ level, index, hashes: this.levels[level] });
      moving = rootOver(this.levels[level]);
      this.levels[level] = [];
    }
  }
  root() {
    let above = [];
    for (const hashes of this.levels) if (hashes.length || above.length) above = [rootOver([...hashes, ...above])];
    return above.length ? above[0] : sha256();
  }
}

function numberPath(index, width) {
  const groups = [];
  let rest = index;
  do { groups.unshift(String(rest % 1000).padStart(3, "0")); rest = Math.floor(rest / 1000); } while (rest);
  const path = groups.map((group, i) => (i < groups.length - 1 ? "x" + group : group)).join("/");
  return width === WIDTH ? path : `${path}.p/${width}`;
}

function unbundle(raw) {
  const entries = [];
  for (let at = 0; at < raw.length; ) {
    const end = at + 2 + raw[at] * 256 + raw[at + 1];
    if (!(end <= raw.length)) throw new Error("terpotong");
    entries.push(raw.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

const PARTS = ["actor", "counter", "device", "evidence", "id", "kind", "kind_version", "mode", "objects",
  "occurred_at", "occurred_uncertainty_s", "payload_hash", "place", "recorded_at"];

/** An entry as read; what is not written in the one right way is refused. */
function readEntry(raw) {
  const text = asText(raw), whole = JSON.parse(text);
  if (JSON.stringify(whole) !== text || Object.keys(whole).join() !== "commitment,numbers")
    throw new Error("susunan entri tidak baku");
  const { commitment, numbers } = whole;
  if (Object.keys(commitment).join() !== PARTS.join()) throw new Error("isi entri tidak lengkap");
  const names = [...new Set(commitment.objects)];
  if (numbers.length !== names.length) throw new Error("nomor objek tidak lengkap");
  return { ...commitment, numbers: names.map((name, i) => [name, ...numbers[i]]) };
}

class Check {
  constructor(files, progress) {
    this.files = files;
    this.progress = progress;
    this.findings = [];
    this.rows = [];
    this.witnesses = [];
    this.witnessed = 0;
    this.manifest = null;
  }
  find(text) { if (this.findings.length < FINDINGS) this.findings.push(text); }
  get full() { return this.findings.length >= FINDINGS; }
  async read(path) {
    const file = this.files.get(path);
    return file ? new Uint8Array(await file.arrayBuffer()) : null;
  }

  async run(key, witnesses, least) {
    const raw = await this.read("checkpoint");
    if (!raw) { this.find("Berkas checkpoint tidak ada: pilih folder catatan terbuka yang utuh."); return this; }
    try {
      this.note = readNote(asText(raw));
      this.head = readCheckpoint(this.note);
    } catch (broken) { this.find(`Checkpoint tidak terbaca: ${broken.message}.`); return this; }
    if (this.head.origin !== key.name) this.find(`Checkpoint milik ${this.head.origin}, bukan ${key.name}.`);
    if (!(await signedBy(this.note, key))) this.find("Tanda tangan kantor pada checkpoint tidak sah.");
    await this.count(this.note, this.head.size, witnesses);
    await this.older(key, witnesses);
    await this.walk();
    if (!this.full) await this.portal();
    if (this.witnesses.length < least)
      this.find(`${this.witnesses.length} saksi menandatangani, perlu ${least}.`);
    return this;
  }

  async count(note, size, witnesses) {
    const found = new Map();
    for (const key of witnesses) {
      const at = await cosignedAt(note, key);
      if (at) found.set(hex(key.raw), key.name);
    }
    if (found.size > this.witnesses.length) { this.witnesses = [...found.values()]; this.witnessed = size; }
  }

  /** The last witnessed checkpoint must be a beginning of this log. */
  async older(key, witnesses) {
    const raw = await this.read("checkpoint-disaksikan");
    if (!raw) return;
    try {
      const note = readNote(asText(raw)), head = readCheckpoint(note);
      if (head.origin !== this.head.origin || !(await signedBy(note, key)))
        this.find("checkpoint-disaksikan tidak ditandatangani kantor ini.");
      else if (head.size > this.head.size)
        this.find(`Saksi sudah melihat ${head.size} entri, folder ini hanya ${this.head.size}.`);
      else { this.before = head; await this.count(note, head.size, witnesses); }
    } catch (broken) { this.find(`checkpoint-disaksikan tidak terbaca: ${broken.message}.`); }
  }

  async walk() {
    const edge = new Edge(), places = new Map(), seen = new Set();
    for (let first = 0; first < this.head.size && !this.full; first += WIDTH) {
      const width = Math.min(WIDTH, this.head.size - first), path = numberPath(first / WIDTH, width);
      const tile = await this.read(`tile/0/${path}`), raw = await this.read(`tile/entries/${path}`);
      let entries = null;
      try { entries = raw && unbundle(raw); } catch { /* said below */ }
      if (!entries || entries.length !== width) {
        this.find(`Entri ${first} dan seterusnya: berkas tile/entries/${path} ${raw ? "rusak" : "hilang"}.`);
        return;
      }
      if (!tile || tile.length !== width * 32) this.find(`Berkas tile/0/${path} ${tile ? "rusak" : "hilang"}.`);
      for (let i = 0; i < width; i++) {
        const leaf = leafHash(entries[i]), wanted = tile && tile.subarray(i * 32, i * 32 + 32);
        if (wanted && wanted.length && !same(leaf, wanted)) this.find(`Entri ${first + i} tidak cocok dengan sidiknya.`);
        for (const full of edge.append(leaf)) if (full.level) await this.tile(full, WIDTH);
        this.entry(first + i, entries[i], places, seen);
        if (this.before && edge.size === this.before.size && !same(edge.root(), this.before.root))
          this.find(`${this.before.size} entri pertama tidak lagi sama dengan yang dilihat saksi.`);
      }
      this.progress(edge.size, this.head.size);
    }
    if (this.full) return;
    for (const [level, hashes] of edge.levels.entries())
      if (level && hashes.length)
        await this.tile({ level, index: Math.floor(edge.size / WIDTH ** (level + 1)), hashes }, hashes.length);
    if (!same(edge.root(), this.head.root)) this.find("Akar semua entri tidak sama dengan akar pada checkpoint.");
    this.objects = places.size;
  }

  async tile({ level, index, hashes }, width) {
    const path = `tile/${level}/${numberPath(index, width)}`, raw = await this.read(path);
    if (!raw) this.find(`Berkas ${path} hilang.`);
    else if (raw.length !== hashes.length * 32 || hashes.some((one, i) => !same(one, raw.subarray(i * 32, i * 32 + 32))))
      this.find(`Berkas ${path} tidak cocok dengan entri di bawahnya.`);
  }

  entry(number, raw, places, seen) {
    let entry;
    try { entry = readEntry(raw); } catch (broken) { this.find(`Entri ${number}: ${broken.message}.`); return; }
    if (seen.has(entry.id)) this.find(`Entri ${number}: peristiwa yang sama dua kali.`);
    seen.add(entry.id);
    for (const [name, count, before] of entry.numbers) {
      const [known, last] = places.get(name) ?? [0, -1];
      if (count !== known + 1 || before !== last)
        this.find(`Entri ${number}: ${name} bernomor ${count}, seharusnya ${known + 1}. Ada yang dihilangkan.`);
      places.set(name, [count, number]);
    }
    if (entry.kind === "publication.manifest-named" && entry.evidence.length === 1) this.manifest = entry.evidence[0];
    this.rows.push({ number, kind: entry.kind, at: entry.occurred_at, place: entry.place, numbers: entry.numbers });
  }

  /** Every other file must stand in the list that the log names, and none may be missing. */
  async portal() {
    const ours = (path) => /^(tile|bukti)\/|^daftar-berkas\.json$|^checkpoint|(^|\/)\./.test(path);
    const here = [...this.files.keys()].filter((path) => !ours(path)), raw = await this.read("daftar-berkas.json");
    if (!raw || !this.manifest || hex(sha256(raw)) !== this.manifest) {
      this.find("daftar-berkas.json bukan daftar yang disebut catatan.");
      return;
    }
    const listed = new Map(Object.entries(JSON.parse(asText(raw)).files));
    for (const path of new Set([...here, ...listed.keys()])) {
      const file = await this.read(path);
      if (!file) this.find(`Berkas ${path} hilang.`);
      else if (!listed.has(path)) this.find(`Berkas ${path} tidak ada di daftar berkas.`);
      else if (hex(sha256(file)) !== listed.get(path)) this.find(`Berkas ${path} berubah.`);
    }
    this.portalFiles = here.length;
  }
}

function isIncluded(hashes, leaf, index, { size, root }) {
  if (index >= size) return false;
  let at = BigInt(index), last = BigInt(size - 1), found = leaf;
  for (const part of hashes) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      found = nodeHash(part, found);
      while (!(at & 1n) && at) { at >>= 1n; last >>= 1n; }
    } else found = nodeHash(found, part);
    at >>= 1n; last >>= 1n;
  }
  return last === 0n && same(found, root);
}

/** One .tlog-proof: the entry, the way up, and the signatures at its end. */
async function checkProof(text, key, witnesses, least) {
  const check = new Check(new Map(), () => {});
  try {
    const gap = text.indexOf("\n\n"), lines = text.slice(0, gap).split("\n");
    if (lines[0] !== "c2sp.org/tlog-proof@v1" || !/^extra \S+$/.test(lines[1]) || !/^index (0|[1-9]\d*)$/.test(lines[2]))
      throw new Error("bukan berkas bukti");
    const raw = unbase64(lines[1].slice(6)), index = Number(lines[2].slice(6));
    check.note = readNote(text.slice(gap + 2));
    check.head = readCheckpoint(check.note);
    if (check.head.origin !== key.name) check.find(`Bukti milik ${check.head.origin}, bukan ${key.name}.`);
    if (!(await signedBy(check.note, key))) check.find("Tanda tangan kantor pada bukti tidak sah.");
    await check.count(check.note, check.head.size, witnesses);
    if (!isIncluded(lines.slice(3).map(unbase64), leafHash(raw), index, check.head))
      check.find(`Entri ${index} tidak ada dalam catatan yang ditandatangani.`);
    const entry = readEntry(raw);
    check.rows.push({ number: index, kind: entry.kind, at: entry.occurred_at, place: entry.place, numbers: entry.numbers });
  } catch (broken) { check.find(`Bukti tidak terbaca: ${broken.message}.`); }
  if (check.witnesses.length < least) check.find(`${check.witnesses.length} saksi menandatangani, perlu ${least}.`);
  return check;
}
