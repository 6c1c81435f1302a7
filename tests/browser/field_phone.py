"""A phone in the field: a small window with a camera that sees what a test puts before it."""

import io
import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.browser.conftest import FLAGS, Visitor

FRAME_PX = (640, 480)
# Chromium plays a camera's film at 30 pictures a second; each label is held before it for half a second.
PICTURES_PER_LABEL = 15
BLANK_PICTURES = 5
# Long enough for the page to take the same label as a new one.
LONG_REST = 100
PIN = "402718"
ARRIVAL_S_MAX = 20

type OpenPhone = Callable[..., Visitor]


def label(box: str, office: str = "3371", *, rehearsal: bool = False) -> str:
    """Return the QR text of a box's label."""
    _, election, code = box.split(":")
    return f"{'L' if rehearsal else ''}T1:{office}:{election.upper()}:{checked(code)}"


def checked(code: str) -> str:
    """Return a code as it is typed, with its check letter."""
    from tepat.packing.codes import check_letter

    return code + check_letter(code)


def code_of(box: str) -> str:
    """Return the label code of a box."""
    return box.rpartition(":")[2]


def typed(box: str) -> str:
    """Return what a person types for a box."""
    return checked(code_of(box))


def camera_film(path: Path, texts: Sequence[str], *, rest: int = BLANK_PICTURES) -> Path:
    """Write a film that shows one QR after the other, as a camera would see them; then nothing."""
    import zxingcpp
    from PIL import Image

    with path.open("wb") as film:
        for text in texts:
            code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
            film.write(_picture(Image.fromarray(code.to_image(scale=10))) * PICTURES_PER_LABEL)
            film.write(_picture(None) * BLANK_PICTURES)
        film.write(_picture(None) * rest)
    return path


def film_of(path: Path, pictures: Sequence[bytes]) -> Path:
    """Write a film of pictures that were taken of another phone's screen."""
    from PIL import Image

    with path.open("wb") as film:
        for picture in pictures:
            film.write(_picture(Image.open(io.BytesIO(picture)), size=470) * PICTURES_PER_LABEL)
    return path


