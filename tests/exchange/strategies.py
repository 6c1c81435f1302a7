"""Any custody event that could be in a ledger, well-formed ids and odd codes alike."""

from typing import Any

from hypothesis import strategies as st

from tepat.custody import events
from tepat.custody.facts import Fact, microseconds

LABELS = [
    f"kotak:pemilu-2024:09{desa}-00{tps}-{box}" for desa in (1001, 1015) for tps in (1, 2) for box in (1, 2)
]
ODD = [
    "set:pemilu-2024:091015-001",
    "bundel:pemilu-2024:091015-PPS-A",
    "kotak:lama",
    "karung/üñ:7 #%?",
    "x::y",
    "barang-0012",
]
boxes = st.lists(st.sampled_from(LABELS + ODD), min_size=1, max_size=9, unique=True)
people = st.uuids().map(str)
nobody_or_one = st.just("") | people
codes = st.text(min_size=1, max_size=12)
code_or_none = st.just("") | codes
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
photos = st.just("") | hashes
posts = st.sampled_from(
    ["gudang:utama", "ppk:33.16.09", "pps:33.16.09.1015", "kpps:33.16.09.1015-001", "angkutan:7"]
)
reasons = st.sampled_from(["basah", "rusak", "salah", "segel-rusak", "segel-beda", "terbuka", "lain"])
proofs = st.sampled_from(["", "tanpa-bukti", "kartu", "kartu-giliran", "kertas"])
moments = st.sampled_from(["", "2024-02-13T04:00:00Z", "2024-02-13T11:00:00+07:00"])


def _some(named: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(named), unique=True, max_size=3).map(tuple)


def _refusals(named: list[str]) -> st.SearchStrategy[tuple[events.RefusedObject, ...]]:
    one = st.builds(events.RefusedObject, object=st.sampled_from(named), reason=reasons, photo=photos)
    return st.lists(one, max_size=3, unique_by=lambda each: each.object).map(tuple)


def _readings(named: list[str]) -> st.SearchStrategy[tuple[events.SealRead, ...]]:
    numbers = st.none() | st.lists(codes, max_size=3).map(tuple)
    one = st.builds(
        events.SealRead,
        object=st.sampled_from([*named, "lain:1"]),
        numbers=numbers,
        photo=photos,
        second=nobody_or_one,
    )
    return st.lists(one, max_size=3, unique_by=lambda each: each.object).map(tuple)


def _payloads(named: list[str]) -> dict[str, st.SearchStrategy[events.Payload]]:
    some = _some(named)
    answer: dict[str, Any] = {
        "offer": people,
        "list_hash": hashes,
        "giver": people,
        "receiver": people,
        "post": posts,
        "refused": _refusals(named),
    }
    moved = st.builds(events.Moved, trip=codes, leg=code_or_none)
    seals = st.dictionaries(
        st.sampled_from([*named, "lain:1"]), st.lists(codes, max_size=3).map(tuple), max_size=4
    )
    return {
        "custody.registered": st.builds(events.Registered, holder=people, post=posts),
        "custody.offered": st.builds(
            events.Offered,
            to_post=posts,
            list_hash=hashes,
            to_person=nobody_or_one,
            leg=code_or_none,
            expected_at=moments,
        ),
        "custody.accepted": st.builds(
            events.Accepted,
            **answer,
            missing=some,
            extra=some,
            seals=_readings(named),
            one_phone=st.booleans(),
        ),
        "custody.refused": st.builds(events.Refused, **answer),
        "custody.withdrawn": st.builds(events.Withdrawn, offer=people),
        "custody.count-differs": st.builds(
            events.CountDiffers,
            offer=people,
            offered=st.integers(0, 500),
            counted=st.integers(0, 500),
            giver=people,
            receiver=people,
            missing=some,
            extra=some,
        ),
        "custody.seen": st.builds(
            events.Seen, with_person=people, post=posts, purpose=st.sampled_from(["periksa", "temuan"])
        ),
        "custody.settled": st.builds(events.Settled, holder=people, post=posts),
        "custody.taken-over": st.builds(events.TakenOver, from_person=people, to_person=people, post=posts),
        "custody.present": st.builds(
            events.Present,
            presence=st.sampled_from(["ppk", "panwascam", "pkd", "polri"]),
            person=nobody_or_one,
            absent=st.booleans(),
            offer=nobody_or_one,
            leg=code_or_none,
        ),
        "custody.departed": moved,
        "custody.arrived": moved,
        "packing.sealed": st.builds(
            events.Sealed,
            seals=seals,
            second=nobody_or_one,
            first=nobody_or_one,
            second_proof=proofs,
            seal_set=st.sampled_from(["keluar", "kembali"]),
            unnumbered=some,
        ),
        "packing.opened": st.builds(
            events.Opened,
            second=people,
            first=nobody_or_one,
            second_proof=proofs,
            reason=st.just(""),
            panwascam=st.booleans(),
            polri=st.booleans(),
            planned=st.booleans(),
        ),
    }


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    named = draw(boxes)
    kind = draw(st.sampled_from(sorted(events.KINDS)))
    year_us = 366 * 86_400 * 1_000_000
    return Fact(
        id=draw(people),
        kind=kind,
        payload=draw(_payloads(named)[kind]),
        at_us=microseconds("2024-01-01T00:00:00Z") + draw(st.integers(-year_us, year_us)),
        uncertainty_s=draw(st.integers(0, 90_000)),
        recorded_us=microseconds("2024-02-14T00:00:00Z") + draw(st.integers(0, year_us)),
        actor=draw(people),
        device=draw(st.just("") | hashes),
        counter=draw(st.integers(0, 2**40)),
        objects=tuple(named),
        place=draw(code_or_none),
    )
