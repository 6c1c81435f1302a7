"""From the PPK to the warehouse: planned after the recapitulation, received as in any hand-over."""

from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from tests.conftest import KUNDEN, make_somebody
from tests.publication.small_office import OFFICE, hand_over, make_office, objects_of, register
from tests.returns.test_night import HOUR, NIGHT, NOON, PPK, SIX

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Account, Event, Office
from tepat.common.permissions import Role
from tepat.custody import planned
from tepat.custody.timeline_states import Instant
from tepat.distribution.models import OfficeVehicle
from tepat.packing.models import PackedObject, PackingSet
from tepat.returns.actions import end_recap
from tepat.returns.models import FieldPaper, ReturnTrip
from tepat.returns.reading import hours_of, not_back, sets_on_the_way
from tepat.returns.trip_actions import Wish, cancel_trip, plan_trips
from tepat.returns.trip_reading import posts_in, trips_in, trips_now

GUDANG = f"gudang:gudang-{OFFICE}"
NOW = SIX + 40 * HOUR
LEAVES = SIX + 50 * HOUR
HOME = [*objects_of("091015-001"), *objects_of("091015-002")]


@pytest.fixture
def office(db, system):
    return make_office()


@pytest.fixture
def wahyu(db):
    return make_somebody("Wahyu", Role.PPK, "33.16.09")


@pytest.fixture
def joko(db):
    return make_somebody("Joko", Role.PENGEMUDI, OFFICE)


@pytest.fixture
def truck(office, joko):
    return OfficeVehicle.objects.create(
        area_code=OFFICE,
        plate="K 8123 XX",
        vehicle_class="truck",
        boxes_max=3,
        volume_ml=12_000_000,
        weight_g=4_000_000,
        driver_id=joko.actor.person,
        source="uji",
        listed_at=NOON,
    )


@pytest.fixture
def at_ppk(office, sari, wahyu, truck):
    """Both sets of Kunden lie at the PPK."""
    register(sari)
    hand_over(sari, wahyu, PPK, HOME, NIGHT)
    return wahyu


@pytest.fixture
def over(office, at_ppk):
    end_recap(
        by=at_ppk.actor, at=SIX + HOUR, area_code="33.16.09", election=office.code, minutes_number="12/BA"
    )
    return at_ppk


def plan(by, office, **more):
    wish = {"plates": ("K 8123 XX",), "first_at": LEAVES, "to_post": GUDANG, "minutes": 45} | more
    return plan_trips(by=by.actor, at=NOW, area_code="33.16.09", election=office.code, wish=Wish(**wish))


def state(office, at=NOW):
    hours = hours_of(office, Office.objects.get(), at)
    rows = sets_on_the_way(office, (OFFICE,), Instant(), hours)
    return [one.state for one in trips_now(trips_in(office, (OFFICE,)), posts_in(rows))]


def client_of(somebody):
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


def test_nothing_is_planned_before_the_recapitulation_is_over(office, at_ppk, kasubbag):
    with pytest.raises(Refused, match="RETURN-TRIP-RECAP"):
        plan(kasubbag, office)
    assert not ReturnTrip.objects.exists()


