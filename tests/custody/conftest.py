"""The office whose boxes change hands on its own screens."""

from datetime import date

import pytest
from tests.conftest import NOW, make_somebody

BOXES = tuple(f"kotak:pemilu-2024:091015-001-{number}" for number in range(1, 6))
WAREHOUSE, PPS = "gudang:gudang-utama", "pps:33.16.09.1015"


@pytest.fixture
def office(db, system):
    from tepat.common.models import Area, Election, Office

    Election.objects.create(
        code="pemilu-2024", name="Pemilu 2024", kind="pemilu", polling_date=date(2024, 2, 14), rule_set="x"
    )
    for code, level, kind, name in (
        ("33.16", "kabkota", "kabupaten", "Blora"),
        ("33.16.05", "kecamatan", "", "Cepu"),
        ("33.16.05.1014", "desa", "kelurahan", "Cepu"),
        ("33.16.09", "kecamatan", "", "Blora"),
        ("33.16.09.1015", "desa", "kelurahan", "Kunden"),
    ):
        Area.objects.create(
            code=code,
            level=level,
            kind=kind,
            name=name,
            parent_code=code.rpartition(".")[0],
            valid_from=date(2024, 1, 1),
            source="uji",
        )
    return Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")


@pytest.fixture
def wahyu(db):
    """Wahyu of the PPK in kecamatan Blora."""
    from tepat.common.permissions import Role

    return make_somebody("Wahyu", Role.PPK, "33.16.09")


@pytest.fixture
def joko(db):
    """Joko drives."""
    from tepat.common.permissions import Role

    return make_somebody("Joko", Role.PENGEMUDI, "33.16")


@pytest.fixture
def boxes(office, sari):
    """Five sealed boxes in Sari's hands."""
    from tepat.custody.actions import Hands, register_objects

    register_objects(by=sari.actor, at=NOW, objects=BOXES, hands=Hands(sari.actor.person, WAREHOUSE))
    return BOXES
