"""Setting up, copies, restoring, the doctor, background work, sign-ins and rehearsal on the command line."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Self

import typer

from tepat.common import start
from tepat.common.errors import Refused

latihan = typer.Typer(name="latihan", help="Mode Latihan: buku terpisah untuk mencoba.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Cetak JSON saja.")]
Election = Annotated[list[str] | None, typer.Option("--election", help="Pemilihan; boleh lebih dari satu.")]
DEFAULT_ELECTIONS = ("pemilu-2024", "pilkada-2024")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, default=str, ensure_ascii=False, indent=1))


def _migrate() -> None:
    from tepat.operations.migrating import migrate

    migrate()


def prepare(
    *,
    area: Annotated[str, typer.Option(help='Muat register wilayah ini: kode atau "blora".')] = "",
    election: Election = None,
    as_json: Json = False,
) -> None:
    """Siapkan database, dan bila diminta buka kantor suatu wilayah dengan registernya."""
    start.django()
    _migrate()
    answer: dict[str, Any] = {"database": "siap"}
    if area:
        answer["register"] = _load(area, list(election or DEFAULT_ELECTIONS))
    if as_json:
        _print_json(answer)
        return
    typer.echo("Database siap.")
    if area:
        found = answer["register"]
        lists = ", ".join(f"{code}: {count} TPS" for code, count in found["tps"].items())
        typer.echo(
            f"Register {found['area_code']}: {found['desa']} desa/kelurahan; {lists or 'sudah dimuat'}."
        )


def _load(area: str, elections: list[str]) -> dict[str, Any]:
    from tepat.common.acting import system_actor
    from tepat.common.areas import load_area
    from tepat.common.clock import now
    from tepat.common.register import load_register, loaded_elections

    loaded = load_area(area)
    there = {kind.code for kind in loaded_elections(loaded.code)}
    wanted = [code for code in elections if code not in there]
    if not wanted:
        return {"area_code": loaded.code, "desa": len(loaded.desa), "tps": {}}
    return asdict(load_register(loaded.code, wanted, by=system_actor(), at=now()))


def backup(
    *,
    to: Annotated[Path | None, typer.Option(help="Folder salinan; biasanya TEPAT_BACKUPS.")] = None,
    keep: Annotated[int, typer.Option(min=1, max=1000, help="Berapa salinan yang disimpan.")] = 14,
    as_json: Json = False,
) -> None:
    """Salin database, dokumen dan kunci; salinan lama dihapus sesudah yang baru utuh."""
    start.django()
    from tepat.common.clock import now
    from tepat.operations.backup import make_copy

    with _Bar(quiet=as_json) as progress:
        copy = make_copy(now(), folder=to, keep=keep, progress=progress)
    if as_json:
        _print_json(asdict(copy))
        return
    typer.echo(f"Salinan utuh: {copy.folder}")
    typer.echo(f"{copy.rows} baris, {copy.events} peristiwa, {copy.documents} dokumen.")


class _Bar:
    """A progress bar on the terminal, nothing when JSON is wanted."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(transient=True, disable=quiet, console=Console(stderr=True))
        self.tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.bar.add_task(what, total=total)
        self.bar.update(self.tasks[what], completed=done, total=total)


