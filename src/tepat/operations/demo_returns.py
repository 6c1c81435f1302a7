"""The demo's night after polling: KPPS to PPS to PPK; one set stays out and one PPS is late."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from tepat.custody import actions, settling_actions
from tepat.custody.actions import Count, Hands, To
from tepat.custody.models import Holding, Offer
from tepat.operations.demo_faults import Faults
from tepat.operations.demo_packing import Told
from tepat.operations.demo_people import People, kpps, ppk, pps
from tepat.operations.demo_phone import spread

MINUTE = timedelta(minutes=1)
OPENED_AT, COUNTED_FROM, LATE_AT = time(6, 30), time(19, 30), time(7, 40)
COUNTED_MINUTES, ROAD_MINUTES = 150, 50
LISTED_TOGETHER_MAX = 400


@dataclass
class Homeward:
    """The way back of one kecamatan's sets of TPS.

    Args:
        people: Who gives and who receives.
        names: The names of the areas, by code.
        objects: The objects of each planned set.
        faults: What went wrong on the way out: those sets are not complete, and come back as they are.
        polling: The polling day.
        zone: The office's zone.
    """

    people: People
    names: Mapping[str, str]
    objects: Mapping[str, Sequence[str]]
    faults: Faults
    polling: date
    zone: ZoneInfo
    done: set[str] = field(default_factory=set)

    def bring(self, units: Sequence[str], tell: Told) -> None:
        """Bring back what KPPS hold; the sets of one desa are one transaction, done once.

        Args:
            units: The planned sets that went to a KPPS.
            tell: Hears how many desa are done.
        """
        self.done = set(Offer.objects.filter(leg__startswith="pulang:").values_list("leg", flat=True))
        by_desa: dict[str, list[str]] = {}
        for unit in units:
            by_desa.setdefault(unit.split("-")[1], []).append(unit)
        for place, (code, some) in enumerate(sorted(by_desa.items())):
            if f"pulang:{code}" not in self.done:
                with transaction.atomic():
                    self._bring_desa(code, some, late=place == len(by_desa) - 1)
            tell(place + 1, len(by_desa), f"Contoh pengembalian: {self.names[code]}")

    def _bring_desa(self, code: str, units: Sequence[str], *, late: bool) -> None:
        taken: list[str] = []
        last = self._at(COUNTED_FROM)
        for unit in units:
            held = self._held(unit)
            if unit == self.faults.one_sided or not held:
                continue
            self._look_in_the_morning(code, unit, held)
            last = max(last, self._to_pps(code, unit, held))
            taken += held
        at = last + MINUTE * (30 + spread(f"pulang {code}", ROAD_MINUTES))
        self._to_ppk(code, taken, at=self._at(LATE_AT, days=1) if late else at)

    def _held(self, unit: str) -> list[str]:
        """Return what the KPPS of a set answers for now."""
        rows = Holding.objects.filter(pk__in=self.objects[unit], post__startswith="kpps:", status="dipegang")
        return sorted(rows.values_list("pk", flat=True))

    def _look_in_the_morning(self, code: str, unit: str, names: Sequence[str]) -> None:
        number = int(unit.rpartition("-")[2])
        who = kpps(self.names, code, number)
        hands = Hands(self.people.ids[who], f"kpps:{code}-{number:03d}", code)
        at = self._at(OPENED_AT) + MINUTE * spread(f"pagi {unit}", 25)
        settling_actions.note_seen(by=self.people.actor(who), at=at, objects=names, hands=hands, found=False)

    def _to_pps(self, code: str, unit: str, names: Sequence[str]) -> datetime:
        giver, receiver = kpps(self.names, code, int(unit.rpartition("-")[2])), pps(self.names, code)
        at = self._at(COUNTED_FROM) + MINUTE * spread(f"hitung {unit}", COUNTED_MINUTES)
        to = To(f"pps:{code}", self.people.ids[receiver], f"pulang:{unit}", at + 30 * MINUTE, code)
        return self._hand_over(giver, receiver, names, to, at)

    def _to_ppk(self, code: str, names: Sequence[str], *, at: datetime) -> None:
        kecamatan = code.rpartition(".")[0]
        giver, receiver = pps(self.names, code), ppk(self.names, kecamatan)
        for some in _parts(names):
            planned = self._at(time(6), days=1)
            to = To(f"ppk:{kecamatan}", self.people.ids[receiver], f"pulang:{code}", planned, kecamatan)
            self._hand_over(giver, receiver, some, to, at)

    def _hand_over(self, giver: str, receiver: str, names: Sequence[str], to: To, at: datetime) -> datetime:
        (given,) = actions.offer(by=self.people.actor(giver), at=at, objects=names, to=to)
        hands = Hands(self.people.ids[receiver], to.post, to.place)
        taken_at = at + 12 * MINUTE
        actions.accept(
            by=self.people.actor(receiver), at=taken_at, offer_id=UUID(given), hands=hands, count=Count()
        )
        return taken_at

    def _at(self, clock: time, *, days: int = 0) -> datetime:
        return datetime.combine(self.polling + timedelta(days=days), clock, self.zone)


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), LISTED_TOGETHER_MAX):
        yield names[start : start + LISTED_TOGETHER_MAX]
