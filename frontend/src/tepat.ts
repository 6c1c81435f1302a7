// What every office screen gains where scripts run. Each screen works without them: a form posts, a link opens, a table prints.
import "./gaya/semua.css";
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
  for (const form of document.querySelectorAll<HTMLFormElement>("form[method=post]")) {
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

enablePrinting();
sendOnce();
focusAnswer();
watchProgress();
loadMaps();
