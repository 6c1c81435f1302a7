"""The office's ledger as a document: whole, filtered, with its errors declared; and the command."""

import gzip
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import NOW
from tests.exchange.oracle import public_hashes, schema_errors
from typer.testing import CliRunner

from tepat.cli import app
from tepat.common import ledger
from tepat.common.acting import action
from tepat.common.models import Event, Office
from tepat.common.permissions import Permission
from tepat.custody import holdings
from tepat.custody.actions import Count, Hands, To, accept, offer, register_objects
from tepat.custody.events import RefusedObject
from tepat.custody.models import ConfirmedEvent, Device, Invitation
from tepat.custody.rules import fold_all
from tepat.custody.settling_actions import note_seen, settle
from tepat.exchange.epcis import office as offices
from tepat.exchange.epcis import reading
from tepat.exchange.epcis.ids import DEFAULT_BASE, ids_of
from tepat.exchange.epcis.office import Export
from tepat.exchange.epcis.words import REVOKED

BOXES = tuple(f"kotak:pemilu-2024:091015-001-{number}" for number in range(1, 6))
FAR = "kotak:pemilu-2024:051014-001-1"
WAREHOUSE, PPS = "gudang:utama", "pps:33.16.09.1015"


@pytest.fixture
def office(db):
    return Office.objects.create(code="33.16", name="KPU Blora", area_code="33.16", time_zone="Asia/Jakarta")


@pytest.fixture
def boxes(office, sari, budi):
    """Six registered boxes; five were offered to Budi, who found four and refused one of them."""
    register_objects(by=sari.actor, at=NOW, objects=[*BOXES, FAR], hands=Hands(sari.actor.person, WAREHOUSE))
    made = offer(by=sari.actor, at=later(1), objects=BOXES, to=To(PPS))[0]
    count = Count(missing=(BOXES[0],), refused=(RefusedObject(BOXES[1], "basah", "kata Pak Anu"),))
    accept(by=budi.actor, at=later(2), offer_id=made, hands=Hands(budi.actor.person, PPS), count=count)
    return BOXES


def later(minutes):
    return NOW + timedelta(minutes=minutes)


def exported(**wish):
    export = Export(at=later(1000), base=DEFAULT_BASE, **wish)
    return json.loads(b"".join(export.document())), export


def events_of(whole):
    return whole["epcisBody"]["eventList"]


def test_the_document_of_an_office_is_valid_complete_and_without_names(boxes):
    whole, export = exported()
    assert schema_errors(whole) == []
    assert [each["bizStep"] for each in events_of(whole)] == [
        "commissioning",
        "staging_outbound",
        "accepting",
        "inspecting",
        "inspecting",
    ]
    assert [each["eventID"] for each in events_of(whole)] == public_hashes(events_of(whole))
    assert (export.read, export.written, export.declared, export.left_out_count) == (3, 5, 0, 0)
    assert whole["tepat:mode"] == "resmi"
    assert not [name for name in ("Sari", "Budi", "Pak Anu") if name in json.dumps(whole)]


def test_who_holds_what_can_be_told_from_the_document_alone(boxes):
    whole, _ = exported()
    read = list(reading.facts(events_of(whole), ids_of(DEFAULT_BASE, "33.16")))
    histories = fold_all(read)
    holdings.refresh()
    for name, state in holdings.state_of([*BOXES, FAR]).items():
        assert (histories[name].state.holder, histories[name].state.status) == (state.holder, state.status)
        assert histories[name].state.since_us == state.since_us


def test_only_what_concerns_an_area_or_a_box_and_the_ids_stay_the_same(boxes):
    known = {each["eventID"] for each in events_of(exported()[0])}
    for wish, count in (
        ({"area": "33.16.05"}, 1),
        ({"area": "33.16.09.1015"}, 5),
        ({"objects": (FAR,)}, 1),
        ({"objects": BOXES[2:3]}, 5),
        ({"area": "33.16.01"}, 0),
    ):
        found = [each["eventID"] for each in events_of(exported(**wish)[0])]
        assert len(found) == count, wish
        assert set(found) <= known


def test_what_is_recorded_later_is_left_for_the_next_document(boxes):
    assert len(events_of(json.loads(b"".join(Export(at=later(1), base=DEFAULT_BASE).document())))) == 2


