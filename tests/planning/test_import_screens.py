"""Impor on screen, without a line of script: upload, findings, answers, columns, preview, accept, drop."""

import io
import re
from datetime import timedelta
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tepat.common.actions import Contact, add_account, add_person, give_post
from tepat.common.models import Tps
from tepat.common.permissions import Role
from tepat.common.register import load_register
from tepat.planning.import_questions import KIND_WORDS, questions
from tepat.planning.imports.findings import SEVERITY, finding
from tepat.planning.imports.reading import FILE_BYTES_MAX
from tepat.planning.models import ImportDraft, ListImport
from tepat.planning.views import imports

START = "/kebutuhan/impor/"
HEADER = ("Kecamatan", "Desa", "TPS", "L", "P", "L+P", "Dapil")
ROWS = [("Magelang Utara", "Wates", number, 100, 110, 210, "Blora 3") for number in range(1, 18)]


def sheet(rows, header=HEADER, name="daftar.xlsx"):
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return SimpleUploadedFile(name, packed.getvalue())


AREA = "33.71"


@pytest.fixture
def register(db, system, now):
    """Kota Magelang: a small office, so that many tests can have one."""
    return load_register(AREA, ["pemilu-2024"], by=system, at=now - timedelta(days=100))


def signed_in(role, area_code, system, now, **client):
    """Return a browser in which somebody with this role is signed in."""
    start = now - timedelta(days=99)
    person = add_person(by=system, at=start, contact=Contact(name=role.name))
    give_post(by=system, at=start, person=person.pk, role=role, area_code=area_code)
    account = add_account(
        by=system, at=start, person=person.pk, username=role.name, password="kuda baterai staples benar"
    )
    browser = Client(**client)
    browser.force_login(account)
    return browser


@pytest.fixture
def office(register, system, monkeypatch, now):
    """A signed-in head of the KUL section on the day of every test."""
    monkeypatch.setattr("tepat.common.screens.now", lambda: now)
    return signed_in(Role.KUL, AREA, system, now)


def seen(response):
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def sent(client, file, **more):
    response = client.post(START, {"kind": "tps", "file": file, **more})
    assert response.status_code == 302, seen(response)
    return response.url


def test_every_kind_of_finding_has_a_word():
    assert set(SEVERITY) <= set(KIND_WORDS)


def test_the_two_readings_of_a_number_can_be_chosen_and_the_proposal_is_marked():
    one = finding(
        "ambiguous_number",
        "Cepu",
        "F12",
        proposal="1205",
        field="dpt",
        first="1205",
        second="1,205",
        value="1.205",
        label="x",
        reason="y",
    )
    (asked,) = questions([one])
    assert [(option.value, option.proposed) for option in asked.options] == [
        ("1205", True),
        ("1,2050", False),
    ]
    assert asked.free


def test_candidates_are_answered_by_code():
    one = finding(
        "ambiguous_desa",
        "Cepu",
        "B5",
        field="desa",
        value="Getas",
        count=2,
        proposed="-",
        candidates="Getas (Kec. Kradenan, 33.16.03.2003); Getas (Kec. Cepu, 33.16.05.2006)",
    )
    (asked,) = questions([one])
    assert [option.value for option in asked.options] == ["33.16.03.2003", "33.16.05.2006"]


def test_upload_question_answer_and_acceptance(office):
    rows = [list(row) for row in ROWS]
    rows[2][5] = "1.205"
    page = sent(office, sheet(rows))
    shown = seen(office.get(page))
    assert "Sheet!F4" in shown
    assert "1205 (titik memisah ribuan: 1.205)" in shown
    assert "Belum dapat diterima" in shown
    assert 'value="210" checked' in shown
    assert "Terima seluruh daftar" not in shown
    answered = office.post(page, {"aksi": "usulan"}, follow=True)
    shown = seen(answered)
    base = re.search(r'name="dasar" value="([0-9a-f]{64})"', shown)
    assert base, shown[-4000:]
    done = office.post(page, {"aksi": "terima", "dasar": base[1]}, follow=True)
    assert "Daftar diterima seluruhnya" in seen(done)
    assert Tps.objects.filter(source_kind="daftar").count() == 17
    assert not ImportDraft.objects.exists()
    assert ListImport.objects.get().label.startswith("daftar TPS")


