// The service worker of the packing tables. Always the server first: a checklist must not be older than it has to be. Without the server,
// what came last. It keeps the page of one session at a time, and nothing else of the office.

const worker = self as unknown as WorkerScope;
const STORE = "tepat-meja-1";
const TABLE = /^\/pengepakan\/meja\/\d+\/$/;
const LEAVE = /^(\/pengepakan\/meja\/\d+\/)selesai\/$/;
const FILES = "/static/";
const PATIENCE_MS = 4000;

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope extends EventTarget {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

worker.addEventListener("install", (event) => (event as ExtendableEvent).waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => (event as ExtendableEvent).waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event as FetchEvent;
  const address = new URL(request.url);
  if (address.origin !== location.origin) {
    return;
  }
  const left = LEAVE.exec(address.pathname);
  if (request.method === "POST" && left) {
    (event as FetchEvent).respondWith(leave(request, left[1] ?? ""));
  } else if (request.method === "GET" && TABLE.test(address.pathname)) {
    (event as FetchEvent).respondWith(page(request, address));
  } else if (request.method === "GET" && address.pathname.startsWith(FILES)) {
    (event as FetchEvent).respondWith(fresh(request, () => find(request.url)));
  }
});

// A session that ended needs no page any more; where the server did not hear of it, it has not ended.
async function leave(request: Request, page: string): Promise<Response> {
  const answer = await fetch(request);
  if (answer.ok || answer.type === "opaqueredirect") {
    await forget((path) => path === page);
  }
  return answer;
}

async function page(request: Request, address: URL): Promise<Response> {
  const answer = await fresh(request, async () => (await find(request.url)) ?? (await find(request.url, true)));
  if (answer.status >= 400) {
    await forget((path) => path === address.pathname);
  } else if (answer.ok && !answer.redirected) {
    await forget((path) => TABLE.test(path) && path !== address.pathname);
  }
  return answer;
}

// The server's answer where it comes in time and is sound, else what is kept; with nothing kept, whatever the server says.
async function fresh(request: Request, kept: () => Promise<Response | undefined>): Promise<Response> {
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected && answer.type === "basic") {
      await (await caches.open(STORE)).put(request.url, answer.clone());
    }
    return answer;
  });
  const answer = await Promise.race([asked.catch(() => undefined), wait()]);
  if (answer && answer.status < 500) {
    return answer;
  }
  return (await kept()) ?? asked;
}

function wait(): Promise<undefined> {
  return new Promise((done) => setTimeout(() => done(undefined), PATIENCE_MS));
}

async function find(url: string, anyArea = false): Promise<Response | undefined> {
  const found = await (await caches.open(STORE)).matchAll(url, { ignoreSearch: anyArea, ignoreVary: true });
  return found.at(-1);
}

async function forget(which: (path: string) => boolean): Promise<void> {
  const store = await caches.open(STORE);
  const old = (await store.keys()).filter((kept) => which(new URL(kept.url).pathname));
  await Promise.all(old.map((kept) => store.delete(kept, { ignoreVary: true })));
}

export {};