def _picture(code: Any, size: int = 230) -> bytes:
    from PIL import Image

    frame = Image.new("RGB", FRAME_PX, (168, 160, 150))
    if code is not None:
        code = code.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)
        frame.paste(code, ((FRAME_PX[0] - size) // 2, (FRAME_PX[1] - size) // 2))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=88)
    return out.getvalue()


def open_phone(browser: Any, site: Any, film: Path | None = None) -> Visitor:
    """Return a phone with its own browser, whose camera shows a film; without one, no camera at all."""
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    flags = [*FLAGS, *camera, f"--use-file-for-fake-video-capture={film}"] if film else list(FLAGS)
    own = browser.browser_type.launch(executable_path=browser_path(), args=flags)
    context = own.new_context(
        viewport={"width": 360, "height": 640},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        accept_downloads=True,
        permissions=["camera"] if film else [],
    )
    visitor = Visitor(context.new_page(), site)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    visitor.page.on("console", lambda said: _hear(visitor, said))
    visitor.page.on("request", lambda asked: visitor.hosts.add(asked.url.split("/")[2]))
    return visitor


def browser_path() -> str:
    """Return the Chromium of the tests."""
    import subprocess

    from tests.browser.conftest import ROOT

    found = subprocess.run(
        [str(ROOT / "scripts" / "browser-for-tests")], capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


def _hear(visitor: Visitor, said: Any) -> None:
    """Keep errors; that there is no net in airplane mode is none."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        visitor.complaints.append(said.text)


def known(site: Any) -> dict[str, Any]:
    """Return who has which card, and whose boxes are whose."""
    return dict(json.loads((site.home / "lapangan.json").read_text()))


def bind(phone: Visitor, code: str) -> None:
    """Take the identity of a card, as its link does."""
    phone.go(f"/lapangan/#kode={code}")
    phone.page.get_by_label("PIN, 6 angka").fill(PIN)
    phone.page.get_by_label("PIN sekali lagi").fill(PIN)
    phone.page.get_by_role("button", name="Daftarkan HP ini").click()
    phone.page.get_by_role("heading", name="Tugas hari ini").wait_for()
    kept(phone)


def kept(phone: Visitor) -> None:
    """Wait until the phone has the page and needs no server for it."""
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(phone, "navigator.serviceWorker.controller !== null")


def until(phone: Visitor, condition: str) -> None:
    """Wait until something holds in the page, whose own policy forbids Playwright's way of asking."""
    look = f"const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look();"
    phone.page.evaluate(f"() => new Promise((done) => {{ {look} }})")


def type_boxes(phone: Visitor, boxes: Sequence[str]) -> None:
    """Type the codes of boxes, one after the other."""
    field = phone.page.get_by_label("Kode di label")
    if not field.is_visible():
        phone.page.get_by_role("button", name="Ketik kode").click()
    for box in boxes:
        field.fill(typed(box))
        field.press("Enter")


def ask_book(site: Any, question: str, *values: str) -> list[tuple[Any, ...]]:
    """Ask the office's database, which is another one in Mode Latihan."""
    import sqlite3

    (book,) = site.home.glob("*.sqlite3")
    with sqlite3.connect(f"file:{book}?mode=ro", uri=True) as opened:
        return opened.execute(question, values).fetchall()


def ledger_events(site: Any, kind: str, person: str = "") -> list[dict[str, Any]]:
    """Return the events of a kind that the office has in its book."""
    names = ("id", "actor", "payload", "objects", "counter")
    rows = ask_book(site, f"select {', '.join(names)} from common_event where kind = ?", kind)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for one in found:
        one["payload"], one["objects"] = json.loads(one["payload"]), json.loads(one["objects"])
    return [one for one in found if one["actor"] in {"", person, person.replace("-", "")} or not person]


class Thumb:
    """Taps, and counts them."""

    def __init__(self, visitor: Visitor) -> None:
        self.page, self.taps = visitor.page, 0

    def __call__(self, role: str, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role(role, name=name).tap()
        self.taps += 1


def person(site: Any, name: str) -> dict[str, str]:
    return dict(known(site)["people"][name])


def boxes(site: Any, name: str) -> list[str]:
    return list(known(site)["boxes"][name])


def airplane(visitor: Visitor, *, on: bool = True) -> None:
    visitor.page.context.set_offline(on)


def wait_sent(visitor: Visitor) -> None:
    visitor.page.get_by_text("Semua sudah terkirim").first.wait_for(timeout=20_000)


def counted(visitor: Visitor, text: str) -> None:
    visitor.page.locator(".hitungan", has_text=text).wait_for()


def receive_all(visitor: Visitor, names: Sequence[str], thumb: Thumb | None = None) -> Thumb:
    """Receive every box of the one task of so many that there is; count the taps."""
    thumb = thumb or Thumb(visitor)
    thumb("link", re.compile(f"Terima {len(names)} kotak"))
    thumb("button", "Ketik kode")
    type_boxes(visitor, names)
    counted(visitor, f"{len(names)} dari {len(names)}")
    thumb("button", "Selesai hitung")
    thumb("button", f"Terima {len(names)} kotak")
    visitor.page.get_by_role("heading", name="Tanda terima").wait_for()
    return thumb


def arrived(site: Any, kind: str, person: str, number: int = 1) -> list[dict[str, Any]]:
    """Wait until the office has so many events of a kind by somebody; return them."""
    until = time.monotonic() + ARRIVAL_S_MAX
    while time.monotonic() < until:
        if len(found := ledger_events(site, kind, person)) >= number:
            break
        time.sleep(0.2)
    assert len(found) == number, found
    return found


def shown(visitor: Visitor) -> list[bytes]:
    """Return pictures of the film on a phone's screen: each of its codes once."""
    canvas = visitor.page.get_by_role("img", name=re.compile("^Kode "))
    canvas.wait_for()
    said = visitor.page.locator(".film p").inner_text()
    total = int(re.search(r"dari (\d+)", said)[1]) if "dari" in said else 1
    pictures: dict[str, bytes] = {}
    while len(pictures) < total:
        before = visitor.page.locator(".film p").inner_text()
        picture = canvas.screenshot()
        if visitor.page.locator(".film p").inner_text() == before:
            pictures[before] = picture
    return list(pictures.values())


def photo_arrived(site: Any, sha256: str) -> bool:
    """Return whether the office has a photo that an event named."""
    found = ask_book(site, "select arrived_at from custody_expectedphoto where sha256 = ?", sha256)
    return bool(found) and all(row[0] for row in found)


def jpeg(path: Path) -> Path:
    """Write a photo as large as a phone's camera makes it."""
    from PIL import Image

    Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, "JPEG")
    return path


def draw(visitor: Visitor) -> None:
    """Sign with a finger."""
    box = visitor.page.get_by_role("img", name="Tempat tanda tangan").bounding_box()
    visitor.page.mouse.move(box["x"] + 40, box["y"] + 60)
    visitor.page.mouse.down()
    for step in range(12):
        visitor.page.mouse.move(box["x"] + 40 + 15 * step, box["y"] + 60 + 30 * (step % 2))
    visitor.page.mouse.up()