def test_the_boxes_of_a_ppk_are_planned_once_results_first(office, over, kasubbag, joko):
    assert plan(kasubbag, office) == ["PULANG-33.16.09-1", "PULANG-33.16.09-2"]
    first, second = ReturnTrip.objects.order_by("pk")
    assert sorted(first.things + second.things) == sorted(HOME)
    assert (first.boxes, first.critical, second.boxes) == (3, 3, 1)
    assert (first.driver_id, first.depart_at, first.arrive_at) == (
        joko.actor.person,
        LEAVES,
        LEAVES + 45 * HOUR / 60,
    )
    assert second.depart_at > first.arrive_at
    event = Event.objects.get(pk=first.event)
    assert (event.kind, event.objects_named) == ("returns.trip-planned", sorted(first.things))
    with pytest.raises(Refused, match="RETURN-TRIP-NOTHING"):
        plan(kasubbag, office)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"plates": ()}, "RETURN-TRIP-NO-VEHICLE"),
        ({"plates": ("B 1 X",)}, "RETURN-TRIP-NO-VEHICLE"),
        ({"first_at": NOW - HOUR}, "RETURN-TRIP-EARLY"),
        ({"to_post": "ppk:33.16.05"}, "CUSTODY-POST"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(office, over, kasubbag, change, code):
    with pytest.raises(Refused, match=code):
        plan(kasubbag, office, **change)


def test_what_fits_no_vehicle_is_named_and_a_village_plans_nothing(office, over, kasubbag, budi, truck):
    truck.volume_ml = 1
    truck.save()
    with pytest.raises(Refused, match="RETURN-TRIP-NO-ROOM"):
        plan(kasubbag, office)
    with pytest.raises(NotAllowed):
        plan(budi, office)


def test_without_a_word_of_the_office_the_model_says_how_long_the_road_is(office, over, kasubbag):
    plan(kasubbag, office, minutes=0)
    trip = ReturnTrip.objects.first()
    assert trip.road_source == "model jalan, tanpa peta"
    assert timedelta(0) < trip.arrive_at - trip.depart_at < 2 * HOUR


def test_the_trip_is_driven_and_received_by_the_ordinary_rules(office, over, kasubbag, joko, sari):
    plan(kasubbag, office)
    trip = ReturnTrip.objects.get(pk="PULANG-33.16.09-1")
    loading, unloading = (leg for leg in planned.planned_legs() if leg.id.startswith(f"{trip.pk}:"))
    assert (loading.from_post, loading.to_post) == (PPK, "angkutan:PULANG-33.16.09-1")
    assert (unloading.to_post, unloading.before) == (GUDANG, ())
    assert state(office) == ["direncanakan", "direncanakan"]
    hand_over(over, joko, trip.post, trip.things, LEAVES)
    assert state(office) == ["berangkat", "direncanakan"]
    gone = {row.unit for row in morning(office)}
    assert not {"091015-001", "091015-002"} & gone, "what goes home has been at its PPK"
    hand_over(joko, sari, GUDANG, trip.things[:1], LEAVES + HOUR)
    assert state(office) == ["tiba", "direncanakan"]
    hand_over(joko, sari, GUDANG, trip.things[1:], LEAVES + 2 * HOUR)
    assert state(office) == ["diterima", "direncanakan"]
    with pytest.raises(Refused, match="RETURN-TRIP-LOADED"):
        cancel_trip(by=kasubbag.actor, at=LEAVES + 3 * HOUR, trip=trip.pk)


def test_a_trip_that_was_called_off_frees_its_boxes(office, over, kasubbag):
    plan(kasubbag, office)
    cancel_trip(by=kasubbag.actor, at=NOW, trip="PULANG-33.16.09-1")
    assert state(office) == ["batal", "direncanakan"]
    with pytest.raises(Refused, match="RETURN-TRIP-OFF"):
        cancel_trip(by=kasubbag.actor, at=NOW, trip="PULANG-33.16.09-1")
    assert plan(kasubbag, office) == ["PULANG-33.16.09-3"]
    assert not [leg for leg in planned.planned_legs() if leg.id.startswith("PULANG-33.16.09-1:")]


@pytest.fixture
def clock(monkeypatch):
    from tepat.common import screens, table_answers
    from tepat.returns.views import night, papers, trips

    for module in (screens, table_answers, night, papers, trips):
        monkeypatch.setattr(module, "now", lambda: NOW)


def test_kul_plans_on_the_screen_and_prints_the_surat_jalan(office, over, kasubbag, dewi, joko, clock):
    client = client_of(kasubbag)
    page = client.get("/pengembalian/kecamatan/33.16.09/").content.decode()
    assert "Rencanakan perjalanan ke gudang" in page
    address = "/pengembalian/kecamatan/33.16.09/pulang/"
    form = client.get(address).content.decode()
    assert "K 8123 XX" in form
    assert 'value="2024-02-17T08:00"' in form, "tomorrow morning by the office's clock"
    asked = {"vehicles": ["K 8123 XX"], "first_at": "2024-02-17T08:00", "to_post": GUDANG, "minutes": "45"}
    assert client.post(address, asked | {"vehicles": []}).status_code == 409
    assert client.post(address, asked).status_code == 302
    page = client.get("/pengembalian/").content.decode()
    for words in ("PULANG-33.16.09-1", "DIRENCANAKAN", "K 8123 XX"):
        assert words in page, words
    trip = ReturnTrip.objects.get(pk="PULANG-33.16.09-1")
    shown = client.get(f"/pengembalian/pulang/{trip.pk}/").content.decode()
    for words in ("Joko", "45", "menurut kantor", "091015-001-1", "Batalkan perjalanan"):
        assert words in shown, words
    pdf = client.post(f"/pengembalian/kertas/peristiwa/{trip.event}/", {"jenis": "jalan-pulang"})
    with pypdfium2.PdfDocument(pdf.content) as document:
        text = document[0].get_textpage().get_text_range()
    for words in ("SURAT JALAN PENGEMBALIAN", "PULANG-33.16.09-1", "K 8123 XX", "Joko", "kotak 1, 2"):
        assert words in text, words
    paper = FieldPaper.objects.get()
    assert paper.number == "1/SJ-PULANG/33.16/II/2024"
    watched = client_of(dewi)
    assert watched.get(f"/pengembalian/pulang/{trip.pk}/").status_code == 200
    assert watched.get(address).status_code == 403
    assert client.post(f"/pengembalian/pulang/{trip.pk}/batal/").status_code == 302


def test_the_sets_of_pps_and_ppk_stand_in_the_list_of_the_morning(office, sari, budi, wahyu):
    from tepat.custody.actions import Hands, register_objects

    for level, unit, area in (("pps", "091015-PPS", KUNDEN), ("ppk", "090000-PPK", "33.16.09")):
        made = PackingSet.objects.create(
            election=office, area_code=area, level=level, unit=unit, state="belum"
        )
        PackedObject.objects.create(
            set=made,
            election=office,
            code=f"{unit}-1",
            object_id=f"kotak:{office.code}:{unit}-1",
            slot="1",
            is_box=True,
        )
    names = [f"kotak:{office.code}:{unit}-1" for unit in ("091015-PPS", "090000-PPK")]
    at = NOON - timedelta(days=6)
    register_objects(by=sari.actor, at=at, objects=names, hands=Hands(sari.actor.person, GUDANG))
    hand_over(sari, budi, f"pps:{KUNDEN}", names[:1], at + HOUR)
    away = {row.unit: row.found.spot for row in morning(office)}
    assert (away["091015-PPS"], away["090000-PPK"]) == ("pps", "belum")
    hand_over(sari, wahyu, PPK, names[1:], at + 2 * HOUR)
    hand_over(budi, wahyu, PPK, names[:1], NIGHT)
    assert not {"091015-PPS", "090000-PPK"} & {row.unit for row in morning(office)}


def morning(office):
    return not_back(
        sets_on_the_way(office, (OFFICE,), Instant(), hours_of(office, Office.objects.get(), SIX))
    )


def test_the_phones_of_driver_ppk_and_warehouse_know_the_trip(office, over, kasubbag, joko, sari, budi):
    from tepat.custody.models import Device
    from tepat.field.homeward import home_legs

    plan(kasubbag, office)
    trip = ReturnTrip.objects.get(pk="PULANG-33.16.09-1")
    day = {LEAVES.astimezone(Office.objects.get().zone).date()}

    def legs(somebody, role, post):
        device = Device(person_id=somebody.actor.person, role=role.name, post=post)
        found = home_legs(device, Office.objects.get(), day)
        return [
            (leg.id.partition(":")[2], leg.direction, leg.other_post) for leg in found if leg.trip == trip.pk
        ]

    assert legs(joko, Role.PENGEMUDI, "") == [("muat", "terima", PPK), ("gudang", "serahkan", GUDANG)]
    assert legs(over, Role.PPK, PPK) == [("muat", "serahkan", trip.post)]
    assert legs(sari, Role.GUDANG, GUDANG) == [("gudang", "terima", trip.post)]
    assert legs(budi, Role.PPS, f"pps:{KUNDEN}") == []
