"""The demo hands over: warehouse to truck, truck to PPS, PPS to KPPS, at the moments of the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tepat.common import identity
from tepat.custody import actions, events, settling_actions
from tepat.custody.actions import Count, Hands, To
from tepat.custody.models import Holding, Offer
from tepat.distribution.plans import Delivery, Trip
from tepat.operations.demo_faults import Faults, Halt
from tepat.operations.demo_packing import Told
from tepat.operations.demo_people import CHIEF, People, driver, kpps, ppk, pps
from tepat.operations.demo_phone import spread

MINUTE = timedelta(minutes=1)
LATE_MINUTES = 18
LATEST = MINUTE * (LATE_MINUTES + 10)
BEFORE_MORNING = timedelta(hours=11)  # from the first hand-over to a KPPS back to the evening before
OWN_PHONE_EVERY = 9  # of so many KPPS one has a phone of its own; the others show card and PIN
SIGNED_EVERY = 5


@dataclass
class Hauling:
    """The hand-overs of one kecamatan.

    Args:
        people: Who gives and who receives.
        names: The names of the areas, by code.
        objects: The objects of each planned set.
        seals: The seal on each box.
        photos: Photos by what they show: the SHA-256 of a kept file.
        faults: What goes wrong.
    """

    people: People
    names: Mapping[str, str]
    objects: Mapping[str, Sequence[str]]
    seals: Mapping[str, str]
    photos: Mapping[str, str]
    faults: Faults
    done: set[str] = field(default_factory=set)

    def haul(self, halts: Sequence[Halt], tell: Told) -> None:
        """Drive every trip; each is one transaction, and what an earlier run has done is left alone.

        Args:
            halts: Its stops, in the order of loading.
            tell: Hears how many trips are done.
        """
        self.done = set(Offer.objects.values_list("leg", flat=True))
        trips = {halt.trip.id: halt.trip for halt in halts}
        for place, (name, trip) in enumerate(trips.items()):
            if f"{name}:muat" not in self.done:
                with transaction.atomic():
                    self._drive(trip, [halt for halt in halts if halt.trip.id == name])
            tell(place + 1, len(trips), f"Contoh serah terima: perjalanan {name}")

    def _drive(self, trip: Trip, halts: Sequence[Halt]) -> None:
        who = driver(trip.vehicle)
        truck, late = f"angkutan:{trip.id}", MINUTE * spread(f"lambat {trip.id}", LATE_MINUTES)
        loaded = [name for halt in halts for name in halt.objects]
        to = To(truck, self.people.ids[who], f"{trip.id}:muat", trip.depart_at, self.people.office)
        (given,) = actions.offer(
            by=self.people.actor(CHIEF), at=trip.load_at + MINUTE + late, objects=loaded, to=to
        )
        offer = UUID(given)
        hands = Hands(self.people.ids[who], truck, self.people.office)
        actions.accept(
            by=self.people.actor(who),
            at=trip.depart_at - MINUTE + late,
            offer_id=offer,
            hands=hands,
            count=Count(),
        )
        self._moves(trip, halts, late)
        for halt in halts:
            self._unload(halt, late)
        self._claims(halts, late)

    def _moves(self, trip: Trip, halts: Sequence[Halt], late: timedelta) -> None:
        """Let the driver's phone say when the truck left and when it came; without signal until the end."""
        who = driver(trip.vehicle)
        phone = self.people.phones.get(who)
        if phone is None:
            return
        loaded = [name for halt in halts for name in halt.objects]
        moved = events.Moved(trip=trip.id)
        said = [
            phone.says(moved, "custody.departed", loaded, at=trip.depart_at + late, place=self.people.office)
        ]
        for halt in halts:
            at = halt.stop.arrive_at + late
            came = events.Moved(trip=trip.id, leg=f"{trip.id}:{halt.stop.place}")
            said.append(phone.says(came, "custody.arrived", halt.objects, at=at, place=halt.code))
        phone.send(said, at=halts[-1].stop.done_at + late + 20 * MINUTE)

    def _receiver(self, halt: Halt) -> str:
        return (pps if halt.kind == "pps" else ppk)(self.names, halt.code)

    def _unload(self, halt: Halt, late: timedelta) -> None:
        """Hand over at one stop: one list, or the list with the missing box and the rest beside it."""
        short = set(self.faults.short) & set(halt.objects)
        rest = [name for name in halt.objects if name not in short]
        for names in (sorted(short), rest):
            if names:
                self._hand_over(halt, names, late)

    def _hand_over(self, halt: Halt, names: Sequence[str], late: timedelta) -> None:
        giver, receiver = driver(halt.trip.vehicle), self._receiver(halt)
        post = f"{halt.kind}:{halt.code}"
        to = To(
            post,
            self.people.ids[receiver],
            f"{halt.trip.id}:{halt.stop.place}",
            halt.stop.done_at,
            halt.code,
        )
        began, done = halt.stop.unload_at + late, halt.stop.done_at + late
        (given,) = actions.offer(by=self.people.actor(giver), at=began + MINUTE, objects=names, to=to)
        offer = UUID(given)
        self._watch(halt, names, offer, at=began + 2 * MINUTE)
        hands = Hands(self.people.ids[receiver], post, halt.code)
        actions.accept(
            by=self.people.actor(receiver),
            at=max(done, began + 4 * MINUTE),
            offer_id=offer,
            hands=hands,
            count=self._count(names),
        )
        if self.faults.missing in names:
            signed = max(done, began + 4 * MINUTE)
            self._sign_difference(offer, names, (receiver, giver), at=signed)

    def _sign_difference(
        self, offer: UUID, names: Sequence[str], both: tuple[str, str], *, at: datetime
    ) -> None:
        """Let both write down that one is missing, the receiver first: neither says it alone."""
        receiver, giver = both
        for minutes, signer in ((3, receiver), (5, giver)):
            settling_actions.sign_difference(
                by=self.people.actor(signer),
                at=at + minutes * MINUTE,
                offer_id=offer,
                receiver=self.people.ids[receiver],
                counted=len(names) - 1,
                missing=[self.faults.missing],
            )

    def _watch(self, halt: Halt, names: Sequence[str], offer: UUID, *, at: datetime) -> None:
        """Let the PPK confirm that it is there; it holds nothing by it."""
        kecamatan = next(code for code in self.names if code.count(".") == 2)
        there = ppk(self.names, kecamatan)
        if there == self._receiver(halt):
            return
        presence = events.Present("ppk", str(self.people.ids[there]), offer=str(offer))
        settling_actions.note_presence(
            by=self.people.actor(there), at=at, objects=names, presence=presence, place=halt.code
        )

    def _count(self, names: Sequence[str]) -> Count:
        """Return what the receiver found, the planted faults among it."""
        faults = self.faults
        missing = tuple(name for name in names if name == faults.missing)
        refused = tuple(
            events.RefusedObject(name, "basah", "alas dan sisi basah", self.photos.get(name, ""))
            for name in names
            if name in faults.wet
        )
        gone = {*missing, *(entry.object for entry in refused)}
        return Count(
            missing=missing,
            refused=refused,
            seals=tuple(self._seal(name) for name in names if name in self.seals and name not in gone),
        )

    def _seal(self, name: str) -> events.SealRead:
        if name != self.faults.other_seal:
            return events.SealRead(name, (self.seals[name],))
        second = str(self.people.ids[driver_of(self.people)])
        return events.SealRead(name, ("X000001",), self.photos.get(name, ""), second)

    def _claims(self, halts: Sequence[Halt], late: timedelta) -> None:
        """Let another PPS of the same trip find the box that the right one has signed for."""
        faults = self.faults
        if not any(faults.disputed in halt.objects for halt in halts):
            return
        finder = pps(self.names, faults.claimant)
        hands = Hands(self.people.ids[finder], f"pps:{faults.claimant}", faults.claimant)
        settling_actions.note_seen(
            by=self.people.actor(finder),
            at=halts[-1].stop.done_at + late + 70 * MINUTE,
            objects=[faults.disputed],
            hands=hands,
            found=True,
        )

    def deliver(self, deliveries: Sequence[Delivery], halts: Sequence[Halt], tell: Told) -> None:
        """Hand every set over to its KPPS; the sets of one desa are one transaction.

        Args:
            deliveries: The plan's last leg, in its order.
            halts: The stops at which the PPS got them.
            tell: Hears how many sets are done.
        """
        by_desa: dict[str, list[Delivery]] = {}
        for each in deliveries:
            by_desa.setdefault(each.unit.split("-")[1], []).append(each)
        count = 0
        for code, some in by_desa.items():
            begun = any(f"antar:{each.unit}" in self.done for each in some)
            with transaction.atomic():
                if not begun:
                    self._look_each_evening(code, [halt for halt in halts if halt.code == code], some)
                for each in some:
                    if f"antar:{each.unit}" not in self.done:
                        self._deliver(code, each)
            count += len(some)
            tell(count, len(deliveries), f"Contoh serah terima: KPPS di {self.names[code]}")

    def _look_each_evening(self, code: str, halts: Sequence[Halt], some: Sequence[Delivery]) -> None:
        """Let the PPS scan what lies with it, each evening until the KPPS come."""
        who = pps(self.names, code)
        hands = Hands(self.people.ids[who], f"pps:{code}", code)
        evening = min(each.start_at for each in some) - BEFORE_MORNING
        gone = {self.faults.missing, self.faults.disputed, *self.faults.wet}
        while here := [halt for halt in halts if halt.stop.done_at + LATEST < evening]:
            names = [name for halt in here for name in halt.objects if name not in gone]
            settling_actions.note_seen(
                by=self.people.actor(who), at=evening, objects=names, hands=hands, found=False
            )
            evening -= timedelta(days=1)

    def _deliver(self, code: str, each: Delivery) -> None:
        number = int(each.unit.rpartition("-")[2])
        giver, receiver = pps(self.names, code), kpps(self.names, code, number)
        faults, post = self.faults, f"kpps:{code}-{number:03d}"
        kept = {faults.missing, faults.disputed, *faults.wet}
        names = [name for name in self.objects[each.unit] if name not in kept]
        done = each.done_at - MINUTE * (1 + spread(f"terima {each.unit}", 9))
        if each.unit == faults.one_sided and self._says_alone(giver, receiver, post, names, at=done):
            return
        to = To(post, self.people.ids[receiver], f"antar:{each.unit}", each.done_at, code)
        (given,) = actions.offer(
            by=self.people.actor(giver), at=each.start_at + 2 * MINUTE, objects=names, to=to
        )
        offer = UUID(given)
        if each.unit == faults.unanswered:
            return
        own = spread(f"hp {each.unit}", OWN_PHONE_EVERY) == 0
        signed = spread(f"kartu {each.unit}", SIGNED_EVERY) == 0
        proof: events.Proof = "perangkat" if own else "tanda-tangan" if signed else "kartu-pin"
        actions.accept(
            by=self.people.actor(receiver if own else giver),
            at=done,
            offer_id=offer,
            hands=Hands(self.people.ids[receiver], post, code),
            count=Count(proof=proof),
        )

    def _says_alone(
        self, giver: str, receiver: str, post: str, names: Sequence[str], *, at: datetime
    ) -> bool:
        """Let a KPPS's phone say that it has a set; the PPS's phone has not sent its offer yet.

        Returns:
            Whether it has said so, now or in an earlier run; not where that run broke off before and took
            the phone's key with it.
        """
        if Holding.objects.filter(pk=names[0], holder=str(self.people.ids[receiver])).exists():
            return True
        phone = self.people.phones.get(receiver)
        if phone is None:
            return False
        payload = events.Accepted(
            offer=str(identity.event_id()),
            list_hash=events.list_hash(names),
            giver=str(self.people.ids[giver]),
            receiver=str(self.people.ids[receiver]),
            post=post,
        )
        place = self.people.posts[receiver].area_code
        phone.send([phone.says(payload, "custody.accepted", names, at=at, place=place)], at=at + 4 * MINUTE)
        return True


def driver_of(people: People) -> str:
    """Return one of the drivers: the second person beside a seal that differs."""
    return next(name for name in people.ids if name.startswith(driver("")))
