"""What stands on a field paper, as plain values: a blank sheet, or the minutes of one event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common import ledger
from tepat.common.models import Event
from tepat.common.tables import zone_name
from tepat.custody.parties import label_of
from tepat.custody.timeline import slots_word
from tepat.custody.words import REASON_WORDS, tps_word
from tepat.distribution.papers.codes import document_id, number
from tepat.distribution.papers.content import date_in_words, long_date
from tepat.packing.codes import checked
from tepat.returns.models import FieldPaper

Kind = FieldPaper.Kind
BLANK_ROWS = 14
# Number patterns as those of the office's other papers; one series for each kind.
SERIES = {
    Kind.BLANK: "{n}/LD-LOG/{code}/{month}/{year}",
    Kind.HANDOVER: "{n}/BAST-HP/{code}/{month}/{year}",
    Kind.DIFFERENCE: "{n}/BA-SELISIH/{code}/{month}/{year}",
    Kind.REFUSAL: "{n}/BA-TOLAK/{code}/{month}/{year}",
    Kind.OPENING: "{n}/BA-BUKA/{code}/{month}/{year}",
    Kind.RESEAL: "{n}/BA-SEGEL/{code}/{month}/{year}",
    Kind.RETURN: "{n}/SJ-PULANG/{code}/{month}/{year}",
}
TITLES = {
    Kind.HANDOVER: "BERITA ACARA SERAH TERIMA",
    Kind.DIFFERENCE: "BERITA ACARA SELISIH HITUNGAN",
    Kind.REFUSAL: "BERITA ACARA PENOLAKAN",
    Kind.OPENING: "BERITA ACARA PEMBUKAAN KOTAK TERSEGEL",
    Kind.RESEAL: "BERITA ACARA PENYEGELAN KEMBALI",
    Kind.RETURN: "SURAT JALAN PENGEMBALIAN",
}
# Which papers an event may have.
PAPERS_OF: dict[str, tuple[Kind, ...]] = {
    "custody.accepted": (Kind.HANDOVER, Kind.REFUSAL, Kind.DIFFERENCE),
    "custody.refused": (Kind.REFUSAL,),
    "custody.count-differs": (Kind.DIFFERENCE,),
    "packing.opened": (Kind.OPENING,),
    "packing.sealed": (Kind.RESEAL,),
    "returns.trip-planned": (Kind.RETURN,),
}

LEAD = "kejadian berikut dicatat pada buku peristiwa kantor (dicatat {recorded}):"
HEADS = ["Kode", "Kotak dan bundel", "Keterangan"]

type Paper = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """How people, posts and moments are written on this paper.

    Args:
        person: Returns a name, or what may be shown of it.
        post: Returns a post in words.
        zone: The office's zone.
    """

    person: Callable[[str], str]
    post: Callable[[str], str]
    zone: ZoneInfo


def head(kind: Kind, running: int, *, code: str, election: str, at: datetime, about: str) -> Paper:
    """Return what each field paper begins with.

    Args:
        kind: The kind.
        running: Its running number.
        code: The office's area code.
        election: The election's code.
        at: The local moment by which its number's month and year go.
        about: What tells it from the others: the running number, or the event.
    """
    return {
        "kind": "lembar-darurat" if kind is Kind.BLANK else "berita-acara",
        "id": document_id("kertas-lapangan", election, kind.value, about),
        "running": running,
        "number": number(SERIES[kind], running=running, code=code, day=at.date()),
    }


def blank_sheet(running: int, *, code: str, election: str, at: datetime, place: str) -> Paper:
    """Return a blank sheet for a hand-over without phones.

    Args:
        running: Its running number.
        code: The office's area code.
        election: The election's code.
        at: The local moment of printing.
        place: The area for which it is, in words.
    """
    made = head(Kind.BLANK, running, code=code, election=election, at=at, about=str(running))
    return made | {"place": place, "rows": list(range(1, BLANK_ROWS + 1))}


def papers_for(event: Event) -> tuple[Kind, ...]:
    """Return which papers an event calls for; a receipt without refusal or difference only its BAST."""
    payload = ledger.read(event)
    kinds = PAPERS_OF.get(event.kind, ())
    if event.kind != "custody.accepted":
        return kinds
    wanted = {
        Kind.HANDOVER: True,
        Kind.REFUSAL: bool(payload.get("refused")),
        Kind.DIFFERENCE: bool(payload.get("missing") or payload.get("extra")),
    }
    return tuple(kind for kind in kinds if wanted[kind])


def minutes_of(event: Event, kind: Kind, opening: Paper, words: Words) -> Paper:
    """Return the minutes of an event.

    Args:
        event: The event.
        kind: One of `papers_for`.
        opening: What `head` returned.
        words: How people, posts and moments are written.
    """
    payload = ledger.read(event)
    at = event.occurred_at.astimezone(words.zone)
    parties = _parties(event, payload, words)
    return opening | {
        "title": TITLES[kind],
        "day": long_date(at.date()),
        "day_words": date_in_words(at.date()),
        "clock": f"{at:%H.%M} {zone_name(at)}",
        "uncertain": event.occurred_uncertainty_s // 60,
        "lead": LEAD.format(recorded=f"{event.recorded_at.astimezone(words.zone):%d/%m/%Y %H.%M}"),
        "close": "",
        "event": str(event.pk),
        "parties": parties,
        "facts": _facts(event, kind, payload),
        "heads": HEADS,
        "rows": _rows(event, kind, payload),
        "signers": [f"{role}: {who}" for role, who in parties] + ["Saksi: Panwascam/PKD", "Saksi: Polri"],
    }


def _parties(event: Event, payload: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    if "giver" in payload:
        receiver = words.person(payload["receiver"])
        post = f", {words.post(payload['post'])}" if payload.get("post") else ""
        return [("Yang menyerahkan", words.person(payload["giver"])), ("Yang menerima", receiver + post)]
    second = payload.get("second", "")
    found = [("Petugas pertama", words.person(payload.get("first") or str(event.actor)))]
    return [*found, ("Petugas kedua", words.person(second))] if second else found


def _facts(event: Event, kind: Kind, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    total = len(event.objects_named)
    missing, refused = len(payload.get("missing", ())), len(payload.get("refused", ()))
    if kind is Kind.OPENING:
        there = [
            f"{name} {'hadir' if payload[key] else 'tidak hadir'}"
            for key, name in (("panwascam", "Panwascam"), ("polri", "Polri"))
        ]
        planned = "menurut jadwal" if payload.get("planned") else "di luar jadwal"
        return [("Alasan", payload["reason"]), ("Pembukaan", planned), ("Saksi", ", ".join(there))]
    if kind is Kind.RESEAL:
        trip = "pulang" if payload.get("seal_set") == "kembali" else "berangkat"
        return [("Segel untuk perjalanan", trip)]
    if event.kind == "custody.count-differs":
        return [("Ditawarkan", f"{payload['offered']} kotak"), ("Dihitung", f"{payload['counted']} kotak")]
    taken = total - missing - refused if event.kind == "custody.accepted" else 0
    proof = {"kertas": "dari kertas yang ditandatangani, dicatat kemudian"}.get(payload.get("proof", ""), "")
    one = "dikonfirmasi pada HP penyerah (satu HP)" if payload.get("one_phone") else ""
    return [
        ("Dalam daftar", f"{total} kotak dan bundel"),
        ("Diterima", str(taken)),
        ("Ditolak", str(refused)),
        ("Belum terlihat", str(missing)),
        *([("Cara", proof or one)] if proof or one else []),
    ]


def _rows(event: Event, kind: Kind, payload: Mapping[str, Any]) -> list[list[str]]:
    missing = set(payload.get("missing", ()))
    extra = set(payload.get("extra", ()))
    refused = {each["object"]: each for each in payload.get("refused", ())}
    seals = payload.get("seals", {}) if event.kind == "packing.sealed" else {}
    only = {Kind.REFUSAL: refused, Kind.DIFFERENCE: missing | extra}.get(kind)
    noted: list[list[str]] = []
    plain: dict[str, list[str]] = {}
    for name in sorted({*event.objects_named, *extra}):
        note = ""
        if name in refused:
            reason = refused[name]["reason"]
            note = f"ditolak: {REASON_WORDS.get(reason, reason)} {refused[name].get('note', '')}".strip()
        elif name in missing:
            note = "belum terlihat"
        elif name in extra:
            note = "di luar daftar"
        elif name in seals:
            note = f"segel {', '.join(seals[name])}"
        if only is not None and name not in only:
            continue
        if note or only is not None:
            noted.append([_code(name), tps_word(label_of(name)), note])
        else:
            plain.setdefault(label_of(name).rpartition("-")[0], []).append(label_of(name))
    said = "diterima" if event.kind == "custody.accepted" else ""
    return noted + [[unit, slots_word(labels), said] for unit, labels in plain.items()]


def _code(name: str) -> str:
    """Return a label with its check letter; what is no label as it stands."""
    label = label_of(name)
    try:
        return checked(label) if name.startswith(("kotak:", "bundel:")) else label
    except (AssertionError, KeyError):
        return label
