"""A small OpenStreetMap file drawn by hand: one straight road with a short cut each vehicle may or may not take.

From west (0) to east (4) runs a main road with a wide bow to the north; at the foot of the bow lies a short cut of
one way, which carries the tags under test. Whoever may take it drives 1.1 km, whoever may not drives 5.6 km.
"""

WEST, FOOT_WEST, FOOT_EAST, EAST, TOP = 1, 2, 3, 4, 5
NODES = {
    WEST: (-7.0, 111.000),
    FOOT_WEST: (-7.0, 111.004),
    FOOT_EAST: (-7.0, 111.006),
    EAST: (-7.0, 111.010),
    TOP: (-6.98, 111.005),
}
SHORT_CUT = 100


def drawn_map(**tags):
    """Return the file's text; `tags` are those of the short cut, with `__` for a colon."""
    ways = {
        1: ([WEST, FOOT_WEST], {"highway": "secondary"}),
        2: ([FOOT_WEST, TOP, FOOT_EAST], {"highway": "secondary"}),
        3: ([FOOT_EAST, EAST], {"highway": "secondary"}),
        SHORT_CUT: ([FOOT_WEST, FOOT_EAST], {"highway": "tertiary"} | tags),
    }
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="tepat">']
    lines += [f'<node id="{n}" version="1" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in NODES.items()]
    for number, (nodes, found) in ways.items():
        lines.append(f'<way id="{number}" version="1">')
        lines += [f'<nd ref="{node}"/>' for node in nodes]
        lines += [f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in found.items()]
        lines.append("</way>")
    return "\n".join([*lines, "</osm>"])
