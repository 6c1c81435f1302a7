// The field page: one file, no framework, and everything on it works without signal after the first load.
import "../gaya/lapangan.css";
import { identityNow, notesNow, taskOf, taskTo, unsentNow } from "./keadaan";
import type { Task } from "./kawat";
import { line, startSending } from "./kirim";
import { spareScreen, waitingScreen } from "./layar-cadangan";
import { bindScreen, invitationIn, notBound } from "./layar-ikat";
import { receiptScreen, receiptsScreen } from "./layar-bukti";
import { checkScreen } from "./layar-pindai";
import { sealScreen } from "./layar-segel";
import { differenceScreen, freeScreen, giveScreen, loadScreen } from "./layar-serah";
import { outboxScreen } from "./layar-simpan";
import { oneConfirmScreen, oneCountScreen, oneReviewScreen } from "./layar-satu";
import { receivedTask, receiveScreen, reviewScreen } from "./layar-terima";
import { presentScreen, tasksScreen } from "./layar-tugas";
import { KEPT } from "./peristiwa";
import { open } from "./simpanan";
import { h, heading, link, notice, number, p, sayFault } from "./unsur";
import { clock, span } from "./waktu";

type Close = (() => void) | void;
type Go = (to: string) => void;
type TaskScreen = (main: HTMLElement, key: string, task: Task, go: Go) => Promise<Close>;

/** What waits longer than this is said louder. */
const LONG_MS = 30 * 60_000;

const TASK_SCREENS: Record<string, TaskScreen> = {
  terima: receiveScreen,
  "periksa-terima": reviewScreen,
  segel: sealScreen,
  serahkan: giveScreen,
  muat: loadScreen,
  "satu-hp": oneCountScreen,
  "satu-periksa": oneReviewScreen,
  "satu-tegas": (main, _, task, go) => oneConfirmScreen(main, task, go),
  hadir: (main, _, task, go) => presentScreen(main, task, go),
};

const main = h("main", { id: "isi", class: "isi" });
const strip = h("a", { href: "#/simpan", class: "simpan" });
const who = h("span", { class: "siapa" });
const nav = h(
  "nav",
  { class: "bawah", "aria-label": "Menu" },
  ...[
    ["#/", "Tugas"],
    ["#/pindai", "Pindai"],
    ["#/bukti", "Bukti"],
    ["#/simpan", "Tersimpan"],
  ].map(([to = "", words = ""]) => h("a", { href: to }, words)),
);

let shut: Close;
let turn = 0;

const go: Go = (to) => {
  if (location.hash === to) {
    void show();
  } else {
    location.hash = to;
  }
};

