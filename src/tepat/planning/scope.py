"""Where a screen stands: which office, which election, and which areas this person may read."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest

from tepat.common.acting import Actor
from tepat.common.errors import Refused
from tepat.common.frame import lies_in
from tepat.common.models import Election, Office
from tepat.common.permissions import Permission
from tepat.common.screens import actor_at

CHOSEN = "pemilihan"


@dataclass(frozen=True)
class Scope:
    """The frame in which a screen reads.

    Args:
        office: The office of this cell.
        election: The election that was chosen.
        elections: All elections, by polling day.
        actor: Who reads.
        areas: The area codes in which the permission of this screen holds; an empty code is the nation.
    """

    office: Office
    election: Election
    elections: tuple[Election, ...]
    actor: Actor
    areas: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return self.office.zone

    def visible[Q_: QuerySet[Any]](self, rows: Q_, field: str) -> Q_:
        """Return the rows whose area code (in this field) lies in an area this person may read."""
        return rows.filter(lies_in(field, self.areas))


def scope_of(request: HttpRequest, permission: Permission) -> Scope:
    """Return the frame of this screen; ``?pemilihan=CODE`` changes the election and is remembered.

    Raises:
        Refused: SCREEN-NO-OFFICE before an office is set up, SCREEN-NO-ELECTION before there is an election.
    """
    office = Office.objects.first()
    if office is None:
        raise Refused("SCREEN-NO-OFFICE")
    elections = tuple(Election.objects.all())
    election = chosen_election(request, elections)
    if election is None:
        raise Refused("SCREEN-NO-ELECTION")
    actor = actor_at(request)
    return Scope(office, election, elections, actor, actor.areas(permission))


def chosen_election(request: HttpRequest, elections: tuple[Election, ...]) -> Election | None:
    """Return the election asked for, else the remembered one, else the first."""
    by_code = {election.code: election for election in elections}
    asked = request.GET.get(CHOSEN, "")
    if asked in by_code:
        request.session[CHOSEN] = asked
    remembered = request.session.get(CHOSEN, "")
    return by_code.get(remembered) or (elections[0] if elections else None)
