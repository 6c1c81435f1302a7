"""Publishing the log, checking a published folder, and being a witness, on the command line."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer

from tepat.common import home, start
from tepat.common.errors import Refused
from tepat.common.whole_files import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tepat.publication.notes import Note, Verifier
    from tepat.publication.verifying import Report, Trust

witness_app = typer.Typer(
    name="witness", help="Saksi catatan terbuka: Bawaslu, provinsi, redaksi.", no_args_is_help=True
)
REJECTED = 1
SMALL_FILE_BYTES_MAX = 1_000_000

Json = Annotated[bool, typer.Option("--json", help="Cetak JSON saja.")]
Key = Annotated[str, typer.Option("--kunci", help="Kunci kantor: barisnya, atau berkas yang memuatnya.")]
Keys = Annotated[
    list[str] | None, typer.Option("--saksi", help="Kunci saksi atau berkasnya; boleh lebih dari satu.")
]
Home = Annotated[Path | None, typer.Option("--rumah", help="Folder saksi; biasanya TEPAT_HOME/saksi.")]


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, default=str, ensure_ascii=False, indent=1))


class _Bar:
    """A progress bar on the terminal, nothing when JSON is wanted."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(transient=True, disable=quiet, console=Console(stderr=True))
        self.task: Any = None

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self.task is None:
            self.task = self.bar.add_task("catatan", total=total)
        self.bar.update(self.task, completed=done, total=total)


