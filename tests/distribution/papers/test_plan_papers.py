"""Papers of a plan as a whole: they add up, name what is not there, and show each reader only its own."""

import csv
import io
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pypdfium2
import pytest
from django.urls import reverse
from msgspec.structs import replace
from tests.conftest import NOW, make_somebody
from typer.testing import CliRunner

from tepat.cli import app
from tepat.common.documents import path_of
from tepat.common.errors import NotAllowed
from tepat.common.messages import say
from tepat.common.permissions import Role
from tepat.common.tables import cell
from tepat.distribution.checker import load_matrices
from tepat.distribution.comparison import compare
from tepat.distribution.documents import sha256
from tepat.distribution.models import PlanVersion, PrintedPaper
from tepat.distribution.paper_rows import current_papers
from tepat.distribution.papers import Book, paper_settings
from tepat.distribution.papers.content import bast
from tepat.distribution.papers.reading import read_scan
from tepat.distribution.plan_papers import PLAN_KINDS, Source, documents_of, papers_of_plan
from tepat.distribution.plan_papers.money import bill, by_account
from tepat.distribution.plan_papers.schedule import schedule
from tepat.distribution.plan_prints import print_kind
from tepat.distribution.problems import Escort


@pytest.fixture(scope="session")
def source(made):
    book = Book(made.problem, made.plan, sha256(made.plan), paper_settings("Kabupaten Blora"))
    columns = compare(made.problem, {"a": made.plan}, load_matrices(made.problem, made.folder)).columns
    return Source(book, columns, 3, "12/BA/2024, 31 Jan 2024", "Paling sedikit serah terima.")


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def values(table):
    return [[cell(value).value for value in row] for row in table.rows]


def test_the_bill_adds_up_to_the_rupiah(made):
    table = bill(made.problem, made.plan, None)
    rows = values(table)
    lines = [row for row in rows if "." in row[0]]
    sums = [row for row in rows if "." not in row[0]]
    total = made.plan.totals.cost_rupiah
    assert len(lines) == len(made.plan.costs) > 3
    assert sum(row[5] for row in lines) == sum(row[5] for row in sums) == cell(table.totals[5]).value == total
    for head in sums:
        assert head[5] == sum(row[5] for row in lines if row[0].startswith(f"{head[0]}."))
    assert sum(row[2] for row in values(by_account(made.plan, None))) == total


def test_each_printed_volume_times_its_price_is_the_amount(source):
    """As an auditor multiplies: with the figures on the paper, kilometres to the metre."""
    (paper,) = papers_of_plan(source, "rab")
    lines = [row for row in paper["tables"][1]["rows"] if "." in row[0]]
    assert sum("," in row[2] for row in lines) >= 1
    for _, name, volume, _, price, amount, _ in lines:
        exact = Decimal(plain(volume)) * int(plain(price))
        assert int(exact.quantize(Decimal(1), ROUND_HALF_UP)) == int(plain(amount)), name


def plain(written):
    return written.removeprefix("Rp").replace(".", "").replace(",", ".")


def test_every_price_of_the_strategy_paper_says_whether_it_is_an_example(source):
    (paper,) = documents_of(source, "strategi")
    strategies, prices, examples = paper.tables
    assert all(row[-1].startswith("contoh") for row in values(prices))
    assert [row[1] for row in values(examples)] == list(source.book.problem.contoh)
    assert paper.lead[0] == "Alasan pleno: Paling sedikit serah terima."
    assert strategies.columns[1].title.endswith("(naskah ini)")


def test_strategies_are_set_against_each_other_in_words(source):
    own = source.columns[0]
    other = replace(
        own,
        strategy="lain",
        title="Lewat PPK",
        cost_rupiah=own.cost_rupiah - 5000,
        handovers=own.handovers + 86,
        slack_s=own.slack_s - 3600,
    )
    (paper,) = documents_of(replace_columns(source, [own, other]), "strategi")
    assert (
        "Dibanding Lewat PPK: Rp5.000 lebih mahal, 86 serah terima lebih sedikit, 1 j 00 m lebih longgar."
        in (paper.lead)
    )


def replace_columns(source, columns):
    from dataclasses import replace as changed

    return changed(source, columns=columns)


def test_the_escort_plan_names_every_trip_and_what_is_not_there(source):
    (paper,) = documents_of(source, "pengawalan")
    by_hour, trips = (values(table) for table in paper.tables)
    count = len(source.book.plan.trips)
    assert sum(row[4] for row in by_hour) == sum(row[6] for row in by_hour) == count == len(trips)
    assert {(row[8], row[9]) for row in trips} == {("belum ada", "belum ada")}
    assert f"{count} dari {count} perjalanan belum ada pengawalnya." in paper.lead


