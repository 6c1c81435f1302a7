"""A load plan as a picture: the vehicle's side and each layer from above, stops lettered and coloured. Pure.

The same SVG stands on the screen and on the route card. Nothing in it is told by colour alone.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from tepat.distribution.load_plan import LoadPlan, Standing, stop_letter

CELL = 28
LEFT, RIGHT, HEAD, GAP = 8, 8, 20, 14
DOOR_WIDTH = 44
TEXT_LIFT = 9
INK, FAINT, OVER = "#1a1a1a", "#5b6770", "#a3122a"
# Light enough for dark letters, told apart in grey print by the letters alone.
FILLS = ("#cfe3ef", "#f6d9a8", "#d9d0ec", "#bfe0d6", "#f3c6cf", "#e4e4dc", "#e9e3a6", "#c9d8b6")

type Place = tuple[int, int]


def fill_of(stop: int) -> str:
    """Return the colour of a stop; letters tell apart those that share one."""
    return FILLS[stop % len(FILLS)]


def load_picture(load: LoadPlan, *, said: str) -> str:
    """Return the picture as SVG; empty where no box stands at all.

    Args:
        load: How the trip is loaded.
        said: What a screen reader says of it; the table of stops says the rest.
    """
    if not load.boxes:
        return ""
    width = LEFT + max(load.grid.rows, _rows(load)) * CELL + DOOR_WIDTH + RIGHT
    views = [_side(load), *(_above(load, layer) for layer in range(load.layers))]
    height = sum(int(view.get("data-height", "0")) + GAP for view in views)
    picture = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "muatan",
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "role": "img",
            "aria-label": said,
            "font-family": "Libertinus Serif, system-ui, sans-serif",
        },
    )
    y = 0
    for view in views:
        y_next = y + int(view.attrib.pop("data-height")) + GAP
        view.set("transform", f"translate({LEFT} {y})")
        picture.append(view)
        y = y_next
    return ET.tostring(picture, encoding="unicode")


def _rows(load: LoadPlan) -> int:
    return max(box.row + 1 for box in load.boxes)


def _side(load: LoadPlan) -> ET.Element:
    """Draw the left side: rows from the cab to the door, layers upward, the height limit dashed."""
    shown_layers = max(load.layers, load.grid.layers)
    boxes = [(box, (box.row, shown_layers - 1 - box.layer)) for box in load.boxes if box.column == 0]
    view = _view("Dari sisi kiri", load, shown_layers, boxes)
    limit = HEAD + (shown_layers - load.grid.layers) * CELL
    end = load.grid.rows * CELL
    _line(view, (0, limit), (end, limit), stroke=OVER, dash="5 3")
    _text(view, (end + 4, limit + TEXT_LIFT), "batas", size=10, fill=OVER)
    return view


def _above(load: LoadPlan, layer: int) -> ET.Element:
    """Draw one layer from above, the left side of the vehicle on top."""
    name = f"Lapis {layer + 1}{' (di lantai)' if not layer else ''}, dilihat dari atas"
    boxes = [(box, (box.row, box.column)) for box in load.boxes if box.layer == layer]
    return _view(name, load, load.grid.columns, boxes)


def _view(name: str, load: LoadPlan, lines: int, boxes: Iterable[tuple[Standing, Place]]) -> ET.Element:
    view = ET.Element("g", {"data-height": str(HEAD + lines * CELL)})
    _text(view, (0, 13), name, size=12, weight="bold")
    end = load.grid.rows * CELL
    _rect(view, (0, HEAD), (end, lines * CELL), fill="#ffffff", stroke=FAINT, width="2")
    for box, (row, line) in boxes:
        _box(view, box, (row * CELL, HEAD + line * CELL), over=load.is_over(box))
    _text(view, (end + 4, HEAD + lines * CELL - 4), "pintu", size=11, fill=FAINT)
    return view


def _box(view: ET.Element, box: Standing, at: Place, *, over: bool) -> None:
    held = ET.SubElement(view, "g")
    ET.SubElement(held, "title").text = f"{stop_letter(box.stop)}: {box.unit}, kotak {box.box}"
    x, y = at
    stroke, width = (OVER, "2.5") if over else (INK, "0.7")
    _rect(held, (x + 1, y + 1), (CELL - 2, CELL - 2), fill=fill_of(box.stop), stroke=stroke, width=width)
    middle = (x + CELL // 2, y + CELL // 2 + 5)
    _text(held, middle, stop_letter(box.stop), size=13, weight="bold", anchor="middle")


def _rect(view: ET.Element, at: Place, size: Place, *, fill: str, stroke: str, width: str) -> None:
    ET.SubElement(
        view,
        "rect",
        {
            "x": str(at[0]),
            "y": str(at[1]),
            "width": str(size[0]),
            "height": str(size[1]),
            "fill": fill,
            "stroke": stroke,
            "stroke-width": width,
        },
    )


def _line(view: ET.Element, start: Place, end: Place, *, stroke: str, dash: str) -> None:
    ET.SubElement(
        view,
        "line",
        {
            "x1": str(start[0]),
            "y1": str(start[1]),
            "x2": str(end[0]),
            "y2": str(end[1]),
            "stroke": stroke,
            "stroke-width": "1.5",
            "stroke-dasharray": dash,
        },
    )


def _text(view: ET.Element, at: Place, words: str, *, size: int, **look: str) -> None:
    given = {"x": str(at[0]), "y": str(at[1]), "font-size": str(size), "fill": look.get("fill", INK)}
    if "weight" in look:
        given["font-weight"] = look["weight"]
    if "anchor" in look:
        given["text-anchor"] = look["anchor"]
    ET.SubElement(view, "text", given).text = words
