"""Drawing a label with raw PDF operators: text, lines, bars, QR codes. Pure.

Positions are in millimetres from the upper left corner of the label. The two faces are the ones every PDF
reader has, so that nothing is embedded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

POINT_MM = 25.4 / 72
PLAIN, BOLD = "F1", "F2"  # the names under which a page knows the two faces
CAPITAL = 0.705  # height of a digit, in parts of the size; some faces that stand in are a little taller
SQUEEZE_MOST = 0.55


@dataclass
class Pen:
    """Collects the operators of one label.

    Args:
        top_mm: The upper edge of the label, from the lower edge of the page.
        left_mm: Its left edge, from that of the page.
        widths: Widths of characters in thousandths of the size, by face.
    """

    top_mm: float
    left_mm: float
    widths: Mapping[str, Mapping[str, int]]
    parts: list[str] = field(default_factory=list)

    def operators(self) -> str:
        """Return what was drawn."""
        return "\n".join(self.parts)

    def width_mm(self, text: str, size_pt: float, face: str) -> float:
        """Return how wide a text is."""
        known = self.widths[face]
        return sum(known.get(letter, 600) for letter in text) * size_pt * POINT_MM / 1000

    def fitting(self, text: str, size_pt: float, face: str, room_mm: float) -> float:
        """Return the size at which a text fits its room, at most the one given."""
        width = self.width_mm(text, size_pt, face)
        return size_pt if width <= room_mm else size_pt * room_mm / width

    def text(self, at: tuple[float, float], text: str, size_pt: float, face: str = PLAIN) -> None:
        """Write a text; its baseline begins at this point."""
        self._show(at, text, size_pt, face)

    def fit(self, at: tuple[float, float], text: str, size_pt: float, room_mm: float) -> None:
        """Write a bold text that shrinks to its room."""
        self._show(at, text, self.fitting(text, size_pt, BOLD, room_mm), BOLD)

    def middle(self, at: tuple[float, float], text: str, size_pt: float, room_mm: float) -> None:
        """Write a bold text about the middle of its room; it shrinks where it would not fit."""
        size = self.fitting(text, size_pt, BOLD, room_mm)
        x = at[0] + (room_mm - self.width_mm(text, size, BOLD)) / 2
        self._show((x, at[1]), text, size, BOLD)

    def tall(self, at: tuple[float, float], text: str, height_mm: float, room_mm: float) -> None:
        """Write a bold text of a given height about the middle of its room.

        A wide one is condensed, and shrinks where it would become unreadable.
        """
        size = height_mm / CAPITAL / POINT_MM
        size *= min(1.0, room_mm / self.width_mm(text, size, BOLD) / SQUEEZE_MOST)
        width = self.width_mm(text, size, BOLD)
        squeeze = min(1.0, room_mm / width)
        x = at[0] + (room_mm - width * squeeze) / 2
        rise = (height_mm - size * CAPITAL * POINT_MM) / 2
        self._show((x, at[1] - rise), text, size, BOLD, squeeze)

    def reversed_text(self, box: tuple[float, float, float, float], text: str, size_pt: float) -> None:
        """Write white on a black bar (x, y, width, height)."""
        x, y, width, height = box
        self.bar(x, y, width, height)
        self.parts.append("1 g")
        size = self.fitting(text, size_pt, BOLD, width - 3)
        rise = (height + size * CAPITAL * POINT_MM) / 2
        self.middle((x + 1.5, y + rise), text, size, width - 3)
        self.parts.append("0 g")

    def bar(self, x: float, y: float, width: float, height: float, grey: float = 0) -> None:
        """Fill a rectangle; its upper left corner is given."""
        left, low = self._point(x, y + height)
        size = f"{width / POINT_MM:.2f} {height / POINT_MM:.2f}"
        shade = (f"{grey:g} g ", " 0 g") if grey else ("", "")
        self.parts.append(f"{shade[0]}{left:.2f} {low:.2f} {size} re f{shade[1]}")

    def line(self, start: tuple[float, float], end: tuple[float, float], *, dashed: bool = False) -> None:
        """Draw a thin line."""
        (x1, y1), (x2, y2) = self._point(*start), self._point(*end)
        dash = ("[4 3] 0 d ", " [] 0 d") if dashed else ("", "")
        self.parts.append(f"{dash[0]}0.7 w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S{dash[1]}")

    def across(self, text: str, box: tuple[float, float, float, float]) -> None:
        """Write a text in grey along the rising diagonal of a box, behind all that follows."""
        x, y, width, height = box
        size = self.fitting(text, 60, BOLD, width)
        middle_x, middle_y = self._point(x + width / 2, y + height / 2)
        half = self.width_mm(text, size, BOLD) / POINT_MM / 2
        cos, sin = 0.906, 0.423  # 25 degrees
        begin_x, begin_y = middle_x - half * cos, middle_y - half * sin
        self.parts.append(
            f"0.78 g BT /{BOLD} {size:.1f} Tf {cos} {sin} {-sin} {cos} {begin_x:.2f} {begin_y:.2f} Tm "
            f"({_escaped(text)}) Tj ET 0 g"
        )

    def code(self, runs: str, modules: int, at: tuple[float, float], side_mm: float, quiet_mm: float) -> None:
        """Draw a QR code on a white ground; the code's own upper left corner is given."""
        whole = side_mm + 2 * quiet_mm
        self.bar(at[0] - quiet_mm, at[1] - quiet_mm, whole, whole, grey=1)
        x, y = self._point(*at)
        scale = side_mm / POINT_MM / modules
        self.parts.append(f"q {scale:.4f} 0 0 {-scale:.4f} {x:.2f} {y:.2f} cm {runs} f Q")

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return (self.left_mm + x) / POINT_MM, (self.top_mm - y) / POINT_MM

    def _show(
        self, at: tuple[float, float], text: str, size_pt: float, face: str, squeeze: float = 1.0
    ) -> None:
        x, y = self._point(*at)
        narrow = (f"{squeeze * 100:.0f} Tz ", " 100 Tz") if squeeze < 1 else ("", "")
        self.parts.append(
            f"BT /{face} {size_pt:.1f} Tf {narrow[0]}{x:.2f} {y:.2f} Td ({_escaped(text)}) Tj{narrow[1]} ET"
        )


def _escaped(text: str) -> str:
    plain = text.encode("cp1252", "replace").decode("latin-1")
    return plain.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def qr_runs(text: str) -> tuple[int, str]:
    """Return a QR code as its size in modules and the rectangles of its dark runs.

    Args:
        text: What it says; error correction Q, so that a quarter of it may be lost.
    """
    import numpy as np
    import zxingcpp

    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    picture = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))
    dark = np.zeros((picture.shape[0], picture.shape[1] + 2), dtype=np.int8)
    dark[:, 1:-1] = picture == 0
    change = np.diff(dark, axis=1)
    rows, begins = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    runs = zip(begins.tolist(), rows.tolist(), (ends - begins).tolist(), strict=True)
    return len(picture), " ".join(f"{x} {y} {length} 1 re" for x, y, length in runs)
