"""The survey form to take along, empty or filled, and the comparison as an annex of the minutes."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings

from tepat.common.models import Election, Office
from tepat.common.tables import Cell, Column, Kind, Table, short_date
from tepat.distribution.archive import problem_of
from tepat.distribution.models import WarehouseSurvey
from tepat.distribution.paper_jobs import office_papers
from tepat.distribution.papers.codes import document_id
from tepat.distribution.papers.content import Paper
from tepat.distribution.papers.typesetting import Sheet, typeset
from tepat.distribution.plan_papers import printed_table
from tepat.distribution.warehouse_forms import CandidateForm, initial_of
from tepat.distribution.warehouse_models import WarehouseChoice
from tepat.distribution.warehouse_reports import report_of
from tepat.distribution.warehouse_tables import (
    asides_table,
    flips_table,
    holdings_table,
    sets_table,
)

SURVEY, COMPARISON = "survei-gudang", "banding-gudang"
BLANK = "........................"
CRITERIA = (
    "Bebas banjir dan tidak bocor",
    "Listrik dan penerangan",
    "Dinding, lantai dan atap kuat",
    "Pintu dan kunci aman",
    "Ventilasi; tidak lembap",
    "Palet atau alas cukup",
    "Bebas rayap",
    "Ada tempat bongkar muat dan putar kendaraan",
    "Ada ruang jaga",
)
"""What KPU asks of a warehouse; ticked at the visit."""


def survey_pdf(office: Office, election: Election, row: WarehouseSurvey | None) -> bytes:
    """Return the survey form of a candidate, or an empty one.

    Args:
        office: The office.
        election: The election it is for.
        row: The candidate; None = empty.
    """
    known = initial_of(row) if row else {}
    answers = CandidateForm(desa=(), contacts=False)
    rows = [
        [str(field.label), _said(known.get(name), field), BLANK]
        for name, field in answers.fields.items()
        if name not in {"name", "desa_code"}
    ]
    zone = office.zone
    measures = Table(
        id="ukuran",
        title="Ukuran dan biaya",
        columns=(Column("Yang ditanyakan"), Column("Sudah diketahui"), Column("Hasil kunjungan")),
        rows=rows,
        zone=zone,
    )
    visit = Table(
        id="syarat",
        title="Syarat gudang",
        columns=(Column("Syarat"), Column("Ya / tidak"), Column("Catatan")),
        rows=[[each, BLANK, BLANK] for each in CRITERIA],
        zone=zone,
    )
    name = row.place.name if row else BLANK
    paper = _head(SURVEY, (office.area_code, election.code, row.place.code if row else "kosong")) | {
        "title": "FORMULIR SURVEI CALON GUDANG",
        "about": f"Survei {name}",
        "facts": [
            ("Gudang", name),
            ("Pemilihan", election.name),
            ("Tanggal kunjungan", BLANK),
            ("Pemilik", "lihat daftar orang; jangan ditulis di formulir ini" if row else BLANK),
        ],
        "lead": ["Ukur sendiri luas yang dapat dipakai menumpuk kotak, bukan luas bangunan."],
        "tables": [printed_table(measures), printed_table(visit)],
        "signers": ["Petugas survei", "Pemilik atau yang mewakili", "Kepala subbagian KUL"],
    }
    return _set(office.area_code, office.name, election.code, paper)


def _said(value: Any, field: Any) -> str:
    if value in {None, ""}:
        return "–"
    choices = dict(getattr(field, "choices", ()))
    return (
        str(choices.get(value, value)).replace(".", ",")
        if isinstance(value, float)
        else str(choices.get(value, value))
    )


def comparison_pdf(choice: WarehouseChoice) -> bytes:
    """Return the comparison of a stored choice, as the annex of the minutes."""
    report, problem = report_of(choice), problem_of(choice.problem.sha256)
    zone = ZoneInfo(problem.office.time_zone)
    tables = [
        sets_table(report, problem, zone),
        flips_table(report, zone),
        holdings_table(report, problem, zone),
        asides_table(report, zone),
        _survey_facts(problem.places, zone),
        _examples(problem.contoh, zone),
    ]
    made = choice.made_at.astimezone(zone).date()
    paper = _head(COMPARISON, (choice.sha256,)) | {
        "title": "LAMPIRAN BERITA ACARA: PERBANDINGAN CALON GUDANG",
        "about": "Perbandingan calon gudang",
        "wide": True,
        "facts": [
            ("Pemilihan", problem.election.name),
            ("Dihitung", short_date(made)),
            ("Berita acara nomor", BLANK),
        ],
        "lead": list(report.why),
        "tables": [printed_table(table) for table in tables if table is not None],
        "signers": ["Kepala subbagian KUL", "Sekretaris", "Ketua"],
    }
    return _set(problem.office.code, problem.office.name, problem.election.code, paper)


def _survey_facts(places: Any, zone: ZoneInfo) -> Table:
    rows = [
        [
            place.name,
            place.warehouse.usable_m2,
            place.warehouse.gate_class,
            place.docks,
            place.warehouse.flood or None,
            place.warehouse.cctv,
            place.warehouse.fire_extinguisher,
            place.warehouse.guards,
            place.note,
        ]
        for place in places
        if place.kind == "gudang" and place.warehouse
    ]
    return Table(
        id="survei",
        title="Hasil survei",
        columns=(
            Column("Gudang"),
            Column("Luas, m²", Kind.COUNT),
            Column("Gerbang", Kind.CODE),
            Column("Tempat muat", Kind.COUNT),
            Column("Banjir"),
            Column("CCTV", Kind.YES_NO),
            Column("APAR", Kind.YES_NO),
            Column("Penjaga", Kind.COUNT),
            Column("Catatan"),
        ),
        rows=rows,
        zone=zone,
    )


def _examples(contoh: tuple[str, ...], zone: ZoneInfo) -> Table:
    return Table(
        id="contoh",
        title="Yang belum nyata (contoh)",
        columns=(Column("No", Kind.COUNT), Column("Keterangan")),
        rows=[[Cell(number), sentence] for number, sentence in enumerate(contoh, 1)],
        empty="Semua angka dari daftar kantor.",
        zone=zone,
    )


def _head(kind: str, parts: tuple[str, ...]) -> Paper:
    key = document_id(kind, *parts)
    return {"kind": kind, "id": key, "number": f"{kind.upper()} {key}", "wide": False}


def _set(area_code: str, office: str, election: str, paper: Paper) -> bytes:
    watermark = "LATIHAN" if django_settings.LATIHAN else ""
    sheet = Sheet(area_code, election, watermark, office_papers(area_code, office))
    pdf, _ = typeset(sheet, [paper])
    return pdf
