"""Printing as a job, what the office set about its papers, and numbers that stay."""

from datetime import date

import pypdfium2
import pytest
from django.urls import reverse
from tests.conftest import NOW, make_somebody

from tepat.common.documents import path_of
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event, Job
from tepat.common.permissions import Role
from tepat.distribution import paper_jobs
from tepat.distribution.actions import Minutes, forward_plan, propose_plan, publish_plan
from tepat.distribution.models import PaperSetting, PlanVersion, PrintedPaper
from tepat.distribution.paper_jobs import Cancelled, open_book, print_plan_papers
from tepat.distribution.paper_rows import current_papers, returned_of
from tepat.distribution.papers import papers_of


def job_of(plan, somebody):
    return Job.objects.create(
        task="tepat.distribution.paper_jobs.print_plan_papers",
        arguments={"plan": plan.pk},
        area_code="33.16",
        state=Job.State.RUNNING,
        asked_by=somebody.actor.person if hasattr(somebody, "actor") else somebody.person,
        asked_at=NOW,
    )


def words(paper):
    with pypdfium2.PdfDocument(path_of(paper.file)) as document:
        pages = range(paper.first_page - 1, paper.first_page - 1 + paper.pages)
        return "\n".join(document[page].get_textpage().get_text_range() for page in pages)


@pytest.fixture
def pleno(plan, system):
    """Let the plan go its whole way, as the pleno decides."""

    def publish(row):
        kul = make_somebody(f"Kul{row.pk}", Role.KUL, "33.16").actor
        secretary = make_somebody(f"Sekretaris{row.pk}", Role.SEKRETARIS, "33.16").actor
        commissioner = make_somebody(f"Komisioner{row.pk}", Role.KOMISIONER, "33.16").actor
        propose_plan(by=kul, at=NOW, plan=row.pk)
        forward_plan(by=secretary, at=NOW, plan=row.pk)
        minutes = Minutes("12/PL/2024", date(2024, 1, 30), "Paling murah yang diterima pemeriksa.")
        publish_plan(by=commissioner, at=NOW, plan=row.pk, minutes=minutes)
        row.refresh_from_db()
        return row

    return publish


@pytest.fixture
def enter(client, kasubbag):
    assert client.login(username=kasubbag.username, password=kasubbag.password)
    return client


def test_a_job_prints_every_paper_with_the_goods_of_its_tps(plan, tps, sari, made):
    job = job_of(plan, sari)
    answer = print_plan_papers(job, plan=plan.pk)
    job.refresh_from_db()
    papers = current_papers(plan)
    assert job.done == job.total == papers.count() == answer["papers"]
    assert papers.filter(kind="tanda-terima").count() == len(made.plan.deliveries)
    assert papers.filter(kind="bast").count() == sum(len(trip.stops) for trip in made.plan.trips)
    assert answer["pages"] == sum(papers.values_list("pages", flat=True))
    text = words(papers.filter(kind="tanda-terima", area_code="33.16.09.1015").first())
    assert "Tinta" in text
    assert "Surat suara" in text


def test_printing_twice_keeps_one_line_a_paper_and_the_same_files(plan, tps, sari):
    first, second = (print_plan_papers(job_of(plan, sari), plan=plan.pk) for _ in range(2))
    assert first == second
    assert PrintedPaper.objects.count() == first["papers"]
    assert list(Event.objects.filter(kind="papers.printed").values_list("payload__new", flat=True)) == [
        first["papers"],
        0,
    ]


def test_sets_that_need_other_boxes_now_are_counted(plan, tps, made):
    from tepat.distribution.papers.checklist import checklists
    from tepat.planning.office_needs import needs_in_area

    contents = checklists(needs_in_area(plan.problem.election, "33.16"))
    assert paper_jobs.changed_sets(open_book(plan), contents) == 0
    one = next(iter(contents))
    contents[one] = [("Kotak suara", 99, "buah")]
    assert paper_jobs.changed_sets(open_book(plan), contents) == 1


def test_a_cancelled_job_keeps_nothing(plan, tps, sari):
    job = job_of(plan, sari)
    Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED)
    with pytest.raises(Cancelled):
        print_plan_papers(job, plan=plan.pk)
    assert not PrintedPaper.objects.exists()


def test_a_plan_that_leaves_something_behind_is_not_printed(plan, enter):
    PlanVersion.objects.filter(pk=plan.pk).update(status=PlanVersion.Status.INCOMPLETE)
    answer = enter.post(reverse("dokumen-cetak"), {"rencana": plan.pk})
    assert answer.status_code == 409
    assert "PAPER-NOT-ACCEPTED" in answer.content.decode()
    assert not Job.objects.exists()


def test_a_stored_plan_that_breaks_a_rule_is_not_printed(plan, monkeypatch):
    from msgspec.structs import replace

    true_plan = paper_jobs.plan_of(plan.sha256)
    early = replace(true_plan.trips[0], return_at=true_plan.trips[0].load_at)
    monkeypatch.setattr(
        paper_jobs, "plan_of", lambda _: replace(true_plan, trips=(early, *true_plan.trips[1:]))
    )
    with pytest.raises(Refused) as refused:
        open_book(plan)
    assert refused.value.code == "PAPER-NOT-ACCEPTED"


