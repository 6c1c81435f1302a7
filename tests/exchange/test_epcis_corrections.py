"""Which claims are declared wrong: those that a third person's scan refuted, and no other."""

import msgspec
from tests.exchange.worlds import PEOPLE, WRITER, real, uuid
from tests.simulator.events import BOX, POSTS, Story

from tepat.custody import events
from tepat.custody.rules import fold
from tepat.exchange.epcis.corrections import Refutation, corrections, refutations
from tepat.exchange.epcis.fields import FIELDS


def told(story):
    facts = [real(each) for each in story.facts]
    settled = {each.id: each for each in facts if each.kind == "custody.settled"}
    return refutations(fold(facts, object_id=BOX), settled), settled


def seen(story, by, holder):
    payload = {"with_person": holder, "post": POSTS[holder], "purpose": "temuan"}
    return story.add("custody.seen", payload, by)


def settled(story, by, holder):
    return story.add("custody.settled", {"holder": holder, "post": POSTS[holder]}, by)


def refuted(claim, end):
    return Refutation(uuid(claim), BOX, uuid(end))


def test_the_claims_of_all_others_are_refuted_and_the_right_one_is_not():
    story = Story()
    story.registered("sari")
    first = seen(story, "citra", "citra")
    seen(story, "budi", "budi")
    end = settled(story, "ketua", "budi")
    assert told(story)[0] == [refuted(first, end)]


def test_a_settling_says_nothing_about_what_is_claimed_later():
    story = Story()
    story.registered("sari")
    first = seen(story, "citra", "citra")
    end = settled(story, "ketua", "sari")
    later = seen(story, "budi", "budi")
    assert told(story)[0] == [refuted(first, end)]
    second = settled(story, "ketua", "sari")
    assert told(story)[0] == [refuted(first, end), refuted(later, second)]


def test_a_settling_by_one_of_the_parties_refutes_nothing():
    story = Story()
    story.registered("sari")
    seen(story, "citra", "citra")
    settled(story, "sari", "sari")
    assert told(story)[0] == []


def test_what_is_declared_names_every_settling_once_and_the_last_moment():
    story = Story()
    story.registered("sari")
    seen(story, "citra", "citra")
    settled(story, "ketua", "sari")
    found, known = told(story)
    end = next(iter(known.values()))
    known = {end.id: msgspec.structs.replace(end, recorded_us=77)}
    made = corrections([*found, *found], known, WRITER)
    (one,) = made.values()
    assert (one.declared_us, one.objects) == (77, {BOX})
    assert one.by == (WRITER.events(end)[0]["eventID"],)


def test_each_field_of_each_payload_has_its_place():
    apart = {"custody.accepted": {"missing", "refused"}, "custody.refused": {"refused"}}
    for kind, struct in events.KINDS.items():
        assert set(struct.__struct_fields__) == set(FIELDS[kind]) | apart.get(kind, set()), kind
    assert set(FIELDS) == set(events.KINDS)


def test_nobody_is_named_by_a_field_that_these_tests_do_not_know():
    for struct in events.KINDS.values():
        names = {
            name
            for name in struct.__struct_fields__
            if name.endswith("person") or name in {"holder", "second"}
        }
        assert names <= PEOPLE