def test_an_escort_with_a_telephone_stands_there(source):
    trip = source.book.plan.trips[0]
    problem = replace(
        source.book.problem, escorts=(Escort(id="K-1", label="Polsek Cepu", phone="0296-421110"),)
    )
    plan = replace(source.book.plan, trips=(replace(trip, escort="K-1"), *source.book.plan.trips[1:]))
    book = Book(problem, plan, sha256(plan), source.book.settings)
    (paper,) = documents_of(Source(book), "pengawalan")
    held = [row for row in values(paper.tables[1]) if row[3] == trip.vehicle and row[0] == trip.date]
    assert ("Polsek Cepu", "0296-421110") in {(row[8], row[9]) for row in held}


def test_an_extract_shows_only_its_readers_vehicles(source):
    tni, dishub, *providers = documents_of(source, "petikan")
    kinds = {kind.id: kind.owner for kind in source.book.problem.vehicle_types}
    owner_of = {vehicle.id: kinds[vehicle.type] for vehicle in source.book.problem.vehicles}
    assert values(tni.tables[0]) == []
    assert len(values(dishub.tables[0])) == len(source.book.plan.trips)
    assert [one.to for one in providers] == [f"Pemilik kendaraan: {one}" for one in set(owner_of.values())]
    for made in providers:
        assert {owner_of[row[1]] for row in values(made.tables[1])} == {made.to.partition(": ")[2]}
    people = {person.label for person in source.book.problem.people}
    for made in (tni, dishub, *providers):
        words = " ".join(str(value) for table in made.tables for row in values(table) for value in row)
        assert not [label for label in people if label in words]


def test_guarded_places_have_the_nights_that_the_bill_pays(source):
    tni = documents_of(source, "petikan")[0]
    totals = source.book.plan.totals
    assert sum(row[4] for row in values(tni.tables[1])) == totals.guard_nights > 0


def test_the_schedule_has_every_halt_with_its_boxes_and_minutes(source, made):
    table = schedule(source.book)
    rows = values(table)
    carried = sum(
        unit.boxes
        for unit in made.problem.units
        if any(unit.id in stop.units for trip in made.plan.trips for stop in trip.stops)
    )
    assert len(rows) == sum(len(trip.stops) for trip in made.plan.trips)
    assert sum(row[6] for row in rows) == cell(table.totals[6]).value == carried
    assert {row[9] for row in rows} == {"belum bernomor"}
    issued = {paper["id"]: paper["number"] for paper in bast(source.book)}
    numbered = Book(made.problem, made.plan, sha256(made.plan), source.book.settings, issued=issued)
    assert {row[9] for row in values(schedule(numbered))} == set(issued.values())


def test_a_panwascam_sees_the_halts_of_its_own_kecamatan(source):
    blora = values(schedule(source.book, "33.16.09"))
    assert blora
    assert all(
        row[4] in {"PPK Blora", "PPS Kunden", "PPS Tegalgunung", "PPS Jetis", "PPS Bangkle"} for row in blora
    )
    cepu = values(schedule(source.book, "33.16.05"))
    assert len(blora) + len(cepu) == len(values(schedule(source.book)))


def test_a_trip_that_halts_twice_at_one_place_has_two_papers_there(source):
    trip = next(trip for trip in source.book.plan.trips if len(trip.stops[0].units) > 1)
    stop = trip.stops[0]
    halves = tuple(replace(stop, units=half) for half in (stop.units[:1], stop.units[1:]))
    plan = replace(source.book.plan, trips=(replace(trip, stops=halves),))
    papers = list(bast(Book(source.book.problem, plan, sha256(plan), source.book.settings)))
    assert len({paper["id"] for paper in papers}) == 2
    assert [paper["number"].split("/")[0] for paper in papers] == ["1", "2"]


