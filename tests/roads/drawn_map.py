"""A small OpenStreetMap file drawn by hand: roads with a short cut that a vehicle may or may not take.

From west to east runs a main road with a wide bow to the north; at the foot of the bow lies a short cut of
one way, which carries the tags under test. Whoever may take it drives 1.1 km, whoever may not 5.6 km. Copies
of it lie a tenth of a degree of latitude apart, one for each set of tags.
"""

CORNERS = ((0.0, 111.000), (0.0, 111.004), (0.0, 111.006), (0.0, 111.010), (0.02, 111.005))
WEST, FOOT_WEST, FOOT_EAST, EAST, TOP = range(5)
WAYS_OF_A_COPY = 10
BEFORE, BOW, AFTER, SHORT_CUT = 1, 2, 3, 4


def corner(which, copy=0):
    """Latitude and longitude of a corner."""
    north, lon = CORNERS[which]
    return (-7.0 - copy / 10 + north, lon)


def way(which, copy=0):
    """The id of a way."""
    return copy * WAYS_OF_A_COPY + which


def drawn_map(*copies):
    """Return the file's text; each argument holds the tags of one short cut."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="tepat">']
    for copy in range(len(copies)):
        for which in range(len(CORNERS)):
            lat, lon = corner(which, copy)
            lines.append(f'<node id="{_node(which, copy)}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
    for copy, tags in enumerate(copies):
        lines += _way(way(BEFORE, copy), copy, (WEST, FOOT_WEST), {"highway": "secondary"})
        lines += _way(way(BOW, copy), copy, (FOOT_WEST, TOP, FOOT_EAST), {"highway": "secondary"})
        lines += _way(way(AFTER, copy), copy, (FOOT_EAST, EAST), {"highway": "secondary"})
        lines += _way(way(SHORT_CUT, copy), copy, (FOOT_WEST, FOOT_EAST), {"highway": "tertiary"} | tags)
    return "\n".join([*lines, "</osm>"])


def _node(which, copy):
    return copy * len(CORNERS) + which + 1


def _way(number, copy, corners, tags):
    yield f'<way id="{number}" version="1">'
    yield from (f'<nd ref="{_node(which, copy)}"/>' for which in corners)
    yield from (f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    yield "</way>"
