// Keeps the page on the phone. The server writes `TEPAT_BERKAS` (version and addresses) before this file.
declare const TEPAT_BERKAS: { version: string; files: string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const PREFIX = "tepat-lapangan-";
const SHELL = "/lapangan/";

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface ServiceWorkerGlobalScope extends EventTarget {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const name = PREFIX + TEPAT_BERKAS.version;

worker.addEventListener("install", (event) => {
  const kept = caches.open(name).then((cache) => cache.addAll([SHELL, ...TEPAT_BERKAS.files]));
  (event as ExtendableEvent).waitUntil(kept.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const tidied = caches
    .keys()
    .then((names) => Promise.all(names.filter((one) => one.startsWith(PREFIX) && one !== name).map((one) => caches.delete(one))));
  (event as ExtendableEvent).waitUntil(tidied.then(() => worker.clients.claim()));
});

// Page and files come from the phone, at once; everything else is between the page and the office.
worker.addEventListener("fetch", (event) => {
  const { request } = event as FetchEvent;
  const address = new URL(request.url);
  const ours = address.pathname === SHELL || TEPAT_BERKAS.files.includes(address.pathname + address.search);
  if (request.method === "GET" && address.origin === location.origin && ours) {
    const wanted = address.pathname === SHELL ? SHELL : request;
    (event as FetchEvent).respondWith(
      caches.match(wanted, { cacheName: name }).then((kept) => kept ?? fetch(request)),
    );
  }
});

export {};
