// The progress of a job: the server renders the fragment, we only fetch it again until it says that it is done.
const PAUSE_MS = 1500;
const FAILURES_MAX = 20;

export function watchProgress(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-kemajuan]")) {
    void watch(box, 0);
  }
}

async function watch(box: HTMLElement, failures: number): Promise<void> {
  const address = box.dataset["kemajuan"];
  if (!address || failures > FAILURES_MAX) {
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    if (answer.headers.get("X-Selesai")) {
      window.location.reload();
      return;
    }
    box.innerHTML = await answer.text();
    return watch(box, 0);
  } catch {
    return watch(box, failures + 1);
  }
}
