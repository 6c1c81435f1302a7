"""The planning stage on the command line: ``tepat needs``."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tepat.common.errors import Refused
from tepat.common.whole_files import reason_of, write_whole

if TYPE_CHECKING:
    from tepat.common.areas import Area
    from tepat.planning.findings import Finding
    from tepat.planning.lists import TpsList
    from tepat.planning.needs import Needs
    from tepat.planning.rules import Overrides, RuleSet
    from tepat.planning.workbook import Labels

FINDINGS_PRINTED_MAX = 20
BEFORE_HELP = "Daftar TPS yang lama: tampilkan perubahan per TPS dan geser surat suara sesudah cetak."


def needs(  # noqa: PLR0913 - typer: one parameter per option
    election: Annotated[str, typer.Option(help="Pemilihan, seperti pemilu-2024 atau pilkada-2024.")],
    tps: Annotated[Path, typer.Option(help="Daftar TPS: CSV dengan kolom tps,desa,voters.")],
    *,
    area: Annotated[str, typer.Option(help="Kabupaten/kota, seperti 33.16 atau blora.")] = "",
    ppk: Annotated[
        int | None, typer.Option(help="Banyaknya PPK; bila tidak diisi: kecamatan dalam kode desa.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Parameter kantor, seperti segel=96.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Batas pemilih per TPS yang lain.")] = None,
    before: Annotated[Path | None, typer.Option(help=BEFORE_HELP)] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Jumlah di SILOG: CSV item,jumlah; tampilkan selisihnya.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Tulis buku kerja .xlsx, atau .csv satu baris per TPS.")
    ] = None,
    silog: Annotated[Path | None, typer.Option(help="Tulis buku kerja .xlsx berbentuk SILOG.")] = None,
    separator: Annotated[str, typer.Option(help="Pemisah untuk --out .csv: , atau ;")] = ",",
    as_json: Annotated[bool, typer.Option("--json", help="Cetak JSON saja.")] = False,
) -> None:
    """Hitung kebutuhan tiap barang untuk tiap TPS, PPS dan PPK, beserta alasannya.

    Kode keluar: 0 selesai; 1 ada temuan yang menahan (angka tetap dicetak); 2 daftar tidak dapat dipakai.
    """
    office = _office(election, area, ppk, _overrides(settings or [], limit))
    current, findings = _needs_of(office, tps, as_json=as_json)
    document = _document(office, current, findings)
    if before is not None:
        document |= _changes(_needs_of(office, before, as_json=as_json)[0], current)
    if compare is not None:
        document["reconciliation"] = _reconciled(current, compare)
    if out is not None:
        _write(out, _sheet(office, current, findings, _separator(out, separator)))
    if silog is not None:
        _write(silog, _silog(current))
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        _print(document)
        _print_findings(findings)
    if any(finding.severity == "menahan" for finding in findings):
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Office:
    """What one call of the command works with."""

    rules: "RuleSet"
    overrides: "Overrides"
    area: "Area | None"
    ppk: int | None


def _office(election: str, area: str, ppk: int | None, overrides: "Overrides") -> _Office:
    from tepat.common.areas import load_area
    from tepat.planning.rulesets import load_rule_set

    return _Office(load_rule_set(election), overrides, load_area(area) if area else None, ppk)


def _overrides(settings: Sequence[str], limit: int | None) -> "Overrides":
    from tepat.planning.rules import Overrides

    params = {}
    for text in settings:
        name, _, value = text.partition("=")
        if not (value.isascii() and value.isdecimal()):
            raise Refused("NEEDS-SET-INVALID", text=text)
        params[name.strip()] = int(value[:12])
    return Overrides(params=params, tps_limit=limit)


def _needs_of(office: _Office, path: Path, *, as_json: bool) -> tuple["Needs", Sequence["Finding"]]:
    """Return the needs of a list with its findings; a list that cannot be used ends the command."""
    from tepat.planning.findings import check_list
    from tepat.planning.lists import read_tps_list, with_lines
    from tepat.planning.needs import compute_needs

    listed: TpsList = read_tps_list(_read(path), office.rules, office.area)
    if listed.columns is None:
        if as_json:
            from tepat.planning.reports import refused_document

            typer.echo(json.dumps(refused_document(listed.findings), ensure_ascii=False, indent=1))
        _print_findings(listed.findings)
        raise typer.Exit(2)
    computed = compute_needs(listed.columns, office.rules, office.overrides, ppk_count=office.ppk)
    found = with_lines(check_list(listed.columns, computed.rule_set), listed.columns, listed.lines)
    return computed, (*listed.findings, *found)


def _document(office: _Office, current: "Needs", findings: Sequence["Finding"]) -> dict[str, Any]:
    from tepat.planning.reports import needs_document

    counted = "kecamatan yang berbeda dalam kode desa" if office.ppk is None else "disebut dengan --ppk"
    return needs_document(current, findings, ppk_source=counted)


def _changes(older: "Needs", current: "Needs") -> dict[str, Any]:
    from tepat.planning.changes import compare_needs
    from tepat.planning.reports import changes_document
    from tepat.planning.shifts import plan_shifts

    plan = plan_shifts(older, current)
    return {
        "changes": changes_document(compare_needs(older, current)),
        "shifts": {"covered": plan.covered, "minutes": list(plan.minutes_lines())},
    }


def _reconciled(current: "Needs", path: Path) -> list[dict[str, Any]]:
    from tepat.planning.reconcile import read_totals, reconcile

    return [row.as_document() for row in reconcile(current, read_totals(_read(path)))]


def _sheet(office: _Office, current: "Needs", findings: Sequence["Finding"], separator: str) -> bytes:
    from tepat.planning.workbook import needs_csv, needs_workbook

    labels = _labels(office)
    return needs_csv(current, labels, separator) if separator else needs_workbook(current, labels, findings)


def _separator(path: Path, separator: str) -> str:
    """Return the separator for a CSV file, nothing for a workbook."""
    if path.suffix.lower() not in (".xlsx", ".csv") or separator not in (",", ";"):
        raise Refused("NEEDS-OUT-KIND", path=path, separator=separator)
    return separator if path.suffix.lower() == ".csv" else ""


def _labels(office: _Office) -> "Labels":
    from tepat.common.areas import upper_areas
    from tepat.planning.workbook import Labels

    desa = {desa.code: desa.name for desa in office.area.desa} if office.area else {}
    return Labels(desa, {code: row["nama"] for code, row in upper_areas().items()})


def _silog(current: "Needs") -> bytes:
    from tepat.planning.silog_workbook import read_layout, silog_workbook

    return silog_workbook(current, read_layout())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("NEEDS-FILE-UNREADABLE", path=path, reason=reason_of(error)) from error


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise Refused("NEEDS-FILE-UNWRITABLE", path=path, reason=reason_of(error)) from error


def _print(document: dict[str, Any]) -> None:
    for item in document["items"]:
        why = item["explanation"]
        doubt = "" if why["verified"] else " — belum diverifikasi"
        typer.echo(f"{item['code']:<18}{item['name']}: {why['filled']} [{item['mark']}]{doubt}")
    typer.echo(f"Kotak seluruhnya: {document['boxes_explanation']}")
    for row in document.get("reconciliation", []):
        if row["status"] != "sama":
            typer.echo(f"Beda: {row['name']}: kita {row['ours']}, mereka {row['theirs']}. {row['reason']}")
    for line in document.get("shifts", {}).get("minutes", []):
        typer.echo(f"Geser: {line}")


def _print_findings(findings: Sequence["Finding"]) -> None:
    for finding in findings[:FINDINGS_PRINTED_MAX]:
        typer.echo(finding.message, err=True)
    if len(findings) > FINDINGS_PRINTED_MAX:
        typer.echo(f"… dan {len(findings) - FINDINGS_PRINTED_MAX} temuan lain; lihat --json.", err=True)
