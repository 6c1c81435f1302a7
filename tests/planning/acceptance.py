"""Lists that an office accepts, and the steps of accepting one: shared by the tests of imports."""

import csv
import io
from datetime import timedelta
from functools import cache

import openpyxl
import pytest

from tepat.common.acting import actor_of
from tepat.common.actions import Contact, add_person, give_post
from tepat.common.areas import load_area
from tepat.common.models import Tps
from tepat.common.permissions import Role
from tepat.common.register import load_register
from tepat.common.samples import sample_tps
from tepat.planning.import_actions import Acceptance, accept_list, plan_import
from tepat.planning.import_drafts import (
    Opening,
    open_draft,
    read_draft,
)
from tepat.planning.import_reading import proposals
from tepat.planning.import_registers import frame_of

AREA = "33.71"
HEADER = ("Kecamatan", "Kode Desa", "Desa", "TPS", "L", "P", "L+P", "DPTb", "Dapil")
IMPORT = ("-m", "tepat", "import", "tps", "--area", AREA)
NIK = "3316054107900012"
RUTAN = ("33.71.03.1002", 901)


@cache
def listed(election="pemilu-2024"):
    """Rows of a whole clean list of Kota Magelang, as the register has them."""
    area = load_area(AREA)
    desa = {place.code: place for place in area.desa}
    rows = []
    for tps in sample_tps(area, election):
        place = desa[tps.desa]
        half = tps.dpt // 2
        dapil = tps.dapil.get("DPRDK", "")
        rows.append(
            [
                *(area.kecamatan[place.kecamatan], tps.desa, place.name, tps.number),
                *(half, tps.dpt - half, tps.dpt, tps.dptb, dapil),
            ]
        )
    return tuple(rows)


def as_csv(rows, header=HEADER):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def as_xlsx(rows, header=HEADER):
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def number(row, dpt):
    """Give a row another number of voters."""
    return [*row[:4], dpt // 2, dpt - dpt // 2, dpt, *row[7:]]


@pytest.fixture
def magelang(db, system, now):
    """A small office, so that many tests can have one."""
    return load_register(AREA, ["pemilu-2024", "pilkada-2024"], by=system, at=now - timedelta(days=100))


@pytest.fixture
def operator(magelang, system, now):
    """The head of the KUL section in Magelang."""
    start = now - timedelta(days=99)
    person = add_person(by=system, at=start, contact=Contact(name="Kasubbag"))
    give_post(by=system, at=start, person=person.pk, role=Role.KUL, area_code=AREA)
    return actor_of(person.pk, now)


@pytest.fixture
def upload(operator, now):
    def upload(data, kind="tps", **said):
        election = "pemilu-2024" if kind == "tps" else ""
        opening = Opening(kind=kind, election=election, label="daftar uji", **said)
        return open_draft(data, opening, by=operator, at=now, area_code=AREA)

    return upload


@pytest.fixture
def accept(operator, now):
    def accept(draft, **more):
        result = read_draft(draft)
        frame = frame_of(AREA, draft.election)
        planned = plan_import(result, frame, whole_list=draft.whole_list)
        said = {"base": planned.base, "whole_list": draft.whole_list, "answers": draft.answers} | more
        by, at = said.pop("by", operator), said.pop("at", now)
        step = said.pop("step", lambda _: None)
        acceptance = Acceptance("daftar uji", draft=draft.pk, **said)
        return accept_list(result, acceptance, frame, by=by, at=at, step=step)

    return accept


def pemilu():
    return Tps.objects.filter(election__code="pemilu-2024")


def kept_files(home):
    return sorted(file.name for file in (home / "dokumen").rglob("*") if file.is_file())


def settle(draft, answers=None):
    """Answer what a draft still asks: its proposals, and that gaps and missing desa are as they are."""
    found = read_draft(draft).findings
    given = proposals(found) | {
        one.place: "pakai" for one in found if one.kind in {"tps_gap", "part_over_voters"}
    }
    draft.answers = {**draft.answers, **given, **(answers or {})}
    draft.save()
