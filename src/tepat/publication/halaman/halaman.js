// What the reader sees and presses.

const the = (id) => document.getElementById(id);
const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ".");
const ROWS_SHOWN = 200;
let files = null, proof = null, done = null;

function line(tag, text, style) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}

function keysGiven() {
  const keys = the("saksi").value.split("\n").map((one) => one.trim()).filter(Boolean).map(readKey);
  const least = Number(the("paling-sedikit").value);
  return { key: readKey(the("kunci").value), witnesses: keys, least };
}

async function choose(list) {
  files = new Map();
  proof = null;
  for (const file of list) {
    const path = file.webkitRelativePath.split("/").slice(1).join("/");
    if (path) files.set(path, file);
  }
  the("terpilih").textContent = `${grouped(files.size)} berkas dipilih.`;
  await fill("kunci", "kunci-log.vkey");
  await fill("saksi", "kunci-saksi.vkey");
}

/** Offer the folder's own keys where the reader typed none, and say what that is worth. */
async function fill(field, path) {
  const file = files.get(path);
  if (the(field).value.trim() || !file) return;
  the(field).value = (await file.text()).trim();
  the(field).dataset.own = the(field).value;
}

async function chooseProof(file) {
  proof = await file.text();
  files = null;
  the("terpilih").textContent = `Bukti ${file.name} dipilih. Tulis kunci kantor, lalu periksa.`;
}

async function check() {
  the("hasil").hidden = true;
  the("cari-bagian").hidden = true;
  if (!files && proof === null) return say("Pilih folder atau berkas bukti dahulu.");
  let given;
  try { given = keysGiven(); } catch (broken) { return say(`Kunci tidak terbaca: ${broken.message}.`); }
  the("periksa").disabled = true;
  const bar = the("kemajuan");
  bar.hidden = false;
  const progress = (at, of) => { bar.max = of; bar.value = at; say(`${grouped(at)} dari ${grouped(of)} entri dihitung ulang.`); };
  try {
    done = proof === null ? await new Check(files, progress).run(given.key, given.witnesses, given.least)
      : await checkProof(proof, given.key, given.witnesses, given.least);
    show(given);
  } catch (broken) {
    say(`Pemeriksaan berhenti: ${broken.message}. Ini bukan bukti bahwa catatan salah; coba peramban lain.`);
  } finally { bar.hidden = true; the("periksa").disabled = false; }
}

const MONTHS = "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split(" ");

function moment(at) {
  const [, year, month, day, hour, minute] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(at) ?? [];
  return year ? `${Number(day)} ${MONTHS[month - 1]} ${year} ${hour}.${minute} UTC` : at;
}

function say(text) { the("kabar").textContent = text; }

function show({ key, witnesses }) {
  const good = !done.findings.length, own = the("kunci").dataset.own === the("kunci").value;
  say("");
  the("hasil").hidden = false;
  the("hasil").className = good ? "hasil aman" : "hasil gawat";
  the("putusan").textContent = good ? "✓ COCOK" : "✗ TIDAK COCOK";
  const facts = [];
  if (done.head) facts.push(`Catatan ${done.head.origin}, ${grouped(done.head.size)} entri.`);
  if (good && proof === null) facts.push(
    "Tanda tangan kantor sah; setiap entri dihitung ulang sampai akarnya.",
    `Nomor urut ${grouped(done.objects)} objek lengkap: tidak ada yang dihilangkan.`,
    `${grouped(done.portalFiles)} berkas lain di folder ini sama dengan daftar di dalam catatan.`);
  if (good && proof !== null) facts.push("Entri di bawah ini ada di dalam catatan yang ditandatangani kantor.");
  facts.push(done.witnesses.length
    ? `Disaksikan ${done.witnesses.join(", ")} sampai entri ke-${grouped(done.witnessed)}.`
    : `Belum ada tanda tangan dari ${witnesses.length} saksi yang Anda percayai.`);
  the("fakta").replaceChildren(...facts.map((text) => line("li", text)));
  the("temuan").replaceChildren(...done.findings.map((text) => line("li", text)));
  the("peringatan").hidden = !own;
  the("langkah").textContent = good ? "" : "Jangan pakai folder ini. Simpan salinannya, minta folder baru dari kantor, dan beri tahu Bawaslu.";
  the("sidik").textContent = `Kunci ${key.name}, sidik ${key.id}`;
  the("cari-bagian").hidden = !done.rows.length;
  search();
  the("hasil").focus();
}

function search() {
  const wanted = the("cari").value.trim().toLowerCase();
  const fits = (row) => !wanted || row.place.toLowerCase().includes(wanted)
    || row.numbers.some(([name]) => name.toLowerCase().includes(wanted));
  const found = done.rows.filter(fits);
  the("jumlah").textContent = wanted ? `${grouped(found.length)} entri untuk "${the("cari").value.trim()}".`
    : `${grouped(found.length)} entri seluruhnya.`;
  if (found.length > ROWS_SHOWN) the("jumlah").textContent += ` Yang ditampilkan ${ROWS_SHOWN} pertama.`;
  the("baris").replaceChildren(...found.slice(0, ROWS_SHOWN).map((row) => {
    const made = document.createElement("tr");
    const near = row.numbers.filter(([name]) => !wanted || name.toLowerCase().includes(wanted));
    const shown = (near.length ? near : row.numbers).slice(0, 3).map(([name, count]) => `${name} (ke-${count})`);
    const more = row.numbers.length > 3 ? `, dan ${row.numbers.length - 3} lain` : "";
    const cells = [["Entri", grouped(row.number), "angka"], ["Terjadi", moment(row.at)],
      ["Peristiwa", WORDS[row.kind] ?? row.kind], ["Tempat", row.place || "–"],
      ["Objek dan nomor urutnya", shown.join(", ") + more || "–"]];
    for (const [head, text, style] of cells) {
      const cell = line("td", text, style);
      cell.dataset.judul = head;
      made.append(cell);
    }
    return made;
  }));
}

the("folder").addEventListener("change", (event) => choose(event.target.files));
the("bukti").addEventListener("change", (event) => event.target.files[0] && chooseProof(event.target.files[0]));
the("periksa").addEventListener("click", check);
the("cari").addEventListener("input", search);
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files[0]) chooseProof(event.dataTransfer.files[0]);
});
