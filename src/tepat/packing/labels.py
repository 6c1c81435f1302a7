"""Labels as PDF: what stands on each, and where. Pure: no database, no clock.

A label folds over an edge of the box: the larger face to the front, the flap to the side next to it, each
with the QR, so that one of them shows however boxes are stacked. QR codes are drawn as rectangles, one for
each run of dark modules, which is faster and sharper than a picture.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from tepat.common.errors import Refused
from tepat.packing.codes import Code, payload
from tepat.packing.drawing import BOLD, PLAIN, Pen, qr_runs

type Paper = Literal["thermal", "a4", "f4"]
type Progress = Callable[[int, int], None]

LABEL_WIDTH_MM, LABEL_HEIGHT_MM = 100.0, 146.0
FOLD_MM = 108.0
QR_FRONT_MM, QR_FLAP_MM = 33.0, 30.0
MARK_HEIGHT_MM = 40.0
QUIET_MODULES = 4
MARGIN_MM = 3.0
DAPIL = "DAPIL"
PROGRESS_EVERY = 200
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sheet:
    """A kind of paper.

    Args:
        name: As people choose it.
        words: As people read it.
        width_mm: Its width.
        height_mm: Its height.
        columns: Labels beside each other.
        rows: Labels above each other.
    """

    name: Paper
    words: str
    width_mm: float
    height_mm: float
    columns: int
    rows: int

    @property
    def labels(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows


SHEETS: dict[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        Sheet("thermal", "Printer label 100 × 150 mm", 100, 150, 1, 1),
        Sheet("a4", "A4, empat label selembar", 210, 297, 2, 2),
        Sheet("f4", "F4, empat label selembar", 215, 330, 2, 2),
    )
}


@dataclass(frozen=True)
class Label:
    """What stands on one label.

    Args:
        code: What its QR says.
        heading: Such as ``KOTAK 5 dari 5``.
        big: The TPS's number, or ``PPS``, ``PPK``, or a carton's number.
        big_word: What stands above it, such as ``TPS``.
        place: Such as ``Kel. Kunden``.
        above: Such as ``Kec. Blora``.
        name: The ballot's name, or what a bundle holds.
        colour: The word of the ballot's colour, or empty.
        mark: The dapil's mark, or what stands in its place.
        mark_word: What stands above the mark, such as ``DAPIL``.
        foot: One more line, such as how many sheets it holds.
    """

    code: Code
    heading: str
    big: str
    big_word: str
    place: str
    above: str
    name: str
    colour: str = ""
    mark: str = ""
    mark_word: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Print:
    """What all labels of one print share.

    Args:
        office: The office's area code.
        office_name: Its name.
        election: The election's code.
        election_name: Its name.
        paper: The kind of paper.
        rehearsal: Whether the labels carry LATIHAN.
        sample: Whether they carry CONTOH.
    """

    office: str
    office_name: str
    election: str
    election_name: str
    paper: str
    rehearsal: bool = False
    sample: bool = False

    @property
    def watermark(self) -> str:
        """What is written across each label, or nothing."""
        return "LATIHAN" if self.rehearsal else "CONTOH" if self.sample else ""


def sheet_of(paper: str) -> Sheet:
    """Return a kind of paper by its name.

    Raises:
        Refused: LABELS-PAPER.
    """
    if paper not in SHEETS:
        raise Refused("LABELS-PAPER", paper=paper, known=", ".join(SHEETS))
    return SHEETS[paper]


def labels_pdf(
    labels: Sequence[Label], print_: Print, progress: Progress = lambda _done, _all: None
) -> bytes:
    """Return labels as one PDF, in their order; the same labels give the same bytes.

    Args:
        labels: Not empty.
        print_: What they share.
        progress: Called with the labels done and all of them.

    Raises:
        Refused: LABELS-NOTHING, LABELS-PAPER.
    """
    if not labels:
        raise Refused("LABELS-NOTHING")
    sheet = sheet_of(print_.paper)
    pdf, widths = _document(sheet)
    width, height = sheet.width_mm / sheet.columns, sheet.height_mm / sheet.rows
    for number, label in enumerate(labels):
        cell = number % sheet.labels
        if cell == 0:
            _new_page(pdf, sheet)
        left = (cell % sheet.columns) * width + (width - LABEL_WIDTH_MM) / 2
        top = (cell // sheet.columns) * height + (height - LABEL_HEIGHT_MM) / 2
        pen = Pen(sheet.height_mm - top, left, widths)
        _draw(pen, label, print_)
        _write(pdf, pen)
        if number % PROGRESS_EVERY == 0:
            progress(number, len(labels))
    progress(len(labels), len(labels))
    return bytes(pdf.output())


def qr_text(label: Label, print_: Print) -> str:
    """Return what the QR of a label says."""
    return payload(label.code, office=print_.office, election=print_.election, rehearsal=print_.rehearsal)


def pages_needed(count: int, paper: str) -> int:
    """Return how many sheets so many labels take."""
    return -(-count // sheet_of(paper).labels)


def _document(sheet: Sheet) -> tuple[Any, dict[str, dict[str, int]]]:
    from fpdf import FPDF

    pdf: Any = FPDF(unit="mm", format=(sheet.width_mm, sheet.height_mm))
    pdf.set_auto_page_break(auto=False)
    pdf.set_creation_date(UNDATED)  # the same labels are the same bytes
    pdf.set_font("helvetica", "", 8)
    pdf.set_font("helvetica", "B", 8)
    faces = {f"F{face.i}": dict(face.cw) for face in pdf.fonts.values()}
    assert set(faces) == {PLAIN, BOLD}, faces.keys()
    return pdf, faces


def _new_page(pdf: Any, sheet: Sheet) -> None:
    pdf.add_page()
    # A page names the faces that were written with on it; the operators of the labels then refer to them.
    for style in ("", "B"):
        pdf.set_font("helvetica", style, 8)
        pdf.text(1, 1, " ")
    cut = Pen(sheet.height_mm, 0, {})
    for column in range(1, sheet.columns):
        x = column * sheet.width_mm / sheet.columns
        cut.line((x, 0), (x, sheet.height_mm), dashed=True)
    for row in range(1, sheet.rows):
        y = row * sheet.height_mm / sheet.rows
        cut.line((0, y), (sheet.width_mm, y), dashed=True)
    _write(pdf, cut)


def _write(pdf: Any, pen: Pen) -> None:
    if pen.parts:
        pdf._out(pen.operators())  # noqa: SLF001 -- raw operators: a tenth of the time of its drawing calls


def _draw(pen: Pen, label: Label, print_: Print) -> None:
    if print_.watermark:
        pen.across(print_.watermark, (4, 50, 92, 50))
        pen.across(print_.watermark, (38, 112, 60, 32))
    modules, runs = qr_runs(qr_text(label, print_))
    _head(pen, print_)
    for side_mm, at in ((QR_FRONT_MM, (5.0, 13.0)), (QR_FLAP_MM, (6.0, 112.0))):
        pen.code(runs, modules, at, side_mm, QUIET_MODULES * side_mm / modules)
    _where(pen, label)
    _what(pen, label)
    _flap(pen, label)


def _head(pen: Pen, print_: Print) -> None:
    if print_.watermark:
        pen.reversed_text((0, 0, LABEL_WIDTH_MM, 7.5), f"{print_.watermark} – BUKAN UNTUK PEMILIHAN", 12)
    else:
        room = LABEL_WIDTH_MM - 2 * MARGIN_MM
        right = pen.width_mm(print_.election_name, 10, BOLD)
        pen.fit((MARGIN_MM, 5.6), print_.office_name, 10, room - right - 4)
        pen.text((LABEL_WIDTH_MM - MARGIN_MM - right, 5.6), print_.election_name, 10, BOLD)
    pen.line((0, 8), (LABEL_WIDTH_MM, 8))


def _where(pen: Pen, label: Label) -> None:
    left, room = 44.0, LABEL_WIDTH_MM - 44.0 - MARGIN_MM
    pen.text((left, 13.0), label.big_word, 11, BOLD)
    size = pen.fitting(label.big, 92, BOLD, room)
    pen.text((left - 1, 38.5), label.big, size, BOLD)
    pen.fit((left, 44.6), label.place, 16, room)
    pen.fit((left, 49.2), label.above, 11, room)
    pen.line((0, 51.3), (LABEL_WIDTH_MM, 51.3))


def _what(pen: Pen, label: Label) -> None:
    left, room = 49.0, LABEL_WIDTH_MM - 49.0 - MARGIN_MM
    pen.middle((MARGIN_MM, 55.6), label.mark_word, 9, 42)
    pen.tall((MARGIN_MM, 97.4), label.mark, MARK_HEIGHT_MM, 42)
    pen.line((47, 51.3), (47, 99))
    pen.fit((left, 58.2), label.heading, 15, room)
    for row, words in enumerate(_folded(pen, label.name, 13, room)):
        pen.fit((left, 66.0 + row * 5.4), words, 13, room)
    if label.colour:
        pen.reversed_text((left, 80.0, room, 9.5), label.colour, 20)
    pen.fit((left, 96.4), label.foot, 11, room)
    pen.line((0, 99), (LABEL_WIDTH_MM, 99))
    _code(pen, label, (MARGIN_MM, 105.9), 19, LABEL_WIDTH_MM - 2 * MARGIN_MM)
    pen.line((0, FOLD_MM), (LABEL_WIDTH_MM, FOLD_MM), dashed=True)


def _flap(pen: Pen, label: Label) -> None:
    left, room = 43.0, LABEL_WIDTH_MM - 43.0 - MARGIN_MM
    pen.text((left, 111.4), "lipat ke sisi kotak di garis putus-putus", 6.5)
    dapil = f"DAPIL {label.mark}" if label.mark_word == DAPIL else ""
    pen.fit(
        (left, 117.4), " · ".join(part for part in (label.heading, dapil, label.colour) if part), 12, room
    )
    pen.fit((left, 130.6), f"{label.big_word} {label.big}", 34, room)
    below = f"{label.place}, {label.above}" if label.above else label.place
    pen.fit((left, 136.2), below, 11, room)
    _code(pen, label, (left, 143.2), 14, 0)


def _code(pen: Pen, label: Label, at: tuple[float, float], size_pt: float, room_mm: float) -> None:
    """Write the code as it is typed, its check letter on black so that nobody leaves it out.

    In the middle of its room, or at its left where there is none.
    """
    body, letter = label.code.checked[:-1], label.code.checked[-1]
    width, letter_mm = pen.width_mm(body, size_pt, BOLD), size_pt * 0.36
    start = at[0] + max(0, room_mm - width - letter_mm - 1) / 2
    pen.text((start, at[1]), body, size_pt, BOLD)
    high = size_pt * 0.33
    pen.reversed_text((start + width + 1, at[1] - high * 0.88, letter_mm, high), letter, size_pt)


def _folded(pen: Pen, text: str, size_pt: float, room_mm: float) -> list[str]:
    """Return a text in at most two lines; what is still too wide shrinks when it is written."""
    if pen.width_mm(text, size_pt, BOLD) <= room_mm:
        return [text]
    words = text.split()
    ways = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min(ways, key=lambda way: max(len(part) for part in way))) if ways else [text]