def test_a_claim_that_a_settling_refuted_is_declared_wrong_and_said_again_rightly(
    boxes, sari, citra, kasubbag
):
    cepu = Hands(citra.actor.person, "pps:33.16.05.1014")
    note_seen(by=citra.actor, at=later(10), objects=[BOXES[2], FAR], hands=cepu, found=True)
    budis = holdings.history_of(BOXES[2]).state
    assert budis.status == "sengketa"
    hands = Hands(_uuid(budis.holder), PPS)
    settle(by=kasubbag.actor, at=later(20), objects=[BOXES[2]], hands=hands, note="dipindai sendiri")
    whole, export = exported()
    assert schema_errors(whole) == []
    assert export.declared == 1
    found = [each for each in events_of(whole) if each["tepat:kind"] == "custody.seen"]
    claim, declared, corrected = found
    assert declared == claim | {"errorDeclaration": declared["errorDeclaration"]}
    settled = next(each for each in events_of(whole) if each["tepat:kind"] == "custody.settled")
    assert declared["errorDeclaration"]["reason"] == "incorrect_data"
    assert declared["errorDeclaration"]["correctiveEventIDs"] == [corrected["eventID"], settled["eventID"]]
    assert [each.rpartition("/")[2] for each in corrected["epcList"]] == ["051014-001-1"]
    assert corrected["tepat:corrects"] == claim["eventID"]
    assert public_hashes([claim, declared, corrected]) == [each["eventID"] for each in found]
    facts = list(reading.facts(events_of(whole), ids_of(DEFAULT_BASE, "33.16")))
    assert len(facts) == Event.objects.filter(kind__in=holdings.CUSTODY_KINDS).count()


def test_a_claim_that_a_settling_found_right_is_no_error(boxes, sari, citra, kasubbag):
    cepu = Hands(citra.actor.person, "pps:33.16.05.1014")
    note_seen(by=citra.actor, at=later(10), objects=[BOXES[2]], hands=cepu, found=True)
    settle(by=kasubbag.actor, at=later(20), objects=[BOXES[2]], hands=cepu, note="")
    assert exported()[1].declared == 0


def _uuid(text):
    from uuid import UUID

    return UUID(text)


@action(Permission.CUSTODY_ACT)
def say(*, by, at, kind, payload, about):
    return ledger.record(kind, payload, by=by, at=at, about=about)


@pytest.fixture
def phone(office, budi):
    """Budi's phone, which was revoked an hour later."""
    shared = {"role": "PPS", "area_code": PPS[4:], "valid_from": NOW, "valid_to": later(9000)}
    card = Invitation.objects.create(
        code_hash="0" * 64, number="1", kind="undangan", issued_at=NOW, issued_by=budi.actor.person, **shared
    )
    return Device.objects.create(
        pk="ab" * 32, public_key={}, invitation=card, bound_at=NOW, revoked_at=later(60), **shared
    )


def test_an_event_of_a_revoked_identity_is_declared_wrong_until_somebody_confirms_it(boxes, budi, phone):
    payload = {"with_person": str(budi.actor.person), "post": PPS}
    about = ledger.About(objects=(BOXES[2],), device=phone.pk, counter=1)
    event = say(by=budi.actor, at=later(5), kind="custody.seen", payload=payload, about=about)
    whole, _ = exported()
    assert schema_errors(whole) == []
    declared = events_of(whole)[-1]
    assert declared["errorDeclaration"]["reason"] == REVOKED
    assert declared["errorDeclaration"]["declarationTime"].startswith("2024-02-01T04:00:00")
    assert declared["eventID"] == events_of(whole)[-2]["eventID"]
    ids = ids_of(DEFAULT_BASE, "33.16")
    assert [each.revoked for each in reading.facts(events_of(whole), ids)][-1]
    ConfirmedEvent.objects.create(event=event, confirmed_by=budi.actor.person, confirmed_at=later(70))
    assert exported()[1].declared == 0


