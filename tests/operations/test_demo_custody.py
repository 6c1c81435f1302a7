"""The demo's example of custody: made by the office's own actions, with the faults planted, and once only."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import Count
from tests.conftest import make_somebody

from tepat.common.areas import load_area
from tepat.common.models import Event, Job, Office, Person
from tepat.common.permissions import Role
from tepat.common.register import load_register
from tepat.common.story import ARRIVED, DISPUTE, PACKED, PLACES, READY, SHORT, STEPS, TABLE
from tepat.common.templatetags.tepat import story_steps
from tepat.custody.models import Holding, Offer, TrayItem
from tepat.custody.timeline_states import Instant
from tepat.distribution import documents
from tepat.distribution.archive import plan_of, problem_of
from tepat.distribution.building import build_problem
from tepat.distribution.checker import load_matrices
from tepat.distribution.keeping import keep_folder
from tepat.distribution.models import PlanVersion
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.operations import demo_office
from tepat.operations.demo_custody import make_example, packed_in
from tepat.operations.demo_faults import LISTED_TOGETHER, Faults, halts_of, plant
from tepat.operations.demo_office import ask_for_custody
from tepat.operations.story_places import places_told
from tepat.packing.models import PackingSession, PackingSet
from tepat.publication.readiness import board, without_receipt
from tepat.solvers.pyvrp_engine import PyvrpEngine

AREA, KECAMATAN = "33.71", "33.71.03"
ELECTION = "pemilu-2024"
ALARM = datetime(2024, 2, 13, 5, tzinfo=UTC)  # H-1, 12.00 WIB


class PowerCutError(Exception):
    """The machine went off."""


def quiet(_done, _total, _message):
    """Hear of progress and say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A plan of Kota Magelang straight to the PPS."""
    out = tmp_path_factory.mktemp("magelang")
    problem = build_problem(load_area(AREA), ELECTION, out=out).problem
    matrices = load_matrices(problem, out)
    plan = solve(problem, "langsung-pps", matrices, engine=PyvrpEngine(), seed=1, budget=Budget(iterations=1))
    documents.write(plan, out / "plan-langsung-pps.json")
    return out


@pytest.fixture
def row(system, now, folder):
    """The plan in an office with the people who decide about it."""
    load_register(AREA, [ELECTION], by=system, at=now)
    for name, role in (("Kul", Role.KUL), ("Sekre", Role.SEKRETARIS), ("Komi", Role.KOMISIONER)):
        make_somebody(name, role, AREA)
    return keep_folder(folder, by=system, at=now)[0]


def planted(row):
    """Return what was planted, found again from the plan."""
    plan, problem = plan_of(row.sha256), problem_of(row.problem.sha256)
    objects, _ = packed_in(row, KECAMATAN, plan)
    delivered = [each.unit for each in plan.deliveries if each.unit in objects]
    return plant(halts_of(plan, problem, objects), objects, delivered), objects


def hurt_by(faults: Faults, objects):
    """Return the planned sets whose KPPS lacks something at H-1 12.00."""
    lost = {faults.missing, faults.disputed, *faults.wet}
    return {unit for unit, names in objects.items() if lost & set(names)} | {faults.unanswered}


def test_a_kecamatan_is_packed_driven_and_handed_over_with_its_faults(row):
    done = make_example(row, KECAMATAN, quiet)
    faults, objects = planted(row)
    row.refresh_from_db()
    assert row.state == PlanVersion.State.PUBLISHED
    assert done["sets"] == len(objects) > 50
    assert not PackingSet.objects.in_area(KECAMATAN).filter(registered_at=None).exists()
    assert not TrayItem.objects.exists()

    here = Holding.objects.filter(object_id__in=[name for names in objects.values() for name in names])
    assert here.count() == sum(len(names) for names in objects.values())
    assert not here.filter(holder="").exists()
    assert list(here.filter(status="belum_terlihat").values_list("pk", flat=True)) == [faults.missing]
    assert set(here.filter(refused=True).values_list("pk", flat=True)) == set(faults.wet)
    assert list(here.filter(status="sengketa").values_list("pk", "claims")) == [(faults.disputed, 1)]
    assert set(here.filter(one_sided=True).values_list("pk", flat=True)) == set(objects[faults.one_sided])
    assert Event.objects.filter(kind="custody.accepted", payload__one_phone=True).exists()
    short = Offer.objects.get(differs=True)
    assert (short.count, short.taken) == (LISTED_TOGETHER, LISTED_TOGETHER - 1)
    assert Offer.objects.get(state=Offer.State.OPEN).leg == f"antar:{faults.unanswered}"
    signers = Event.objects.filter(kind="custody.count-differs").values_list("actor", flat=True)
    assert set(signers) == {UUID(short.giver), UUID(short.receiver)}, "both have signed the difference"

    rows = board(row.problem.election, Office.objects.get(), (KECAMATAN,), Instant(ALARM, ALARM), now=ALARM)
    # Where one PPS has very many TPS, the plan itself comes to the last of them after noon.
    later = {each.unit for each in plan_of(row.sha256).deliveries if each.done_at > ALARM}
    chased = {f"TPS-{each.area_code}-{each.number:03d}" for each in without_receipt(rows)}
    assert chased == hurt_by(faults, objects) | (later & set(objects))
    silent = {each.area_code for each in rows if "belum menyatakan siap" in each.readiness.person.words}
    assert len(silent) <= 1, "the office has called every PPS but one"
    (other,) = [each for each in rows if each.evidence.seals.differs]
    assert any(
        faults.other_seal in names
        for unit, names in objects.items()
        if unit == f"TPS-{other.area_code}-{other.number:03d}"
    )

    events = Event.objects.count()
    again = make_example(row, KECAMATAN, quiet)
    assert again == done
    assert Event.objects.count() == events


def test_an_example_that_broke_off_goes_on_and_does_nothing_twice(row):
    seen = []

    def until_the_trucks(_done, _total, message):
        seen.append(message)
        if "perjalanan" in message and sum("perjalanan" in said for said in seen) == 2:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        make_example(row, KECAMATAN, until_the_trucks)
    make_example(row, KECAMATAN, quiet)
    faults, objects = planted(row)
    names = [name for every in objects.values() for name in every]
    assert not Holding.objects.filter(object_id__in=names, holder="").exists()
    twice = Offer.objects.exclude(leg="").values("leg").annotate(offers=Count("pk")).filter(offers__gt=2)
    assert not twice.exists()
    vault = Person.objects.filter(vault__name__startswith="Contoh ").values_list("vault__name", flat=True)
    assert len(vault) == len(set(vault))
    missing = {faults.missing, faults.disputed, *faults.wet, *objects[faults.unanswered]}
    tps = {name for unit, every in objects.items() if unit.startswith("TPS-") for name in every}
    home = set(Holding.objects.filter(post=f"ppk:{KECAMATAN}", pk__in=tps).values_list("pk", flat=True))
    out = set(Holding.objects.filter(post__startswith="kpps:", pk__in=tps).values_list("pk", flat=True))
    assert out == set(objects[faults.one_sided])
    assert home == tps - missing - out


def test_the_story_is_told_of_what_the_example_made(row):
    kul = make_somebody("Kasubbag", Role.KUL, AREA)
    office = Office.objects.get()
    assert places_told(kul.actor, office) == {}
    make_example(row, KECAMATAN, quiet)
    first = PackingSession.objects.filter(closed_at=None).get().first
    sitting = type(kul.actor)(first, kul.actor.standings)
    assert set(places_told(sitting, office)) == set(PLACES)
    # Who does not sit at a table is not sent to one.
    assert set(places_told(kul.actor, office)) == set(PLACES) - {TABLE}
    pps = make_somebody("Budi", Role.PPS, f"{KECAMATAN}.1001")
    assert places_told(pps.actor, office) == {}


def test_a_step_whose_screen_is_not_there_is_not_told_and_not_counted():
    bare = story_steps(has_plan=False, places={})
    assert [step["number"] for step in bare] == list(range(1, len(bare) + 1))
    places = {PACKED: "/a/", SHORT: "/b/", DISPUTE: "/c/", READY: "/d/?per=x", ARRIVED: "/e/", TABLE: "/f/"}
    full = story_steps(has_plan=True, places=places)
    assert len(full) == len(STEPS)
    assert next(step for step in full if step["href"].startswith("/d/"))["href"].startswith(
        "/d/?per=x&pemilihan="
    )
    assert full[: len(bare)] != full[len(bare) :]


def test_the_example_is_asked_for_once_and_only_where_it_is_shown(row, now, monkeypatch):
    said = []
    ask_for_custody(row.problem, now, said.append)
    assert not Job.objects.exists()
    monkeypatch.setitem(demo_office.CUSTODY_SHOWN, AREA, KECAMATAN)
    ask_for_custody(row.problem, now, said.append)
    ask_for_custody(row.problem, now + timedelta(hours=1), said.append)
    assert Job.objects.get().arguments == {"plan": row.pk, "kecamatan": KECAMATAN}
    assert len(said) == 1
