import importlib.util
import shutil
import sys
from datetime import date
from pathlib import Path

import numpy as np
import osmium
import pytest

from tepat.common.errors import Refused
from tepat.roads import graphs
from tepat.roads.engine import ChildFailedError, run_child, run_tool
from tepat.roads.graphs import ImportRequest, TruckSize, import_extract, read_index
from tepat.roads.layers import Layered
from tepat.roads.matrix import VEHICLE_CLASSES
from tepat.roads.notes import Note, RoadNotes
from tepat.roads.osrm import OsrmRoads
from tepat.roads.places import Place
from tepat.roads.travel import travel

EXTRACTS = Path(__file__).parents[1] / "data" / "roads"
DAY = date(2024, 2, 11)

spec = importlib.util.spec_from_file_location("drawn_map", Path(__file__).with_name("drawn_map.py"))
drawn = importlib.util.module_from_spec(spec)
spec.loader.exec_module(drawn)


def _lengths(roads, origin, destination, classes=VEHICLE_CLASSES):
    """Metres from one point to another by vehicle class."""
    places = [Place("a", *origin), Place("b", *destination)]
    return {
        vehicle_class: (roads.matrix(places, vehicle_class, "kering").between("a", "b") or (None, None))[1]
        for vehicle_class in classes
    }


