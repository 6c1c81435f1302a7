"""The bound on the office's screens, and what is kept of it."""

import pytest
from msgspec.structs import replace
from tests.conftest import NOW, make_somebody
from tests.distribution.screens import enter, text_of

from tepat.common.errors import NotAllowed, Refused
from tepat.common.permissions import Role
from tepat.distribution import documents
from tepat.distribution.bound_actions import keep_bound
from tepat.distribution.bound_models import StrategyBound
from tepat.distribution.bounds import BOUND_VERSION, Bound
from tepat.distribution.keeping import keep_folder

STRATEGY = "langsung-pps"


def bound_below(plan, percent):
    """Return a bound so many percent below a kept plan's cost."""
    return Bound(
        schema="tepat/bound",
        schema_version=BOUND_VERSION,
        problem_id="x",
        problem_sha256=plan.problem.sha256,
        strategy=plan.strategy,
        bound_rupiah=plan.column["cost_rupiah"] * 100 // (100 + percent),
        converged=True,
        seconds=5,
        assumed=("gudang tetap",),
    )


def keep(plan, bound, by):
    return keep_bound(by=by, at=NOW, problem=plan.problem_id, bound=bound)


def test_the_plan_says_how_far_it_is_above_the_cheapest_possible(plans, office, system):
    plan = plans[STRATEGY]
    client = enter(office["kul"])
    assert "Paling murah" not in text_of(client, f"/distribusi/rencana/{plan.pk}/")
    keep(plan, bound_below(plan, 4), system)
    page = text_of(client, f"/distribusi/rencana/{plan.pk}/")
    assert "rencana ini 4,1 % di atasnya" in page or "rencana ini 4,0 % di atasnya" in page
    assert "gudang tetap" in page


def test_the_comparison_has_the_bound_of_those_that_have_one(plans, office, system):
    client = enter(office["kul"])
    assert "Paling murah" not in text_of(client, "/distribusi/rencana/")
    keep(plans[STRATEGY], bound_below(plans[STRATEGY], 4), system)
    page = text_of(client, "/distribusi/rencana/")
    assert page.count("Paling murah yang mungkin") == 1
    assert "rencana di atasnya" in page


def test_of_two_proofs_the_higher_stays(plans, system):
    plan = plans[STRATEGY]
    for percent in (9, 4, 7):
        keep(plan, bound_below(plan, percent), system)
    assert StrategyBound.objects.get().bound_rupiah == bound_below(plan, 4).bound_rupiah


def test_a_bound_of_another_problem_is_refused(plans, system):
    plan = plans[STRATEGY]
    with pytest.raises(Refused) as refused:
        keep(plan, replace(bound_below(plan, 4), problem_sha256="0" * 64), system)
    assert refused.value.code == "SOLVE-OTHER-PROBLEM"


def test_another_office_keeps_no_bound_here(plans):
    stranger = make_somebody("Citra", Role.KUL, "33.72")
    with pytest.raises(NotAllowed):
        keep(plans[STRATEGY], bound_below(plans[STRATEGY], 4), stranger.actor)


def test_a_folder_brings_its_bounds_along(plans, solved, system, tmp_path):
    plan = plans[STRATEGY]
    for file in solved.iterdir():
        (tmp_path / file.name).symlink_to(file)
    documents.write(bound_below(plan, 4), tmp_path / f"bound-{STRATEGY}.json")
    keep_folder(tmp_path, by=system, at=NOW)
    assert StrategyBound.objects.get().strategy == STRATEGY


def test_a_misspelt_bound_is_refused_with_its_name(tmp_path):
    (tmp_path / "bound-x.json").write_text('{"schema":"tepat/bound","schema_version":1,"batas":3}')
    with pytest.raises(Refused) as refused:
        documents.read_bound(tmp_path / "bound-x.json")
    assert refused.value.code == "DIST-UNREADABLE"
