"""Catatan terbuka: how large the public log is, who has signed it, and the proof of one object."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.event_words import event_word
from tepat.common.frame import Frame, frame_of
from tepat.common.messages import Message, say
from tepat.common.permissions import Permission
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table
from tepat.publication import keeping
from tepat.publication.entries import Entry, read_entry
from tepat.publication.forms import ObjectForm
from tepat.publication.models import Checkpoint, LogEntry, Witness
from tepat.publication.notes import read_verifier
from tepat.publication.standing import Standing, entries_of, proof_of, standing

READ = Permission.RECORDS_READ
CHECKPOINTS_SHOWN_MAX = 20
OBJECT_SHOWN_MAX = 200
NUMBER_MAX = 2**62
WITNESS_STALE = timedelta(days=3)
PIECE = 8
ROOT_SHOWN = 16


@screen(READ)
def open_log(request: HttpRequest) -> HttpResponse:
    """How the log stands, who signed it, and the entries of one object."""
    frame = frame_of(request, READ)
    found = standing()
    stale = _stale(found, now())
    form = ObjectForm(request.GET if "objek" in request.GET else None)
    name = form.cleaned_data["objek"] if form.is_bound and form.is_valid() else ""
    entries, refused = _entries(frame, name, found) if name else (None, None)
    context = {
        "frame": frame,
        "judul": f"Catatan terbuka, {frame.office.name}",
        "standing": found,
        "state": _state(found, stale=stale),
        "stale": stale,
        "vkey": _pieces(_vkey(found)),
        "root": _pieces(found.root),
        "witnesses": _witnesses(frame, found),
        "checkpoints": _checkpoints(frame, found),
        "entries": entries,
        "form": form,
        "refused": refused,
    }
    return answer(request, "publication/log.html", context, status=409 if refused else 200)


def _state(found: Standing, *, stale: bool) -> str:
    if found.alarm:
        return "gawat"
    if found.checkpoint is None:
        return "belum"
    return "aman" if found.witnessed and not stale else "perhatikan"


def _stale(found: Standing, at: datetime) -> bool:
    """Return whether more was signed since the witnesses last looked, and that is long ago."""
    behind = found.witnessed and found.witnessed_size != found.signed_size
    return bool(behind and found.witnessed and at - found.witnessed.at > WITNESS_STALE)


def _pieces(text: str) -> list[str]:
    """Return a long line in pieces, between which a narrow screen may break it."""
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def _vkey(found: Standing) -> str:
    """Return the key to hand out; none is made by looking at a screen."""
    if not found.checkpoint or not keeping.has_key():
        return ""
    try:
        return keeping.signer().verifier.vkey
    except Refused:
        return ""


def _witnesses(frame: Frame, found: Standing) -> Table:
    return Table(
        id="saksi",
        title="Saksi",
        columns=(
            Column("Saksi"),
            Column("Disaksikan sampai entri", Kind.COUNT),
            Column("Pada", Kind.MOMENT),
            Column("Sidik kunci", Kind.CODE),
        ),
        rows=[_witness_row(witness, found.origin) for witness in Witness.objects.all()],
        note="Saksi menandatangani bahwa catatan ini meneruskan semua yang pernah dilihatnya.",
        empty="Belum ada saksi. Minta Bawaslu menjalankan tepat witness init, lalu di sini: "
        "tepat witness add --kunci KUNCI.",
        zone=frame.zone,
    )


def _witness_row(witness: Witness, origin: str) -> list[Any]:
    last = witness.witnessed.filter(checkpoint__origin=origin).order_by("-checkpoint__size").first()
    reached = (last.checkpoint.size, last.cosigned_at) if last else (None, None)
    return [witness.name, *reached, read_verifier(witness.vkey).id.hex()]


def _checkpoints(frame: Frame, found: Standing) -> Table:
    rows = Checkpoint.objects.filter(origin=found.origin).order_by("-size")[:CHECKPOINTS_SHOWN_MAX]
    return Table(
        id="checkpoint",
        title="Tanda tangan terakhir",
        columns=(
            Column("Entri", Kind.COUNT),
            Column("Ditandatangani", Kind.MOMENT),
            Column("Saksi", Kind.COUNT),
            Column("Akar", Kind.CODE),
        ),
        rows=[[row.size, row.at, row.witnessed.count(), f"{row.root[:ROOT_SHOWN]}…"] for row in rows],
        note="Setiap tanda tangan memuat semua entri sebelumnya; akar berubah bila satu huruf saja berubah.",
        empty="Belum pernah ditandatangani. Jalankan tepat pekerja atau tepat publish.",
        zone=frame.zone,
    )


def _entries(frame: Frame, name: str, found: Standing) -> tuple[Table | None, Message | None]:
    try:
        rows = _visible(frame, entries_of(name))
    except Refused as error:
        return None, say(error.code, error.facts)
    signed = found.checkpoint.size if found.checkpoint else 0
    note = "Nomor urut objek tidak boleh meloncat: yang hilang akan terlihat."
    if len(rows) > OBJECT_SHOWN_MAX:
        note += f" Yang tampil {OBJECT_SHOWN_MAX} terakhir dari {len(rows)}."
    table = Table(
        id="objek",
        title=f"Entri {name}",
        columns=(
            Column("Ke-", Kind.COUNT),
            Column("Entri", Kind.COUNT),
            Column("Peristiwa"),
            Column("Terjadi", Kind.MOMENT),
            Column("Tempat", Kind.CODE),
            Column("Bukti"),
        ),
        rows=[_entry_row(row, name, signed=row.number < signed) for row in rows[-OBJECT_SHOWN_MAX:]],
        note=note,
        empty="Tidak ada entri yang boleh Anda lihat.",
        zone=frame.zone,
    )
    return table, None


def _visible(frame: Frame, rows: list[LogEntry]) -> list[LogEntry]:
    """Return the entries whose place this person may read."""
    if frame.whole_office:
        return rows
    numbers = [row.number for row in rows]
    allowed = frame.visible(LogEntry.objects.filter(number__in=numbers), "event__place")
    may = set(allowed.values_list("number", flat=True))
    return [row for row in rows if row.number in may]


def _entry_row(row: LogEntry, name: str, *, signed: bool) -> list[Any]:
    entry: Entry = read_entry(row.entry.encode())
    count = entry.numbers[name][0]
    link = reverse("publikasi-log-bukti", args=[row.number])
    return [
        count,
        row.number,
        event_word(entry.commitment["kind"]),
        datetime.fromisoformat(entry.commitment["occurred_at"]),
        entry.commitment["place"] or None,
        Cell("Unduh bukti", href=link) if signed else "menunggu tanda tangan",
    ]


@screen(READ)
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof of one entry, as a file that anybody can check without us."""
    frame = frame_of(request, READ)
    found = _visible(frame, list(LogEntry.objects.filter(number=min(number, NUMBER_MAX))))
    if not found:
        raise NotAllowed("COMMON-NOT-FOUND")
    signed = standing().checkpoint
    if signed is None or number >= signed.size:
        raise Refused("LOG-UNSIGNED", object=number)
    text = str(proof_of(found[0], signed))
    file = HttpResponse(text, content_type="text/plain; charset=utf-8")
    file.headers["Content-Disposition"] = f'attachment; filename="entri-{number}.tlog-proof"'
    return file