def restore(
    *,
    drill: Annotated[bool, typer.Option("--drill", help="Coba pulihkan tanpa mengubah apa pun.")] = False,
    source: Annotated[Path | None, typer.Option("--from", help="Salinan yang dipulihkan.")] = None,
    move_aside: Annotated[
        bool, typer.Option("--sisihkan", help="Sisihkan yang ada sekarang; tidak ada yang dihapus.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Pulihkan sebuah salinan, atau latih pemulihannya."""
    if drill:
        _drill(source, as_json=as_json)
        return
    if source is None:
        raise Refused("RESTORE-FROM-WHAT")
    start.django()
    from tepat.common.acting import system_actor
    from tepat.common.clock import now
    from tepat.operations import restore as work
    from tepat.publication.actions import erase_again, note_erasures

    folder = work.restore(source.resolve(), now(), move_aside=move_aside)
    _migrate()
    # Names that were erased after this copy was made are erased again before anybody can read them.
    note_erasures()
    erase_again(by=system_actor(), at=now())
    if as_json:
        _print_json({"folder": folder, "from": source})
    else:
        typer.echo(f"Dipulihkan ke {folder} dari {source}. Jalankan `tepat doctor`.")


def _drill(source: Path | None, *, as_json: bool) -> None:
    start.django()
    from django.db.utils import DatabaseError

    from tepat.common.acting import system_actor
    from tepat.common.clock import now
    from tepat.operations import restore as work

    found = work.drill(now(), copy=source.resolve() if source else None)
    try:
        work.record_drill(by=system_actor(), at=now(), found=found)
        written = True
    except (DatabaseError, LookupError):
        written = False
    if as_json:
        _print_json({**asdict(found), "good": found.good, "in_ledger": written})
    else:
        state = "BERHASIL" if found.good else "GAGAL"
        typer.echo(f"Latihan pemulihan {state}: salinan {found.copy}, {found.duration_ms / 1000:.1f} detik.")
        typer.echo(f"{found.rows} baris, {found.events} peristiwa, {found.documents} dokumen dicocokkan.")
        for fault in found.faults:
            typer.echo(f"- {fault}", err=True)
        if not written:
            typer.echo("Hasil ditulis di folder salinan; buku peristiwa tidak dapat dibuka.", err=True)
    raise typer.Exit(0 if found.good else 1)


def doctor(*, as_json: Json = False) -> None:
    """Periksa pemasangan ini; keluar 1 bila ada yang GAWAT."""
    start.django()
    from tepat.common.clock import now
    from tepat.common.copies import GAWAT
    from tepat.operations.doctor import examine

    checks = examine(now())
    bad = any(check.state == GAWAT for check in checks)
    if as_json:
        _print_json({"good": not bad, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            typer.echo(f"{check.state:<11} {check.name}: {check.text}")
            if check.todo:
                typer.echo(f"{'':<11} → {check.todo}")
    raise typer.Exit(1 if bad else 0)


def worker(
    *,
    once: Annotated[bool, typer.Option("--sekali", help="Kerjakan yang menunggu, lalu berhenti.")] = False,
) -> None:
    """Kerjakan pekerjaan latar (rencana, impor besar, serah terima, catatan terbuka) sampai dihentikan."""
    start.django()
    from django.core.management import call_command

    from tepat.common.clock import now
    from tepat.common.jobs import requeue_abandoned
    from tepat.common.ticks import beside

    requeued, gave_up = requeue_abandoned(now())
    if requeued or gave_up:
        typer.echo(f"{requeued} pekerjaan terputus diulang, {gave_up} dihentikan.", err=True)
    if once:
        call_command("db_worker", batch=True, verbosity=0)
        return
    with beside():
        call_command("db_worker", batch=False, verbosity=0)


def account(
    username: Annotated[str, typer.Argument(help="Nama untuk masuk.")],
    role: Annotated[str, typer.Option(help="Jabatan, misalnya KUL, OPERATOR, PPS, BAWASLU.")],
    name: Annotated[str, typer.Option(help="Nama orang; disimpan di brankas yang dapat dihapus.")],
    area: Annotated[str, typer.Option(help="Kode wilayah jabatan; kosong berarti wilayah kantor.")] = "",
) -> None:
    """Buat akun; kata sandi ditanyakan, atau dibaca dari TEPAT_KATA_SANDI."""
    start.django()
    from tepat.common.permissions import Role

    if role.upper() not in Role.__members__:
        raise Refused("ACCOUNT-ROLE", role=role, known=", ".join(Role.__members__))
    given = os.environ.get("TEPAT_KATA_SANDI")
    password = given or typer.prompt("Kata sandi", hide_input=True, confirmation_prompt=True)
    where = _known_area(area) if area else _office_area()
    _add_account(username=username, password=password, name=name, role=Role[role.upper()], area_code=where)
    typer.echo(f"Akun {username} dibuat: {Role[role.upper()].value}, wilayah {where}.")


def _office_area() -> str:
    from tepat.common.models import Office

    office = Office.objects.first()
    if office is None:
        raise Refused("OFFICE-NONE")
    return office.area_code


def _known_area(code: str) -> str:
    from tepat.common.models import Area

    if not Area.objects.filter(code=code).exists():
        raise Refused("ACCOUNT-AREA", area=code)
    return code


def _add_account(*, username: str, password: str, name: str, role: Any, area_code: str) -> None:
    from django.db import transaction

    from tepat.common.acting import system_actor
    from tepat.common.actions import Contact, add_account, add_person, give_post
    from tepat.common.clock import now

    by, at = system_actor(), now()
    with transaction.atomic():
        person = add_person(by=by, at=at, contact=Contact(name=name))
        give_post(by=by, at=at, person=person.pk, role=role, area_code=area_code)
        add_account(by=by, at=at, person=person.pk, username=username, password=password)


@latihan.command("siapkan")
def prepare_rehearsal(*, as_json: Json = False) -> None:
    """Buat buku latihan dengan register yang sama; peristiwa dan akun tidak ikut."""
    from tepat.common.home import is_yes

    if is_yes(os.environ.get("TEPAT_LATIHAN")):
        raise Refused("REHEARSAL-FROM-REAL")
    start.django()
    from tepat.operations.rehearsal import copy_register

    counts = copy_register()
    if as_json:
        _print_json(counts)
        return
    typer.echo(
        f"Buku latihan siap: {counts['tps']} TPS, {counts['places']} tempat. Tidak ada yang berlaku di sana."
    )
    typer.echo("Jalankan dengan TEPAT_LATIHAN=1, misalnya: TEPAT_LATIHAN=1 tepat serve")


@latihan.command("terima", hidden=True)
def receive_register(file: Path) -> None:
    """Terima register dari proses resmi (dijalankan oleh `tepat latihan siapkan`)."""
    start.django()
    from tepat.operations.rehearsal import receive

    typer.echo(json.dumps(receive(file)))
