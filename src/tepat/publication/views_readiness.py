"""Kesiapan: if polling were tomorrow, which TPS are not ready, and who answers for them?"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from tepat.common.clock import now
from tepat.common.errors import NotAllowed
from tepat.common.models import Area
from tepat.common.permissions import Permission, covers
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.custody.facts import moment_of
from tepat.custody.post_names import post_names
from tepat.custody.readiness_contacts import call_book
from tepat.planning.scope import Scope, scope_of
from tepat.publication.readiness import TpsRow, board, clock_of, without_receipt
from tepat.publication.readiness_forms import KNOWN_THEN, MomentForm
from tepat.publication.readiness_tables import LEVELS, board_table, call_table, counts_of, district_table

READ = Permission.CUSTODY_READ
POLLING_AT = time(7)


@screen(READ)
def readiness(request: HttpRequest) -> HttpResponse:
    """Every PPK at a glance, and the TPS whose KPPS has nothing signed yet, in the order of the risk."""
    scope = scope_of(request, READ)
    asked = _asked(request, scope)
    rows = board(scope.election, scope.office, scope.areas, asked.instant, now=asked.now)
    names = names_of_areas(rows)
    context = _context(scope, asked, rows) | {
        "judul": f"Kesiapan, {scope.election.name}",
        "district": district_table(rows, names, scope.zone, asked.query),
        "calls": _calls(scope, asked, rows, names),
    }
    return answer(request, "publication/kesiapan.html", context)


@screen(READ)
def district(request: HttpRequest, code: str) -> HttpResponse:
    """The board of one PPK, TPS by TPS; printed on F4 it is the list to tick off."""
    scope = scope_of(request, READ)
    areas = _areas_in(scope, code)
    asked = _asked(request, scope)
    rows = board(scope.election, scope.office, areas, asked.instant, now=asked.now)
    if not rows:
        raise NotAllowed("COMMON-NOT-FOUND")
    names = names_of_areas(rows)
    name = names.get(code, code)
    context = _context(scope, asked, rows) | {
        "judul": f"Kesiapan PPK {name}, {scope.election.name}",
        "name": name,
        "may_confirm": scope.actor.has(Permission.DUTY_CONFIRM),
        "board": board_table(rows, names, scope.zone),
        "calls": _calls(scope, asked, rows, names),
    }
    return answer(request, "publication/kesiapan_kecamatan.html", context)


class _Asked:
    """The moment that was asked, with its form."""

    def __init__(self, form: MomentForm, at: datetime, last: datetime) -> None:
        self.form, self.now, self.last = form, at, last
        self.instant = form.instant(at, last)
        given = {name: form.data.get(name, "") for name in form.fields} if form.is_bound else {}
        kept = {name: value for name, value in given.items() if value}
        self.query = f"?{urlencode(kept)}" if kept else ""

    @property
    def at(self) -> datetime:
        """The moment at which one looks."""
        return self.instant.at or self.now


def _asked(request: HttpRequest, scope: Scope) -> _Asked:
    given = request.GET if "per" in request.GET else None
    last = datetime.combine(scope.election.polling_date, POLLING_AT, scope.zone)
    return _Asked(MomentForm(given, zone=scope.zone), now(), last)


def _areas_in(scope: Scope, code: str) -> tuple[str, ...]:
    """Return the part of a kecamatan that the reader may see.

    Raises:
        NotAllowed: COMMON-NOT-FOUND.
    """
    if any(covers(area, code) for area in scope.areas):
        return (code,)
    inside = tuple(area for area in scope.areas if covers(code, area))
    if not inside:
        raise NotAllowed("COMMON-NOT-FOUND")
    return inside


def _context(scope: Scope, asked: _Asked, rows: Sequence[TpsRow]) -> dict[str, Any]:
    clock = clock_of(scope.election, scope.office, asked.at)
    counts = counts_of(rows)
    alarm = moment_of(clock.alarm_us).astimezone(scope.zone)
    return {
        "scope": scope,
        "form": asked.form,
        "live": asked.instant.live,
        "polling_began": asked.instant.at == asked.last,
        "then": asked.instant.known is not None,
        "at": asked.at,
        "alarm": moment_of(clock.alarm_us),
        "alarm_past": clock.at_us >= clock.alarm_us,
        "alarm_query": f"?{urlencode({'per': alarm.strftime('%Y-%m-%dT%H:%M'), 'diketahui': KNOWN_THEN})}",
        "counts": [(level, counts[level]) for level in LEVELS],
        "received": sum(row.evidence.hands.whole for row in rows),
        "evidence": sum(bool(row.evidence.hands.stage) for row in rows),
        "total": len(rows),
    }


def _calls(scope: Scope, asked: _Asked, rows: Sequence[TpsRow], names: Mapping[str, str]) -> Any:
    missing = without_receipt(rows)
    wanted = [(row.area_code, (*row.holders, row.waits.person)) for row in missing]
    book = call_book(wanted, asked.at, scope.actor, scope.office.area_code)
    words = {**post_names(row.waits.post for row in missing), **names}
    return call_table(missing, book, words, scope.zone)


def names_of_areas(rows: Sequence[TpsRow]) -> dict[str, str]:
    """Return the names of the desa and kecamatan of some TPS, by code."""
    codes = {row.area_code for row in rows}
    codes |= {code.rpartition(".")[0] for code in codes}
    return dict(Area.objects.filter(code__in=codes, valid_to__isnull=True).values_list("code", "name"))
