"""An evidence pack: PDF, JSON, photos, proofs and a script that checks them, in one ZIP; gaps stand first."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings

from tepat.common.documents import path_of
from tepat.common.errors import Refused
from tepat.common.event_words import event_word
from tepat.common.models import Document, Event, Office
from tepat.common.tables import moment
from tepat.custody.evidence import FORMAT, Dossier, dossier, line_values
from tepat.custody.facts import microseconds, moment_of
from tepat.custody.parties import label_of
from tepat.custody.rules import Flag
from tepat.custody.timeline import lasting_words, segment_words, slots_word, together, troubles
from tepat.custody.timeline_reading import Line
from tepat.custody.views.shared import Words
from tepat.custody.words import tps_word
from tepat.publication import keeping
from tepat.publication.entries import read_entry
from tepat.publication.guarding import current_state, tree_at
from tepat.publication.models import Checkpoint, LogEntry
from tepat.publication.proofs import Proof
from tepat.publication.standing import cosigned

TEMPLATE = Path(str(resources.files(__package__) / "evidence.typ"))
SCRIPT = "periksa.py"
PHOTOS_BYTES_MAX = 200 * 1024 * 1024
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the same pack is the same bytes
LIMITS = (
    "Apakah sesudah peristiwa terakhir di sini masih ada peristiwa di HP yang belum terkirim.",
    "Siapa orang di balik nomor acak; namanya hanya ada di kantor.",
    "Letak menurut GPS: berkas ini belum memuat jejak kendaraan.",
    "Jam HP yang salah membuat saat tidak pasti; rentangnya ditulis, tidak dihilangkan.",
)


@dataclass(frozen=True)
class Pack:
    """One evidence pack.

    Args:
        name: Its file name.
        content: The ZIP.
        events: How many events it holds.
        proved: How many of them stand in a signed state of the log.
    """

    name: str
    content: bytes
    events: int
    proved: int


@dataclass(frozen=True)
class Subject:
    """What a pack is about.

    Args:
        code: The label of a box, or of a set.
        objects: Boxes and bundles.
        also: Other objects whose events belong to it.
        election: The election's name.
    """

    code: str
    objects: tuple[str, ...]
    also: tuple[str, ...]
    election: str


def make_pack(subject: Subject, office: Office, *, at: datetime, words: Words) -> Pack:
    """Return the evidence pack of a box or a set.

    Args:
        subject: What it is about.
        office: The office.
        at: This moment.
        words: Posts in words, and names for a reader who may take them along.

    Raises:
        Refused: EVIDENCE-TOO-LARGE.
    """
    found = dossier(subject.objects, now_us=microseconds(at), also=subject.also)
    proofs = _proofs(found.events)
    photos = _photos(found.photos)
    vkey = keeping.signer().verifier.vkey if proofs and keeping.has_key() else ""
    names = {order: f"bukti/{order:04d}.tlog-proof" for order in proofs}
    whole = {
        "format": FORMAT,
        "office": {"code": office.code, "name": office.name},
        "subject": subject.code,
        "objects": [*subject.objects, *subject.also],
        "made_at": at.isoformat(),
        "log": {"origin": keeping.origin(), "vkey": vkey},
        "timelines": [line_values(line) for line in found.lines],
        "events": [plain | {"proof": names.get(order)} for order, plain in enumerate(found.plain)],
        "devices": found.devices,
        "photos": {sha256: f"foto/{sha256}" if path else None for sha256, path in photos.items()},
    }
    files: dict[str, bytes] = {
        "BACA-DULU.txt": _read_first(subject, office, found, len(proofs)).encode(),
        "laporan.pdf": report_pdf(_content(subject, office, at, found, proofs, words)),
        "bukti.json": json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        SCRIPT: (resources.files(__package__) / "bukti" / SCRIPT).read_bytes(),
        **({"kunci-log.vkey": f"{vkey}\n".encode()} if vkey else {}),
        **{names[order]: str(proof).encode() for order, proof in proofs.items()},
        **{f"foto/{sha256}": path.read_bytes() for sha256, path in photos.items() if path},
    }
    return Pack(f"bukti-{subject.code}.zip", _zip(files), len(found.events), len(proofs))


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _proofs(events: Sequence[Event]) -> dict[int, Proof]:
    """Return the proof of each event, by its place, that a signed state of the log holds."""
    signed = Checkpoint.objects.filter(origin=keeping.origin()).order_by("-size").first()
    if signed is None:
        return {}
    rows = LogEntry.objects.filter(event__in=events, number__lt=signed.size)
    by_event = {row.event_id: row for row in rows}
    tree, note = tree_at(current_state()), cosigned(signed)
    return {
        order: Proof(row.number, tuple(tree.inclusion(row.number, signed.size)), note, row.entry.encode())
        for order, event in enumerate(events)
        if (row := by_event.get(event.pk))
    }


def _photos(hashes: Sequence[str]) -> dict[str, Path | None]:
    """Return where each photo lies; None for one that has not come yet.

    Raises:
        Refused: EVIDENCE-TOO-LARGE.
    """
    sizes = dict(Document.objects.filter(sha256__in=hashes).values_list("sha256", "size"))
    total = sum(sizes.values())
    if total > PHOTOS_BYTES_MAX:
        mebibyte = 1024 * 1024
        raise Refused(
            "EVIDENCE-TOO-LARGE",
            count=f"{total // mebibyte} MB foto",
            limit=f"{PHOTOS_BYTES_MAX // mebibyte} MB",
        )
    return {
        sha256: path_of(sha256) if sha256 in sizes and path_of(sha256).is_file() else None
        for sha256 in hashes
    }


def report_pdf(content: dict[str, Any]) -> bytes:
    """Return the report as PDF."""
    import typst

    pdf: bytes = typst.compile(
        format="pdf",
        input=str(TEMPLATE),
        root=str(TEMPLATE.parent),
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    return pdf


def _content(
    subject: Subject, office: Office, at: datetime, found: Dossier, proofs: dict[int, Proof], words: Words
) -> dict[str, Any]:
    """Return what the report says, as plain values."""
    zone = office.zone

    def when(at_us: int) -> str:
        return moment(moment_of(at_us), zone)

    unclean = troubles((line.object_id, line.segments) for line in found.lines)
    return {
        "office": office.name,
        "election": subject.election,
        "watermark": "LATIHAN" if settings.LATIHAN else "",
        "title": f"Berkas bukti {subject.code}",
        "what": tps_word(subject.code)
        if len(subject.objects) == 1
        else f"{len(subject.objects)} kotak dan bundel",
        "made": moment(at, zone),
        "evidence": any(line.segments for line in found.lines),
        "troubles": [
            [
                _labels(each.objects),
                segment_words(each.segment),
                when(each.segment.from_us),
                "" if each.segment.last else when(each.segment.to_us),
                lasting_words(each.segment),
                words.person(each.segment.holder),
            ]
            for each in unclean
        ],
        "doubts": _doubts(found),
        "segments": [
            [
                _labels(each.objects),
                segment_words(each.segment),
                when(each.segment.from_us),
                "" if each.segment.last else when(each.segment.to_us),
                words.post(each.segment.post),
                words.person(each.segment.holder),
            ]
            for each in together((line.object_id, line.segments) for line in found.lines)
        ],
        "events": [
            [
                str(order + 1),
                moment(event.occurred_at, zone),
                event_word(event.kind),
                words.person(str(event.actor)),
                _how(found, order),
                f"entri {proofs[order].index}" if order in proofs else "belum ditandatangani",
            ]
            for order, event in enumerate(found.events)
        ],
        "seals": _seals(found),
        "log": _log_words(proofs),
        "limits": LIMITS,
    }


def _labels(objects: Sequence[str]) -> str:
    labels = [label_of(name) for name in objects]
    return labels[0] if len(labels) == 1 else slots_word(labels)


def _doubts(found: Dossier) -> list[str]:
    """Return what a reader must know before believing the rest."""
    flags = sorted({str(flag) for line in found.lines for flag in line.history.flags})
    left_out = sorted({event for line in found.lines for event in line.history.left_out})
    unsigned = sum(plain["statement"] is None for plain in found.plain)
    lines = [f"Tanda pada riwayat: {', '.join(flags)}."] if flags else []
    if left_out:
        lines.append(
            f"{len(left_out)} peristiwa dari identitas yang dicabut tidak dihitung, tetapi disertakan."
        )
    if unsigned:
        lines.append(
            f"{unsigned} dari {len(found.plain)} peristiwa dari akun kantor, tanpa tanda tangan alat."
        )
    return lines


def _how(found: Dossier, order: int) -> str:
    plain = found.plain[order]
    photos = f", {len(plain['photos'])} foto" if plain["photos"] else ""
    event = str(found.events[order].pk)
    read = next((line.read[event] for line in found.lines if event in line.read), "")
    paper = next((words for line in found.lines if (words := _on_paper(line, event))), "")
    said = "".join(f", {words}" for words in (read, paper) if words)
    return ("tanda tangan alat" if plain["statement"] else "akun kantor") + photos + said


def _on_paper(line: Line, event: str) -> str:
    """Return the mark of a receipt that stands on paper, or empty."""
    marks = {Flag.BOTH_SIGNED, Flag.ON_PAPER}
    flags = [flag for one in line.history.moments if one.event == event for flag in one.flags]
    return ", ".join(str(flag) for flag in flags if flag in marks)


def _seals(found: Dossier) -> list[list[str]]:
    words = {True: "COCOK", False: "BEDA", None: "belum dibaca"}
    return [
        [
            label_of(line.object_id),
            "berangkat" if seal.seal_set == "keluar" else "kembali",
            ", ".join(seal.expected) or ("tanpa nomor" if seal.unnumbered else "–"),
            "belum dibaca" if seal.read is None else ", ".join(seal.read) or "tidak ada nomor",
            words[seal.match],
        ]
        for line in found.lines
        for seal in line.history.state.seals
    ]


def _log_words(proofs: dict[int, Proof]) -> list[str]:
    if not proofs:
        return ["Belum satu pun peristiwa ini masuk catatan terbuka yang ditandatangani."]
    first = next(iter(proofs.values()))
    state = first.checkpoint
    witnesses = len(first.note.signatures) - 1
    last = max(read_entry(proof.entry).commitment["recorded_at"] for proof in proofs.values())
    return [
        f"Catatan {state.origin}: {state.head.size} entri, akar {state.head.root.hex()}.",
        f"{witnesses} saksi ikut menandatangani keadaan itu."
        if witnesses
        else "Belum ada saksi yang ikut menandatangani.",
        f"Peristiwa terakhir yang terbukti dicatat {last}.",
    ]


def _read_first(subject: Subject, office: Office, found: Dossier, proved: int) -> str:
    return (
        f"Berkas bukti {subject.code}, {office.name}\n\n"
        f"{len(found.events)} peristiwa, {proved} di antaranya terbukti dalam catatan terbuka.\n\n"
        "laporan.pdf   untuk dibaca; yang tidak bersih ditulis lebih dulu\n"
        "bukti.json    semua peristiwa dengan isi, garam, pernyataan dan tanda tangan alat\n"
        "bukti/        bukti letak tiap peristiwa dalam catatan terbuka (C2SP tlog-proof)\n"
        "foto/         foto, dinamai menurut SHA-256 isinya\n"
        "periksa.py    memeriksa semuanya: python3 -I periksa.py\n\n"
        "Perjalanan barang pemilu ada di dalamnya: bagikan hanya kepada yang berwenang.\n"
    )
