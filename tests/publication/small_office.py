"""Two villages of Blora with three TPS whose sets are packed, and the people between warehouse and KPPS."""

from datetime import UTC, date, datetime, timedelta

from tests.conftest import CEPU, KUNDEN, make_somebody

from tepat.common.acting import system_actor
from tepat.common.permissions import Role
from tepat.custody.actions import Count, Hands, To, accept, offer, register_objects

ELECTION = "pemilu-2024"
OFFICE = "33.16"
NOON = datetime(2024, 2, 13, 5, 0, tzinfo=UTC)  # H-1 12.00 in Blora
SETS = {"091015-001": KUNDEN, "091015-002": KUNDEN, "051014-001": CEPU}
SLOTS = ("1", "2", "A")


def objects_of(unit):
    return [f"{'bundel' if slot == 'A' else 'kotak'}:{ELECTION}:{unit}-{slot}" for slot in SLOTS]


def make_office():
    """Make office, election, areas, TPS and complete sets; return the election."""
    from tepat.common.models import Area, Election, Office, Tps
    from tepat.packing.models import PackedObject, PackingSet

    Office.objects.create(code=OFFICE, name="KPU Kabupaten Blora", area_code=OFFICE, time_zone="Asia/Jakarta")
    election = Election.objects.create(
        code=ELECTION, name="Pemilu 2024", kind="pemilu", polling_date=date(2024, 2, 14), rule_set=ELECTION
    )
    areas = {
        OFFICE: ("kabkota", "kabupaten", "Blora"),
        "33.16.09": ("kecamatan", "", "Blora"),
        "33.16.05": ("kecamatan", "", "Cepu"),
        KUNDEN: ("desa", "kelurahan", "Kunden"),
        CEPU: ("desa", "kelurahan", "Cepu"),
    }
    made = {
        code: Area.objects.create(
            code=code,
            level=level,
            kind=kind,
            name=name,
            parent_code=code.rpartition(".")[0],
            valid_from=date(2020, 1, 1),
            source="uji",
        )
        for code, (level, kind, name) in areas.items()
    }
    packed_at = NOON - timedelta(days=6)
    for unit, desa in SETS.items():
        number = int(unit[-3:])
        Tps.objects.create(
            election=election,
            desa=made[desa],
            number=number,
            dpt=200 + number,
            source="uji",
            source_kind="contoh",
        )
        row = PackingSet.objects.create(
            election=election,
            area_code=desa,
            level="tps",
            tps_number=number,
            unit=unit,
            state="lengkap",
            completed_at=packed_at,
            registered_at=packed_at,
        )
        for slot, name in zip(SLOTS, objects_of(unit), strict=True):
            PackedObject.objects.create(
                set=row,
                election=election,
                code=f"{unit}-{slot}",
                object_id=name,
                slot=slot,
                is_box=slot != "A",
                state="tersegel" if slot != "A" else "tertutup",
            )
    return election


def hand_over(giver, receiver, post, objects, at, *, count=None):
    """Offer at a moment and accept ten minutes later; return the offer's id."""
    (made,) = offer(by=giver.actor, at=at, objects=objects, to=To(post))
    accept(
        by=receiver.actor,
        at=at + timedelta(minutes=10),
        offer_id=made,
        hands=Hands(receiver.actor.person, post),
        count=count or Count(),
    )
    return made


def register(sari, at=NOON - timedelta(days=6)):
    """Let Sari seal and answer for everything."""
    for unit in SETS:
        seal(sari, unit, at)
        register_objects(
            by=sari.actor,
            at=at,
            objects=objects_of(unit),
            hands=Hands(sari.actor.person, "gudang:gudang-33.16"),
        )


def seal(sari, unit, at):
    """Put a seal on each box of a set."""
    from tepat.common import ledger
    from tepat.common.acting import action
    from tepat.common.permissions import Permission

    @action(Permission.PACKING_DO)
    def put(*, by, at) -> int:
        for name in objects_of(unit)[:2]:
            payload = {"seals": {name: [f"S-{name[-12:]}"]}, "second": str(system_actor().person)}
            ledger.record("packing.sealed", payload, by=by, at=at, about=ledger.About(objects=(name,)))
        return 1

    put(by=sari.actor, at=at)


def kpps(name, desa):
    """Make somebody of a KPPS."""
    return make_somebody(name, Role.KPPS, desa)