@pytest.mark.parametrize("kind", PLAN_KINDS)
def test_each_is_printed_from_the_plans_page_with_number_and_qr(kind, plan, kasubbag, client):
    assert client.login(username=kasubbag.username, password=kasubbag.password)
    page = client.get(reverse("distribusi-rencana-satu", args=[plan.pk])).content.decode()
    address = reverse("distribusi-rencana-kertas", args=[plan.pk, kind])
    assert address in page
    answer = client.post(reverse("distribusi-rencana-kertas-cetak", args=[plan.pk, kind]), follow=True)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    papers = PrintedPaper.objects.filter(plan=plan, kind=kind)
    assert papers.count() == len(documents_of(Source(source_book(plan)), kind))
    pages = read_scan(path_of(papers[0].file).read_bytes(), name="x.pdf")
    assert {page.code.document for page in pages} == {paper.pk for paper in papers}
    assert all(paper.number.startswith("DRAF ") for paper in papers)
    assert papers[0].number in client.get(address).content.decode()
    assert not current_papers(plan).exists(), "nobody waits for it to come back"


def source_book(plan):
    from tepat.distribution.paper_jobs import book_of

    return book_of(plan)


def test_tables_are_the_same_in_excel_and_csv(plan, kasubbag, client):
    assert client.login(username=kasubbag.username, password=kasubbag.password)
    address = reverse("distribusi-rencana-kertas", args=[plan.pk, "rab"])
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(address, {"unduh": "xlsx", "tabel": "rab"}).content)
    ).active
    last = [value.value for value in list(sheet.rows)[-1]]
    raw = client.get(address, {"unduh": "csv", "tabel": "rab"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw), delimiter=";"))
    total = source_book(plan).plan.totals.cost_rupiah
    assert last[5] == int(rows[-1][5]) == total


def test_a_number_stays_when_it_is_printed_again(plan, system):
    print_kind(by=system, at=NOW, row=plan, kind="petikan")
    before = dict(PrintedPaper.objects.filter(kind="petikan").values_list("pk", "number"))
    print_kind(by=system, at=NOW, row=plan, kind="petikan")
    assert dict(PrintedPaper.objects.filter(kind="petikan").values_list("pk", "number")) == before
    assert len(set(before.values())) == len(before) == 3


def test_who_may_not_print_may_still_read(plan, client):
    bawaslu = make_somebody("Tia", Role.BAWASLU, "33.16")
    assert client.login(username=bawaslu.username, password=bawaslu.password)
    page = client.get(reverse("distribusi-rencana-kertas", args=[plan.pk, "jadwal"]))
    assert page.status_code == 200
    assert '<form method="post"' not in page.content.decode().split("<h1>")[1]
    assert (
        client.post(reverse("distribusi-rencana-kertas-cetak", args=[plan.pk, "jadwal"])).status_code == 403
    )
    with pytest.raises(NotAllowed):
        print_kind(by=bawaslu.actor, at=NOW, row=plan, kind="jadwal")


def test_a_village_finds_no_such_paper(plan, budi, client):
    assert client.login(username=budi.username, password=budi.password)
    assert client.get(reverse("distribusi-rencana-kertas", args=[plan.pk, "rab"])).status_code == 404


def test_an_unknown_kind_is_not_found_and_an_incomplete_plan_not_printed(plan, kasubbag, client):
    assert client.login(username=kasubbag.username, password=kasubbag.password)
    assert client.get(reverse("distribusi-rencana-kertas", args=[plan.pk, "bast"])).status_code == 404
    PlanVersion.objects.filter(pk=plan.pk).update(status=PlanVersion.Status.INCOMPLETE)
    answer = client.post(reverse("distribusi-rencana-kertas-cetak", args=[plan.pk, "rab"]))
    assert answer.status_code == 409
    assert say("PAPER-NOT-ACCEPTED", {"number": plan.number}).happened in answer.content.decode()


def test_the_words_of_the_paper_are_on_its_pages(source, tmp_path):
    from tepat.distribution.papers import print_batches
    from tepat.distribution.papers.typesetting import Sheet

    for size in ("a4", "f4"):
        office = replace(source.book.settings, size=size)
        sheet = Sheet("33.16", "pemilu-2024", "", office)
        (sheaf,) = print_batches(sheet, papers_of_plan(source, "rab"), tmp_path / size)
        text = text_of(sheaf.file)
        assert "RINCIAN ANGGARAN BIAYA DISTRIBUSI" in text
        assert "12/BA/2024, 31 Jan 2024" in text


def test_the_command_prints_all_and_writes_the_tables(made, tmp_path):
    files = [str(made.folder / "problem.json"), str(made.folder / "plan-langsung.json")]
    done = CliRunner().invoke(app, ["plan", "print", *files, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    names = {file.name for file in tmp_path.iterdir()}
    assert {f"{kind}-{kind}.pdf" for kind in PLAN_KINDS} <= names
    assert {"rab.xlsx", "rab.csv", "jadwal.csv", "pengawalan.xlsx", "dishub-rute.csv"} <= names
