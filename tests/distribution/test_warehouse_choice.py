"""What would change the choice of a warehouse, and why it is as it is."""

import pytest
from msgspec.structs import replace
from tests.distribution.choosing import (
    PAIR,
    SIZE,
    compared,
    with_place,
    with_rent,
)
from tests.distribution.small import Size, small_problem

from tepat.distribution.problems import WarehouseFacts
from tepat.distribution.warehouses.sets import (
    at_flood_risk,
    candidates_of,
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("subject", PAIR)
def test_beyond_the_rent_that_is_named_another_set_really_wins(seed, subject):
    problem, matrices = small_problem(seed, SIZE)
    report = compared(problem, matrices).report
    flip = next(each for each in report.flips if each.subject == subject and each.about == "gudang")
    line = subject.lower()
    if flip.value is None:
        changed = with_rent(problem, **{line.replace("-", "_"): 1 if not flip.rises else 10**11})
        assert compared(changed, matrices).report.winner.members == report.winner.members
        return
    step = 1 if flip.rises else -1
    before, after = flip.value - 2 * step, max(1, flip.value + 2 * step)
    kept = compared(with_rent(problem, **{line.replace("-", "_"): before}), matrices).report
    turned = compared(with_rent(problem, **{line.replace("-", "_"): after}), matrices).report
    assert kept.winner.members == report.winner.members
    assert turned.winner.members != report.winner.members


def test_the_price_by_the_kilometre_at_which_the_order_turns_turns_it():
    problem, matrices = small_problem(3, Size(ppk=3, pps_per_ppk=5, trucks=4))
    report = compared(problem, matrices).report
    flip = next(each for each in report.flips if each.about == "jarak" and not each.rises)
    assert flip.value is not None

    def bill(result, percent):
        return result.cost_rupiah - result.by_basis["vehicle_km"] * (100 - percent) / 100

    def cheapest(percent):
        return min(report.ranked, key=lambda each: bill(each, percent)).members

    assert cheapest(flip.value + 2) == report.winner.members
    assert cheapest(flip.value - 2) != report.winner.members


@pytest.mark.parametrize(
    ("words", "risk"),
    [("tidak pernah banjir", False), ("Tidak pernah", False), ("genangan 2021", True), ("", True)],
)
def test_only_what_was_found_dry_is_dry(words, risk):
    place = candidates_of(small_problem()[0])[0]
    assert at_flood_risk(replace(place, warehouse=WarehouseFacts(flood=words))) is risk


def test_a_winner_that_may_be_flooded_says_from_which_loss_on_the_dry_one_wins():
    problem, matrices = small_problem(1, SIZE)
    first = compared(problem, matrices).report
    other = next(each for each in PAIR if each not in first.winner.members)
    dry = with_place(problem, other, warehouse=WarehouseFacts(flood="tidak pernah banjir"))
    report = compared(dry, matrices).report
    (flip,) = [each for each in report.flips if each.about == "banjir"]
    alone = next(each for each in report.ranked if each.members == (other,))
    assert flip.value == alone.cost_rupiah - report.winner.cost_rupiah


def test_why_says_what_the_choice_saves_and_the_parts_add_up():
    problem, matrices = small_problem(1, SIZE)
    report = compared(problem, matrices).report
    best, second = report.ranked[:2]
    apart = f"{second.cost_rupiah - best.cost_rupiah:,}".replace(",", ".")
    assert f"Rp{apart} lebih murah daripada" in report.why[0]
    assert any("butuh" in line and "m²" in line for line in report.why)
