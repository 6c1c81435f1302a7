"""The field page on a slow line, a slow processor and no line at all, in a real browser.

python -m benchmarks.field [RUNS]
"""

import base64
import hashlib
import io
import json
import secrets
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785
import uuid_utils
from benchmarks.measuring import spread
from tests.browser.conftest import FLAGS, served
from tests.browser.field_phone import bind, boxes, browser_path, label, open_phone, person

RUNS = 5
SLOWER = 4
SLOW_BITS_S, SLOW_LATENCY_MS = 50_000, 1_000
SENDING_BITS_S, SENDING_LATENCY_MS = 240_000, 300
EVENTS, PHOTOS, PHOTO_BYTES = 300, 20, 145 * 1024
WAIT_MS_MAX = 240_000
UNSENT = """async (shelf) => {
  const db = await new Promise((done) => { const asked = indexedDB.open("tepat-lapangan"); asked.onsuccess = () => done(asked.result); });
  const kept = await new Promise((done) => {
    const asked = db.transaction(shelf).objectStore(shelf).index("sent").count(shelf === "event" ? "tersimpan" : 0);
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return kept;
}"""  # noqa: E501 - a script
# The worker's own program on the page's thread, because a browser slows only that one down.
DECODE = """async ([address, pictures, size]) => {
  let answer;
  window.postMessage = (said) => { answer = said; };
  await import(address);
  const took = [];
  for (const picture of pictures) {
    const data = Uint8ClampedArray.from(atob(picture), (one) => one.charCodeAt(0));
    window.dispatchEvent(new MessageEvent("message", { data: { width: size, height: size, data } }));
    took.push([answer.took_ms, answer.found]);
  }
  return took;
}"""


def slow_line(page: Any, bits_s: int, latency_ms: int) -> None:
    """Slow a page's line down."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"downloadThroughput": bits_s / 8, "uploadThroughput": bits_s / 8}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency_ms, **conditions})


def slow_processor(page: Any) -> None:
    """Slow a page's thread down."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def first_opening(browser: Any, site: Any) -> float:
    """Return the seconds until a new phone can scan its card, on a very slow line."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    slow_line(page, SLOW_BITS_S, SLOW_LATENCY_MS)
    slow_processor(page)
    began = time.perf_counter()
    page.goto(f"{site.address}/lapangan/", wait_until="commit", timeout=WAIT_MS_MAX)
    page.get_by_role("button", name="Pindai kartu undangan").wait_for(timeout=60_000)
    took = time.perf_counter() - began
    context.close()
    return took


def warm_openings(phone: Any, runs: int) -> list[float]:
    """Return the seconds until today's tasks stand, in airplane mode."""
    slow_processor(phone.page)
    phone.page.context.set_offline(True)
    took = []
    for _ in range(runs):
        phone.page.goto("about:blank")
        began = time.perf_counter()
        phone.go("/lapangan/")
        phone.page.get_by_role("heading", name="Tugas hari ini").wait_for()
        took.append(time.perf_counter() - began)
    return took