def test_a_village_may_not_print(plan, budi):
    with pytest.raises(NotAllowed):
        print_plan_papers(job_of(plan, budi), plan=plan.pk)


def test_the_warehouse_asks_on_the_screen_and_only_once(plan, sari, client):
    assert client.login(username=sari.username, password=sari.password)
    assert client.post(reverse("dokumen-cetak"), {"rencana": plan.pk}).status_code == 302
    again = client.post(reverse("dokumen-cetak"), {"rencana": plan.pk})
    assert "PAPER-ALREADY-PRINTING" in again.content.decode()
    job = Job.objects.get()
    page = client.get(reverse("dokumen-kemajuan", args=[job.pk]))
    assert "Menunggu giliran" in page.content.decode()
    assert "X-Selesai" not in page.headers
    client.post(reverse("dokumen-hentikan", args=[job.pk]))
    assert client.get(reverse("dokumen-kemajuan", args=[job.pk])).headers["X-Selesai"] == "ya"


def test_publishing_makes_other_papers_with_numbers_of_the_series(plan, pleno):
    draft = papers_of(open_book(plan), {})
    assert open_book(plan).watermark == "DRAF CONTOH"
    book = open_book(pleno(plan))
    official = papers_of(book, {})
    assert book.watermark == "CONTOH"
    assert not {paper["id"] for paper in draft} & {paper["id"] for paper in official}
    assert next(p["number"] for p in official if p["kind"] == "bast") == "1/BAST-LOG/33.16/II/2024"


def test_a_number_once_printed_stays_and_the_next_plan_goes_on_counting(plan, pleno, made, system):
    from tepat.distribution.paper_actions import set_papers

    print_plan_papers(job_of(pleno(plan), system), plan=plan.pk)
    numbers = dict(current_papers(plan).values_list("pk", "number"))
    book = open_book(plan)
    from msgspec.structs import replace

    series = book.settings.series | {"bast": "{n}/BA/{year}"}
    set_papers(by=system, at=NOW, area_code="33.16", settings=replace(book.settings, series=series))
    again = open_book(plan)
    assert {paper["id"]: paper["number"] for paper in papers_of(again, {})} == numbers
    other = PlanVersion.objects.get(pk=plan.pk)
    other.pk, other.number, other.sha256 = None, plan.number + 1, "0" * 64
    other.save()
    count = current_papers(plan).filter(kind="bast").count()
    book = open_book_of(other, plan)
    assert next(p["number"] for p in papers_of(book, {}) if p["kind"] == "bast") == f"{count + 1}/BA/2024"


def open_book_of(other, plan):
    """Open another version with the same contents."""
    from unittest.mock import patch

    true_plan = paper_jobs.plan_of(plan.sha256)
    with patch.object(paper_jobs, "plan_of", lambda _: true_plan):
        return open_book(other)


def test_settings_are_checked_stored_told_and_used(plan, enter):
    where = reverse("dokumen-setelan")
    asked = {field.name: field.value() for field in enter.get(where).context["form"]}
    wrong = enter.post(where, asked | {"series_bast": "{n.__class__}/BAST"})
    assert wrong.status_code == 409
    assert "PAPER-SETTING-WRONG" in wrong.content.decode()
    same_series = enter.post(where, asked | {"series_bast": asked["series_surat_jalan"]})
    assert "pola nomor yang sama" in same_series.content.decode()
    assert not PaperSetting.objects.exists()
    changed = asked | {"size": "f4", "city": "Cepu", "village_witness": "PKD\nLinmas"}
    assert enter.post(where, changed).status_code == 302
    assert "PAPER-SETTING-SAME" in enter.post(where, changed).content.decode()
    settings = open_book(plan).settings
    assert (settings.size, settings.city, settings.village_witness) == ("f4", "Cepu", ("PKD", "Linmas"))
    assert Event.objects.get(kind="papers.settings-set").payload["after"]["city"] == "Cepu"


def test_only_the_office_itself_sets_its_papers(plan, budi, sari, client):
    for somebody in (budi, sari):
        client.logout()
        client.login(username=somebody.username, password=somebody.password)
        assert client.get(reverse("dokumen-setelan")).status_code == 403


@pytest.mark.parametrize("path", ["dokumen", "dokumen-unggah", "dokumen-belum-cocok", "dokumen-setelan"])
def test_every_screen_answers_before_there_is_any_plan(office, enter, path):
    assert enter.get(reverse(path)).status_code == 200


def test_a_paper_printed_anew_with_more_pages_is_whole_when_one_print_is_whole():
    assert returned_of(3, [(1, 2), (2, 2)]).missing == ()
    assert returned_of(3, [(1, 2), (1, 3)]).missing == (2,)
    assert returned_of(3, [(1, 3), (3, 3)]).missing == (2,)
    assert returned_of(2, []).missing == (1, 2)
