"""Which field of which payload stands where in an EPCIS event (docs/formats.md#epcis). Pure."""

from tepat.exchange.epcis.slots import (
    Slot,
    moment,
    objects,
    person,
    seals_put_on,
    seals_read,
    sha256,
    thing,
    withheld,
    word,
    yes,
)

GIVER, RECEIVER, TO_POST, OFFER = "source", "destination", "destination:location", "transaction:desadv"
AT_POST, TRIP, LEG = "bizLocation", "transaction:bol", "leg"

_ANSWER: dict[str, Slot] = {
    "offer": person(OFFER),
    "list_hash": sha256("listHash"),
    "giver": person(GIVER),
    "receiver": person(RECEIVER),
    "post": thing(TO_POST, "pos"),
}
_MOVED = {"trip": thing(TRIP, "perjalanan"), "leg": thing(LEG, "ruas")}

_PAIR = {"first": person("first"), "second": person("second"), "second_proof": word("secondProof")}

# `missing` of a receipt and `refused` are no fields here: they are events of their own (`events.py`).
FIELDS: dict[str, dict[str, Slot]] = {
    "custody.registered": {"holder": person("holder"), "post": thing(AT_POST, "pos")},
    "custody.offered": {
        "to_post": thing(TO_POST, "pos"),
        "to_person": person(RECEIVER),
        "list_hash": sha256("listHash"),
        "leg": thing(LEG, "ruas"),
        "expected_at": moment("expectedAt"),
        "how": word("how"),
    },
    "custody.accepted": _ANSWER
    | {
        "extra": objects("extra"),
        "seals": seals_read("sealsRead"),
        "proof": word("proof"),
        "one_phone": yes("onePhone"),
        "pin": word("pin"),
        "how": word("how"),
        "confirms": word("confirms"),
    },
    "custody.refused": _ANSWER,
    "custody.withdrawn": {"offer": person(OFFER)},
    "custody.count-differs": {
        "offer": person(OFFER),
        "offered": word("offered"),
        "counted": word("counted"),
        "giver": person(GIVER),
        "receiver": person(RECEIVER),
        "missing": objects("missing"),
        "extra": objects("extra"),
    },
    "custody.seen": {
        "with_person": person("holder"),
        "post": thing(AT_POST, "pos"),
        "purpose": word("purpose"),
        "how": word("how"),
    },
    "custody.settled": {
        "holder": person("holder"),
        "post": thing(AT_POST, "pos"),
        "note": withheld("note"),
    },
    "custody.taken-over": {
        "from_person": person(GIVER),
        "to_person": person(RECEIVER),
        "post": thing(AT_POST, "pos"),
        "reason": withheld("reason"),
    },
    "custody.present": {
        "presence": word("presence"),
        "person": person("person"),
        "absent": yes("absent"),
        "offer": person(OFFER),
        "leg": thing(LEG, "ruas"),
    },
    "custody.departed": _MOVED,
    "custody.arrived": _MOVED,
    "packing.sealed": {
        "seals": seals_put_on("seals"),
        **_PAIR,
        "seal_set": word("sealSet"),
        "unnumbered": objects("unnumbered"),
    },
    "packing.opened": {
        **_PAIR,
        "reason": withheld("reason"),
        "panwascam": yes("panwascam"),
        "polri": yes("polri"),
        "planned": yes("planned"),
    },
}
