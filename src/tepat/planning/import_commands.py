"""`tepat import`: say what is wrong with a list, and hand it to the office when it is in order."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tepat.common.errors import Refused
from tepat.common.whole_files import write_whole

if TYPE_CHECKING:
    from tepat.planning.imports.engine import AcceptImport, ImportResult
    from tepat.planning.imports.entries import ImportOptions
    from tepat.planning.imports.findings import Finding

ANSWER_NO = 1
FINDINGS_PRINTED_MAX = 40

type Prepare = Callable[[str, str], AcceptImport]


def import_command(prepare: "Prepare | None" = None) -> Callable[..., None]:
    """Return the command, tied to the office's way of storing an accepted list.

    Args:
        prepare: Called with area and election, returns the action that stores a result; None without one.
    """

    def import_list(  # noqa: PLR0913 (one parameter for each option of the command)
        kind: Annotated[str, typer.Argument(help="tps, vehicles, warehouses atau people.", metavar="JENIS")],
        file: Annotated[Path, typer.Argument(help="XLSX, CSV, XLS atau ODS.", metavar="BERKAS")],
        *,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Periksa saja, jangan simpan.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Tulis JSON saja.")] = False,
        area: Annotated[str, typer.Option(help="Kode kabupaten/kota, misalnya 33.16.")] = "33.16",
        election: Annotated[str, typer.Option(help="Menentukan batas pemilih per TPS.")] = "pemilu-2024",
        told: Annotated[list[str] | None, typer.Option("--map", help="isian=kolom, misalnya dpt=H.")] = None,
        expect_total: Annotated[int | None, typer.Option(help="Jumlah pemilih yang seharusnya.")] = None,
        expect_tps: Annotated[int | None, typer.Option(help="Jumlah TPS yang seharusnya.")] = None,
        answer: Annotated[list[str] | None, typer.Option(help="Jawaban, misalnya Cepu!F12=236.")] = None,
        take_proposals: Annotated[bool, typer.Option(help="Jawab pertanyaan dengan usulnya.")] = False,
        reduced_to: Annotated[Path | None, typer.Option(help="Tulis berkas ringkasnya ke sini.")] = None,
    ) -> None:
        """Periksa daftar dari Excel atau CSV, lalu terima seluruhnya atau tidak sama sekali."""
        options = replace(
            _options(election),
            told=_pairs(told or [], "--map", "dpt=H"),
            answers=_answers(answer or []),
            expected={k: v for k, v in (("dpt", expect_total), ("tps", expect_tps)) if v is not None},
            take_proposals=take_proposals,
        )
        result = read_file(kind, file, area, options)
        if result.unused:
            known = ", ".join(reading.name for reading in result.sheets if reading.used)
            raise Refused("IMPORT-ANSWER-UNUSED", places=", ".join(result.unused), sheets=known)
        if reduced_to is not None:
            write_whole(reduced_to, result.reduced.content)
        _print(result, as_json=as_json)
        if not dry_run:
            _accept(result, prepare(area, election) if prepare else None, as_json=as_json)
        raise typer.Exit(ANSWER_NO if result.blocked else 0)

    return import_list


def office_register(area: str, election: str) -> "AcceptImport":
    """Return the office's way of storing a list, on this machine.

    Args:
        area: The office's area.
        election: The election's code.

    Raises:
        Refused: IMPORT-NO-REGISTER before the office is set up.
    """
    from tepat.common import start

    start.django()
    from django.db import DatabaseError

    from tepat.planning.import_actions import prepare

    try:
        return prepare(area, election)
    except DatabaseError as error:
        raise Refused("IMPORT-NO-REGISTER") from error


def read_file(kind: str, file: Path, area: str, options: "ImportOptions") -> "ImportResult":
    """Return what a file says, for any caller with a path.

    Args:
        kind: The kind of list or a word for it.
        file: The file.
        area: The office's kabupaten/kota.
        options: Limits, told columns, answers.

    Raises:
        Refused: IMPORT-FILE-…, IMPORT-UNKNOWN-KIND, IMPORT-MAP-…, COMMON-UNKNOWN-AREA.
    """
    from tepat.common.areas import load_area, successors
    from tepat.planning.imports.desa_register import DesaRegister
    from tepat.planning.imports.engine import read_import
    from tepat.planning.imports.kinds import import_kind
    from tepat.planning.imports.reading import FILE_BYTES_MAX

    chosen = import_kind(kind)
    register = DesaRegister.of_area(load_area(area), successors())
    try:
        with file.open("rb") as stream:
            data = stream.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise Refused("IMPORT-FILE-NOT-FOUND", file=str(file)) from error
    return read_import(data, chosen, register, options)


def _options(election: str) -> "ImportOptions":
    from tepat.common.elections import PEMILU, election_kind
    from tepat.planning.imports.entries import ImportOptions

    event = election_kind(election)
    return ImportOptions(
        voters_max=event.voters_per_tps_max,
        dapil_needed=event.kind == PEMILU,
        compare_tps=event.code == "pemilu-2024",
    )


def _pairs(texts: list[str], option: str, example: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not (equals and key.strip() and value.strip()):
            raise Refused("IMPORT-OPTION-UNREADABLE", option=option, value=text, example=example)
        pairs[key.strip()] = value.strip()
    return pairs


def _answers(texts: list[str]) -> dict[str, str]:
    from tepat.planning.imports.answers import plain_place

    pairs = _pairs(texts, "--answer", "Cepu!F12=236")
    return {plain_place(place): text for place, text in pairs.items()}


def as_json_object(result: "ImportResult") -> dict[str, Any]:
    """Return a result as the command prints it; names and contacts are not in it."""
    return {
        "kind": result.kind,
        "format": result.form,
        "rows": len(result.records),
        "counts": result.counts,
        "blocked": result.blocked,
        "acceptable": result.acceptable,
        "totals": {
            name: sum(record.values.get(name, 0) for record in result.records) for name in ("dpt", "dptb")
        },
        "original_sha256": result.reduced.original_sha256,
        "reduced_sha256": result.reduced.sha256,
        "sheets": [
            {
                "sheet": reading.name,
                "used": reading.used,
                "header_rows": list(reading.header_rows),
                "rows": reading.rows,
                "kecamatan": reading.kecamatan,
                "merged": list(reading.merged),
                "mapping": reading.mapping.signature if reading.mapping else None,
            }
            for reading in result.sheets
        ],
        "mappings": [mapping.as_json() for mapping in result.mappings],
        "findings": [one.as_json() for one in result.findings],
    }


def _print(result: "ImportResult", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(as_json_object(result), ensure_ascii=False, indent=1))
        return
    for mapping in result.mappings:
        for column in mapping.as_json()["columns"]:
            typer.echo(
                f"  {column['column']:>3}  {column['header']} → {column['field']} ({column['confidence']} %)"
            )
    marks = {"blocks": "MENGHALANGI", "asks": "BERTANYA", "note": "catatan"}
    ranked = sorted(result.findings, key=lambda one: list(marks).index(one.severity))
    for one in ranked[:FINDINGS_PRINTED_MAX]:
        proposal = f" [usul: {one.proposal}]" if one.proposal else ""
        typer.echo(f"{marks[one.severity]:>11}  {_place(one)}: {one.message}{proposal}")
    if len(ranked) > FINDINGS_PRINTED_MAX:
        typer.echo(f"… dan {len(ranked) - FINDINGS_PRINTED_MAX} temuan lagi; lihat semuanya dengan --json.")
    counts = result.counts
    typer.echo(
        f"{len(result.records)} baris; {counts['blocks']} menghalangi, {counts['asks']} pertanyaan, "
        f"{counts['note']} catatan."
    )


def _place(one: "Finding") -> str:
    return one.place.strip("!") or "berkas"


def _accept(result: "ImportResult", accept: "AcceptImport | None", *, as_json: bool) -> None:
    if accept is None:
        raise Refused("IMPORT-NO-REGISTER")
    if not result.acceptable:
        counts = result.counts
        error = Refused("IMPORT-NOT-ACCEPTABLE", blocks=counts["blocks"], asks=counts["asks"])
        typer.echo(str(error), err=True)
        raise typer.Exit(ANSWER_NO)
    said = accept(result)
    if not as_json:
        typer.echo(said)
