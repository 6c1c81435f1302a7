"""Lists of vehicles and warehouses are accepted into registers, and the next problem is made from them."""

from datetime import timedelta

import pytest

from tepat.common.acting import actor_of
from tepat.common.actions import Contact, add_person, give_post
from tepat.common.models import Event, Place, VaultEntry
from tepat.common.permissions import Role
from tepat.common.register import load_register
from tepat.distribution.checker.sanity import problem_findings
from tepat.distribution.models import OfficeVehicle, WarehouseSurvey
from tepat.distribution.office_problem import Wishes, build_office_problem
from tepat.planning.import_actions import Acceptance, accept_list, plan_import
from tepat.planning.import_drafts import Opening, open_draft, read_draft
from tepat.planning.import_registers import frame_of

AREA = "33.71"
VEHICLES = """Nopol;Jenis;Kapasitas Kotak;Sewa per hari;Rp/km;Pemilik;Nama Sopir;No HP
K 1234 AB;Truk;100;1250000;4900;CV Maju Jaya;Joko Susilo;081234567001
K 1235 AB;Truk;100;1250000;4900;CV Maju Jaya;Agus Setiawan;081234567002
K 8 CD;Pick Up;18;400000;;Setda;Dwi Lestari;081234567003
"""
WAREHOUSES = """Nama Gudang;Kecamatan;Desa;Luas m2;Sewa;Perbaikan;Penjaga;CCTV;Banjir;APAR
Gedung Serbaguna;Magelang Utara;Wates;900;30000000;2000000;4;ya;tidak;ya
Gudang Bulog Lama;Magelang Selatan;Tidar Selatan;1200;25000000;;6;tidak;ya;tidak
"""


@pytest.fixture
def magelang(db, system, now):
    return load_register(AREA, ["pemilu-2024"], by=system, at=now - timedelta(days=100))


def actor(role, system, now):
    start = now - timedelta(days=99)
    person = add_person(by=system, at=start, contact=Contact(name=role.name))
    give_post(by=system, at=start, person=person.pk, role=role, area_code=AREA)
    return actor_of(person.pk, now)


@pytest.fixture
def accept(magelang, now):
    def accept(kind, text, by, *, whole_list=False):
        draft = open_draft(text.encode(), Opening(kind, "", "daftar uji"), by=by, at=now, area_code=AREA)
        result, frame = read_draft(draft), frame_of(AREA, None)
        assert result.acceptable, [(one.kind, one.place, one.message) for one in result.findings]
        base = plan_import(result, frame, whole_list=whole_list).base
        said = Acceptance("daftar uji", base=base, whole_list=whole_list, draft=draft.pk)
        return accept_list(result, said, frame, by=by, at=now)

    return accept


def test_vehicles_are_written_with_drivers_in_the_vault(accept, system, now):
    stored = accept("vehicles", VEHICLES, actor(Role.KUL, system, now))
    assert stored.added == 3
    truck = OfficeVehicle.objects.get(plate="K 1234 AB")
    assert (truck.vehicle_class, truck.boxes_max, truck.rent_rupiah) == ("truck", 100, 1_250_000)
    assert truck.driver.vault.name == "Joko Susilo"
    assert truck.driver.posts.get().role == "PENGEMUDI"
    assert not any("Joko" in str(event.payload) for event in Event.objects.all())


def test_an_operator_may_list_vehicles_but_names_stay_out(accept, system, now):
    accept("vehicles", VEHICLES, actor(Role.OPERATOR, system, now))
    assert OfficeVehicle.objects.filter(driver=None).count() == 3
    assert not VaultEntry.objects.filter(name__contains="Joko").exists()


def test_a_later_list_changes_adds_and_with_consent_removes(accept, system, now):
    by = actor(Role.KUL, system, now)
    accept("vehicles", VEHICLES, by)
    drivers = VaultEntry.objects.count()
    lines = VEHICLES.splitlines()
    later = "\n".join([lines[0], lines[1].replace("1250000", "1300000"), lines[2]])
    stored = accept("vehicles", later, by)
    assert (stored.added, stored.changed, stored.removed, stored.unchanged) == (0, 1, 0, 1)
    assert OfficeVehicle.objects.count() == 3
    assert VaultEntry.objects.count() == drivers
    assert accept("vehicles", later, by, whole_list=True).removed == 1
    assert not OfficeVehicle.objects.filter(plate="K 8 CD").exists()


def test_the_office_s_problem_drives_its_own_vehicles_from_its_own_warehouses(accept, system, now, tmp_path):
    by = actor(Role.KUL, system, now)
    before = build_office_problem(AREA, "pemilu-2024", Wishes(), out=tmp_path / "lama").problem
    accept("vehicles", VEHICLES, by)
    accept("warehouses", WAREHOUSES, by)
    assert WarehouseSurvey.objects.get(place__name="Gedung Serbaguna").place.area.name == "Wates"
    assert Place.objects.filter(kind="gudang").count() == 3
    problem = build_office_problem(AREA, "pemilu-2024", Wishes(), out=tmp_path / "baru").problem
    assert problem_findings(problem) == problem_findings(before)
    direct = next(one for one in problem.strategies if one.name == "langsung-pps")
    assert set(direct.vehicles) == {"K-1234-AB", "K-1235-AB", "K-8-CD"}
    names = [place.name for place in problem.places if place.kind == "gudang"]
    assert names == ["Gedung Serbaguna", "Gudang Bulog Lama"]
    prices = {price.id: (price.rupiah, price.contoh) for price in problem.prices}
    assert prices["gudang-1-sewa"] == (30_000_000, False)
    assert prices["gudang-2-perbaikan"][1] is True
    assert "gudang-3-sewa" not in prices


SURVEYED = """Nama Gudang;Kecamatan;Desa;Luas m2;Tinggi tumpukan;Lebar gerbang;Tinggi gerbang;Kelas jalan;Tempat muat;Riwayat banjir;Pemilik;Telepon pemilik
Gudang Bulog Lama;Magelang Selatan;Tidar Selatan;1200;240;210;300;truk;5;2021 setinggi lutut;Joko Susilo;081200000000
"""  # noqa: E501 - one line of a list


def test_a_survey_s_measures_come_by_list_and_its_owner_only_into_the_vault(accept, system, now):
    accept("warehouses", SURVEYED, actor(Role.KUL, system, now))
    row = WarehouseSurvey.objects.get()
    assert (row.stack_mm, row.gate_width_mm, row.gate_height_mm) == (2400, 2100, 3000)
    assert (row.road_class, row.docks) == ("truck", 5)
    assert row.flood_history == "2021 setinggi lutut"
    assert row.contact.vault.name == "Joko Susilo"
    assert not any("Joko" in str(event.payload) for event in Event.objects.all())


def test_an_operator_may_list_warehouses_but_their_owners_stay_out(accept, system, now):
    accept("warehouses", SURVEYED, actor(Role.OPERATOR, system, now))
    assert WarehouseSurvey.objects.get().contact is None
    assert not VaultEntry.objects.filter(name__contains="Joko").exists()