def test_typed_answers_win_and_can_be_taken_back(office):
    rows = [list(row) for row in ROWS]
    rows[2][3] = "seratus"
    page = sent(office, sheet(rows))
    office.post(page, {"aksi": "simpan", "pilih:Sheet!D4": "7", "isi:Sheet!D4": "100"})
    draft = ImportDraft.objects.get()
    assert draft.answers == {"Sheet!D4": "100"}
    assert "Terima seluruh daftar" in seen(office.get(page))
    office.post(page, {"aksi": "simpan", "batal:Sheet!D4": "ya"})
    draft.refresh_from_db()
    assert draft.answers == {}
    office.post(page, {"aksi": "simpan", "lembar": "Sheet", "sel": "d4", "isi": "100"})
    draft.refresh_from_db()
    assert draft.answers == {"Sheet!D4": "100"}


def test_the_needs_say_whence_their_voters_are(office):
    """For Kota Magelang no total was published: nothing may be said to add up to one."""
    page = seen(office.get("/kebutuhan/"))
    assert "Pemilih per TPS diperkirakan dari rata-rata nasional" in page
    assert "angka terbit" not in page
    draft = sent(office, sheet(ROWS))
    base = re.search(r'name="dasar" value="([0-9a-f]{64})"', seen(office.get(draft)))[1]
    office.post(draft, {"aksi": "terima", "dasar": base})
    assert "Pemilih sebagian TPS diperkirakan" in seen(office.get("/kebutuhan/"))


def test_a_cell_that_is_not_there_is_refused_and_nothing_is_kept(office):
    page = sent(office, sheet(ROWS))
    refused = office.post(page, {"aksi": "simpan", "lembar": "Sheet", "sel": "d999", "isi": "100"})
    assert refused.status_code == 409
    assert "Jawaban untuk Sheet!D999 tidak dipakai" in seen(refused)
    assert ImportDraft.objects.get().answers == {}


def test_a_preview_that_is_out_of_date_is_refused_and_the_draft_stays(office):
    page = sent(office, sheet(ROWS))
    refused = office.post(page, {"aksi": "terima", "dasar": "0" * 64})
    assert refused.status_code == 409
    assert "IMPORT-REGISTER-CHANGED" in seen(refused)
    assert ImportDraft.objects.exists()


def test_removals_are_shown_and_need_their_own_consent(office):
    page = sent(office, sheet(ROWS), whole_list="on")
    shown = seen(office.get(page))
    removed = 353 - Tps.objects.filter(desa__name="Wates", number__lte=17).count()
    base = re.search(r'name="dasar" value="([0-9a-f]{64})"', shown)[1]
    refused = office.post(page, {"aksi": "terima", "dasar": base})
    assert "IMPORT-REMOVAL-NOT-CONFIRMED" in seen(refused)
    assert f"{removed:,}".replace(",", ".") in seen(refused)
    assert not ListImport.objects.exists()


def test_columns_can_be_corrected_with_the_same_file_and_are_remembered(office):
    header = (*HEADER[:3], "Pertama", "Kedua", "Ketiga", "Dapil")
    page = sent(office, sheet(ROWS, header))
    shown = seen(office.get(page))
    names = dict(re.findall(r'name="(kolom:[0-9a-f]+:([A-G]))"', shown))
    by_letter = {letter: name for name, letter in names.items()}
    chosen = {by_letter["D"]: "dpt_male", by_letter["E"]: "dpt_female", by_letter["F"]: "dpt"}
    again = office.post(page, {"aksi": "kolom", "file": sheet(ROWS, header), **chosen})
    assert again.status_code == 302
    assert again.url != page
    assert ImportDraft.objects.count() == 1
    shown = seen(office.get(again.url))
    assert "Terima seluruh daftar" in shown
    twice = {by_letter["D"]: "dpt", by_letter["E"]: "dpt"}
    refused = office.post(again.url, {"aksi": "kolom", "file": sheet(ROWS, header), **twice})
    assert "IMPORT-COLUMN-TWICE" in seen(refused)
    missing = office.post(again.url, {"aksi": "kolom"})
    assert "IMPORT-FILE-MISSING" in seen(missing)
    base = re.search(r'name="dasar" value="([0-9a-f]{64})"', shown)[1]
    office.post(again.url, {"aksi": "terima", "dasar": base})
    next_page = sent(office, sheet(ROWS, header))
    assert "Terima seluruh daftar" in seen(office.get(next_page))


def test_a_draft_is_listed_resumed_and_dropped(office):
    page = sent(office, sheet(ROWS))
    assert page in seen(office.get(START))
    office.post(page, {"aksi": "buang"})
    assert not ImportDraft.objects.exists()
    assert office.get(page).status_code == 404


