"""`tepat export …`: our data in formats that other people's tools read; and a check of what others send."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from tepat.common import start
from tepat.common.errors import Refused
from tepat.common.quantities import grouped
from tepat.exchange.epcis.ids import DEFAULT_BASE

if TYPE_CHECKING:
    from tepat.exchange.epcis.checking import Check, Finding

export_app = typer.Typer(name="export", help="Tulis data kantor untuk alat pihak lain.", no_args_is_help=True)
NO, SHOWN_MAX = 1, 100

Json = Annotated[bool, typer.Option("--json", help="Cetak JSON saja.")]


@export_app.command("epcis")
def epcis(
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Berkas hasil; .gz bila namanya begitu.")] = None,
    box: Annotated[str, typer.Option("--objek", help="Hanya kotak ini, seperti 091015-001-3.")] = "",
    area: Annotated[str, typer.Option("--area", help="Hanya kecamatan atau desa ini.")] = "",
    base: Annotated[
        str, typer.Option("--dasar", help="Alamat web kantor untuk kode; pakai yang sama seterusnya.")
    ] = DEFAULT_BASE,
    check: Annotated[
        Path | None, typer.Option("--check", help="Periksa berkas EPCIS dari siapa pun; tidak menulis.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Tulis riwayat kotak sebagai EPCIS 2.0, atau periksa berkas EPCIS; keluar 1 bila ada yang salah."""
    if (out is None) == (check is None):
        raise Refused("EPCIS-WHAT")
    if check is not None:
        _check(check, as_json=as_json)
    elif out is not None:
        _export(out, box=box, area=area, base=base, as_json=as_json)


def _export(out: Path, *, box: str, area: str, base: str, as_json: bool) -> None:
    from tepat.common.whole_files import require_writable

    require_writable(out)
    start.django()
    from rich.console import Console
    from rich.progress import Progress

    from tepat.common.clock import now
    from tepat.exchange.epcis.office import Export, objects_of, own_area

    with Progress(transient=True, disable=as_json, console=Console(stderr=True)) as bar:
        task = bar.add_task("Peristiwa", total=None)
        export = Export(
            at=now(),
            base=base,
            area=own_area(area) if area else "",
            objects=objects_of(box) if box else (),
            progress=lambda done: bar.update(task, completed=done),
        )
        size_bytes = _write(out, export.document())
    if as_json:
        counts = {"read": export.read, "written": export.written, "declared": export.declared}
        left = {"left_out": export.left_out_count, "reasons": export.left_out}
        typer.echo(json.dumps({"file": str(out), "bytes": size_bytes, **counts, **left}, ensure_ascii=False))
    else:
        counted = f"{grouped(export.written)} peristiwa EPCIS dari {grouped(export.read)} peristiwa buku"
        typer.echo(f"{counted} ada di {out}.")
        if export.declared:
            typer.echo(f"{grouped(export.declared)} di antaranya menyatakan peristiwa lain salah.")
        for event, reason in export.left_out.items():
            typer.echo(f"- {event}: {reason}", err=True)
        if export.left_out_count:
            typer.echo(f"{grouped(export.left_out_count)} peristiwa tidak dapat ditulis.", err=True)
    raise typer.Exit(NO if export.left_out_count else 0)


def _write(path: Path, pieces: Iterable[bytes]) -> int:
    """Write beside the name first, then move there; return how many bytes it is."""
    import gzip
    import os
    from contextlib import suppress

    draft = path.with_name(f".{path.name}.{os.getpid()}.baru")
    try:
        with draft.open("wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0, compresslevel=6) as packed:
                    _pour(packed, pieces)
            else:
                _pour(file, pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    return path.stat().st_size


class _Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


def _pour(file: _Sink, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        file.write(piece)


def _check(path: Path, *, as_json: bool) -> None:
    from tepat.exchange.epcis.checking import Check
    from tepat.exchange.epcis.streams import opened

    check = Check()
    found: list[Finding] = []
    count = 0
    with opened(path) as stream:
        for finding in check.findings(stream):
            count += 1
            if len(found) < SHOWN_MAX:
                found.append(finding)
    if as_json:
        typer.echo(json.dumps(_told(check, found, count), ensure_ascii=False))
    else:
        _say(path, check, found, count)
    raise typer.Exit(NO if count else 0)


def _told(check: "Check", found: "list[Finding]", count: int) -> dict[str, Any]:
    return {
        "good": count == 0,
        "events": check.events,
        "types": dict(check.types),
        "faults": count,
        "shown": [
            {"line": one.line, "event": one.event, "code": one.code, "message": _sentence(one)}
            for one in found
        ],
    }


def _say(path: Path, check: "Check", found: "list[Finding]", count: int) -> None:
    for one in sorted(found, key=lambda each: each.line):
        where = f"baris {one.line}" + (f", peristiwa {one.event}" if one.event else "")
        typer.echo(f"{where}: {_sentence(one)}")
    if count > len(found):
        typer.echo(f"… dan {grouped(count - len(found))} lagi.")
    kinds = ", ".join(f"{grouped(number)} {kind}" for kind, number in check.types.most_common())
    typer.echo(f"{path}: {grouped(check.events)} peristiwa{f' ({kinds})' if kinds else ''}.")
    typer.echo("COCOK dengan EPCIS 2.0." if not count else f"TIDAK COCOK: {grouped(count)} kesalahan.")


def _sentence(finding: "Finding") -> str:
    from tepat.common.messages import say

    return say(finding.code, finding.facts).text
