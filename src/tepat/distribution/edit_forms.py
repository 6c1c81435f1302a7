"""What a person asks for on the editing screens, read into changes. Forms check; they never save."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.http import QueryDict

from tepat.common.errors import Refused
from tepat.distribution.edit_board import LEFT
from tepat.distribution.editing.changes import Change, read

OWN_TRIP = "sendiri"
LAST_POSITION = 10_000
"""A turn beyond the end of every trip."""


def change_of(posted: QueryDict) -> Change:
    """Return the change that a form asks for.

    Raises:
        Refused: EDIT-UNREADABLE.
    """
    make = _FORMS.get(posted.get("apa", ""))
    if make is None:
        raise Refused("EDIT-UNREADABLE")
    try:
        return read({"apa": posted["apa"], **make(posted)})
    except (msgspec.ValidationError, ValueError) as error:
        raise Refused("EDIT-UNREADABLE") from error


def revision_of(posted: QueryDict) -> int:
    """Return which state of the draft the page showed.

    Raises:
        Refused: EDIT-UNREADABLE.
    """
    given = posted.get("revisi", "")
    if not given.isdecimal():
        raise Refused("EDIT-UNREADABLE")
    return int(given)


def _move(posted: QueryDict) -> dict[str, Any]:
    target = posted.get("tujuan", "")
    if not target:
        raise Refused("EDIT-UNREADABLE")
    to: dict[str, Any] = {"apa": "perjalanan", "trip": target, "position": _position(posted)}
    if target == OWN_TRIP:
        to = {"apa": OWN_TRIP, "vehicle": posted.get("kendaraan", ""), "date": posted.get("tanggal", "")}
    trip = posted.get("trip", "")
    return {
        "trip": "" if trip == LEFT else trip,
        "place": posted.get("place", ""),
        "units": posted.getlist("units"),
        "to": to,
    }


def _position(posted: QueryDict) -> int:
    given = posted.get("posisi", "").strip()
    return int(given) if given else LAST_POSITION


def _swap_stops(posted: QueryDict) -> dict[str, Any]:
    trip, _, place = posted.get("mitra", "").partition("/")
    return {
        "trip": posted.get("trip", ""),
        "place": posted.get("place", ""),
        "other_trip": trip,
        "other_place": place,
    }


def _pin(posted: QueryDict) -> dict[str, Any]:
    return {
        "units": posted.getlist("units"),
        "vehicle": posted.get("semat-kendaraan") or None,
        "date": posted.get("semat-tanggal") or None,
        "reason": posted.get("alasan", ""),
    }


def _forbid(posted: QueryDict) -> dict[str, Any]:
    return {
        "place": posted.get("place", ""),
        "vehicle_class": posted.get("kelas", ""),
        "reason": posted.get("alasan", ""),
    }


_FORMS = {
    "pindah": _move,
    "tukar-perhentian": _swap_stops,
    "tukar-kendaraan": lambda posted: {
        "trip": posted.get("trip", ""),
        "other_trip": posted.get("mitra", ""),
    },
    "sematkan": _pin,
    "lepas": lambda posted: {"units": posted.getlist("units")},
    "kunci": lambda posted: {"trip": posted.get("trip", "")},
    "buka-kunci": lambda posted: {"trip": posted.get("trip", "")},
    "larang": _forbid,
}


def moment_of(posted: QueryDict, zone: ZoneInfo) -> datetime:
    """Return the moment of a setback, as the office's clock says it.

    Raises:
        Refused: SETBACK-MOMENT.
    """
    try:
        found = datetime.fromisoformat(posted.get("saat", ""))
    except ValueError as error:
        raise Refused("SETBACK-MOMENT") from error
    return found.replace(tzinfo=zone) if found.tzinfo is None else found
