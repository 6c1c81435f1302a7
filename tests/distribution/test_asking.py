"""What the office asks for on the distribution screens: plans to be made, a warehouse, prices."""

import pytest
from tests.conftest import NOW
from tests.distribution.screens import AREA, enter, stored, text_of

from tepat.common.errors import Refused
from tepat.common.models import Job
from tepat.distribution import documents
from tepat.distribution.actions import (
    PriceGiven,
    set_price,
)
from tepat.distribution.models import PlanVersion
from tepat.distribution.office_problem import office_prices


def test_asking_for_plans_makes_a_job_that_others_of_the_office_see(plans, office):
    client = enter(office["kul"])
    answer = client.post(
        "/distribusi/rencana/hitung/", {"strategies": ["langsung-pps"], "seconds": "5", "wet": "on"}
    )
    assert answer.status_code == 302
    job = Job.objects.get()
    assert job.task == "tepat.solvers.jobs.make_plans"
    assert job.arguments["strategies"] == ["langsung-pps"]
    assert job.arguments["wet"] is True
    piece = enter(office["sekretaris"]).get(f"/distribusi/rencana/kemajuan/{job.pk}/")
    assert "<progress" in piece.content.decode()
    assert "X-Selesai" not in piece.headers


def test_no_strategy_is_no_job(plans, office):
    answer = enter(office["kul"]).post("/distribusi/rencana/hitung/", {"seconds": "5"})
    assert answer.status_code == 409
    assert "PLAN-NO-STRATEGY" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_job_makes_a_checked_plan_from_the_register(plans, system):
    from tepat.solvers.jobs import make_plans

    job = Job.objects.create(
        task="tepat.solvers.jobs.make_plans",
        area_code=AREA,
        asked_by=system.person,
        asked_at=NOW,
        state=Job.State.RUNNING,
    )
    answer = make_plans(
        job, election="pemilu-2024", strategies=["langsung-pps"], seconds=2, wet=True, heed_notes=False
    )
    plan = PlanVersion.objects.get(pk=answer["plans"]["langsung-pps"])
    assert plan.status in {"accepted", "incomplete"}
    problem = documents.decode_problem(stored(plan.problem.sha256))
    assert {day.weather for day in problem.days} == {"hujan"}
    assert sum(unit.kind == "tps" for unit in problem.units) == 353
    job.refresh_from_db()
    assert job.total == 200


def test_a_cancelled_job_stops(plans, system):
    from tepat.solvers.jobs import Cancelled, make_plans

    job = Job.objects.create(
        task="x", area_code=AREA, asked_by=system.person, asked_at=NOW, state=Job.State.CANCELLED
    )
    with pytest.raises(Cancelled):
        make_plans(
            job, election="pemilu-2024", strategies=["langsung-pps"], seconds=1, wet=False, heed_notes=False
        )


def test_candidates_stand_side_by_side_with_what_would_turn_the_choice(plans, office):
    page = text_of(enter(office["kul"]), "/distribusi/gudang/")
    assert "termurah selama sewa dan biayanya naik kurang dari Rp" in page
    assert "belum dihitung" in page  # the third candidate has no plan yet


def test_a_price_of_the_office_is_used_and_no_longer_an_example(plans, office):
    election = plans["lewat-ppk"].problem.election
    given = PriceGiven(1_250_000, "kontrak 7/2024 (uji)")
    arguments = {"area_code": AREA, "election": election.code, "price": "sewa-cdd", "given": given}
    set_price(by=office["kul"].actor, at=NOW, **arguments)
    line = next(price for price in office_prices(election, AREA).prices if price.id == "sewa-cdd")
    assert (line.rupiah, line.contoh, line.source) == (1_250_000, False, given.source)
    page = text_of(enter(office["kul"]), "/distribusi/harga/")
    assert "Rp1.250.000" in page
    assert "BERSUMBER" in page
    with pytest.raises(Refused) as same:
        set_price(by=office["kul"].actor, at=NOW, **arguments)
    assert same.value.code == "PRICE-SAME"


@pytest.mark.parametrize(
    ("price", "given", "code"),
    [
        ("entah", PriceGiven(1, "surat"), "PRICE-UNKNOWN"),
        ("sewa-cdd", PriceGiven(-1, "surat"), "PRICE-OUT-OF-RANGE"),
        ("sewa-cdd", PriceGiven(10**13, "surat"), "PRICE-OUT-OF-RANGE"),
        ("sewa-cdd", PriceGiven(1, "  "), "PRICE-NO-SOURCE"),
    ],
)
def test_a_price_without_sense_is_refused(plans, office, price, given, code):
    with pytest.raises(Refused) as refused:
        set_price(
            by=office["kul"].actor, at=NOW, area_code=AREA, election="pemilu-2024", price=price, given=given
        )
    assert refused.value.code == code


def test_a_reader_sets_no_price(plans, office):
    client = enter(office["komisioner"])
    assert "Simpan harga" not in text_of(client, "/distribusi/harga/")
    answer = client.post("/distribusi/harga/", {"price": "sewa-cdd", "rupiah": "1", "source_text": "surat"})
    assert answer.status_code == 403
