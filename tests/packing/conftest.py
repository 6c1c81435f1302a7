"""A small office ("contoh"): two desa of different dapil, two TPS each, and two people at a table."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.conftest import NOW, make_somebody

from tepat.packing.actions import NewLots, add_lots, add_table, open_session, prepare_sets
from tepat.packing.codes import Code
from tepat.packing.models import PackedObject, PackingSet
from tepat.packing.rules_seals import Sealing
from tepat.packing.scan_actions import Scan, take_scans
from tepat.packing.seal_actions import complete_set, seal_boxes

ELECTION = "pemilu-2024"
OFFICE = "33.16"
DESA = (("33.16.09.1015", "kelurahan", "Kunden", "3"), ("33.16.05.1014", "kelurahan", "Cepu", "5"))
SINCE = date(2020, 1, 1)


@pytest.fixture
def joko(db):
    """Joko of the KPU's warehouse, the second at Sari's table."""
    from tepat.common.permissions import Role

    return make_somebody("Joko", Role.GUDANG, OFFICE)


@pytest.fixture
def office(db, system):
    """The office with four TPS, a warehouse, nothing packed."""
    from tepat.common.models import Area, Election, Office, Place, Tps

    Office.objects.create(code=OFFICE, name="KPU Kabupaten Blora", area_code=OFFICE, time_zone="Asia/Jakarta")
    election = Election.objects.create(
        code=ELECTION, name="Pemilu 2024", kind="pemilu", polling_date=date(2024, 2, 14), rule_set=ELECTION
    )

    def area(code, level, name, kind=""):
        return Area.objects.create(
            code=code,
            level=level,
            kind=kind,
            name=name,
            parent_code=code.rpartition(".")[0],
            valid_from=SINCE,
            source="uji",
        )

    kab = area(OFFICE, "kabkota", "Blora", "kabupaten")
    area("33.16.09", "kecamatan", "Blora")
    area("33.16.05", "kecamatan", "Cepu")
    for code, kind, name, dapil in DESA:
        desa = area(code, "desa", name, kind)
        for number in (1, 2):
            Tps.objects.create(
                election=election,
                desa=desa,
                number=number,
                dpt=200 + number,
                dapil={
                    "PPWP": "ID",
                    "DPR": "Jateng III",
                    "DPD": "33",
                    "DPRDP": "Jateng 5",
                    "DPRDK": f"Blora {dapil}",
                },
                source="uji",
                source_kind="contoh",
            )
    Place.objects.create(
        code="gudang-33.16", kind="gudang", name="Gudang KPU", area=kab, position_source="contoh"
    )
    return election


@pytest.fixture
def prepared(office, sari):
    """The office with its sets prepared."""
    prepare_sets(by=sari.actor, at=NOW, area_code=OFFICE, election=ELECTION)
    return office


class Table:
    """A table with two people, cartons beside it, and hands that pack."""

    def __init__(self, first, second, name="Meja 1"):
        from tepat.common.models import Place

        self.first, self.second = first, second
        place = Place.objects.get(kind="gudang").pk
        table = add_table(by=first.actor, at=NOW, area_code=OFFICE, name=name, place=place)
        self.session = open_session(
            by=first.actor, at=NOW, table=table.pk, election=ELECTION, second=second.actor.person
        )
        self.at = NOW

    def lots(self, ballot, mark, cartons=1, sheets=5000):
        """Register cartons; return their typed codes."""
        lots = NewLots(ballot, mark, cartons, sheets, "SJ-1")
        codes = add_lots(by=self.first.actor, at=self.at, area_code=OFFICE, election=ELECTION, lots=lots)
        return [Code("lot", code).checked for code in codes]

    def scan(self, box, *texts, count=None, ids=None):
        """Send scans for one box; return the answers."""
        self.at += timedelta(seconds=30)
        scans = tuple(
            Scan(ids[place] if ids else uuid4(), box, text, count, self.at)
            for place, text in enumerate(texts)
        )
        return take_scans(by=self.first.actor, at=self.at, session=self.session.pk, scans=scans)

    def fill(self, code, lot=None, *, close=True):
        """Put everything into a box or bundle and close it."""
        box = PackedObject.objects.get(code=code)
        texts = [lot if item.startswith("SS-") else Code("barang", item).checked for item, _ in box.contents]
        answers = self.scan(code, *texts, *([Code("kotak", code).checked] if close else []))
        assert [each.answer for each in answers] == ["diterima"] * len(answers), answers
        return box

    def fill_set(self, unit, lots):
        """Fill and close a whole set; `lots` by ballot."""
        row = PackingSet.objects.get(unit=unit)
        for each in row.packed.all():
            self.fill(each.code, lots.get(each.ballot))
        return row

    def seal_set(self, row, prefix="A"):
        """Seal every box of a closed set and say that it is complete."""
        boxes = [each.code for each in row.packed.filter(is_box=True)]
        sealings = tuple(Sealing(code, (f"{prefix}{place:03d}",)) for place, code in enumerate(boxes))
        self.at += timedelta(seconds=30)
        seal_boxes(
            by=self.first.actor,
            at=self.at,
            packing_set=row.pk,
            sealings=sealings,
            second=self.second.actor.person,
        )
        return complete_set(by=self.first.actor, at=self.at, packing_set=row.pk)


@pytest.fixture
def table(prepared, sari, joko):
    """Sari's and Joko's table."""
    return Table(sari, joko)


@pytest.fixture
def lots(table):
    """One carton of each ballot for Kunden, by ballot."""
    marks = {"PPWP": "", "DPR": "3", "DPD": "", "DPRDP": "5", "DPRDK": "3"}
    return {ballot: table.lots(ballot, mark)[0] for ballot, mark in marks.items()}


@pytest.fixture
def card_of(db):
    """Give somebody a card; return what its QR says."""
    from tepat.common.permissions import Role
    from tepat.custody.models import Card
    from tepat.custody.papers import card_text

    def give(somebody, number="ABCD2345", **more):
        dates = {"valid_from": NOW - timedelta(days=9), "valid_to": NOW + timedelta(days=99), **more}
        Card.objects.create(
            number=number,
            person_id=somebody.actor.person,
            role=Role.GUDANG.name,
            area_code=OFFICE,
            post="gudang:gudang-33.16",
            issued_at=NOW,
            **dates,
        )
        return card_text(OFFICE, number)

    return give