async function screenFor(place: HTMLElement): Promise<Close> {
  const code = invitationIn(location.hash);
  const identity = await identityNow();
  if (identity === undefined) {
    return code === "" ? notBound(place, go) : bindScreen(place, code, bound);
  }
  if (identity.person === "") {
    return waitingScreen(place, () => go("#/"));
  }
  const [name = "", rest = ""] = location.hash.replace(/^#\/?/, "").split("/");
  const key = decodeURIComponent(rest);
  const taskScreen = TASK_SCREENS[name];
  if (taskScreen !== undefined) {
    const task = await taskFor(name, key);
    return task === undefined ? gone(place) : taskScreen(place, key, task, go);
  }
  return plainScreen(place, name, key);
}

/** The code leaves the address and its history with the first screen after it. */
function bound(): void {
  history.replaceState(null, "", "#/");
  void show().catch(sayFault);
}

async function taskFor(name: string, key: string): Promise<Task | undefined> {
  if (name === "hadir" && key === "sini") {
    return taskTo({ post: "", word: "", person: "", name: "" }, "hadir");
  }
  return ["terima", "periksa-terima", "segel"].includes(name) ? receivedTask(key) : taskOf(key);
}

async function plainScreen(place: HTMLElement, name: string, key: string): Promise<Close> {
  if (name === "bukti" || name === "selisih") {
    const note = (await notesNow()).find((one) => one.id === key);
    if (note !== undefined) {
      return name === "bukti" ? receiptScreen(place, note) : differenceScreen(place, note, go);
    }
    return receiptsScreen(place);
  }
  if (name === "pindai") {
    return checkScreen(place, go);
  }
  if (name === "cadangan") {
    return spareScreen(place);
  }
  if (name === "serah-baru") {
    return freeScreen(place);
  }
  return name === "simpan" ? outboxScreen(place) : tasksScreen(place);
}

function gone(place: HTMLElement): void {
  place.replaceChildren(heading("Tugas ini tidak ada lagi"), p("Kantor mengubah daftarnya. Yang sudah Anda catat tetap tersimpan."), link("Ke tugas hari ini", "#/", "utama"));
}

async function show(): Promise<void> {
  const mine = ++turn;
  shut?.();
  shut = undefined;
  document.body.classList.remove("menghitung");
  main.className = "isi";
  const close = await screenFor(main);
  if (mine !== turn) {
    return close?.();
  }
  shut = close;
  await frame();
  window.scrollTo(0, 0);
  main.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  document.title = `${main.querySelector("h1")?.textContent ?? ""} – Tepat`;
}

/** The two lines above every screen: who this is, and what is saved here and not yet sent. */
async function frame(): Promise<void> {
  const identity = await identityNow();
  nav.hidden = strip.hidden = identity === undefined;
  if (identity === undefined) {
    return;
  }
  who.textContent = `${identity.name}, ${identity.role_word}`;
  document.body.classList.toggle("latihan", identity.mode === "latihan");
  const unsent = await unsentNow();
  const count = unsent.events.length + unsent.photos;
  const old = count > 0 && Date.now() - unsent.since > LONG_MS;
  strip.className = `simpan ${count === 0 ? "" : old ? "lama" : "ada"}`;
  const sending = line.state === "mengirim" ? "Mengirim… " : "";
  strip.textContent = count === 0 ? `✓ Semua sudah terkirim${unsent.sent_at > 0 ? ` ${clock(unsent.sent_at)}` : ""}` : `${sending}${number(count)} tersimpan di HP ini, belum terkirim, sejak ${clock(unsent.since)}${old ? ` (${span(Date.now() - unsent.since)})` : ""}`;
  const current = location.hash === "" ? "#/" : location.hash;
  for (const one of nav.querySelectorAll("a")) {
    const here = one.getAttribute("href") === "#/" ? current === "#/" : current.startsWith(one.getAttribute("href") ?? "#");
    here ? one.setAttribute("aria-current", "page") : one.removeAttribute("aria-current");
  }
}

/** After a round of sending, screens that show what the office said are drawn anew; a count is never touched. */
async function afterSending(): Promise<void> {
  await frame();
  const quiet = /^(#\/?|#\/simpan|)$/.test(location.hash);
  const busy = document.activeElement instanceof HTMLInputElement || document.querySelector("dialog[open], .film, .kamera, [data-hasil]:not(:empty)") !== null;
  if (quiet && !busy && line.state !== "mengirim" && (await identityNow()) !== undefined) {
    await screenFor(main);
  }
}

function cannot(title: string, ...says: string[]): void {
  main.replaceChildren(heading(title), notice("bahaya", ...says));
}

async function start(): Promise<void> {
  document.body.prepend(h("header", {}, h("div", { class: "atas" }, h("span", { class: "merek" }, "Tepat"), who), strip));
  document.querySelector("main")?.replaceWith(main);
  main.after(nav);
  nav.hidden = strip.hidden = true;
  if (!window.isSecureContext || crypto.subtle === undefined) {
    return cannot(
      "Alamat ini tidak aman",
      "Halaman dibuka tanpa https.",
      "Tidak ada yang hilang.",
      "Buka alamat di kartu undangan, yang diawali https://, atau hubungi kantor.",
    );
  }
  try {
    await open();
  } catch {
    return cannot(
      "HP ini tidak dapat menyimpan",
      "Peramban menolak menyimpan data.",
      "Serah terima tetap dapat berjalan di kertas atau di HP lain.",
      "Tutup mode penyamaran, kosongkan ruang HP, atau buka alamat ini di Chrome, lalu muat ulang.",
    );
  }
  window.addEventListener("hashchange", () => void show().catch(sayFault));
  await show();
  window.addEventListener(KEPT, () => void frame().catch(sayFault));
  startSending(() => void afterSending().catch(sayFault));
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/lapangan/sw.js");
  }
}

start().catch(sayFault);

