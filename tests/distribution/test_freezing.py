"""A published plan and its problem: the database itself refuses to change, delete or replace them."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from tests.conftest import NOW, take_away

from tepat.common.models import Election
from tepat.distribution import freezing
from tepat.distribution.models import PlanVersion, ProblemFile

HASHES = [digit * 64 for digit in "abcdef"]


@pytest.fixture
def election(db):
    return Election.objects.create(
        code="pemilu-2024", name="Pemilu 2024", kind="pemilu", polling_date=date(2024, 2, 14)
    )


def problem(election, system, sha256):
    return ProblemFile.objects.create(
        election=election, area_code="33.16", sha256=sha256, title="uji", made_at=NOW, made_by=system.person
    )


def plan(row, number, system, **values):
    return PlanVersion.objects.create(
        problem=row,
        area_code="33.16",
        number=number,
        strategy=f"s{number}",
        title="uji",
        sha256=HASHES[number],
        status="accepted",
        verdict={},
        column={},
        made_at=NOW,
        made_by=system.person,
        **values,
    )


@pytest.fixture
def published(election, system):
    """A published plan beside a draft of the same problem."""
    row = problem(election, system, "1" * 64)
    plan(row, 2, system)
    return plan(
        row,
        1,
        system,
        state="ditetapkan",
        minutes_number="1/BA",
        minutes_date=date(2024, 2, 1),
        reason="termurah",
        published_at=datetime(2024, 2, 1, tzinfo=UTC),
        published_by=system.person,
    )


def refused(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        work()


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_published_plan_is_neither_changed_nor_deleted(published):
    rows = PlanVersion.objects.filter(pk=published.pk)
    refused(lambda: rows.update(reason="lain"))
    refused(lambda: rows.update(state="draf"))
    refused(lambda: rows.update(verdict={"summary": {}}))
    refused(rows.delete)
    assert PlanVersion.objects.get(pk=published.pk).reason == "termurah"


def test_its_problem_is_neither_changed_nor_deleted(published):
    refused(lambda: ProblemFile.objects.filter(pk=published.problem_id).update(title="lain"))
    refused(lambda: run("DELETE FROM distribution_problemfile WHERE id = %s", published.problem_id))
    assert ProblemFile.objects.get().title == "uji"


def test_drafts_and_problems_without_a_published_plan_stay_free(published, election, system):
    draft = PlanVersion.objects.get(number=2)
    draft.state = "diajukan"
    draft.save()
    draft.delete()
    other = problem(election, system, "2" * 64)
    ProblemFile.objects.filter(pk=other.pk).update(title="baru")
    other.delete()


def test_a_plan_can_still_be_published(election, system):
    row = plan(problem(election, system, "1" * 64), 3, system, state="diteruskan")
    row.state, row.minutes_number, row.minutes_date = "ditetapkan", "2/BA", date(2024, 2, 1)
    row.reason, row.published_at, row.published_by = "murah", NOW, system.person
    row.save()
    refused(lambda: row.save(update_fields=["reason"]))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="OR REPLACE is SQLite's")
def test_nothing_takes_its_place_by_replacing(published, election, system):
    columns = [field.column for field in PlanVersion._meta.local_fields]
    copied = ", ".join(f'"{name}"' for name in columns)
    instead = copied.replace('"reason"', "'lain'")
    refused(
        lambda: run(
            f"INSERT OR REPLACE INTO distribution_planversion ({copied}) "
            f"SELECT {instead} FROM distribution_planversion WHERE id = %s",
            published.pk,
        )
    )
    refused(lambda: run("UPDATE OR REPLACE distribution_planversion SET number = 1 WHERE number = 2"))
    other = problem(election, system, "2" * 64)
    sql = "UPDATE OR REPLACE distribution_problemfile SET sha256 = %s WHERE id = %s"
    refused(lambda: run(sql, "1" * 64, other.pk))
    assert PlanVersion.objects.get(number=1).reason == "termurah"


@pytest.mark.postgres
def test_the_table_is_not_emptied_at_once(published):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    refused(lambda: run("TRUNCATE distribution_planversion CASCADE"))


def test_the_doctor_can_tell_that_they_are_there(db):
    assert freezing.GUARD.missing(connection) == []
    take_away(freezing.GUARD)
    assert "plan_no_update" in freezing.GUARD.missing(connection)
