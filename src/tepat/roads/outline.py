"""The outline of an office's area with a margin around it."""

import json
import math
from typing import Any

import shapely
from shapely.affinity import scale

METRES_PER_DEGREE = 111_195
DESA_DOTS = 3
DEGREE_UNITS = 10_000_000
"""OpenStreetMap counts coordinates in these parts of a degree."""


def with_margin(collection: dict[str, Any], margin_m: int) -> str:
    """Return the union of an area's desa, grown by a margin, as WKT in degrees (lon, lat).

    Args:
        collection: GeoJSON of an area with its desa; coarser levels in it are left out where desa are there.
        margin_m: Metres to grow it by.
    """
    features = collection["features"]
    desa = [
        feature for feature in features if feature["properties"]["kode"].count(".") == DESA_DOTS
    ] or features
    shapes = [shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))) for feature in desa]
    area = shapely.union_all(shapes)
    shrink = math.cos(math.radians(area.centroid.y))
    flat = scale(area, xfact=shrink, yfact=1, origin=(0, 0))
    grown = flat.buffer(margin_m / METRES_PER_DEGREE, quad_segs=4).simplify(0.001)
    return str(shapely.to_wkt(scale(grown, xfact=1 / shrink, yfact=1, origin=(0, 0)), rounding_precision=5))