def decoding(phone: Any, names: list[str]) -> list[float]:
    """Return the milliseconds to read each label from a centre crop, four times slower."""
    import zxingcpp
    from PIL import Image

    size, pictures = 240, []
    for name in names:
        code = zxingcpp.create_barcode(label(name), zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
        frame = Image.new("RGB", (size, size), (168, 160, 150))
        frame.paste(Image.fromarray(code.to_image(scale=10)).convert("RGB").resize((150, 150)), (45, 45))
        turned = frame.rotate(
            7 * (len(pictures) % 5 - 2), Image.Resampling.BICUBIC, fillcolor=(168, 160, 150)
        )
        pictures.append(base64.b64encode(turned.convert("RGBA").tobytes()).decode())
    slow_processor(phone.page)
    built = Path(__file__).parents[1] / "src" / "tepat" / "static" / "app" / "lapangan"
    reader = next(built.glob("pembaca-*.js")).name
    answers = phone.page.evaluate(DECODE, [f"/static/app/lapangan/{reader}", pictures, size])
    assert [found for _, found in answers] == [label(name) for name in names], "a label was not read"
    return [took for took, _ in answers]


def sending(phone: Any, copy: Path) -> tuple[float, float]:
    """Return after how many seconds on a slow line the events were there, and after how many the photos."""
    phone.page.context.set_offline(True)
    phone.go("/lapangan/#/simpan")
    phone.page.get_by_label("Buka berkas salinan").set_input_files(copy)
    phone.page.get_by_text(f"{EVENTS} catatan disalin").wait_for(timeout=30_000)
    phone.page.context.set_offline(False)
    slow_line(phone.page, SENDING_BITS_S, SENDING_LATENCY_MS)
    began = time.perf_counter()
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    ends = []
    for shelf in ("event", "photo"):
        while phone.page.evaluate(UNSENT, shelf) and time.perf_counter() - began < WAIT_MS_MAX / 1000:
            time.sleep(0.25)
        ends.append(time.perf_counter() - began)
    return ends[0], ends[1]


class Signer:
    """A phone without a page, which makes as many signed events as one wants."""

    def __init__(self, site: Any, code: str) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec

        self.key = ec.generate_private_key(ec.SECP256R1())
        numbers = self.key.public_key().public_numbers()
        x, y = (_base64(number.to_bytes(32)) for number in (numbers.x, numbers.y))
        asked = {"code": code, "public_key": {"kty": "EC", "crv": "P-256", "x": x, "y": y}, "pin": None}
        request = urllib.request.Request(
            f"{site.address}/lapangan/ikat/",
            data=json.dumps(asked).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.bound = json.load(answer)

    def seen(self, counter: int, name: str, evidence: list[str]) -> dict[str, Any]:
        """Return a signed `custody.seen`."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        salt = secrets.token_bytes(32)
        payload = {"with_person": self.bound["person"], "post": self.bound["post"], "purpose": "periksa"}
        statement = {
            "id": str(uuid_utils.uuid7()),
            "kind": "custody.seen",
            "kind_version": 1,
            "claimed_at": datetime.fromtimestamp(time.time(), UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "device": self.bound["device"],
            "counter": counter,
            "mode": self.bound["mode"],
            "actor": self.bound["person"],
            "objects": [name],
            "place": self.bound["area_code"],
            "payload_hash": hashlib.sha256(salt + rfc8785.dumps(payload)).hexdigest(),
            "evidence": evidence,
        }
        r, s = utils.decode_dss_signature(self.key.sign(rfc8785.dumps(statement), ec.ECDSA(hashes.SHA256())))
        signature = _base64(r.to_bytes(32) + s.to_bytes(32))
        return {"statement": statement, "payload": payload, "salt": salt.hex(), "signature": signature}


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def copy_file(site: Any, path: Path) -> Path:
    """Write a copy of another phone with its events and photos, as the page writes it."""
    signer, names = Signer(site, person(site, "pps9")["code"]), boxes(site, "pps9")
    photos = [_photo(number) for number in range(PHOTOS)]
    events, kept = [], []
    for number in range(EVENTS):
        photo = photos[number] if number < PHOTOS else None
        evidence = [hashlib.sha256(photo).hexdigest()] if photo else []
        events.append(signer.seen(number + 1, names[number % len(names)], evidence))
        if photo:
            named = {"sha256": evidence[0], "event": events[-1]["statement"]["id"]}
            kept.append({**named, "bytes": _base64(photo)})
    path.write_text(json.dumps({"name": "tepat-lapangan", "version": 1, "events": events, "photos": kept}))
    return path


def _photo(seed: int) -> bytes:
    """Return a JPEG as heavy as the page lets one be."""
    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(seed).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    for quality in range(60, 5, -5):
        out = io.BytesIO()
        Image.fromarray(noise).save(out, "JPEG", quality=quality)
        if out.tell() <= PHOTO_BYTES:
            break
    return out.getvalue()


@contextmanager
def two_browsers(site: Any) -> Iterator[tuple[Any, Any]]:
    """Open a browser for new phones, and one phone that is bound."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        phone = open_phone(browser, site)
        bind(phone, person(site, "pps0")["code"])
        yield browser, phone
        phone.page.context.browser.close()
        browser.close()


def row(what: str, aim: str, values: list[float], unit: str = "s") -> None:
    """Print one line of the table."""
    print(f"| {what} | {aim} | {len(values)} | {spread(values, unit)} |", flush=True)


def main(runs: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), "field") as site:
        copy = copy_file(site, Path(folder) / "salinan.json")
        print("| what | aim | runs | median (least–most) |\n|---|---|---|---|")
        with two_browsers(site) as (browser, phone):
            opened = [first_opening(browser, site) for _ in range(runs)]
            row(f"first opening, 50 kbit/s, 1 s latency, processor 1/{SLOWER}", "≤ 15 s", opened)
            row(f"again in airplane mode, processor 1/{SLOWER}", "≤ 1 s", warm_openings(phone, runs))
            read_ms = decoding(phone, boxes(site, "pps0"))
            row(f"one label read, processor 1/{SLOWER}", "median ≤ 50 ms", read_ms, "ms")
            events_s, photos_s = sending(phone, copy)
            row(f"{EVENTS} events at 240 kbit/s, 0.3 s latency", "≤ 60 s", [events_s])
            row(f"and then {PHOTOS} photos of {PHOTO_BYTES // 1024} KB", "", [photos_s])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
