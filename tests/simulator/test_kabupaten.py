"""A small kabupaten under torture: after every step one accountable person for each box, and nothing is lost.

Hypothesis plays warehouse, drivers, villages, KPPS, a thief and bad luck: phones offline for hours, clocks
off by hours and years, events sent twice, in any order and half acknowledged, two phones with one box, phones
lost, a leaked invitation, a deputy who takes over, a server killed between any two steps, a full disk.

In half of the games nobody lies and no unsent event is lost: what the server believes is true in the end.
"""

import random
from dataclasses import dataclass

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.simulator.office import DiskFullError, KilledError, Phone, Server, Step

from tepat.custody.closing import balance, balance_by_leg
from tepat.custody.events import list_hash
from tepat.custody.facts import microseconds
from tepat.custody.rules import fold_all
from tepat.custody.tiling import Tolerances, faults_of, tile

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
YEAR_US = 365 * 24 * HOUR_US
BOXES = [f"kotak:{number}" for number in range(6)]
POSTS = {
    "sari": "gudang:1",
    "supir": "angkutan:1",
    "tono": "angkutan:2",
    "budi": "pps:1",
    "citra": "pps:2",
    "ketua": "kpps:1",
}
PEOPLE = list(POSTS)
people, boxes = st.sampled_from(PEOPLE), st.sampled_from(BOXES)
deaths = st.sampled_from([None, None, None, *Step])
offsets = st.sampled_from([-24 * YEAR_US, -3 * HOUR_US, 0, 20 * MINUTE_US, 3 * HOUR_US, 12 * YEAR_US])


@dataclass(frozen=True)
class Qr:
    """An offer as its giver's phone shows it."""

    offer: str
    giver: str
    to: str
    boxes: tuple[str, ...]

    @property
    def list_hash(self) -> str:
        return list_hash(self.boxes)


