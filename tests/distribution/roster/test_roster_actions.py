"""A plan's roster in the office: proposed, changed by hand and checked at once, moved up, answered."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.conftest import NOW, make_somebody
from tests.distribution.screens import AREA

from tepat.common.acting import actor_of
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Event
from tepat.common.permissions import Role
from tepat.custody.identity_actions import Wanted, issue_cards
from tepat.custody.models import Card
from tepat.custody.readiness_duties import acknowledged
from tepat.distribution.actions import forward_plan, propose_plan, publish_plan
from tepat.distribution.forms import PublishForm
from tepat.distribution.roster.bounds import empty_at_least
from tepat.distribution.roster.gaps import Search
from tepat.distribution.roster_actions import (
    Note,
    answer_own,
    deputy_seat,
    keep_proposal,
    move_up,
    note_answer,
    note_availability,
    set_seat,
)
from tepat.distribution.roster_answers import answers_of, waiting
from tepat.distribution.roster_models import RosterPerson
from tepat.distribution.roster_proposals import propose_and_keep
from tepat.distribution.roster_rows import roster_of

LATER = NOW + timedelta(hours=1)


def published(plan, office):
    propose_plan(by=office["kul"].actor, at=NOW, plan=plan.pk)
    forward_plan(by=office["sekretaris"].actor, at=NOW, plan=plan.pk)
    form = PublishForm({"number": "1/BA", "minutes_date": "2024-02-01", "reason_text": "paling murah"})
    publish_plan(by=office["komisioner"].actor, at=NOW, plan=plan.pk, minutes=form.minutes())
    plan.refresh_from_db()


def receiver(roster):
    return next(seat for seat in roster.seats if seat.part == "penerima")


def test_with_enough_people_every_seat_is_filled_and_nothing_is_wrong(proposed):
    roster = roster_of(proposed)
    assert len(roster.given) == len(roster.seats) > 100
    assert roster.gaps == []
    event = Event.objects.get(kind="roster.proposed")
    assert event.payload["filled"] == len(roster.seats)
    assert RosterPerson.objects.count() == len(set(roster.given.values())) == event.payload["people"]


def test_without_people_everything_is_a_gap_that_says_whom_to_add(plans):
    roster = roster_of(plans["langsung-pps"])
    assert len(roster.gaps) == len(roster.seats) == empty_at_least(roster.seats, roster.people)
    assert "Belum ada PPS tercatat" in next(gap for gap in roster.gaps if gap.seat.part == "penerima").mend


def test_proposing_again_changes_nothing_and_says_so(proposed, system):
    with pytest.raises(Refused, match="ROSTER-SAME"):
        propose_and_keep(by=system, at=LATER, row=proposed)


def test_a_proposal_that_was_overtaken_is_not_used(proposed, office, system):
    roster = roster_of(proposed)
    seat = receiver(roster)
    set_seat(by=office["kul"].actor, at=LATER, plan=proposed.pk, seat=seat.id, person=None)
    with pytest.raises(Refused, match="ROSTER-MOVED"):
        keep_proposal(by=system, at=LATER, plan=proposed.pk, before=roster.given, given={}, file=None)


def test_what_a_person_chose_stays_when_the_rest_is_proposed_again(proposed, office, system):
    roster = roster_of(proposed)
    seat = receiver(roster)
    search = Search(roster.given, {one.id: one for one in roster.seats}, roster.people, roster.ways)
    free = [person.id for person in search.bench.able(seat) if not search.against(seat, person)]
    third = next(who for who in free if who != roster.given[seat.id])
    set_seat(by=office["kul"].actor, at=LATER, plan=proposed.pk, seat=seat.id, person=UUID(third))
    other = next(one for one in roster.seats if one.part == "wakil")
    set_seat(by=office["kul"].actor, at=LATER, plan=proposed.pk, seat=other.id, person=None)
    assert [gap.seat.id for gap in roster_of(proposed).gaps] == [other.id]
    propose_and_keep(by=system, at=LATER, row=proposed)
    after = roster_of(proposed)
    assert after.given[seat.id] == third
    assert after.by_hand == {seat.id}
    assert after.gaps == []


def test_nobody_is_put_in_two_places_or_where_their_post_does_not_reach(proposed, office):
    roster, kul = roster_of(proposed), office["kul"].actor
    seat = receiver(roster)
    deputy = roster.given[seat.id.replace("penerima", "wakil-penerima")]
    with pytest.raises(Refused, match="ROSTER-CLASH"):
        set_seat(by=kul, at=LATER, plan=proposed.pk, seat=seat.id, person=UUID(deputy))
    driver = next(person.id for person in roster.people if person.held[0].role is Role.PENGEMUDI)
    with pytest.raises(Refused, match="ROSTER-CANNOT"):
        set_seat(by=kul, at=LATER, plan=proposed.pk, seat=seat.id, person=UUID(driver))
    with pytest.raises(Refused, match="ROSTER-UNKNOWN-PERSON"):
        set_seat(by=kul, at=LATER, plan=proposed.pk, seat=seat.id, person=kul.person)
    with pytest.raises(NotAllowed):
        set_seat(by=kul, at=LATER, plan=proposed.pk, seat="T-999:wakil", person=None)
    assert roster_of(proposed).given == roster.given


def test_only_the_office_changes_who_does_what(proposed, office):
    seat = receiver(roster_of(proposed)).id
    with pytest.raises(NotAllowed):
        set_seat(by=office["komisioner"].actor, at=LATER, plan=proposed.pk, seat=seat, person=None)
    elsewhere = make_somebody("Lain", Role.KUL, "33.16").actor
    with pytest.raises(NotAllowed, match="COMMON-NOT-FOUND"):
        set_seat(by=elsewhere, at=LATER, plan=proposed.pk, seat=seat, person=None)


def test_somebody_falls_ill_after_publication_and_the_deputy_moves_up(proposed, office):
    published(proposed, office)
    roster, kul = roster_of(proposed), office["kul"].actor
    main = next(seat for seat in roster.seats if seat.part == "penanggung-jawab")
    ill, deputy = roster.given[main.id], roster.given[deputy_seat(main)]
    note_availability(by=kul, at=LATER, area_code=AREA, person=UUID(ill), note=Note("", (main.day,)))
    wrong = {gap.seat.id: gap for gap in roster_of(proposed).gaps}
    assert wrong[main.id].said == "penanggung jawab di jalan berhalangan hari itu"
    move_up(by=kul, at=LATER, plan=proposed.pk, seat=main.id)
    after = roster_of(proposed)
    assert after.given[main.id] == deputy
    assert {gap.seat.id for gap in after.gaps if gap.seat.trip == main.trip} == {deputy_seat(main)}
    event = Event.objects.get(kind="roster.changed")
    assert event.payload["published"] is True
    assert set(event.objects_named) == {f"rencana:{proposed.pk}", f"orang:{ill}", f"orang:{deputy}"}
    with pytest.raises(Refused, match="ROSTER-NO-DEPUTY"):
        move_up(by=kul, at=LATER, plan=proposed.pk, seat=main.id)


def test_after_publication_a_proposal_changes_only_what_no_longer_works(proposed, office, system):
    published(proposed, office)
    roster = roster_of(proposed)
    main = next(seat for seat in roster.seats if seat.part == "penanggung-jawab")
    ill = roster.given[main.id]
    kul = office["kul"].actor
    note_availability(by=kul, at=LATER, area_code=AREA, person=UUID(ill), note=Note("", (main.day,)))
    propose_and_keep(by=kul, at=LATER, row=proposed)
    after = roster_of(proposed)
    assert after.gaps == []
    changed = {seat for seat, who in after.given.items() if roster.given[seat] != who}
    assert changed == {seat.id for seat in roster.of_person(ill) if seat.day == main.day}


def test_whoever_loses_all_duties_of_a_published_plan_is_still_to_be_told(proposed, office):
    published(proposed, office)
    roster, kul = roster_of(proposed), office["kul"].actor
    seat = receiver(roster)
    who = roster.given[seat.id]
    for own in roster.of_person(who):
        set_seat(by=kul, at=LATER, plan=proposed.pk, seat=own.id, person=None)
    row = RosterPerson.objects.get(plan=proposed, person=who)
    assert row.changed_at == LATER
    assert row.answered_at is None


def test_one_says_yes_once_and_is_asked_again_when_duties_change(proposed, office):
    roster = roster_of(proposed)
    seat = receiver(roster)
    budi = actor_of(UUID(roster.given[seat.id]), NOW)
    answer_own(by=budi, at=NOW, plan=proposed.pk)
    zone = office_zone(proposed)
    assert answers_of(proposed, NOW, zone, named=False)[str(budi.person)].word == "SIAP"
    with pytest.raises(Refused, match="ROSTER-ANSWERED"):
        answer_own(by=budi, at=NOW, plan=proposed.pk)
    own = roster.of_person(str(budi.person))
    assert len(own) > 0
    deputy = next(one for one in roster.seats if one.id == deputy_seat(seat))
    set_seat(by=office["kul"].actor, at=LATER, plan=proposed.pk, seat=own[-1].id, person=None)
    found = answers_of(proposed, LATER, zone, named=False)
    assert str(budi.person) not in found or found[str(budi.person)].state != "aman"
    with pytest.raises(NotAllowed):
        answer_own(by=office["komisioner"].actor, at=NOW, plan=proposed.pk)
    assert deputy.part == "wakil-penerima"


def office_zone(plan):
    from zoneinfo import ZoneInfo

    return ZoneInfo(roster_of(plan).problem.office.time_zone)


def test_a_telephone_answer_is_noted_by_somebody_else_and_makes_the_card_ready(proposed, office):
    kul, roster = office["kul"].actor, roster_of(proposed)
    who = UUID(roster.given[receiver(roster).id])
    wanted = Wanted(AREA, (Role.PPS,), NOW, NOW + timedelta(days=30), people=frozenset({who}))
    issue_cards(by=kul, at=NOW, wanted=wanted)
    assert [card.person_id for card in Card.objects.all()] == [who]
    note_answer(by=kul, at=LATER, plan=proposed.pk, person=who)
    assert acknowledged({who}, LATER) == {who}
    row = RosterPerson.objects.get(plan=proposed, person=who)
    assert (row.answered_by, row.answered_how) == (kul.person, "telepon")
    assert {event.kind for event in Event.objects.filter(recorded_at=LATER)} == {
        "roster.answered",
        "identity.acknowledged",
    }


def test_nobody_notes_their_own_telephone_answer(proposed):
    roster = roster_of(proposed)
    seat = next(one for one in roster.seats if one.part == "penanggung-jawab")
    who = UUID(roster.given[seat.id])
    make = make_somebody("Operator", Role.OPERATOR, AREA).actor
    own = type(make)(who, make.standings)
    with pytest.raises(Refused, match="ROSTER-OWN"):
        note_answer(by=own, at=NOW, plan=proposed.pk, person=who)


def test_a_card_bound_before_the_duties_changed_says_nothing_of_the_new_ones(proposed, office):
    kul, roster = office["kul"].actor, roster_of(proposed)
    who = UUID(roster.given[receiver(roster).id])
    wanted = Wanted(AREA, (Role.PPS,), NOW, NOW + timedelta(days=30), people=frozenset({who}))
    (card,) = issue_cards(by=kul, at=NOW, wanted=wanted)
    from tepat.custody.duty_actions import note_ready

    note_ready(by=kul, at=LATER, number=card.number)
    zone = office_zone(proposed)
    assert answers_of(proposed, LATER, zone, named=True)[str(who)].state == "aman"
    RosterPerson.objects.filter(person=who).update(changed_at=LATER + timedelta(minutes=1))
    late = answers_of(proposed, LATER + timedelta(hours=1), zone, named=True)
    assert late[str(who)].word == "LEWAT BATAS"  # the first of February is past H-14
    early = answers_of(proposed, NOW - timedelta(days=3), zone, named=True)
    assert early[str(who)].word == "BELUM MENJAWAB"
    assert waiting(late) == len(late)


def test_too_many_days_away_are_refused(proposed, office):
    days = tuple(NOW.date() + timedelta(days=n) for n in range(61))
    who = UUID(next(iter(roster_of(proposed).given.values())))
    with pytest.raises(Refused, match="ROSTER-AWAY-MANY"):
        note_availability(by=office["kul"].actor, at=NOW, area_code=AREA, person=who, note=Note("B1", days))
    with pytest.raises(NotAllowed):
        note_availability(
            by=office["kul"].actor,
            at=NOW,
            area_code=AREA,
            person=office["kul"].actor.person,
            note=Note("B1", ()),
        )
