// Small words for building a page: one element, one screen, one announcement.

type Child = Node | string | number | null | undefined | false;
type Handler = (event: Event) => unknown;
type Value = string | number | boolean | Handler | null | undefined;

/** Makes an element; `on…` is a listener, true an attribute without a value, false and null none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Value> = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(typeof child === "number" ? String(child) : child);
    }
  }
  return element;
}

/** A button that says what it does, and cannot be pressed twice while it does it. */
export function button(words: string, act: () => unknown, look = ""): HTMLButtonElement {
  const made = h("button", { type: "button", class: `tombol ${look}`.trim() }, words);
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") === "true") {
      return;
    }
    made.setAttribute("aria-disabled", "true");
    Promise.resolve(act())
      .catch(sayFault)
      .finally(() => made.removeAttribute("aria-disabled"));
  });
  return made;
}

export function link(words: string, to: string, look = ""): HTMLAnchorElement {
  return h("a", { href: to, class: `tombol ${look}`.trim() }, words);
}

export const heading = (words: string): HTMLHeadingElement => h("h1", { tabindex: "-1" }, words);
export const p = (words: string, look = ""): HTMLParagraphElement => h("p", look === "" ? {} : { class: look }, words);

/** What happened, what is safe, what to do now. */
export function notice(look: "baik" | "ingat" | "bahaya", ...sentences: string[]): HTMLElement {
  const [first = "", ...rest] = sentences.filter((sentence) => sentence !== "");
  return h("div", { class: `kabar ${look}`, role: look === "bahaya" ? "alert" : "status" }, h("strong", {}, first), ...rest.map((one) => p(one)));
}

/** Shows a fault of the page itself where the person is, instead of swallowing it. */
export function sayFault(fault: unknown): void {
  console.error(fault);
  const says = isFull(fault)
    ? notice("bahaya", "Penyimpanan HP ini penuh.", "Yang sudah tersimpan tetap aman.", "Hapus beberapa foto atau video dari HP, lalu ulangi.")
    : notice("bahaya", "Langkah tadi tidak berhasil.", "Yang sudah tersimpan tetap aman.", "Ulangi. Jika tetap gagal, catat di kertas dan hubungi kantor.");
  document.querySelector("main")?.prepend(says);
  says.scrollIntoView({ block: "nearest" });
}

function isFull(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === "QuotaExceededError";
}

export function number(value: number): string {
  return value.toLocaleString("id-ID");
}
