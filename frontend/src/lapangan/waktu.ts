// Moments in the office's zone, in Indonesian: 14.05 WIB; Selasa, 13 Februari 2024.
const ZONES: Record<string, string> = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };

let zone = "Asia/Jakarta";

export function useZone(name: string): void {
  zone = name || zone;
}

function format(at: string | number, how: Intl.DateTimeFormatOptions): string {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? "" : new Intl.DateTimeFormat("id-ID", { timeZone: zone, ...how }).format(moment);
}

export function clock(at: string | number): string {
  const said = format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).replace(":", ".");
  return said === "" ? "" : `${said} ${ZONES[zone] ?? ""}`.trim();
}

export function day(at: string | number): string {
  return format(at, { weekday: "long", day: "numeric", month: "long" });
}

export function dayAndClock(at: string | number): string {
  return `${day(at)}, ${clock(at)}`;
}

/** `3 menit`, `2 jam 5 menit`, `1 hari` */
export function span(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 1) {
    return "kurang dari 1 menit";
  }
  if (minutes < 60) {
    return `${minutes} menit`;
  }
  if (minutes < 48 * 60) {
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} jam${rest > 0 ? ` ${rest} menit` : ""}`;
  }
  return `${Math.round(minutes / (24 * 60))} hari`;
}
