"""What would change the choice: the value of each number at which another set becomes the cheapest.

A bill is a straight line in each price as long as the routes stay as they are, so the value is where two
lines cross: an exact fraction, nothing is tried out. A set that was skipped takes part with what is proved.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from tepat.common.quantities import grouped, rupiah
from tepat.distribution.problems import Problem
from tepat.distribution.warehouses.report import Flip, SetResult
from tepat.distribution.warehouses.sets import (
    GUARD,
    Members,
    at_flood_risk,
    prices_of,
    rent_rupiah,
    set_title,
)

PERCENT = 100
TIMES_MAX = 10
"""A price that would have to rise to more than ten times itself is said not to matter."""


@dataclass(frozen=True)
class Line:
    """What a set costs as one number changes.

    Args:
        members: The set.
        cost: Its bill now, or what it cannot go below.
        slope: How much the bill changes with each one of the number.
        routed: Whether the bill is real.
    """

    members: Members
    cost: int
    slope: Fraction
    routed: bool = True


@dataclass(frozen=True)
class Crossing:
    """Where another set becomes as cheap as the winner."""

    value: Fraction
    line: Line


def crossing(winner: Line, others: Sequence[Line], now: Fraction, *, rises: bool) -> Crossing | None:
    """Return the value nearest to now at which another set becomes as cheap as the winner.

    Args:
        winner: The cheapest set.
        others: All other sets.
        now: The number now.
        rises: Whether the number is to rise or to fall; it never falls below nothing.
    """
    found = []
    for other in others:
        apart = winner.slope - other.slope if rises else other.slope - winner.slope
        if apart <= 0:
            continue
        step = Fraction(other.cost - winner.cost) / apart
        value = now + step if rises else now - step
        if value >= 0:
            found.append(Crossing(value, other))
    return min(found, key=lambda each: abs(each.value - now), default=None)


def flips(problem: Problem, results: Sequence[SetResult]) -> tuple[Flip, ...]:
    """Return what would change the choice, for each warehouse and each price that sets it apart.

    Args:
        problem: The problem of all candidates.
        results: Every set; the first that was routed to the end is the choice.
    """
    ranked = [each for each in results if each.state == "dihitung"]
    if not ranked:
        return ()
    skipped = [each for each in results if each.state == "dilewati"]
    return (
        *_rents(problem, ranked, skipped),
        *_shares(problem, ranked, complete=not skipped),
        *_flood(problem, ranked, skipped),
    )


def _rents(problem: Problem, ranked: Sequence[SetResult], skipped: Sequence[SetResult]) -> Iterator[Flip]:
    """Yield how dear each warehouse of the choice may become, and how cheap each of the others must."""
    for place in problem.places:
        if place.kind != "gudang" or not any(place.id in each.members for each in (*ranked, *skipped)):
            continue

        def slope(members: Members, name: str = place.id) -> Fraction:
            return Fraction(int(name in members))

        now = rent_rupiah(problem, place.id)
        rises = place.id in ranked[0].members
        winner, others = _lines(ranked, skipped, slope)
        found = crossing(winner, others, Fraction(now), rises=rises)
        yield Flip(
            about="gudang",
            subject=place.id,
            now=now,
            value=None if found is None else (ceil if rises else floor)(found.value),
            winner=set_title(problem, found.line.members) if found else "",
            rises=rises,
            proved=found is None or found.line.routed,
            says=_rent_words(problem, place.name, now, found, rises=rises),
        )


def _rent_words(problem: Problem, name: str, now: int, found: Crossing | None, *, rises: bool) -> str:
    if found is None:
        return (
            f"Berapa pun sewa {name}, pilihan tidak berubah."
            if rises
            else f"{name}: walau sewanya nol pun pilihan tidak berubah (sekarang {rupiah(now)})."
        )
    other = set_title(problem, found.line.members)
    if rises:
        value = ceil(found.value)
        beyond = f"di atas itu {other} menang" if found.line.routed else f"di atas itu {other} perlu dihitung"
        return (
            f"Pilihan tetap selama sewa {name} di bawah {rupiah(value)} (sekarang {rupiah(now)}); {beyond}."
        )
    value = floor(found.value)
    if found.line.routed:
        return f"{other} menang bila sewa {name} turun sampai {rupiah(value)} (sekarang {rupiah(now)})."
    return (
        f"{other} tidak mungkin menang selama sewa {name} di atas {rupiah(value)} (sekarang {rupiah(now)}); "
        "terbukti tanpa menghitung rutenya."
    )


def _lines(
    ranked: Sequence[SetResult], skipped: Sequence[SetResult], slope: Callable[[Members], Fraction]
) -> tuple[Line, list[Line]]:
    real = [Line(each.members, each.cost_rupiah or 0, slope(each.members)) for each in ranked]
    proved = [
        Line(each.members, each.floor_rupiah, slope(each.members), routed=False)
        for each in skipped
        if each.floor_rupiah is not None
    ]
    return real[0], [*real[1:], *proved]


WAYS = (True, False)
"""Whether a price rises: both are asked."""

Lever = Literal["jarak", "hari", "jaga"]

WORDS: dict[Lever, str] = {
    "jarak": "harga per km",
    "hari": "sewa kendaraan per hari",
    "jaga": "upah penjaga gudang",
}


def _paid(problem: Problem, about: Lever, result: SetResult) -> int:
    """Return what a set pays at the prices of a lever, in rupiah."""
    if about == "jaga":
        return sum(
            price.rupiah
            for each in result.members
            for price in prices_of(problem, each)
            if price.id.endswith(GUARD)
        )
    return result.by_basis.get({"jarak": "vehicle_km", "hari": "vehicle_day"}[about], 0)


def _shares(problem: Problem, ranked: Sequence[SetResult], *, complete: bool) -> Iterator[Flip]:
    """Yield by how many percent a price may rise and fall before another set wins, at the same routes."""
    for about, words in WORDS.items():
        paid = {each.members: _paid(problem, about, each) for each in ranked}
        if not any(paid.values()):
            continue
        slopes = {members: Fraction(rupiah_paid, PERCENT) for members, rupiah_paid in paid.items()}
        winner, others = _lines(ranked, (), slopes.__getitem__)
        both = {rises: _within(crossing(winner, others, Fraction(PERCENT), rises=rises)) for rises in WAYS}
        for rises in WAYS if any(both.values()) else WAYS[:1]:
            found = both[rises]
            value = None if found is None else (ceil if rises else floor)(found.value)
            says = (
                _share_words(problem, words, found, value, rises=rises)
                if any(both.values())
                else f"Bila {words} turun sampai nol atau naik {TIMES_MAX} kali, pilihan tidak berubah."
            )
            yield Flip(
                about=about,
                subject="",
                now=PERCENT,
                value=value,
                winner=set_title(problem, found.line.members) if found else "",
                rises=rises,
                proved=complete,
                says=says,
            )


def _within(found: Crossing | None) -> Crossing | None:
    """Return a crossing, unless the price would have to become absurd."""
    return None if found is None or found.value > TIMES_MAX * PERCENT else found


def _share_words(
    problem: Problem, words: str, found: Crossing | None, value: int | None, *, rises: bool
) -> str:
    way = "naik" if rises else "turun"
    if found is None or value is None:
        most = f"sampai {TIMES_MAX} kali" if rises else "sampai nol"
        return f"Bila {words} {way} {most}, pilihan tidak berubah."
    other = set_title(problem, found.line.members)
    return f"Bila {words} {way} menjadi {grouped(value)}% dari sekarang, {other} menang."


def _flood(problem: Problem, ranked: Sequence[SetResult], skipped: Sequence[SetResult]) -> Iterator[Flip]:
    """Yield how much a flood of a warehouse may be expected to cost before a safer set wins."""
    risky = {place.id for place in problem.places if place.kind == "gudang" and at_flood_risk(place)}
    if not risky & set(ranked[0].members):
        return

    def slope(members: Members) -> Fraction:
        return Fraction(len(risky & set(members)))

    winner, others = _lines(ranked, skipped, slope)
    found = crossing(winner, others, Fraction(0), rises=True)
    value = None if found is None else ceil(found.value)
    yield Flip(
        about="banjir",
        subject=ranked[0].members[0],
        now=0,
        value=value,
        winner=set_title(problem, found.line.members) if found else "",
        rises=True,
        proved=found is None or found.line.routed,
        says=_flood_words(problem, ranked[0], found, value),
    )


def _flood_words(problem: Problem, winner: SetResult, found: Crossing | None, value: int | None) -> str:
    own = set_title(problem, winner.members)
    if found is None or value is None:
        return f"{own} belum terbukti bebas banjir, dan tidak ada calon lain yang lebih aman."
    other = set_title(problem, found.line.members)
    return (
        f"{own} belum terbukti bebas banjir. {other} menang bila rugi banjir yang diperkirakan (peluang kali "
        f"kerugian) lebih dari {rupiah(value)}, misalnya peluang 10% dengan rugi {rupiah(10 * value)}."
    )