def _way(extract, way_id):
    """Tags and end points of a way in an extract."""
    reader = osmium.FileProcessor(str(EXTRACTS / extract), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for way in reader.with_filter(osmium.filter.KeyFilter("highway")):
        if way.is_way() and way.id == way_id:
            first, last = way.nodes[0].location, way.nodes[-1].location
            return dict(way.tags), (first.lat, first.lon), (last.lat, last.lon)
    raise AssertionError(way_id)


# real limits


def test_a_truck_of_eight_tonnes_drives_round_a_street_for_four_and_a_half_in_helsinki(helsinki):
    tags, start, end = _way("helsinki_pusat.osm.pbf", 81353469)
    assert (tags["name"], tags["maxweight"]) == ("Siltavuorenpenger", "4.5")
    lengths = _lengths(helsinki, start, end)
    assert lengths["pikap"] == lengths["motor"]
    assert lengths["pikap"] < 30
    assert lengths["truk"] > 500


def test_only_low_vehicles_pass_a_tunnel_of_two_metres_twenty_in_helsinki(helsinki):
    tags, start, end = _way("helsinki_pusat.osm.pbf", 27327906)
    assert tags["maxheight"] == "2.2"
    lengths = _lengths(helsinki, start, end)
    assert lengths["pikap"] == lengths["motor"] == pytest.approx(40, abs=25)
    assert lengths["truk"] is None or lengths["truk"] > 3 * lengths["pikap"]


def test_the_tunnel_of_three_metres_sixty_in_liechtenstein_takes_our_truck_and_not_a_taller_one(
    liechtenstein, liechtenstein_tall
):
    """With the height from its own papers, 3.70 m, the truck drives the old pass road."""
    tags, start, end = _way("liechtenstein.osm.pbf", 35939585)
    assert (tags["highway"], tags["maxheight"]) == ("secondary", "3.6")
    assert set(_lengths(liechtenstein, start, end).values()) == {754}
    assert _lengths(liechtenstein_tall, start, end, ["truk"])["truk"] > 3_000


def test_balikpapan_lost_its_tags_and_still_gives_every_road(balikpapan):
    ends = np.load(next(balikpapan.folder.glob("ruas-*")) / "ruas.npz")["ends"] / 1e7
    places = [Place(str(n), lat, lon) for n, (lon, lat, _, _) in enumerate(ends[::150])]
    matrix = travel(places, "truk", "kering", provider=balikpapan)
    assert matrix.unreachable == 0
    assert matrix.provenance == {"osrm": len(places) * (len(places) - 1)}
    assert [finding.code for finding in matrix.findings] == ["ROADS-EXTRACT-POOR"]
    assert matrix.sentence == "perkiraan, −25% sampai +30%"
    assert read_index(balikpapan.folder).roads["ways"] == 1449


# each tag of our profiles, on a drawn map

SHORT, LONG = pytest.approx(1_112, abs=60), pytest.approx(5_550, abs=400)


SHORT_CUTS = [
    ({}, {"truk", "pikap", "motor"}),
    ({"hgv": "no"}, {"pikap", "motor"}),
    ({"motor_vehicle": "no", "hgv": "yes"}, {"truk"}),
    ({"maxheight": "3.2"}, {"pikap", "motor"}),
    ({"maxheight": "2"}, {"motor"}),
    ({"maxweight": "5"}, {"pikap", "motor"}),
    ({"maxweight": "1.5 t"}, {"motor"}),
    ({"maxaxleload": "4"}, {"pikap", "motor"}),
    ({"maxwidth": "2"}, {"pikap", "motor"}),
    ({"maxlength": "6"}, {"pikap", "motor"}),
    ({"motorcar": "no"}, {"truk", "motor"}),
    ({"motorcycle": "no"}, {"truk", "pikap"}),
    ({"access": "no"}, set()),
    ({"access": "no", "motor_vehicle": "yes"}, {"truk", "pikap", "motor"}),
    ({"access": "forestry"}, set()),
    ({"highway": "path"}, {"motor"}),
    ({"highway": "footway"}, set()),
    ({"highway": "footway", "motorcycle": "yes"}, {"motor"}),
    ({"highway": "motorway", "oneway": "no"}, {"truk", "pikap"}),
    ({"highway": "track", "tracktype": "grade5"}, {"truk", "pikap", "motor"}),
    ({"smoothness": "very_horrible"}, {"motor"}),
    ({"smoothness": "impassable"}, set()),
]


@pytest.fixture(scope="module")
def who_takes_which(tmp_path_factory):
    """Metres from west to east of every copy, by vehicle class."""
    folder = tmp_path_factory.mktemp("gambar")
    (folder / "gambar.osm").write_text(drawn.drawn_map(*(tags for tags, _ in SHORT_CUTS)))
    import_extract(ImportRequest(folder / "gambar.osm", folder / "jalan"))
    ends = [
        Place(f"{copy}-{which}", *drawn.corner(which, copy))
        for copy in range(len(SHORT_CUTS))
        for which in (drawn.WEST, drawn.EAST)
    ]
    return {name: OsrmRoads(folder / "jalan").matrix(ends, name, "kering") for name in VEHICLE_CLASSES}


@pytest.mark.parametrize(
    "copy",
    range(len(SHORT_CUTS)),
    ids=["+".join(f"{key}={value}" for key, value in tags.items()) or "none" for tags, _ in SHORT_CUTS],
)
def test_who_takes_the_short_cut(who_takes_which, copy):
    west, east = f"{copy}-{drawn.WEST}", f"{copy}-{drawn.EAST}"
    lengths = {name: matrix.between(west, east)[1] for name, matrix in who_takes_which.items()}
    assert lengths == {name: SHORT if name in SHORT_CUTS[copy][1] else LONG for name in VEHICLE_CLASSES}


@pytest.fixture(scope="module")
def drawn_roads(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gambar")
    (folder / "gambar.osm").write_text(drawn.drawn_map({"maxheight": "3"}))
    import_extract(ImportRequest(folder / "gambar.osm", folder / "jalan"))
    return OsrmRoads(folder / "jalan")


WEST, EAST = drawn.corner(drawn.WEST), drawn.corner(drawn.EAST)
ENDS = [Place("b", *WEST, "Barat"), Place("t", *EAST, "Timur")]


def test_rain_slows_every_road_and_lengthens_none(drawn_roads):
    dry, wet = (
        drawn_roads.matrix(ENDS, "pikap", weather).between("b", "t") for weather in ("kering", "hujan")
    )
    assert wet == (round(dry[0] * 100 / 80), dry[1])


@pytest.mark.parametrize(
    "where",
    [
        {"ways": (drawn.way(drawn.SHORT_CUT),)},
        {"line": ((111.005, -7.001), (111.005, -6.999))},
        {"polygon": ((111.0048, -7.001), (111.0052, -7.001), (111.0052, -6.999), (111.0048, -6.999))},
    ],
    ids=["way", "line", "polygon"],
)
def test_a_closed_road_is_driven_round_by_those_it_concerns(drawn_roads, where):
    note = Note(id="tutup", kind="tutup", source="Dishub", classes=("pikap",), **where)
    notes = RoadNotes(schema="tepat/road-notes", schema_version=1, note=(note,))
    roads = Layered(drawn_roads, DAY, notes=notes)
    assert _lengths(roads, WEST, EAST, ["pikap", "motor"]) == {"pikap": LONG, "motor": SHORT}
    codes = [f.code for f in roads.matrix(ENDS, "pikap", "kering").findings]
    assert codes == ["ROADS-SEGMENTS-NOTED"]


def test_a_slow_road_is_driven_at_the_speed_noted(drawn_roads):
    """The last 446 m of main road at 6 km/h take 268 s."""
    note = Note(
        id="macet",
        kind="lambat",
        source="PPK",
        ways=(drawn.way(drawn.AFTER),),
        speed_percent=20,
        speed_km_h=6,
    )
    notes = RoadNotes(schema="tepat/road-notes", schema_version=1, note=(note,))
    plain, slow = (
        roads.matrix(ENDS, "pikap", "kering").between("b", "t")
        for roads in (drawn_roads, Layered(drawn_roads, DAY, notes=notes))
    )
    metres = 6_371_009 * np.radians(0.004) * np.cos(np.radians(7))
    assert slow[0] - plain[0] == pytest.approx(metres / (6 / 3.6) - metres / (42 / 3.6), abs=10)
    unknown = Note(id="macet", kind="lambat", source="PPK", ways=(drawn.way(drawn.AFTER),), speed_percent=20)
    codes = [f.code for f in drawn_roads.matrix(ENDS, "pikap", "kering", barriers=(unknown,)).findings]
    assert codes == ["ROADS-NOTE-NEEDS-SPEED"]


def test_only_so_many_maps_with_notes_are_kept(drawn_roads, monkeypatch):
    monkeypatch.setattr("tepat.roads.osrm.VARIANTS_MAX", 2)
    for number in (drawn.BEFORE, drawn.BOW, drawn.AFTER):
        note = Note(id="tutup", kind="tutup", source="Dishub", ways=(drawn.way(number),))
        drawn_roads.matrix(ENDS, "motor", "kering", barriers=(note,))
    kept = list(drawn_roads.folder.glob("motor-catatan-*"))
    assert len(kept) == 2
    assert all((folder / "jalan.osrm.mldgr").is_file() for folder in kept)


def test_a_map_whose_segments_are_spoilt_is_refused(tmp_path, drawn_roads):
    shutil.copytree(drawn_roads.folder, tmp_path / "jalan")
    index = read_index(tmp_path / "jalan")
    note = Note(id="tutup", kind="tutup", source="Dishub", ways=(1,))
    (tmp_path / "jalan" / index.segments / "ruas.npz").write_bytes(b"rusak")
    with pytest.raises(Refused, match="rusak"):
        OsrmRoads(tmp_path / "jalan").matrix(ENDS, "truk", "kering", barriers=(note,))


def test_a_place_far_from_any_road_has_none_and_is_named(drawn_roads):
    far = Place("jauh", -7.0, 111.03, "Jauh")
    matrix = drawn_roads.matrix([*ENDS, far], "pikap", "kering")
    assert matrix.between("b", "jauh") is None
    assert matrix.between("jauh", "b") is None
    assert matrix.between("b", "t") is not None
    (finding,) = matrix.findings
    assert "Jauh: tidak ada jalan dalam 1,0 km (yang terdekat 2,2 km)" in finding.text


# imports of extracts, good and bad


def test_importing_again_does_nothing_and_another_truck_makes_one_new_graph(tmp_path):
    file = tmp_path / "gambar.osm"
    file.write_text(drawn.drawn_map({}))
    out = tmp_path / "jalan"
    first = import_extract(ImportRequest(file, out))
    before = {found: found.stat().st_mtime_ns for found in out.rglob("*") if found.is_file()}
    assert import_extract(ImportRequest(file, out)) == first
    del before[out / graphs.INDEX]
    assert all(found.stat().st_mtime_ns == moment for found, moment in before.items())
    taller = import_extract(ImportRequest(file, out, truck=TruckSize(height_cm=380)))
    assert taller.graphs["truk"] != first.graphs["truk"]
    assert taller.graphs["pikap"] == first.graphs["pikap"]
    assert not [found for found in out.iterdir() if found.name.startswith(".")]


def _spoilt(tmp_path, how):
    content = (EXTRACTS / "balikpapan_kota_drive.osm.pbf").read_bytes()
    file = tmp_path / "rusak.osm.pbf"
    middle = len(content) // 2
    file.write_bytes(
        {
            "cut": content[:middle],
            "zeroed": content[:middle] + bytes(400) + content[middle + 400 :],
            "noise": b"bukan peta" * 999,
            "empty": b"",
        }[how]
    )
    return file


def test_a_corrupt_extract_is_refused_and_the_old_map_stays(tmp_path, drawn_roads):
    out = drawn_roads.folder
    index, names = read_index(out), sorted(found.name for found in out.iterdir())
    for how in ("cut", "zeroed", "noise", "empty"):
        with pytest.raises(Refused) as refused:
            import_extract(ImportRequest(_spoilt(tmp_path, how), out))
        assert refused.value.code == "ROADS-EXTRACT-CORRUPT"
        assert "rusak.osm.pbf rusak atau tidak utuh" in str(refused.value)
    assert read_index(out) == index
    assert sorted(found.name for found in out.iterdir()) == names


def test_the_engine_crashing_on_a_corrupt_extract_takes_only_its_own_process_with_it(tmp_path):
    """osrm-extract aborts on such a file; an abort in our own process would end Tepat."""
    profile = Path(graphs.__file__).parent / "profiles" / "truk.lua"
    with pytest.raises(ChildFailedError, match="PBF error"):
        run_tool(
            "osrm-extract", "-p", str(profile), str(_spoilt(tmp_path, "noise")), "-o", str(tmp_path / "x")
        )


def test_other_wrong_files_are_refused_in_words(tmp_path):
    empty = tmp_path / "kosong.osm"
    empty.write_text('<osm version="0.6"></osm>')
    zipped = tmp_path / "peta.zip"
    zipped.write_bytes(b"PK")
    balikpapan = EXTRACTS / "balikpapan_kota_drive.osm.pbf"
    for file, options, expected in (
        (empty, {}, "ROADS-EXTRACT-NO-ROADS"),
        (zipped, {}, "ROADS-NOT-AN-EXTRACT"),
        (tmp_path / "tiada.osm.pbf", {}, "ROADS-FILE-UNREADABLE"),
        (balikpapan, {"area": "33.16"}, "ROADS-EXTRACT-ELSEWHERE"),
        (balikpapan, {"area": "33.74"}, "ROADS-NO-POLYGON"),
        (balikpapan, {"area": "33.16", "margin_km": 999}, "ROADS-MARGIN"),
    ):
        with pytest.raises(Refused) as refused:
            import_extract(ImportRequest(file, tmp_path / "jalan", **options))
        assert refused.value.code == expected
        assert str(refused.value)


def test_a_clip_keeps_the_office_with_its_margin_and_nothing_farther(tmp_path):
    """Three drawn roads: in the town of Blora, 8 km outside the kabupaten, and 80 km outside."""
    spots = {1: (-6.97, 111.418), 2: (-6.97, 111.70), 3: (-6.97, 112.4)}
    lines = ['<osm version="0.6">']
    for number, (lat, lon) in spots.items():
        lines.append(f'<node id="{number * 10}" version="1" lat="{lat}" lon="{lon}"/>')
        lines.append(f'<node id="{number * 10 + 1}" version="1" lat="{lat}" lon="{lon + 0.01}"/>')
    for number in spots:
        lines.append(f'<way id="{number}" version="1"><nd ref="{number * 10}"/><nd ref="{number * 10 + 1}"/>')
        lines.append('<tag k="highway" v="primary"/></way>')
    file = tmp_path / "jawa.osm"
    file.write_text("\n".join([*lines, "</osm>"]))
    kept = {}
    for margin_km in (0, 30):
        index = import_extract(
            ImportRequest(
                file, tmp_path / "jalan", area="33.16", margin_km=margin_km, vehicle_classes=("motor",)
            )
        )
        table = np.load(tmp_path / "jalan" / index.segments / "ruas.npz")
        kept[margin_km] = set(table["segments"][:, 0].tolist())
    assert kept == {0: {1}, 30: {1, 2}}
    clip = tmp_path / "jalan" / index.segments / "klip.osm.pbf"
    assert {found.id for found in osmium.FileProcessor(str(clip), osmium.osm.NODE)} == {10, 11, 20, 21}
    matrix = OsrmRoads(tmp_path / "jalan").matrix(
        [Place("a", -6.97, 111.418), Place("b", -6.97, 111.428)], "motor", "kering"
    )
    assert matrix.between("a", "b")[1] == pytest.approx(1_104, abs=15)


def test_a_folder_that_is_none_a_missing_class_and_a_spoilt_graph_are_refused(tmp_path, drawn_roads):
    with pytest.raises(Refused, match="ROADS-NOT-A-FOLDER"):
        OsrmRoads(tmp_path).matrix(ENDS, "truk", "kering")
    (tmp_path / "jalan.json").write_text("{")
    with pytest.raises(Refused, match="rusak"):
        OsrmRoads(tmp_path).matrix(ENDS, "truk", "kering")
    (tmp_path / "gambar.osm").write_text(drawn.drawn_map({}))
    folder = tmp_path / "jalan"
    index = import_extract(ImportRequest(tmp_path / "gambar.osm", folder, vehicle_classes=("motor",)))
    with pytest.raises(Refused, match="ROADS-NO-CLASS"):
        OsrmRoads(folder).matrix(ENDS, "truk", "kering")
    (folder / index.graphs["motor"] / "jalan.osrm.mldgr").write_bytes(b"rusak")
    with pytest.raises(Refused) as refused:
        OsrmRoads(folder).matrix(ENDS, "motor", "kering")
    assert refused.value.code == "ROADS-TABLE-FAILED"
    shutil.rmtree(folder / index.graphs["motor"])
    with pytest.raises(Refused, match="ROADS-TABLE-FAILED"):
        OsrmRoads(folder).matrix(ENDS, "motor", "kering")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "jalan").write_text("sebuah berkas")
    (tmp_path / "gambar.osm").write_text(drawn.drawn_map({}))
    with pytest.raises(Refused, match="ROADS-NOT-WRITTEN"):
        import_extract(ImportRequest(tmp_path / "gambar.osm", tmp_path / "jalan"))


def test_a_child_that_takes_too_long_is_killed(tmp_path):
    with pytest.raises(Refused) as refused:
        run_child({"task": "clip", "file": "/dev/zero", "polygon": "", "out": str(tmp_path)}, seconds=0)
    assert refused.value.code == "ROADS-TIMEOUT"


@pytest.mark.parametrize("missing", ["osrm", "osmium"])
def test_without_the_extra_there_is_one_clear_sentence(tmp_path, monkeypatch, drawn_roads, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    for action in (
        lambda: import_extract(ImportRequest(EXTRACTS / "liechtenstein.osm.pbf", tmp_path)),
        lambda: drawn_roads.matrix(ENDS, "truk", "kering"),
    ):
        with pytest.raises(Refused) as refused:
            action()
        assert refused.value.code == "ROADS-NO-ENGINE"
        assert "tepat[roads]" in str(refused.value)