def publish(
    folder: Annotated[Path, typer.Argument(help="Folder untuk umum; dibuat bila belum ada.")],
    *,
    proofs: Annotated[
        list[str] | None, typer.Option("--bukti", help="Tulis juga bukti objek ini; boleh lebih dari satu.")
    ] = None,
    origin: Annotated[str, typer.Option("--asal", help="Nama catatan, sebelum tanda tangan pertama.")] = "",
    reason: Annotated[
        str, typer.Option("--buku-baru", help="Mulai catatan baru dengan alasan ini, yang ikut diumumkan.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Tandatangani catatan terbuka dan tulis folder yang dapat diperiksa siapa pun."""
    start.django()
    from tepat.common.acting import system_actor
    from tepat.common.clock import now
    from tepat.publication.actions import start_over
    from tepat.publication.publishing import publish as write

    by = system_actor()
    if origin:
        _name(origin)
    if reason:
        start_over(by=by, at=now(), reason=reason)
    with _Bar(quiet=as_json) as bar:
        done = write(folder, by=by, at=now(), proofs=proofs or (), progress=lambda _, at, of: bar(at, of))
    if as_json:
        _print_json(asdict(done))
        return
    typer.echo(f"Terbit di {done.folder}: {done.size} entri, {done.files} berkas baru.")
    typer.echo(f"Saksi: {done.witnesses} pada checkpoint ini, disaksikan sampai entri ke-{done.witnessed}.")
    if done.taken_in:
        typer.echo(f"Tanda tangan saksi yang baru masuk: {', '.join(done.taken_in)}.")
    typer.echo(f"Kunci untuk dibagikan di luar folder ini:\n{done.vkey}")


def _name(origin: str) -> None:
    from tepat.publication import keeping
    from tepat.publication.models import Checkpoint

    if keeping.origin() != origin:
        if keeping.origin() or Checkpoint.objects.exists():
            raise Refused("LOG-ORIGIN-SET", origin=keeping.origin() or "-")
        keeping.name_origin(origin)


def verify(
    place: Annotated[Path, typer.Argument(help="Folder yang terbit, atau berkas .tlog-proof.")],
    *,
    key: Key = "",
    witnesses: Keys = None,
    least: Annotated[int, typer.Option("--minimal", min=0, help="Berapa saksi paling sedikit.")] = 0,
    earlier: Annotated[
        Path | None, typer.Option("--lama", help="Checkpoint yang Anda simpan dari dahulu.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Periksa folder yang terbit tanpa jaringan; keluar 0 bila cocok, 1 bila tidak, 2 bila tidak terbaca."""
    from tepat.publication.verifying import Trust, verify_folder, verify_proof

    if not place.exists():
        raise Refused("LOG-NO-FOLDER", folder=str(place), reason="tidak ada")
    trust = Trust(
        log=_log_key(place, key),
        witnesses=tuple(verifier for given in witnesses or () for verifier in _keys(given)),
        least=least,
        earlier=_note(earlier) if earlier else None,
    )
    try:
        if place.is_dir():
            with _Bar(quiet=as_json) as bar:
                report = verify_folder(place, trust, bar)
        else:
            report = verify_proof(_proof(place), trust)
    except OSError as broken:
        raise Refused("LOG-NO-FOLDER", folder=str(place), reason=reason_of(broken)) from broken
    _tell(report, trust, own_key=not key, as_json=as_json)
    raise typer.Exit(0 if report.good else REJECTED)


def _tell(report: "Report", trust: "Trust", *, own_key: bool, as_json: bool) -> None:
    if as_json:
        told = {"good": report.good, "key": trust.log.vkey, "key_from_folder": own_key, **asdict(report)}
        _print_json(told)
        return
    typer.echo("COCOK" if report.good else "TIDAK COCOK")
    typer.echo(f"Catatan {report.origin or '-'}: {report.entries} dari {report.size} entri dihitung ulang,")
    typer.echo(f"{report.objects} objek, {report.files} berkas lain.")
    names = ", ".join(report.witnesses) or "belum ada"
    typer.echo(f"Saksi yang Anda percayai: {names}; disaksikan sampai entri ke-{report.witnessed}.")
    for finding in report.findings:
        typer.echo(f"- {finding.text}", err=True)
    if own_key:
        text = "Kunci diambil dari folder itu sendiri: ini membuktikan keutuhan, bukan asal. Pakai --kunci."
        typer.echo(text, err=True)


def _small(file: Path) -> bytes:
    try:
        if file.stat().st_size > SMALL_FILE_BYTES_MAX:
            raise Refused("LOG-NO-FOLDER", folder=str(file), reason="terlalu besar untuk berkas ini")
        return file.read_bytes()
    except OSError as broken:
        raise Refused("LOG-NO-FOLDER", folder=str(file), reason=reason_of(broken)) from broken


def _keys(given: str) -> "Iterable[Verifier]":
    """Return the keys of a line, or of a file with one on each line."""
    from tepat.publication.notes import read_verifier

    try:
        text = _small(Path(given)).decode() if "+" not in given or Path(given).is_file() else given
        return [read_verifier(line) for line in text.splitlines() if line.strip()]
    except ValueError as broken:
        raise Refused("LOG-KEY-UNREADABLE", reason=str(broken)) from broken


def _log_key(place: Path, given: str) -> "Verifier":
    from tepat.publication.folders import KEY

    folder = place if place.is_dir() else place.parent
    found = list(_keys(given or str(folder / KEY)))
    if len(found) != 1:
        raise Refused("LOG-KEY-UNREADABLE", reason=f"{len(found)} kunci, seharusnya satu")
    return found[0]


def _note(file: Path) -> "Note":
    from tepat.publication.notes import read_note

    try:
        return read_note(_small(file))
    except ValueError as broken:
        raise Refused("LOG-NO-FOLDER", folder=str(file), reason=str(broken)) from broken


def _proof(file: Path) -> Any:
    from tepat.publication.proofs import read_proof

    try:
        return read_proof(_small(file))
    except ValueError as broken:
        raise Refused("LOG-NO-FOLDER", folder=str(file), reason=str(broken)) from broken


def _witness_home(given: Path | None) -> Path:
    return given or home.home_of(os.environ) / "saksi"


@witness_app.command("init")
def witness_init(
    *,
    name: Annotated[str, typer.Option("--nama", help="Nama saksi tanpa spasi, misalnya bawaslu-blora.")],
    place: Home = None,
    as_json: Json = False,
) -> None:
    """Buat kunci saksi di komputer saksi sendiri."""
    from tepat.publication.witnessing import make_witness

    key = make_witness(_witness_home(place), name)
    if as_json:
        _print_json({"name": key.name, "vkey": key.vkey})
        return
    typer.echo(f"Kunci saksi dibuat. Serahkan baris ini kepada kantor dan umumkan:\n{key.vkey}")


@witness_app.command("cosign")
def witness_cosign(
    place: Annotated[Path, typer.Argument(help="Folder yang terbit, misalnya di USB.")],
    *,
    key: Key = "",
    out: Annotated[Path | None, typer.Option("--ke", help="Berkas hasil; biasanya di folder itu.")] = None,
    own: Home = None,
    as_json: Json = False,
) -> None:
    """Tandatangani catatan yang meneruskan yang pernah dilihat; selain itu ditolak."""
    from tepat.common.clock import now
    from tepat.publication.witnessing import cosign_folder

    vkey = next(iter(_keys(key))).vkey if key else ""
    done = cosign_folder(_witness_home(own), place, log_vkey=vkey, at_s=int(now().timestamp()), out=out)
    if as_json:
        _print_json(asdict(done))
        return
    typer.echo(f"{done.name} menyaksikan {done.origin}: {done.size} entri, sebelumnya {done.before}.")
    typer.echo(f"Kembalikan berkas ini ke kantor: {done.file}")


@witness_app.command("add")
def witness_add(
    files: Annotated[list[Path] | None, typer.Argument(help="Checkpoint yang ditandatangani saksi.")] = None,
    *,
    key: Annotated[str, typer.Option("--kunci", help="Kunci saksi baru yang mulai dipercaya.")] = "",
    as_json: Json = False,
) -> None:
    """Di kantor: percayai saksi baru, dan terima tanda tangan yang kembali."""
    start.django()
    from tepat.common.acting import system_actor
    from tepat.common.clock import now
    from tepat.publication.actions import take_cosignatures, trust_witness

    by = system_actor()
    trusted = [trust_witness(by=by, at=now(), vkey=one.vkey).name for one in (_keys(key) if key else ())]
    taken = [take_cosignatures(by=by, at=now(), note=_note(file)) for file in files or ()]
    names = sorted({name for each in taken for name in each.witnesses})
    if as_json:
        _print_json({"trusted": trusted, "taken": [asdict(each) for each in taken]})
        return
    typer.echo(f"Saksi baru: {', '.join(trusted) or 'tidak ada'}.")
    typer.echo(
        f"Tanda tangan baru: {', '.join(names) or 'tidak ada'}. Jalankan tepat publish untuk menerbitkannya."
    )