def test_what_cannot_be_written_is_named_and_the_rest_is_written(boxes, budi, tmp_path):
    about = ledger.About(objects=("x:8003:04719512002889",))
    payload = {"with_person": str(budi.actor.person), "post": PPS}
    event = say(by=budi.actor, at=later(5), kind="custody.seen", payload=payload, about=about)
    whole, export = exported()
    assert export.left_out_count == 1
    assert list(export.left_out) == [str(event.pk)]
    assert len(events_of(whole)) == 5
    done = run("--out", tmp_path / "blora.jsonld")
    assert done.exit_code == 1
    assert "5 peristiwa EPCIS dari 4 peristiwa buku" in done.output
    assert f"- {event.pk}: ada kode yang dapat disangka kunci GS1" in done.output


def test_pages_join_without_a_gap_also_at_one_moment(boxes, budi, monkeypatch):
    payload = {"with_person": str(budi.actor.person), "post": PPS}
    about = ledger.About(objects=BOXES)
    for _ in range(7):
        say(by=budi.actor, at=later(5), kind="custody.seen", payload=payload, about=about)
    whole, _ = exported()
    monkeypatch.setattr(offices, "PAGE", 2)
    with CaptureQueriesContext(connection) as seen:
        paged, _ = exported()
    assert events_of(paged) == events_of(whole)
    assert len(events_of(whole)) == 12
    assert not [
        each for each in seen.captured_queries if each["sql"].startswith(("BEGIN", "UPDATE", "INSERT"))
    ]


def run(*words):
    return CliRunner().invoke(app, ["export", "epcis", *map(str, words)])


def test_the_command_writes_a_document_that_it_finds_right_itself(boxes, tmp_path):
    out = tmp_path / "blora.jsonld"
    done = run("--out", out, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["read"], told["written"], told["left_out"]) == (3, 5, 0)
    assert told["bytes"] == out.stat().st_size
    checked = run("--check", out)
    assert checked.exit_code == 0
    assert "COCOK dengan EPCIS 2.0." in checked.output
    packed = tmp_path / "blora.jsonld.gz"
    assert run("--out", packed, "--objek", "051014-001-1").exit_code == 0
    assert len(events_of(json.loads(gzip.decompress(packed.read_bytes())))) == 1
    assert run("--check", packed).exit_code == 0
    assert sorted(tmp_path.iterdir()) == [out, packed]


def test_when_writing_breaks_off_the_old_file_stands_and_no_draft_is_left(boxes, tmp_path, monkeypatch):
    out = tmp_path / "blora.jsonld"
    out.write_text("yang lama")

    def full(*_):
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr(offices.streams, "write", full)
    assert isinstance(run("--out", out).exception, OSError)
    monkeypatch.setattr(offices.streams, "write", lambda *_: iter([b"{", "bukan byte"]))
    assert run("--out", out).exit_code == 1
    assert [each.read_text() for each in tmp_path.iterdir()] == ["yang lama"]


def test_a_changed_document_is_found_with_its_line(boxes, tmp_path):
    out = tmp_path / "blora.jsonld"
    run("--out", out)
    out.write_text(out.read_text().replace('"bizStep":"accepting"', '"bizStep":"teleporting"'))
    done = run("--check", out)
    assert done.exit_code == 1
    assert "baris 4, peristiwa 3: bizStep berisi kata yang tidak ada" in done.output
    told = json.loads(run("--check", out, "--json").output)
    assert (told["good"], told["faults"], told["shown"][0]["line"]) == (False, 1, 4)
    out.write_text(out.read_text().replace("teleporting", "receiving"))
    assert "eventID tidak cocok dengan isinya" in run("--check", out).output


def test_many_faults_are_counted_and_some_are_shown(tmp_path):
    file = tmp_path / "asing.json"
    file.write_text(json.dumps({"epcisBody": {"eventList": [{}] * 300}}))
    done = run("--check", file)
    assert done.exit_code == 1
    assert "204 lagi" in done.output
    assert "TIDAK COCOK: 304 kesalahan." in done.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "EPCIS-WHAT"),
        (("--out", "a", "--check", "b"), "EPCIS-WHAT"),
        (("--out", "hasil.json", "--area", "33.17"), "EPCIS-AREA"),
        (("--out", "hasil.json", "--objek", "tidak-ada"), "CUSTODY-NO-SUCH-BOX"),
        (("--out", "hasil.json", "--dasar", "https://id.gs1.org"), "EPCIS-BASE"),
    ],
)
def test_a_wish_without_sense_is_refused_and_leaves_no_file(words, code, office, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert getattr(done.exception, "code", "") == code
    assert list(tmp_path.iterdir()) == []
