"""Any events about one box that anybody could send, sensible or not: what the properties draw from."""

from typing import Any

from hypothesis import strategies as st

from tepat.custody.events import KINDS, read_payload
from tepat.custody.facts import Fact

BOX = "kotak:1"
PEOPLE = ["sari", "supir", "budi", "citra", "joko"]
OFFERS = [f"o{number}" for number in range(5)]
people, posts = st.sampled_from(PEOPLE), st.sampled_from(["gudang:1", "pps:1", "pps:2"])
hashes = st.sampled_from(["aa", "aa", "aa", "bb"])
some = st.booleans().map(lambda yes: (BOX,) if yes else ())
refusals = st.booleans().map(lambda yes: [{"object": BOX, "reason": "basah"}] if yes else [])
numbers = st.lists(st.sampled_from(["S1", "S2", "S3"]), max_size=3)
readings = st.lists(
    st.fixed_dictionaries({"object": st.just(BOX), "numbers": st.none() | numbers}), max_size=1
)


def _payloads() -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    hands = {"offer": st.sampled_from(OFFERS), "giver": people, "receiver": people}
    receipt = hands | {"list_hash": hashes, "post": posts}
    held = st.fixed_dictionaries({"holder": people, "post": posts})
    trip = st.fixed_dictionaries({"trip": st.just("T1")})
    return {
        "custody.registered": held,
        "custody.offered": st.fixed_dictionaries(
            {
                "to_post": posts,
                "list_hash": hashes,
                "to_person": st.just("") | people,
                "expected_at": st.sampled_from(["", "1970-01-01T00:01:00Z", "entah"]),
            }
        ),
        "custody.accepted": st.fixed_dictionaries(
            receipt | {"missing": some, "refused": refusals, "extra": some, "seals": readings}
        ),
        "custody.refused": st.fixed_dictionaries(receipt | {"refused": refusals}),
        "custody.withdrawn": st.fixed_dictionaries({"offer": st.sampled_from(OFFERS)}),
        "custody.count-differs": st.fixed_dictionaries(
            hands | {"offered": st.just(1), "counted": st.just(0), "missing": some, "extra": some}
        ),
        "custody.seen": st.fixed_dictionaries({"with_person": people, "post": posts}),
        "custody.settled": held,
        "custody.taken-over": st.fixed_dictionaries(
            {"from_person": people, "to_person": people, "post": posts}
        ),
        "custody.present": st.fixed_dictionaries({"presence": st.just("polri")}),
        "custody.departed": trip,
        "custody.arrived": trip,
        "packing.sealed": st.fixed_dictionaries(
            {
                "seals": st.fixed_dictionaries({BOX: numbers}),
                "second": st.just("") | people,
                "seal_set": st.sampled_from(["keluar", "kembali"]),
            }
        ),
        "packing.opened": st.fixed_dictionaries(
            {
                "second": people,
                "reason": st.just("cek"),
                "panwascam": st.booleans(),
                "polri": st.booleans(),
                "planned": st.booleans(),
            }
        ),
    }


_PAYLOADS = _payloads()
assert set(_PAYLOADS) == set(KINDS)


@st.composite
def events(draw: st.DrawFn, id_: str, kind: str) -> Fact:
    """One event of a kind, at any of a few moments, from any of three devices or none."""
    return Fact(
        id=id_,
        kind=kind,
        payload=read_payload(kind, draw(_PAYLOADS[kind])),
        at_us=draw(st.integers(0, 120)) * 1_000_000,
        uncertainty_s=draw(st.sampled_from([0, 0, 0, 30, 100])),
        actor=draw(people),
        device=draw(st.sampled_from(["", "hp1", "hp2", "hp3"])),
        counter=draw(st.integers(0, 6)),
        objects=(BOX,),
        place=draw(st.sampled_from(["", "33.16", "33.16.09"])),
        revoked=draw(st.sampled_from([False] * 9 + [True])),
    )


@st.composite
def any_facts(draw: st.DrawFn) -> list[Fact]:
    """Up to a dozen events about one box, of which some answer each other's offers."""
    facts = [draw(events(offer, "custody.offered")) for offer in OFFERS[: draw(st.integers(0, 4))]]
    weighted = [*KINDS, *["custody.accepted"] * 6, *["custody.registered"] * 2]
    kinds = draw(st.lists(st.sampled_from(weighted), max_size=9))
    facts += [draw(events(f"e{number}", kind)) for number, kind in enumerate(kinds)]
    return facts
