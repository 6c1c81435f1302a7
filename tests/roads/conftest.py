"""Road graphs made once for all tests of a run, from the extracts in tests/data/roads."""

from pathlib import Path

import pytest

from tepat.roads.graphs import ImportRequest, TruckSize, import_extract
from tepat.roads.osrm import OsrmRoads

EXTRACTS = Path(__file__).parents[1] / "data" / "roads"


def _imported(tmp_path_factory, name, **options):
    folder = tmp_path_factory.mktemp("jalan") / name
    import_extract(ImportRequest(EXTRACTS / f"{name}.osm.pbf", folder, **options))
    return OsrmRoads(folder)


@pytest.fixture(scope="session")
def liechtenstein(tmp_path_factory):
    return _imported(tmp_path_factory, "liechtenstein")


@pytest.fixture(scope="session")
def liechtenstein_tall(tmp_path_factory):
    return _imported(
        tmp_path_factory, "liechtenstein", vehicle_classes=("truk",), truck=TruckSize(height_cm=370)
    )


@pytest.fixture(scope="session")
def helsinki(tmp_path_factory):
    return _imported(tmp_path_factory, "helsinki_pusat")


@pytest.fixture(scope="session")
def balikpapan(tmp_path_factory):
    return _imported(tmp_path_factory, "balikpapan_kota_drive")
