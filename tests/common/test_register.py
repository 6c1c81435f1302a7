"""The register: both elections side by side, codes with their past, places that say how they are known."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from tepat.common.areas import load_area, rows, successors, tps_by_desa
from tepat.common.errors import NotAllowed, Refused
from tepat.common.frame import lies_in
from tepat.common.models import Area, AreaShape, Dapil, Document, Election, Event, Office, Place, Tps
from tepat.common.register import load_register, loaded_elections


def test_pemilu_and_pilkada_stand_side_by_side(register):
    assert register.tps == {"pemilu-2024": 2977, "pilkada-2024": 1453}
    for code, voters, tps in (("pemilu-2024", 704_285, 2977), ("pilkada-2024", 702_257, 1453)):
        held = Tps.objects.filter(election__code=code)
        assert (held.count(), held.aggregate(n=Sum("dpt"))["n"]) == (tps, voters)
        assert held.filter(special=True).count() == 1


def test_names_repeat_and_codes_do_not(register):
    desa = Area.objects.in_area("33.16").filter(level="desa")
    assert desa.count() == 295
    names = list(desa.values_list("name", flat=True))
    assert len({name for name in names if names.count(name) > 1}) == 17
    assert desa.values("code").distinct().count() == 295


def test_every_desa_has_a_pps_every_kecamatan_a_ppk_and_there_is_a_warehouse(register):
    assert [Place.objects.filter(kind=kind).count() for kind in ("pps", "ppk", "gudang")] == [295, 16, 1]
    assert set(Place.objects.values_list("position_source", flat=True)) == {
        "titik dalam desa",
        "pusat wilayah",
        "contoh",
    }
    assert not Place.objects.filter(lat__isnull=True).exists()


def test_polygons_and_inner_points_are_loaded(register):
    assert AreaShape.objects.count() == 312
    assert AreaShape.objects.filter(area__level="desa", inner_lat__isnull=False).count() == 295


def test_dapil_by_ballot_group_kecamatan(register):
    groups = Dapil.objects.filter(election__code="pemilu-2024", ballot="DPRDK")
    assert groups.count() == 5
    assert sum(group.areas.count() for group in groups) == 16
    used = {tps.dapil["DPRDK"] for tps in Tps.objects.filter(election__code="pemilu-2024")}
    assert used == set(groups.values_list("code", flat=True))


def test_the_office_has_its_zone_and_the_elections_their_days(register):
    office = Office.objects.get()
    assert (office.name, office.time_zone) == ("KPU Kabupaten Blora", "Asia/Jakarta")
    assert [kind.code for kind in loaded_elections("33.16")] == ["pemilu-2024", "pilkada-2024"]
    assert Election.objects.get(code="pilkada-2024").polling_date == date(2024, 11, 27)


def test_the_event_names_the_very_lists_by_their_hash(register):
    event = Event.objects.get(kind="register.loaded")
    assert sorted(event.evidence) == sorted(register.documents.values())
    assert set(event.evidence) == set(Document.objects.values_list("sha256", flat=True))


def test_loading_twice_is_refused_and_with_a_key_it_is_the_same_answer(register, system, now):
    with pytest.raises(Refused) as refused:
        load_register("blora", ["pemilu-2024"], by=system, at=now)
    assert refused.value.code == "REGISTER-LOADED"
    assert Tps.objects.count() == 2977 + 1453


def test_the_same_key_loads_once(system, now):
    first = load_register("33.71", ["pemilu-2024"], by=system, at=now, key="muat-1")
    second = load_register("33.71", ["pemilu-2024"], by=system, at=now + timedelta(hours=1), key="muat-1")
    assert first == second
    assert Event.objects.filter(kind="register.loaded").count() == 1


def test_one_cell_one_office(register, system, now):
    with pytest.raises(Refused) as refused:
        load_register("33.71", ["pemilu-2024"], by=system, at=now)
    assert refused.value.code == "OFFICE-OTHER"
    assert not Tps.objects.in_area("33.71").exists()


def test_supervisors_and_other_offices_load_nothing(dewi, now):
    with pytest.raises(NotAllowed):
        load_register("blora", ["pemilu-2024"], by=dewi.actor, at=now)


def test_the_database_keeps_a_tps_unique_and_special_numbers_special(register):
    tps = Tps.objects.filter(special=False).first()
    for number, special in ((tps.number, False), (901, False), (5, True), (0, False)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Tps.objects.create(
                election=tps.election,
                desa=tps.desa,
                number=number,
                special=special,
                dpt=1,
                source="x",
                source_kind="x",
            )


def test_what_nobody_looked_at_is_unknown_and_marked(register):
    assert Tps.objects.filter(step_free=None).exists()
    assert set(Tps.objects.values_list("source_kind", flat=True)) == {"contoh"}
    assert Tps.objects.filter(abtn=None).count() == Tps.objects.count()


def test_area_filters_go_by_whole_parts_of_the_code(register):
    assert Tps.objects.in_area("33.16.05").filter(election__code="pemilu-2024").count() == 241
    assert Tps.objects.in_area("33.1").count() == 0
    assert Tps.objects.in_area("").count() == 4430


def test_an_area_in_papua_knows_the_codes_it_had(system, now):
    load_register("96.05", ["pemilu-2024"], by=system, at=now)
    old = Area.objects.in_area("96.05").filter(valid_to__isnull=False)
    assert old.count() > 50
    one = old.order_by("code").first()
    assert Area.objects.on(date(2024, 2, 14)).filter(code=one.code).get() == one
    assert Area.objects.on(date(2026, 11, 23)).filter(code=one.successor_code).exists()
    held = Tps.objects.in_area("96.05").count()
    assert held == sum(sum(tps_by_desa()[d.code]) for d in load_area("96.05").desa if d.code in tps_by_desa())


def test_every_tps_of_the_nation_has_a_desa_of_today():
    today = {row["kode"] for row in rows("desa_indonesia.csv.gz")}
    table = tps_by_desa()
    assert sum(regular + special for regular, special in table.values()) == 820_161
    assert set(table) <= today
    assert len(today - set(table)) == 31


def test_no_two_desa_of_2024_became_one_and_no_code_points_to_itself():
    table = successors()
    assert len(set(table.values())) == len(table) == 744
    assert all(old != new for old, new in table.items())


def test_blora_kept_all_its_codes():
    assert not [code for code in successors() if code.startswith("33.16.")]


def test_an_area_ends_after_it_began(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(
            code="99.99",
            level="kabkota",
            name="x",
            valid_from=date(2024, 1, 2),
            valid_to=date(2024, 1, 1),
            source="x",
        )


def test_the_whole_nation_stays_everything_beside_another_condition(register):
    everything = Area.objects.count()
    assert Area.objects.filter(lies_in("code", ("",))).count() == everything
    assert Area.objects.filter(lies_in("code", ("",)) | Q(code="33.16")).count() == everything
    assert Area.objects.filter(lies_in("code", ()) | Q(code="33.16")).count() == 1
