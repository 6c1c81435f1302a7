"""What runs apart from Tepat, because a fault in foreign C++ code must not bring Tepat down.

Started by `engine.run_child` as `python -m tepat.roads.child`: one JSON request on standard input, one JSON
answer on standard output. Exit code 3: the answer is an error with its reason; anything else but 0: a crash.
"""

import errno
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
TABLE_ROWS = 100
"""Origins in one request to the engine, so that its answer stays small."""


def clip(request: dict[str, Any]) -> dict[str, Any]:
    """Find the roads of an extract and write segments, and the clip where a polygon is given."""
    import shapely

    from tepat.roads.extract import find_roads, write_clip, write_segments

    polygon = shapely.from_wkt(request["polygon"]) if request["polygon"] else None
    file, out = Path(request["file"]), Path(request["out"])
    roads = find_roads(file, polygon)
    if roads.kept:
        write_segments(roads, out / "ruas.npz")
        if polygon is not None:
            write_clip(file, roads, out / "klip.osm.pbf")
    return roads.summary


def table(request: dict[str, Any]) -> dict[str, Any]:
    """Ask the engine for all pairs and write seconds and metres, -1 where there is no road."""
    import osrm

    engine = osrm.OSRM(
        storage_config=request["graph"],
        algorithm="MLD",
        use_shared_memory=False,
        max_locations_distance_table=-1,
    )
    coordinates = [(lon, lat) for lon, lat in request["coordinates"]]
    count = len(coordinates)
    tables = np.full((2, count, count), -1, dtype="<i4")
    snapped: list[float] = []
    for start in range(0, count, TABLE_ROWS):
        rows = list(range(start, min(start + TABLE_ROWS, count)))
        answer = engine.Table(
            osrm.TableParameters(
                coordinates=coordinates,
                sources=rows,
                annotations=["duration", "distance"],
                generate_hints=False,
            )
        )
        for number, name in enumerate(("durations", "distances")):
            found = np.array([list(row) for row in answer[name]], dtype=np.float64)
            tables[number, rows] = np.where(np.isfinite(found), np.rint(np.nan_to_num(found)), -1)
        snapped += [float(source["distance"]) for source in answer["sources"]]
    no_road = (tables < 0).any(axis=0)
    tables[:, no_road] = -1
    np.save(request["out"], tables, allow_pickle=False)
    return {"snapped_m": snapped}


def main() -> int:
    """Answer one request."""
    request = json.load(sys.stdin)
    try:
        answer = {"clip": clip, "table": table}[request["task"]](request)
    except (RuntimeError, OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        json.dump({"reason": str(error), "errno": number if number in NO_ROOM else None}, sys.stdout)
        return 3
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
