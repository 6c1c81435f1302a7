"""Who could sit where, found quickly among all the people of an office. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tepat.common.permissions import Role
from tepat.distribution.roster.rules import DOERS, why_not
from tepat.distribution.roster.shapes import PEOPLE_MAX, Candidate, Seat

ROLES: tuple[Role, ...] = tuple(
    dict.fromkeys(role for choices in DOERS.values() for roles in choices for role in sorted(roles))
)
"""Every post that does something in a roster."""


class Bench:
    """The office's people by post and area.

    Args:
        people: Everybody who may be asked.
    """

    def __init__(self, people: Sequence[Candidate]) -> None:
        assert len(people) <= PEOPLE_MAX, len(people)
        self._by_post: dict[tuple[Role, str], list[Candidate]] = defaultdict(list)
        for person in people:
            for role, area in dict.fromkeys((held.role, held.area_code) for held in person.held):
                self._by_post[role, area].append(person)

    def posted(self, seat: Seat) -> list[Candidate]:
        """Return whoever holds a post that does this, whether or not they can come."""
        found: dict[str, Candidate] = {}
        for roles in DOERS[seat.part, seat.kind]:
            for role in sorted(roles):
                for area in _areas_over(seat.area_code):
                    found |= {person.id: person for person in self._by_post.get((role, area), ())}
        return sorted(found.values(), key=lambda person: (person.rank, person.id))

    def able(self, seat: Seat) -> list[Candidate]:
        """Return whoever can sit there as far as post, dates and licence go."""
        return [person for person in self.posted(seat) if not why_not(seat, person)]


def _areas_over(area_code: str) -> Iterable[str]:
    """Yield an area's code and those of all areas over it, the nation's last."""
    while area_code:
        yield area_code
        area_code = area_code.rpartition(".")[0]
    yield ""
