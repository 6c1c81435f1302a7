"""The planning screens as people meet them, on Blora's register: numbers, rights, refusals, downloads."""

import csv
import io
import json

import pytest
from django.test import Client
from openpyxl import load_workbook

from tepat.common.acting import system_actor
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event, Place, Tps
from tepat.planning.accessibility import gaps, needed
from tepat.planning.actions import (
    Position,
    Seen,
    Setting,
    correct_place,
    give_totals,
    note_accessibility,
    set_parameter,
)
from tepat.planning.models import OutsideTotals, RuleSetting

KUNDEN = "33.16.09.1015"
ALL_SEEN = Seen(step_free=True, low_table=True, abtn=True)
SCREENS = (
    "/",
    "/kebutuhan/",
    "/kebutuhan/kecamatan/33.16.05/",
    f"/kebutuhan/desa/{KUNDEN}/",
    "/kebutuhan/rekonsiliasi/",
    "/kebutuhan/perubahan/",
    "/kebutuhan/aksesibilitas/",
    "/kebutuhan/wilayah/",
    "/kebutuhan/wilayah/?kecamatan=33.16.05",
    "/kebutuhan/tps/",
    "/kebutuhan/tempat/",
)


def _enter(somebody):
    client = Client()
    assert client.login(username=somebody.username, password=somebody.password)
    return client


