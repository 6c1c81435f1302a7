// Moving stops of a plan by hand: dragged with mouse or finger, or with arrow keys once chosen. Each move is the form of the page, sent whole;
// without scripts the same form stands under "Pindah ke…".
const STILL_PX = 6;
const EDGE_PX = 48;
const SCROLL_PX = 12;

interface Target {
  trip: string;
  position: number;
  mark: HTMLElement;
}

export function startEditing(board: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>("#seret");
  if (!form) {
    return;
  }
  for (const hint of document.querySelectorAll<HTMLElement>("[data-dengan-skrip], .pegangan .seret")) {
    hint.hidden = false;
  }
  for (const stop of board.querySelectorAll<HTMLElement>(".perhentian")) {
    const handle = stop.querySelector<HTMLElement>(".pegangan");
    if (handle) {
      handle.addEventListener("keydown", (event) => moveByKey(event, board, form, stop));
      dragBy(handle, board, form, stop);
    }
  }
}

function send(form: HTMLFormElement, stop: HTMLElement, trip: string, position: number): void {
  const given: Record<string, string> = {
    trip: stop.dataset["trip"] ?? "",
    place: stop.dataset["place"] ?? "",
    pilih: `${stop.dataset["trip"]}/${stop.dataset["place"]}`,
    tujuan: trip,
    posisi: String(position),
  };
  for (const [name, value] of Object.entries(given)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) {
      field.value = value;
    }
  }
  for (const unit of (stop.dataset["set"] ?? "").split(" ")) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "units";
    field.value = unit;
    form.append(field);
  }
  form.requestSubmit();
}

function moveByKey(event: KeyboardEvent, board: HTMLElement, form: HTMLFormElement, stop: HTMLElement): void {
  const handle = event.currentTarget as HTMLElement;
  if (handle.getAttribute("aria-current") !== "true" || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  const trip = stop.dataset["trip"] ?? "";
  const turn = Number(stop.dataset["nomor"]);
  const up = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (up !== undefined) {
    event.preventDefault();
    const last = stop.parentElement?.children.length ?? turn;
    if (turn + up >= 1 && turn + up <= last) {
      send(form, stop, trip, turn + up);
    }
    return;
  }
  const beside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (beside === undefined) {
    return;
  }
  event.preventDefault();
  const origin = stop.closest<HTMLElement>("[data-trip][data-asal]")?.dataset["asal"];
  const cards = [...board.querySelectorAll<HTMLElement>("[data-trip][data-asal]")].filter((card) => card.dataset["asal"] === origin);
  const at = cards.findIndex((card) => card.dataset["trip"] === trip);
  const target = cards[at + beside];
  if (at >= 0 && target) {
    send(form, stop, target.dataset["trip"] ?? "", target.querySelectorAll(".perhentian").length + 1);
  }
}

function dragBy(handle: HTMLElement, board: HTMLElement, form: HTMLFormElement, stop: HTMLElement): void {
  let start: { x: number; y: number } | null = null;
  let target: Target | null = null;
  let dragging = false;

  const end = (): void => {
    stop.classList.remove("diseret");
    target?.mark.classList.remove("sasaran");
    start = null;
    target = null;
  };
  handle.addEventListener("pointerdown", (event) => {
    if (event.button === 0) {
      start = { x: event.clientX, y: event.clientY };
      dragging = false;
      handle.setPointerCapture(event.pointerId);
    }
  });
  handle.addEventListener("pointermove", (event) => {
    if (!start || (!dragging && Math.hypot(event.clientX - start.x, event.clientY - start.y) < STILL_PX)) {
      return;
    }
    dragging = true;
    stop.classList.add("diseret");
    target?.mark.classList.remove("sasaran");
    target = targetAt(event, board, stop);
    target?.mark.classList.add("sasaran");
    scrollAt(event.clientY);
  });
  handle.addEventListener("pointerup", () => {
    const found = target;
    end();
    if (dragging && found) {
      send(form, stop, found.trip, found.position);
    }
  });
  handle.addEventListener("pointercancel", end);
  // The click that ends a drag must not choose the stop.
  handle.addEventListener("click", (event) => {
    if (dragging) {
      event.preventDefault();
      dragging = false;
    }
  });
}

// A stop takes what is dropped on it at its own turn; the rest of a trip's card takes it last.
function targetAt(event: PointerEvent, board: HTMLElement, stop: HTMLElement): Target | null {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const card = under?.closest<HTMLElement>("[data-trip][data-asal]");
  if (!card || !board.contains(card)) {
    return null;
  }
  const trip = card.dataset["trip"] ?? "";
  const other = under?.closest<HTMLElement>(".perhentian");
  if (other === stop) {
    return null;
  }
  if (other) {
    return { trip, position: Number(other.dataset["nomor"]), mark: other };
  }
  return { trip, position: card.querySelectorAll(".perhentian").length + 1, mark: card };
}

function scrollAt(y: number): void {
  if (y < EDGE_PX) {
    window.scrollBy(0, -SCROLL_PX);
  } else if (y > window.innerHeight - EDGE_PX) {
    window.scrollBy(0, SCROLL_PX);
  }
}
