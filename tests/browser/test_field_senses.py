"""What ear and hand are told, a browser that reads QR itself, the receipt as a picture, the licences."""

import re
from pathlib import Path
from typing import Any

from tests.browser.conftest import ROOT, Site, Visitor
from tests.browser.field_phone import (
    OpenPhone,
    bind,
    boxes,
    camera_film,
    counted,
    label,
    person,
    type_boxes,
    typed,
    until,
)

STATIC = ROOT / "src" / "tepat" / "static" / "app"
YES, WHOLE, STOP = 60, [60, 60, 60, 60, 120], [300, 120, 300, 120, 300]

# Writes down what the page asks of vibration and sound, and what it would share.
SPY = """
globalThis.said = [];
globalThis.shared = [];
navigator.vibrate = (pattern) => said.push({ shakes: pattern });
globalThis.AudioContext = class {
  currentTime = 0;
  destination = {};
  resume() { return Promise.resolve(); }
  createGain() { return { gain: { value: 0 }, connect: (next) => next }; }
  createOscillator() {
    const one = { frequency: { value: 0 }, type: "", connect: (next) => next, stop() {} };
    one.start = () => said.push({ hertz: one.frequency.value, shape: one.type });
    return one;
  }
};
navigator.canShare = (what) => what.files?.length === 1;
navigator.share = async ({ files, title }) => {
  const [file] = files;
  shared.push({ type: file.type, size: file.size, name: file.name, title });
};
"""
# A browser that reads codes itself: it sees one label after the other.
DETECTOR = """
globalThis.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["ean_13", "qr_code"]); }
  constructor({ formats }) { this.formats = formats; }
  async detect(video) {
    const sees = video.videoWidth > 0 && this.formats.includes("qr_code");
    const text = sees ? globalThis.labels.shift() : undefined;
    return text === undefined ? [] : [{ rawValue: text }];
  }
};
"""


def test_ear_and_hand_are_told(phone: OpenPhone, field_site: Site, tmp_path: Path) -> None:
    """A short yes for each box, another for the last, a long stop; the browser's own detector reads."""
    mine, other = boxes(field_site, "nani"), boxes(field_site, "gita")
    visitor = phone(camera_film(tmp_path / "kamera.mjpeg", ["kosong"]))
    shown = [label(box) for box in (*mine[:3], mine[0])]
    visitor.page.add_init_script(SPY + DETECTOR + f"globalThis.labels = {shown};")
    bind(visitor, person(field_site, "nani")["code"])
    visitor.page.get_by_role("link", name=re.compile("Terima 20 kotak")).tap()
    counted(visitor, "3 dari 20")
    assert visitor.page.locator(".kamera").get_attribute("data-pembaca") == "peramban"
    assert visitor.page.workers == []
    until(visitor, "labels.length === 0")
    assert _said(visitor) == [{"hertz": 1320, "shape": "sine"}, {"shakes": YES}] * 3

    type_boxes(visitor, [other[0]])
    visitor.page.get_by_role("alertdialog", name="SALAH TPS").wait_for()
    low = [{"hertz": 200, "shape": "square"}, {"hertz": 160, "shape": "square"}]
    assert _said(visitor) == [*low, {"shakes": STOP}]
    visitor.page.get_by_role("button", name="Mengerti").tap()
    # A practised label on a real phone is stopped as well.
    visitor.page.get_by_label("Kode di label").fill(label(mine[4], rehearsal=True))
    visitor.page.get_by_label("Kode di label").press("Enter")
    visitor.page.get_by_role("alertdialog", name="LABEL LATIHAN").wait_for()
    assert _said(visitor) == [*low, {"shakes": STOP}]
    visitor.page.get_by_role("button", name="Mengerti").tap()
    # A wrong letter is a slip of the finger: it is said in words and makes no noise.
    visitor.page.get_by_label("Kode di label").fill(typed(mine[5])[:-1] + "Z")
    visitor.page.get_by_label("Kode di label").press("Enter")
    visitor.page.get_by_text("huruf terakhir atau susunannya tidak cocok").wait_for()
    assert _said(visitor) == []

    type_boxes(visitor, mine[3:])
    counted(visitor, "20 dari 20")
    said = _said(visitor)
    assert [one["shakes"] for one in said if "shakes" in one] == [YES] * 16 + [WHOLE]
    assert [one["hertz"] for one in said[-4:-1]] == [880, 1100, 1320]
    _share(visitor)


def _said(visitor: Visitor) -> list[dict[str, Any]]:
    return list(visitor.page.evaluate("said.splice(0)"))


def _share(visitor: Visitor) -> None:
    """The receipt goes to whichever app the person has, as one picture; without that, into a file."""
    visitor.page.get_by_role("button", name="Selesai hitung").tap()
    visitor.page.get_by_role("button", name="Terima 20 kotak").tap()
    visitor.page.get_by_role("heading", name="Tanda terima").wait_for()
    visitor.page.get_by_role("button", name="Bagikan gambar").tap()
    until(visitor, "shared.length === 1")
    (shared,) = visitor.page.evaluate("shared")
    assert (shared["type"], shared["title"]) == ("image/png", "Tanda terima")
    assert shared["size"] > 5_000
    visitor.page.evaluate("navigator.canShare = () => false")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Bagikan gambar").tap()
    assert download.value.suggested_filename == shared["name"]
    assert _written(download.value.path())


def _written(picture: Path) -> bool:
    """Return whether the picture carries the receipt's own number as a QR."""
    import zxingcpp
    from PIL import Image

    found = zxingcpp.read_barcodes(Image.open(picture).convert("L"))
    return [one.text.split(":")[:2] for one in found] == [["R1", "3371"]]


def test_the_notices_stand_beside_the_bundle(field_site: Site) -> None:
    """Minifying takes licences out of the code; the server hands them out as text."""
    import urllib.request

    used = set()
    for source in (ROOT / "frontend" / "src").rglob("*.ts"):
        found = re.findall(
            r'^(?:im|ex)port (?!type ).* from "((?:@[\w-]+/)?[\w-]+)[^"]*";',
            source.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        used |= {name for name in found if not name.startswith(".")}
    text = ""
    for folder in ("", "lapangan/"):
        with urllib.request.urlopen(f"{field_site.address}/static/app/{folder}lisensi.txt") as answer:
            text += answer.read().decode()
    assert {name for name in used if not re.search(rf"^{name} \d", text, re.MULTILINE)} == set()
    assert "Permission is hereby granted" in text
    assert (STATIC / "lapangan" / "lisensi.txt").stat().st_size > 10_000
