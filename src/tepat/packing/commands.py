"""`tepat labels`: the labels of an office's boxes, one PDF for each kecamatan."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tepat.packing.labels import Label, Print

PAPER_HELP = "Kertas: thermal (100 × 150 mm), a4 atau f4 (empat label selembar)."
SAMPLE_HELP = "Tanpa kantor: label bertanda CONTOH dari wilayah ini, seperti blora."


def labels(
    out: Annotated[Path, typer.Option(help="Folder untuk berkas PDF, satu tiap kecamatan.")],
    *,
    paper: Annotated[str, typer.Option("--kertas", help=PAPER_HELP)] = "a4",
    area: Annotated[str, typer.Option("--wilayah", help="Hanya kecamatan atau desa ini.")] = "",
    election: Annotated[str, typer.Option("--pemilihan", help="Seperti pemilu-2024.")] = "pemilu-2024",
    sample: Annotated[str, typer.Option("--contoh", help=SAMPLE_HELP)] = "",
    boxes_only: Annotated[bool, typer.Option("--kotak-saja", help="Tanpa label bundel.")] = False,
) -> None:
    """Cetak label kotak dan bundel: QR di dua sisi, kode TPS besar, dapil, warna, huruf periksa."""
    from rich.progress import Progress

    from tepat.common.whole_files import write_whole
    from tepat.packing.labels import labels_pdf, sheet_of

    sheet_of(paper)
    job = _Job(area, election, paper, boxes_only)
    groups, print_ = _sample(job, sample) if sample else _office(job)
    out.mkdir(parents=True, exist_ok=True)
    every = sum(len(listed) for listed in groups.values())
    with Progress(transient=True) as bar:
        task = bar.add_task("Mencetak label", total=every)
        for code, listed in groups.items():
            write_whole(out / f"label-{code}-{paper}.pdf", labels_pdf(listed, print_))
            bar.advance(task, len(listed))
    typer.echo(f"{every} label dalam {len(groups)} berkas PDF di {out}")


@dataclass(frozen=True)
class _Job:
    """What was asked for."""

    area: str
    election: str
    paper: str
    boxes_only: bool


def _grouped(labels_: "Iterable[tuple[str, Label]]") -> "dict[str, list[Label]]":
    from tepat.common.errors import Refused

    groups: dict[str, list[Label]] = {}
    for area_code, label in labels_:
        groups.setdefault(area_code[: len("33.16.09")], []).append(label)
    if not groups:
        raise Refused("LABELS-NOTHING")
    return groups


def _sample(job: _Job, area: str) -> "tuple[dict[str, list[Label]], Print]":
    """Return an area's labels from its example list, without any database."""
    from tepat.common.areas import load_area
    from tepat.common.elections import election_kind
    from tepat.common.permissions import covers
    from tepat.common.samples import sample_tps
    from tepat.packing.contents import plan_sets
    from tepat.packing.label_words import Names, set_labels, short_area
    from tepat.packing.labels import Print
    from tepat.planning.columns import columns_of
    from tepat.planning.needs import compute_needs
    from tepat.planning.rulesets import load_rule_set

    loaded, rules = load_area(area), load_rule_set(job.election)
    needs = compute_needs(columns_of(sample_tps(loaded, job.election)), rules)
    areas = {desa.code: short_area(desa.kind, desa.name) for desa in loaded.desa}
    areas |= {code: f"Kec. {name}" for code, name in loaded.kecamatan.items()}
    names = Names(areas, {item.code: (item.name, item.unit) for item in rules.items})
    planned = [each for each in plan_sets(needs) if covers(job.area, each.area_code)]
    listed = [
        (each.area_code, label)
        for each in planned
        for label in set_labels([each], names, boxes_only=job.boxes_only)
    ]
    office = f"KPU {loaded.name}"
    name = election_kind(job.election).name
    return _grouped(listed), Print(loaded.code, office, job.election, name, job.paper, sample=True)


def _office(job: _Job) -> "tuple[dict[str, list[Label]], Print]":
    """Return the labels of this office's prepared sets."""
    from tepat.common import start

    start.django()
    from tepat.common.errors import Refused
    from tepat.common.models import Election, Office
    from tepat.packing.label_rows import labels_of, names_of_office, print_of
    from tepat.packing.models import PackedObject

    office = Office.objects.first()
    election = Election.objects.filter(code=job.election).first()
    if office is None or election is None:
        raise Refused("LABELS-NOTHING")
    rows = PackedObject.objects.in_area(job.area or office.area_code).filter(election=election)
    if job.boxes_only:
        rows = rows.filter(is_box=True)
    ordered = list(
        rows.select_related("set").order_by("set__area_code", "set__level", "set__tps_number", "code")
    )
    made = labels_of(ordered, names_of_office(election, office.area_code))
    listed = [(row.set.area_code, label) for row, label in zip(ordered, made, strict=True)]
    return _grouped(listed), print_of(office, election, job.paper)
