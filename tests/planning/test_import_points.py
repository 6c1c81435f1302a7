"""Positions and ways in from an accepted list: what stands in the register afterwards, and whence."""

import pytest
from tests.planning.acceptance import AREA, HEADER, as_csv, listed, pemilu, settle

from tepat.common.areas import load_area
from tepat.common.models import Place
from tepat.planning.import_actions import plan_import
from tepat.planning.import_drafts import answer_draft, read_draft
from tepat.planning.import_registers import frame_of
from tepat.planning.models import ListImport

POINTS = (*HEADER, "Lintang", "Bujur")
ACCESS = (*HEADER, "Tanpa Tangga", "Akses Kursi Roda", "Meja Rendah", "ABTN", "Netra")


@pytest.fixture(scope="module")
def inside():
    """A point inside each desa of Kota Magelang."""
    return {place.code: (place.lat, place.lon) for place in load_area(AREA).desa}


def stands(row):
    return pemilu().get(desa__code=row[1], number=row[3])


def test_a_position_of_the_list_goes_to_the_register_with_its_source(upload, accept, inside):
    first, second = listed()[:2]
    draft = upload(as_csv([[*first, *inside[first[1]]], [*second, None, None]], POINTS))
    settle(draft)
    stored = accept(draft)
    tps = stands(first)
    assert (tps.lat, tps.lon) == pytest.approx(inside[first[1]], abs=1e-6)
    assert tps.position_source.startswith("daftar kantor, impor ")
    assert (stands(second).lat, stands(second).position_source) == (None, "")
    assert (stored.changed, stored.unchanged) == (1, 1)


def test_a_position_outside_its_desa_is_not_stored_until_somebody_says_that_it_is_right(
    upload, accept, inside, operator, now
):
    row = listed()[0]
    elsewhere = max(inside.values(), key=lambda point: abs(point[0] - inside[row[1]][0]))
    data = as_csv([[*row, *elsewhere]], POINTS)
    doubtful = upload(data)
    (one,) = [one for one in read_draft(doubtful).findings if one.kind == "outside_desa"]
    assert (one.code, one.cell) == ("IMPORT-OUTSIDE-DESA", "J2")
    assert not read_draft(doubtful).acceptable
    settle(doubtful)  # takes the proposals
    accept(doubtful)
    assert (stands(row).lat, stands(row).position_source) == (None, "")
    sure = upload(data)
    settle(sure, {one.place: "pakai"})
    accept(sure)
    assert (stands(row).lat, stands(row).lon) == pytest.approx(elsewhere, abs=1e-6)


def test_a_list_without_positions_leaves_those_that_are_known(upload, accept, inside):
    row = listed()[0]
    known = upload(as_csv([[*row, *inside[row[1]]]], POINTS))
    settle(known)
    accept(known)
    before = stands(row)
    for data in (as_csv([row]), as_csv([[*row, 0, 0]], POINTS)):
        draft = upload(data)
        settle(draft)
        accept(draft)
        after = stands(row)
        assert (after.lat, after.lon, after.position_source) == (
            before.lat,
            before.lon,
            before.position_source,
        )


def test_the_same_list_with_positions_twice_has_one_effect(upload, accept, inside):
    data = as_csv([[*row, *inside[row[1]], "ya"] for row in listed()[:3]], (*POINTS, "ABTN"))
    for _ in range(2):
        draft = upload(data)
        settle(draft)
        accept(draft)
    assert ListImport.objects.count() == 1


def test_accessibility_of_the_list_takes_the_place_of_the_example(upload, accept):
    first, second, third, fourth = listed()[:4]
    rows = [
        [*first, "ya", "tidak", "ya", "ya", 2],
        [*second, "ya", "ya", "-", None, 0],
        [*third, None, "ya", None, None, 0],
        [*fourth, None, "?", "belum dilihat", "-", 1],
    ]
    made_up = stands(fourth)
    draft = upload(as_csv(rows, ACCESS))
    settle(draft)
    planned = plan_import(read_draft(draft), frame_of(AREA, draft.election), whole_list=False)
    assert any("keterangan contohnya dihapus" in note for note in planned.notes)
    accept(draft)
    seen = [(tps.step_free, tps.low_table, tps.abtn) for tps in map(stands, (first, second, third))]
    assert seen == [(False, True, True), (True, None, None), (True, None, None)]
    assert stands(first).voters_netra == 2
    assert stands(first).accessibility_source.startswith("daftar kantor, impor ")
    untouched = stands(fourth)
    assert (untouched.step_free, untouched.low_table) == (made_up.step_free, made_up.low_table)
    assert untouched.accessibility_source == "contoh"


def test_the_preview_shows_positions_and_ways_in(upload, inside, operator, now):
    row = listed()[0]
    draft = upload(as_csv([[*row, *inside[row[1]], "ya"]], (*POINTS, "ABTN")))
    planned = plan_import(read_draft(draft), frame_of(AREA, draft.election), whole_list=False)
    (changed,) = planned.changes.changed
    assert {"lat", "lon", "abtn"} <= changed.fields.keys()


def test_a_warehouse_outside_its_desa_is_stored_without_a_position(upload, accept, inside, operator, now):
    row = listed()[0]
    elsewhere = max(inside.values(), key=lambda point: abs(point[0] - inside[row[1]][0]))
    header = ("Nama Gudang", "Luas", "Kecamatan", "Desa", "Lat", "Long")
    data = as_csv([["Gudang Uji", 900, row[0], row[2], *elsewhere]], header)
    draft = upload(data, "warehouses")
    (one,) = [one for one in read_draft(draft).findings if one.kind == "outside_desa"]
    assert one.code == "IMPORT-OUTSIDE-DESA"
    draft = answer_draft(by=operator, at=now, draft=draft.pk, answers={one.place: "tanpa titik"})
    accept(draft)
    place = Place.objects.get(name="Gudang Uji")
    assert (place.lat, place.lon) == (None, None)
    again = upload(data, "warehouses")
    again = answer_draft(by=operator, at=now, draft=again.pk, answers={one.place: "pakai"})
    accept(again)
    place.refresh_from_db()
    assert (place.lat, place.lon) == pytest.approx(elsewhere, abs=1e-6)