def _text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("path", SCREENS)
def test_whoever_has_not_signed_in_is_asked_to(db, path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/masuk/?next=")


def test_the_office_sees_every_screen(register, kasubbag):
    client = _enter(kasubbag)
    for path in SCREENS:
        assert client.get(path).status_code == 200, path


def test_the_needs_of_blora_stand_on_the_screen(register, kasubbag):
    page = _text(_enter(kasubbag), "/kebutuhan/?pemilihan=pemilu-2024")
    for number in ("14.885 + 32 = 14.917", "11.908", "2.977", "704.285"):
        assert number in page
    assert "5 kotak × 2.977 TPS = 14.885" in page


def test_both_elections_stand_side_by_side(register, kasubbag):
    page = _text(_enter(kasubbag), "/kebutuhan/wilayah/")
    for number in ("2.977", "1.453", "704.285", "702.257"):
        assert number in page


def test_the_chosen_election_is_remembered(register, kasubbag):
    client = _enter(kasubbag)
    _text(client, "/kebutuhan/?pemilihan=pilkada-2024")
    assert "2.906 + 32 = 2.938" in _text(client, "/kebutuhan/")


def test_cepu_has_1205_boxes(register, kasubbag):
    page = _text(_enter(kasubbag), "/kebutuhan/kecamatan/33.16.05/?pemilihan=pemilu-2024")
    assert "1.205" in page


def test_a_pps_sees_the_own_desa_and_nobody_elses(register, budi, citra):
    client = _enter(budi)
    page = _text(client, "/kebutuhan/tps/")
    assert KUNDEN in page
    assert "33.16.05.1014" not in page
    assert client.get("/kebutuhan/desa/33.16.05.1014/").status_code == 404
    other = Tps.objects.filter(desa__code="33.16.05.1014").first()
    assert client.get(f"/kebutuhan/tps/{other.pk}/").status_code == 404
    assert _enter(citra).get(f"/kebutuhan/tps/{other.pk}/").status_code == 200


def test_a_supervisor_sees_and_gets_no_form(register, dewi):
    client = _enter(dewi)
    tps = Tps.objects.filter(desa__code=KUNDEN).first()
    page = _text(client, f"/kebutuhan/tps/{tps.pk}/")
    assert "Simpan catatan" not in page
    answer = client.post(f"/kebutuhan/tps/{tps.pk}/", {"step_free": "ya", "source_text": "Panwascam, 1 Feb"})
    assert answer.status_code == 403
    tps.refresh_from_db()
    assert tps.accessibility_source == "contoh"


def test_every_table_goes_to_excel_csv_and_print(register, kasubbag):
    client = _enter(kasubbag)
    book = load_workbook(io.BytesIO(client.get("/kebutuhan/?unduh=xlsx&tabel=kebutuhan").content))
    rows = list(book.active.iter_rows(values_only=True))
    boxes = next(row for row in rows if row[0] == "Kotak suara TPS")
    assert boxes[3] == 14_885
    text = client.get("/kebutuhan/tps/?unduh=csv&tabel=tps").content.decode("utf-8-sig")
    listed = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(listed) == 1 + 2_977 + 1
    assert listed[-1][4] == "704285"
    page = _text(client, "/kebutuhan/tps/?unduh=cetak&tabel=tps&kertas=f4")
    assert page.count("<tr>") == 1 + 2_977 + 1
    assert "kertas-f4" in page


def test_a_table_that_is_not_there_is_refused_with_the_ones_that_are(register, kasubbag):
    answer = _enter(kasubbag).get("/kebutuhan/tps/?unduh=xlsx&tabel=apa")
    assert answer.status_code == 409
    assert "COMMON-NO-SUCH-TABLE" in answer.content.decode()


def test_the_list_of_tps_is_narrowed(register, kasubbag):
    client = _enter(kasubbag)
    page = _text(client, "/kebutuhan/tps/?pilih=khusus&pemilihan=pemilu-2024")
    assert page.count('<th scope="row"') == 2  # one special TPS, and the line of totals
    assert "Kunden" in page
    assert "Tidak ada TPS yang cocok" in _text(client, "/kebutuhan/tps/?cari=xyz")


def test_workbook_csv_and_silog_shape_are_offered(register, kasubbag):
    client = _enter(kasubbag)
    book = load_workbook(io.BytesIO(client.get("/kebutuhan/unduh/xlsx/").content), read_only=True)
    assert len([name for name in book.sheetnames if name not in {"Ringkasan", "Penjelasan"}]) >= 16
    assert client.get("/kebutuhan/unduh/csv/").content.startswith(b"\xef\xbb\xbf")
    assert load_workbook(io.BytesIO(client.get("/kebutuhan/unduh/silog/").content)).sheetnames


def test_the_map_shows_the_shapes_of_the_table(register, kasubbag):
    answer = json.loads(_enter(kasubbag).get("/kebutuhan/wilayah/peta.json?pemilihan=pemilu-2024").content)
    texts = {one["properties"]["text"] for one in answer["areas"]["features"]}
    assert len(texts) == 16
    assert "Cepu: 241 TPS" in texts


def test_a_point_outside_its_desa_is_refused_unless_confirmed(register, kasubbag, now):
    place = Place.objects.get(code=f"pps-{KUNDEN}")
    before = place.lat
    far = Position(lat_e6=-7_100_000, lon_e6=111_600_000, source="GPS HP")
    with pytest.raises(Refused) as refused:
        correct_place(by=kasubbag.actor, at=now, place=place.pk, position=far)
    assert refused.value.code == "PLACE-OUTSIDE-AREA"
    place.refresh_from_db()
    assert place.lat == before
    sure = Position(lat_e6=-7_100_000, lon_e6=111_600_000, source="GPS HP", outside_confirmed=True)
    correct_place(by=kasubbag.actor, at=now, place=place.pk, position=sure)
    place.refresh_from_db()
    assert (place.lat, place.lon, place.position_source) == (-7.1, 111.6, "GPS HP")
    event = Event.objects.get(kind="register.place-corrected")
    assert event.payload["outside_m"] > 1000


def test_swapped_coordinates_are_noticed(register, kasubbag, now):
    place = Place.objects.get(code=f"pps-{KUNDEN}")
    swapped = Position(lat_e6=111_400_000, lon_e6=-7_000_000, source="peta")
    with pytest.raises(Refused) as refused:
        correct_place(by=kasubbag.actor, at=now, place=place.pk, position=swapped)
    assert refused.value.code == "PLACE-OUT-OF-RANGE"


def test_a_pps_corrects_no_position(register, budi, now):
    place = Place.objects.get(code=f"pps-{KUNDEN}")
    here = Position(lat_e6=round(place.lat * 1e6), lon_e6=round(place.lon * 1e6), source="GPS")
    with pytest.raises(NotAllowed):
        correct_place(by=budi.actor, at=now, place=place.pk, position=here)


def test_a_pps_notes_what_was_seen_in_the_own_desa_only(register, budi, now):
    own = Tps.objects.filter(desa__code=KUNDEN).first()
    note_accessibility(
        by=budi.actor,
        at=now,
        tps=own.pk,
        seen=Seen(step_free=True, low_table=False, abtn=None),
        source="PPS, 1 Feb",
    )
    own.refresh_from_db()
    assert (own.step_free, own.low_table, own.abtn) == (True, False, None)
    other = Tps.objects.filter(desa__code="33.16.05.1014").first()
    with pytest.raises(NotAllowed) as refused:
        note_accessibility(by=budi.actor, at=now, tps=other.pk, seen=ALL_SEEN, source="PPS")
    assert refused.value.code == "COMMON-NOT-FOUND"


def test_nothing_changed_is_said(register, budi, now):
    own = Tps.objects.filter(desa__code=KUNDEN).first()
    seen = ALL_SEEN
    note_accessibility(by=budi.actor, at=now, tps=own.pk, seen=seen, source="PPS, 1 Feb")
    with pytest.raises(Refused) as refused:
        note_accessibility(by=budi.actor, at=now, tps=own.pk, seen=seen, source="PPS, 1 Feb")
    assert refused.value.code == "ACCESSIBILITY-NOTHING-CHANGED"


@pytest.mark.parametrize(
    ("by_kind", "wanted"),
    [
        ({"fisik": 1, "netra": 0}, ("step_free", "low_table")),
        ({"fisik": 0, "netra": 2}, ("abtn",)),
        ({"fisik": 0, "netra": 0}, ()),
        ({"fisik": 3, "netra": 1}, ("step_free", "low_table", "abtn")),
    ],
)
def test_what_voters_need(by_kind, wanted):
    assert needed(by_kind) == wanted


def test_gaps_come_first_and_the_unseen_is_never_good(register):
    rows = Tps.objects.filter(election__code="pemilu-2024").select_related("desa")
    found = gaps(rows)
    order = ["gawat", "belum", "perhatikan", "aman"]
    states = [order.index(gap.state) for gap in found]
    assert states == sorted(states)
    assert sum(gap.voters for gap in found) == 2_569
    blind_unseen = [gap for gap in found if gap.blind and gap.abtn is None]
    assert blind_unseen
    assert all(gap.state in {"gawat", "belum"} for gap in blind_unseen)


def test_a_number_the_office_sets_changes_the_needs(register, kasubbag, now):
    client = _enter(kasubbag)
    setting = Setting(3, "Keputusan KPU (uji)")
    arguments = {"area_code": "33.16", "election": "pemilu-2024", "param": "kotak_ppk", "setting": setting}
    set_parameter(by=kasubbag.actor, at=now, **arguments)
    page = _text(client, "/kebutuhan/?pemilihan=pemilu-2024")
    assert "14.885 + 48 = 14.933" in page
    event = Event.objects.get(kind="needs.parameter-set")
    assert (event.payload["before"], event.payload["after"]) == (2, 3)
    with pytest.raises(Refused) as refused:
        set_parameter(by=kasubbag.actor, at=now, **arguments)
    assert refused.value.code == "NEEDS-SETTING-SAME"


def test_a_number_that_is_no_parameter_is_refused(register, kasubbag, now):
    with pytest.raises(Refused) as refused:
        set_parameter(
            by=kasubbag.actor,
            at=now,
            area_code="33.16",
            election="pemilu-2024",
            param="entah",
            setting=Setting(1, "uji"),
        )
    assert refused.value.code == "NEEDS-UNKNOWN-PARAM"
    assert not RuleSetting.objects.exists()


def test_a_booth_too_many_is_named_and_not_evened_out(register, kasubbag):
    """KPU Blora received 5.813 booths for the Pilkada; the rule says 5.812."""
    client = _enter(kasubbag)
    client.get("/kebutuhan/?pemilihan=pilkada-2024")
    file = io.BytesIO(b"item;jumlah\nBILIK;5813\n")
    file.name = "diterima.csv"
    answer = client.post("/kebutuhan/rekonsiliasi/", {"against": "diterima", "file": file})
    assert answer.status_code == 302
    page = _text(client, "/kebutuhan/rekonsiliasi/")
    assert "5.813" in page
    assert "5.812" in page
    assert OutsideTotals.objects.get().totals == {"BILIK": 5813}


def test_a_broken_file_of_totals_is_answered_with_its_line(register, kasubbag):
    client = _enter(kasubbag)
    file = io.BytesIO(b"item;jumlah\nBILIK;banyak\n")
    file.name = "silog.csv"
    answer = client.post("/kebutuhan/rekonsiliasi/", {"against": "silog", "file": file})
    assert answer.status_code == 409
    assert "NEEDS-TOTALS-INVALID" in answer.content.decode()
    assert not OutsideTotals.objects.exists()


def test_totals_are_given_by_whoever_may_add_documents(register, dewi, now):
    with pytest.raises(NotAllowed):
        give_totals(
            by=dewi.actor, at=now, area_code="33.16", election="pemilu-2024", against="silog", file=None
        )


def test_the_list_against_itself_changes_nothing(register, kasubbag):
    client = _enter(kasubbag)
    client.get("/kebutuhan/?pemilihan=pemilu-2024")
    page = _text(client, f"/kebutuhan/perubahan/?dari={register.documents['pemilu-2024']}")
    assert "Tidak ada TPS yang kebutuhannya berubah" in page


def test_rutan_blora_after_printing_is_helped_by_shifts(register, kasubbag):
    """The special TPS grows from 51 to 202 voters: its neighbours give ballots, nothing is ordered anew."""
    rutan = Tps.objects.get(election__code="pemilu-2024", special=True)
    assert rutan.dpt == 51
    rutan.dpt = 202
    rutan.voters = dict.fromkeys(rutan.voters, 202)
    rutan.save()
    client = _enter(kasubbag)
    client.get("/kebutuhan/?pemilihan=pemilu-2024")
    page = _text(client, f"/kebutuhan/perubahan/?dari={register.documents['pemilu-2024']}")
    assert "TPS 901 Kunden" in page
    assert "ya, dengan 2 saksi" in page
    assert page.count('<th scope="row"') > 5


def test_before_any_list_the_home_screen_says_what_comes_next(db, kasubbag):
    assert "Kantor belum disiapkan." in _text(_enter(kasubbag), "/")


def test_the_story_leads_through_real_screens(register, kasubbag):
    client = _enter(kasubbag)
    home = _text(client, "/")
    assert "Contoh – Blora, H-7" in home
    assert "Tiga calon gudang" not in home  # no plan yet: the step is not told
    page = _text(client, "/kebutuhan/?pemilihan=pemilu-2024&cerita=2")
    assert "langkah 2 dari" in page
    assert "langkah 2 dari" in _text(client, "/kebutuhan/tps/")
    assert "Tutup cerita" in page
    assert "Tutup cerita" not in _text(client, "/?cerita=0")


def test_the_system_has_every_right_these_screens_need(db):
    from tepat.common.permissions import Permission

    system = system_actor()
    assert system.may(Permission.NEEDS_EDIT, "33.16")