class Kabupaten(RuleBasedStateMachine):
    offers = Bundle("offers")

    @initialize(offset=st.lists(offsets, min_size=len(PEOPLE), max_size=len(PEOPLE)), honest=st.booleans())
    def begin(self, offset: list[int], *, honest: bool) -> None:
        self.now_us = microseconds("2024-02-11T00:00:00Z")
        self.server = Server()
        self.phones: dict[str, Phone] = {}
        self.where = dict.fromkeys(BOXES, "sari")
        self.acknowledged: set[str] = set()
        self.signed: set[str] = set()
        self.lost: set[str] = set()
        self.honest = honest
        self.devices = 0
        for person, ahead_us in zip([*PEOPLE, "dewi"], [*offset, 0], strict=True):
            self._new_phone(person, ahead_us)
        self._sign("sari", "custody.registered", {"holder": "sari", "post": POSTS["sari"]}, BOXES)
        self._exchange(self.phones["sari"], list(self.phones["sari"].queue), None)

    def _new_phone(self, person: str, offset_us: int) -> Phone:
        self.devices += 1
        phone = Phone(f"hp{self.devices}", person, self.now_us, offset_us)
        self.server.hear(phone.device, self.now_us + offset_us, self.now_us)
        self.phones[person] = phone
        return phone

    def _sign(self, person: str, kind: str, payload: dict, objects, *, actor: str = "") -> str:
        self.now_us += 3 * MINUTE_US
        id_ = self.phones[person].sign(kind, payload, objects, self.now_us, actor=actor)
        self.signed.add(id_)
        return id_

    def _exchange(self, phone: Phone, batch, die: Step | None, *, heard: bool = True) -> None:
        self.now_us += MINUTE_US
        try:
            answered = self.server.receive(batch, self.now_us + phone.offset_us, self.now_us, die)
        except (KilledError, DiskFullError):
            return
        if heard:
            self.acknowledged |= set(answered)
            phone.hear(answered, self.now_us)

    # Honest work

    @rule(hours=st.integers(1, 14))
    def time_passes(self, hours: int) -> None:
        self.now_us += hours * HOUR_US

    @rule(target=offers, box=boxes, to=people, more=st.sets(boxes))
    def offer(self, box: str, to: str, more: set[str]):
        return self._offer(box, to, more) or multiple()

    @rule(target=offers, box=boxes, to=people, more=st.sets(boxes), one_phone=st.booleans())
    def hand_over(self, box: str, to: str, more: set[str], *, one_phone: bool):
        qr = self._offer(box, to, more)
        if qr is not None:
            self._accept(qr, one_phone=one_phone)
        return qr or multiple()

    @rule(qr=offers, one_phone=st.booleans(), missing=st.integers(0, 2), refused=st.integers(0, 1))
    def accept(self, qr: Qr, missing: int, refused: int, *, one_phone: bool) -> None:
        self._accept(qr, missing, refused, one_phone=one_phone)

    def _offer(self, box: str, to: str, more: set[str]) -> Qr | None:
        giver = self.where[box]
        listed = tuple(sorted(each for each in {box, *more} if self.where[each] == giver))
        if giver == to:
            return None
        payload = {
            "to_post": POSTS[to],
            "to_person": to,
            "list_hash": list_hash(listed),
            "leg": f"{giver}>{to}",
        }
        return Qr(self._sign(giver, "custody.offered", payload, listed), giver, to, listed)

    def _accept(self, qr: Qr, missing: int = 0, refused: int = 0, *, one_phone: bool) -> None:
        there = [box for box in qr.boxes if self.where[box] == qr.giver]
        unseen, there = there[:missing], there[missing:]
        wet, taken = there[:refused], there[refused:]
        if not (unseen or wet or taken):
            return
        payload = {
            "offer": qr.offer,
            "list_hash": qr.list_hash,
            "giver": qr.giver,
            "receiver": qr.to,
            "post": POSTS[qr.to],
            "missing": unseen,
            "refused": [{"object": box, "reason": "basah"} for box in wet],
            "one_phone": one_phone,
        }
        signer = qr.giver if one_phone else qr.to
        self._sign(signer, "custody.accepted", payload, [*unseen, *wet, *taken])
        self.where |= dict.fromkeys(taken, qr.to)

    @precondition(lambda self: not self.honest)
    @rule(qr=offers)
    def withdraw(self, qr: Qr) -> None:
        kept = [box for box in qr.boxes if self.where[box] == qr.giver]
        if kept:
            self._sign(qr.giver, "custody.withdrawn", {"offer": qr.offer}, kept)

    @rule(box=boxes)
    def see(self, box: str) -> None:
        person = self.where[box]
        self._sign("dewi", "custody.seen", {"with_person": person, "post": POSTS[person]}, [box])

    @rule(box=boxes)
    def settle(self, box: str) -> None:
        person = self.where[box]
        self._sign("dewi", "custody.settled", {"holder": person, "post": POSTS[person]}, [box])

    @rule(box=boxes, deputy=people)
    def another_vehicle_takes_over(self, box: str, deputy: str) -> None:
        person = self.where[box]
        held = [each for each in BOXES if self.where[each] == person]
        if person != deputy:
            payload = {"from_person": person, "to_person": deputy, "post": POSTS[deputy]}
            self._sign(deputy, "custody.taken-over", payload, held)
            self.where |= dict.fromkeys(held, deputy)

    # Bad luck and bad people

    @precondition(lambda self: not self.honest)
    @rule(qr=offers, person=people)
    def a_second_phone_claims_the_same_boxes(self, qr: Qr, person: str) -> None:
        self._claim(person, qr)

    @precondition(lambda self: not self.honest)
    @rule(qr=offers, revoked=st.booleans())
    def a_stranger_uses_a_leaked_invitation(self, qr: Qr, *, revoked: bool) -> None:
        stranger = self.phones.get("asing") or self._new_phone("asing", 0)
        self._claim("asing", qr)
        self._exchange(stranger, list(stranger.queue), None)
        if revoked:
            self.server.revoke(stranger.device)
            self.lost |= {each.id for each in self.phones.pop("asing").queue}

    def _claim(self, person: str, qr: Qr) -> None:
        payload = {
            "offer": qr.offer,
            "list_hash": qr.list_hash,
            "giver": qr.giver,
            "receiver": person,
            "post": POSTS.get(person, "pps:9"),
        }
        self._sign(person, "custody.accepted", payload, qr.boxes)

    @rule(box=boxes, offset=offsets)
    def a_clock_is_set(self, box: str, offset: int) -> None:
        person = self.where[box]
        phone = self.phones[person]
        if self.honest:  # what is not sent yet has a time that is sure only if the server hears of the change
            if phone.queue:
                return
            self.server.hear(phone.device, self.now_us + offset, self.now_us)
            phone.heard_us = self.now_us
        phone.offset_us, phone.jumps = offset, phone.jumps + 1

    @rule(person=people)
    def a_phone_is_lost(self, person: str) -> None:
        unsent = {each.id for each in self.phones[person].queue}
        if self.honest and unsent:
            return
        self.lost |= unsent
        self._new_phone(person, 0)

    @rule(full=st.booleans())
    def the_disk_fills_or_is_emptied(self, *, full: bool) -> None:
        self.server.disk_full = full

    @rule()
    def the_server_is_killed(self) -> None:
        self.server.histories = {}
        self.server.restart()

    @rule(
        person=st.sampled_from([*PEOPLE, "dewi"]), seed=st.integers(0, 999), die=deaths, heard=st.booleans()
    )
    def sync(self, person: str, seed: int, die: Step | None, *, heard: bool) -> None:
        phone, rng = self.phones[person], random.Random(seed)
        batch = rng.sample(phone.queue, rng.randint(0, len(phone.queue)))
        batch += rng.sample(batch, rng.randint(0, len(batch)))
        if batch:
            self._exchange(phone, batch, die, heard=heard)

    @rule(seed=st.integers(0, 999))
    def all_have_signal(self, seed: int) -> None:
        waiting = [person for person in sorted(self.phones) if self.phones[person].queue]
        for person in random.Random(seed).sample(waiting, len(waiting)):
            self._exchange(self.phones[person], list(self.phones[person].queue), None)

    # What must always hold

    @invariant()
    def each_box_has_exactly_one_accountable_person_at_each_instant(self) -> None:
        for box, history in self.server.histories.items():
            began = next((moment.at_us for moment in history.moments if moment.holder), self.now_us)
            segments = tile(history, now_us=self.now_us, tolerances=Tolerances())
            assert faults_of(segments, from_us=began, to_us=self.now_us) == () or began == self.now_us, box
            assert history.state.holder

    @invariant()
    def all_that_was_sent_is_accounted_for(self) -> None:
        offers = [fact for fact in self.server.facts() if fact.kind == "custody.offered"]
        for id_, sheet in balance(offers, self.server.histories).items():
            assert sheet.balanced, (id_, sheet)
        assert all(sheet.balanced for sheet in balance_by_leg(offers, self.server.histories).values())

    @invariant()
    def every_acknowledged_event_is_in_the_log_exactly_once(self) -> None:
        ids = [fact.id for fact in self.server.log]
        assert len(ids) == len(set(ids))
        assert self.acknowledged <= set(ids)

    @invariant()
    def what_was_signed_is_on_a_phone_or_in_the_log_or_was_lost_with_a_phone(self) -> None:
        kept = {each.id for phone in self.phones.values() for each in phone.queue}
        assert self.signed == kept | {fact.id for fact in self.server.log} | self.lost

    @invariant()
    def the_projection_is_computed_again_to_the_same_bytes(self) -> None:
        again = fold_all(reversed(self.server.facts()))
        assert msgspec.json.encode(again, order="sorted") == msgspec.json.encode(
            self.server.histories, order="sorted"
        )

    def teardown(self) -> None:
        if not hasattr(self, "server"):
            return
        self.server.disk_full = False
        for phone in self.phones.values():
            if phone.queue:
                self._exchange(phone, list(phone.queue), None)
            assert not phone.queue
        if self.honest:
            for box, history in self.server.histories.items():
                assert history.state.holder == self.where[box], box
                assert not history.state.claims
                assert not history.state.one_sided
        self.server.revoked |= {"asing"}
        for box in BOXES:
            self.settle(box)
        self._exchange(self.phones["dewi"], list(self.phones["dewi"].queue), None)
        for box, history in self.server.histories.items():
            state = history.state
            assert (state.holder, state.claims, state.missing) == (self.where[box], (), None)
        self.all_that_was_sent_is_accounted_for()


def test_a_kabupaten_under_torture() -> None:
    run_state_machine_as_test(Kabupaten)
