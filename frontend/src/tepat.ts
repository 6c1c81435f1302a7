// What every office screen gains where scripts run. Each screen works without them: a form posts, a link opens, a table prints.
import "./gaya/semua.css";
import { searchBySlash } from "./cari";
import { watchProgress } from "./kemajuan";

function enablePrinting(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-cetak]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

// A form that is sent twice by an impatient double click would be answered once anyway (its key sees to that);
// this saves the person the doubt.
function sendOnce(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[method=post]:not([data-berulang])")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset["terkirim"] === "ya") {
        event.preventDefault();
        return;
      }
      form.dataset["terkirim"] = "ya";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-terkirim]")) {
      delete form.dataset["terkirim"];
    }
  });
}

// The answer to what the person just did is read first, by eye and by ear.
function focusAnswer(): void {
  document.querySelector<HTMLElement>("[data-fokus]")?.focus();
}

// The engine is asked for only when the page, with its table, stands.
function loadMaps(): void {
  const maps = [...document.querySelectorAll<HTMLElement>("[data-peta]")];
  if (maps.length === 0) {
    return;
  }
  const start = (): void => {
    void import("./peta").then(
      ({ drawMap }) => Promise.all(maps.map(drawMap)),
      () => maps.forEach((map) => (map.textContent = "Peta tidak dapat dimuat. Tabel di atas memuat isi yang sama.")),
    );
  };
  if (document.readyState === "complete") {
    start();
  } else {
    window.addEventListener("load", start, { once: true });
  }
}

// The table of the packers is a program of its own; only its page asks for it.
function startPackingTable(): void {
  const table = document.querySelector<HTMLElement>("[data-kemas]");
  if (table) {
    void import("./kemas").then(({ startTable }) => startTable(table));
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-pindai-lanjut]")) {
    void import("./kemas").then(({ scanOn }) => scanOn(form));
  }
}

// Only the page on which plans are changed asks for what moves their stops.
function startEditingBoard(): void {
  const board = document.querySelector<HTMLElement>("[data-sunting]");
  if (board) {
    void import("./sunting").then(({ startEditing }) => startEditing(board));
  }
}

enablePrinting();
sendOnce();
focusAnswer();
watchProgress();
searchBySlash();
loadMaps();
startPackingTable();
startEditingBoard();
