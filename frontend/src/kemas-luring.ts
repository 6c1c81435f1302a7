// Lets the page of a table be loaded anew without a network: a service worker of its own scope keeps the last one. Where the browser has
// none (a page without https), the page still works as long as it stays open.

const SCOPE = "/pengepakan/meja/";

// Whether a reload without a network will find this page again.
export async function keepPage(worker: string): Promise<boolean> {
  if (!("serviceWorker" in navigator) || !worker) {
    return false;
  }
  try {
    const known = navigator.serviceWorker.controller !== null;
    await navigator.serviceWorker.register(worker, { scope: SCOPE });
    await navigator.serviceWorker.ready;
    if (!known) {
      await controlled();
      // What came before there was a worker is asked for once more, so that the worker keeps it.
      await Promise.all([location.href, ...own()].map((address) => fetch(address, { credentials: "same-origin" })));
    }
    return true;
  } catch {
    return false;
  }
}

function controlled(): Promise<void> {
  return new Promise((done) => {
    if (navigator.serviceWorker.controller) {
      done();
    } else {
      navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
    }
  });
}

// The files that this page is made of.
function own(): string[] {
  const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  return files.filter((file) => file.origin === location.origin && file.pathname.startsWith("/static/")).map((file) => file.href);
}

// The area that was asked for, where the page that came is of another: without a network only what was opened before is here.
export function missedArea(area: string): boolean {
  const asked = new URLSearchParams(location.search).get("wilayah");
  return asked !== null && asked !== area;
}
