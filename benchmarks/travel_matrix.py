"""Travel times: the model between all places of Blora, and the road engine on the extract of Liechtenstein.

python -m benchmarks.travel_matrix [RUNS]
"""

import random
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import blora, measured, show

from tepat.roads.engine import need_engine
from tepat.roads.graphs import ImportRequest, import_extract
from tepat.roads.model import model_matrix
from tepat.roads.osrm import OsrmRoads
from tepat.roads.places import Place

RUNS = 11
ENGINE_RUNS = 3
EXTRACT = Path(__file__).parents[1] / "tests" / "data" / "roads" / "liechtenstein.osm.pbf"
PLACES = 300


def valley() -> list[Place]:
    """Return places strewn over the valley of the Rhine, the same each time."""
    chance = random.Random(1)
    return [
        Place(id=f"T{number}", name="", lat=chance.uniform(47.06, 47.26), lon=chance.uniform(9.49, 9.55))
        for number in range(PLACES)
    ]


def main(runs: int) -> None:
    """Measure the model, then the import of an extract and a matrix by the engine."""
    with tempfile.TemporaryDirectory() as folder:
        problem, _ = blora(Path(folder))
        places = [Place(id=each.id, name=each.name, lat=each.lat, lon=each.lon) for each in problem.places]
        what = f"model, {len(places)} × {len(places)} seconds and metres"
        rows = [measured(what, lambda: model_matrix(places, "truk", "kering"), runs)]
        need_engine()
        graphs = Path(folder) / "jalan"
        request = ImportRequest(EXTRACT, graphs)
        rows.append(measured("import of Liechtenstein, three classes", lambda: import_extract(request), 1))
        roads, strewn = OsrmRoads(graphs), valley()
        what = f"road engine, {PLACES} × {PLACES}, with its process and file"
        rows.append(measured(what, lambda: roads.matrix(strewn, "truk", "kering"), ENGINE_RUNS))
    show(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