def test_expected_totals_speak_up(office):
    page = sent(office, sheet(ROWS), dpt="1", tps="17")
    assert "Berkas memuat 3.570" in seen(office.get(page)) or "Anda menyebut 1" in seen(office.get(page))
    office.post(page, {"aksi": "harapan", "dpt": "3570", "tps": "17"})
    assert "Terima seluruh daftar" in seen(office.get(page))


def test_findings_go_to_excel_csv_and_paper(office):
    page = sent(office, sheet(ROWS))
    for table in ("temuan", "perubahan", "jenis-temuan"):
        for form in ("xlsx", "csv", "cetak"):
            assert office.get(page, {"unduh": form, "tabel": table}).status_code == 200


def test_the_messy_example_is_read_and_can_be_downloaded(system, monkeypatch, now):
    load_register("33.16", ["pemilu-2024"], by=system, at=now - timedelta(days=100))
    monkeypatch.setattr("tepat.common.screens.now", lambda: now)
    office = signed_in(Role.OPERATOR, "33.16", system, now)
    assert "Unduh contoh berkas berantakan" in seen(office.get(START))
    assert office.get("/kebutuhan/impor/contoh.xlsx").content[:2] == b"PK"
    response = office.post(START, {"contoh": "ya"})
    shown = seen(office.get(response.url))
    for word in ("Jumlah tidak cocok", "Angka bermakna dua", "Nama desa ada di beberapa kecamatan"):
        assert word in shown
    taken = seen(office.post(response.url, {"aksi": "usulan"}, follow=True))
    assert "usul ikut dipakai" in taken


def test_an_office_with_few_kecamatan_is_offered_no_example(office):
    assert "contoh berkas berantakan" not in seen(office.get(START))
    assert "IMPORT-NO-EXAMPLE" in seen(office.get("/kebutuhan/impor/contoh.xlsx"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "IMPORT-FILE-MISSING"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "IMPORT-FILE-NO-TABLE"),
        (b"PK\x03\x04rusak", "IMPORT-FILE-BROKEN"),
    ],
)
def test_what_is_no_list_is_refused_in_plain_words(office, content, code):
    response = office.post(START, {"kind": "tps", "file": SimpleUploadedFile("x.xlsx", content)})
    assert response.status_code in {200, 409}
    if content:
        assert code in seen(response)
    assert not ImportDraft.objects.exists()


def test_a_file_too_large_is_refused_before_it_is_read(office):
    response = office.post(
        START,
        {"kind": "tps"},
        headers={"content-length": str(FILE_BYTES_MAX * 2)},
        CONTENT_LENGTH=FILE_BYTES_MAX * 2,
    )
    assert response.status_code == 409
    assert "IMPORT-FILE-TOO-LARGE" in seen(response)


def test_an_upload_never_touches_a_temporary_file(office, monkeypatch):
    def no_file(*_args, **_kwargs):
        raise AssertionError("an upload reached the disk")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", no_file)
    large = (
        b"Kecamatan,Desa,TPS,L,P,L+P,Dapil\r\nCepu,Cabean,1,100,110,210,Blora 3\r\n" + b",,,,,,\r\n" * 400_000
    )
    response = office.post(START, {"kind": "tps", "file": SimpleUploadedFile("besar.csv", large)})
    assert response.status_code in {302, 409}


def test_the_token_of_a_form_is_still_asked_for(register, system, monkeypatch, now):
    monkeypatch.setattr("tepat.common.screens.now", lambda: now)
    client = signed_in(Role.KUL, AREA, system, now, enforce_csrf_checks=True)
    assert client.post(START, {"kind": "tps", "file": sheet(ROWS)}).status_code == 403


@pytest.mark.parametrize(("role", "area_code"), [(Role.PPS, "33.71.02.1003"), (Role.PANWASCAM, "33.71.02")])
def test_others_do_not_see_the_screen(register, system, monkeypatch, now, role, area_code):
    monkeypatch.setattr("tepat.common.screens.now", lambda: now)
    assert signed_in(role, area_code, system, now).get(START).status_code == 403


def test_who_may_look_but_not_accept_is_told_so(register, system, monkeypatch, now):
    monkeypatch.setattr("tepat.common.screens.now", lambda: now)
    client = signed_in(Role.OPERATOR_SILOG, AREA, system, now)
    page = sent(client, sheet(ROWS))
    shown = seen(client.get(page))
    assert "bukan hak Anda" in shown
    assert client.post(page, {"aksi": "terima", "dasar": "0" * 64}).status_code == 409
    assert not ListImport.objects.exists()


def test_messy_workbook_is_made_once():
    assert imports.messy_workbook("33.16") is imports.messy_workbook("33.16")
