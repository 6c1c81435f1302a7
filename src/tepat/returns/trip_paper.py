"""The letter that goes with a trip from a PPK to the warehouse (*surat jalan pengembalian*)."""

from collections.abc import Iterable
from typing import Any

from tepat.common.quantities import grouped
from tepat.common.tables import moment
from tepat.custody.parties import label_of
from tepat.custody.timeline import slots_word
from tepat.returns.minutes import Words
from tepat.returns.models import ReturnTrip

LEAD = "perjalanan berikut direncanakan untuk membawa pulang perlengkapan dari PPK ke gudang:"
CLOSE = (
    "Yang menerima menghitung dari kotaknya, bukan dari lembar ini. Yang tidak ada, ditolak atau berbeda "
    "ditulis di sini. Sampai gudang menerima, yang membawa tetap bertanggung jawab."
)
ML_PER_TENTH_M3 = 100_000
G_PER_KG = 1_000


def trip_part(trip: ReturnTrip, words: Words) -> dict[str, Any]:
    """Return what is particular to the letter of one trip.

    Args:
        trip: The trip.
        words: How people, posts and moments are written.
    """
    giver, receiver = words.post(f"ppk:{trip.area_code}"), words.post(trip.to_post)
    driver = words.person(str(trip.driver_id)) if trip.driver_id else ""
    escort = words.person(str(trip.escort_id)) if trip.escort_id else ""
    return {
        "lead": LEAD,
        "close": CLOSE,
        "parties": [("Dari", giver), ("Ke", receiver)],
        "facts": [
            ("Perjalanan", trip.pk),
            ("Kendaraan", trip.vehicle),
            ("Pengemudi", driver),
            ("Pengawal", escort),
            ("Berangkat", moment(trip.depart_at, words.zone)),
            ("Tiba", f"{moment(trip.arrive_at, words.zone)} ({trip.road_source})"),
            ("Muatan", load_words(trip)),
            ("Jam nyata berangkat", ""),
            ("Jam nyata tiba", ""),
            ("Selisih", ""),
        ],
        "heads": ["Set", "Kotak dan bundel", "Dihitung"],
        "rows": rows_of(trip.things),
        "signers": [
            f"Yang menyerahkan: {giver}",
            f"Yang membawa: {driver}",
            f"Yang menerima: {receiver}",
            f"Pengawal Polri: {escort}",
            "Saksi: Panwascam",
        ],
    }


def load_words(trip: ReturnTrip) -> str:
    """Return what is on a trip, in words."""
    tenths = -(-trip.volume_ml // ML_PER_TENTH_M3)
    bundles = len(trip.things) - trip.boxes
    volume, weight = (
        f"{grouped(tenths // 10)},{tenths % 10} m³",
        f"{grouped(-(-trip.weight_g // G_PER_KG))} kg",
    )
    things = f"{grouped(trip.boxes)} kotak dan {grouped(bundles)} bundel"
    return f"{things}, {volume}, {weight}; {grouped(trip.critical)} memuat hasil"


def rows_of(things: Iterable[str]) -> list[list[str]]:
    """Return one line for each set of a load, in the order of loading."""
    units: dict[str, list[str]] = {}
    for name in things:
        units.setdefault(label_of(name).rpartition("-")[0], []).append(label_of(name))
    return [[unit, slots_word(sorted(labels)), ""] for unit, labels in units.items()]
