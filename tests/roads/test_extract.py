"""What the child processes do, seen from inside; that they are children is tested in test_osrm."""

import io
import json
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from tepat.common.areas import boundaries
from tepat.roads import child
from tepat.roads.extract import find_roads, write_clip, write_segments
from tepat.roads.outline import with_margin

LIECHTENSTEIN = Path(__file__).parents[1] / "data" / "roads" / "liechtenstein.osm.pbf"
VADUZ = shapely.box(9.50, 47.12, 9.54, 47.16)


def test_all_roads_of_liechtenstein_are_found_with_their_tags_counted():
    roads = find_roads(LIECHTENSTEIN, None)
    assert roads.summary["ways"] == roads.summary["ways_in_extract"] == 4_660
    assert roads.limits == 17
    west, south, east, north = roads.bounds
    assert 9.4 < west < east < 9.7
    assert 47.0 < south < north < 47.3


def test_a_clip_of_vaduz_holds_whole_ways_and_their_nodes(tmp_path):
    roads = find_roads(LIECHTENSTEIN, VADUZ)
    assert 300 < roads.summary["ways"] < 2_000
    clip = tmp_path / "klip.osm.pbf"
    write_clip(LIECHTENSTEIN, roads, clip)
    assert {node.id for node in osmium.FileProcessor(str(clip), osmium.osm.NODE)} == roads.nodes
    again = find_roads(clip, None)
    assert (again.kept, again.nodes, again.segments) == (roads.kept, roads.nodes, roads.segments)


def test_a_clip_keeps_the_turn_restrictions_between_its_own_ways_only(tmp_path):
    """Of the 45 in the centre of Helsinki, the western half has some."""
    file = LIECHTENSTEIN.with_name("helsinki_pusat.osm.pbf")
    roads = find_roads(file, shapely.box(24.93, 60.16, 24.944, 60.18))
    clip = tmp_path / "klip.osm.pbf"
    write_clip(file, roads, clip)
    kept = {
        relation.id: {member.ref for member in relation.members if member.type == "w"}
        for relation in osmium.FileProcessor(str(clip), osmium.osm.RELATION)
    }
    every = {
        relation.id: {member.ref for member in relation.members if member.type == "w"}
        for relation in osmium.FileProcessor(str(file), osmium.osm.RELATION)
        if relation.tags.get("type") == "restriction"
    }
    assert len(every) == 45
    assert 0 < len(kept) < 45
    assert kept == {number: ways for number, ways in every.items() if ways <= roads.kept}


def test_the_segments_run_along_the_ways(tmp_path):
    roads = find_roads(LIECHTENSTEIN, VADUZ)
    write_segments(roads, tmp_path / "ruas.npz")
    with np.load(tmp_path / "ruas.npz") as table:
        segments, ends = table["segments"], table["ends"]
    assert set(segments[:, 0].tolist()) == roads.kept
    same_way = segments[1:, 0] == segments[:-1, 0]
    assert (segments[1:, 1] == segments[:-1, 2])[same_way].all()
    assert (ends[1:, :2] == ends[:-1, 2:])[same_way].all()


def test_bloras_outline_grows_by_the_margin_on_every_side():
    plain, grown = (shapely.from_wkt(with_margin(boundaries("33.16"), metres)) for metres in (0, 15_000))
    assert shapely.contains(grown, plain)
    assert shapely.bounds(plain)[1] - shapely.bounds(grown)[1] == pytest.approx(15 / 111.195, rel=0.03)
    assert shapely.bounds(grown)[2] - shapely.bounds(plain)[2] == pytest.approx(15 / 110.3, rel=0.03)


def _asked(monkeypatch, capsys, request):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(request)))
    code = child.main()
    return code, json.loads(capsys.readouterr().out)


def test_a_child_answers_in_json_and_names_its_reason_with_code_3(monkeypatch, capsys, tmp_path):
    polygon = shapely.to_wkt(VADUZ)
    request = {"task": "clip", "file": str(LIECHTENSTEIN), "polygon": polygon, "out": str(tmp_path)}
    code, answer = _asked(monkeypatch, capsys, request)
    assert (code, answer["ways_in_extract"]) == (0, 4_660)
    assert {found.name for found in tmp_path.iterdir()} == {"ruas.npz", "klip.osm.pbf"}
    broken = tmp_path / "rusak.osm.pbf"
    broken.write_bytes(LIECHTENSTEIN.read_bytes()[:600_000])
    code, answer = _asked(monkeypatch, capsys, request | {"file": str(broken)})
    assert code == 3
    assert "unexpected EOF" in answer["reason"]


def test_a_table_in_pieces_equals_the_table_in_one(monkeypatch, capsys, tmp_path, balikpapan):
    graph = next(balikpapan.folder.glob("truk-*")) / "jalan.osrm"
    coordinates = [(116.82 + n / 2_000, -1.265 + (n % 3) / 500) for n in range(25)]
    tables = []
    for rows in (100, 7):
        monkeypatch.setattr(child, "TABLE_ROWS", rows)
        request = {
            "task": "table",
            "graph": str(graph),
            "coordinates": coordinates,
            "out": str(tmp_path / "t.npy"),
        }
        code, answer = _asked(monkeypatch, capsys, request)
        assert code == 0
        assert len(answer["snapped_m"]) == 25
        tables.append(np.load(tmp_path / "t.npy"))
    assert np.array_equal(*tables)
    assert (tables[0] >= 0).all()
