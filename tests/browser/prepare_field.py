"""People with cards, and boxes on their way to them: what the tests of the field page start from.

Each test has a PPS of its own, so that none sees what another received. `lapangan.json` beside the database
says the codes on their cards.
"""

import json
from datetime import timedelta

AREA = "33.71"
ELECTION = "pemilu-2024"
TPS_PER_PPS = 10
BOXES_PER_TPS = 5
# PPS of Kota Magelang, one for each test; the boxes of the last ones are not offered yet.
VILLAGES = (
    *("33.71.01.1003", "33.71.01.1007", "33.71.01.1008", "33.71.01.1009", "33.71.01.1010", "33.71.01.1011"),
    *("33.71.02.1003", "33.71.02.1004", "33.71.02.1005", "33.71.02.1008", "33.71.02.1009"),
)
NOT_OFFERED = VILLAGES[-1]
WITH_KPPS = VILLAGES[5]


def field(home, by, at):
    """Make the office, its people and cards, 50 boxes for each PPS in Sari's hands, and offers to the PPS."""
    from prepare_trip import kecamatan, spares

    from tepat.common.permissions import Role
    from tepat.common.register import load_register
    from tepat.custody.actions import Hands, register_objects

    load_register(AREA, [ELECTION], by=by, at=at)
    people = {"sari": _person("Sari", Role.GUDANG, AREA, by, at)}
    for number, village in enumerate(VILLAGES):
        people[f"pps{number}"] = _person(f"Budi {number}", Role.PPS, village, by, at)
    people["dewi"] = _person("Dewi", Role.PANWASCAM, "33.71.01", by, at)
    for number in range(1, 4):
        people[f"eko{number}"] = _person(f"Eko {number}", Role.KPPS, WITH_KPPS, by, at)
    boxes = {f"pps{number}": boxes_of(village) for number, village in enumerate(VILLAGES)}
    sari = Hands(people["sari"], f"gudang:{AREA}", AREA)
    for objects in boxes.values():
        register_objects(by=by, at=at, objects=objects, hands=sari)
    _offer_all(boxes, sari, at)
    more, said = kecamatan(people, sari, by, at)
    cards = _cards(by, at)
    known = {name: {"person": str(person), **cards[person]} for name, person in people.items()}
    said |= {"people": known, "boxes": boxes | more, "villages": VILLAGES, "spares": spares(by, at)}
    (home / "lapangan.json").write_text(json.dumps(said))


def practice(home, by, at):
    """Make an office where one PPS practises with the 50 boxes of a village."""
    from tepat.common.permissions import Role
    from tepat.common.register import load_register
    from tepat.custody.actions import Hands, register_objects

    load_register(AREA, [ELECTION], by=by, at=at)
    village = VILLAGES[0]
    people = {"sari": _person("Sari", Role.GUDANG, AREA, by, at)}
    people["pps0"] = _person("Budi 0", Role.PPS, village, by, at)
    boxes = {"pps0": boxes_of(village)}
    sari = Hands(people["sari"], f"gudang:{AREA}", AREA)
    register_objects(by=by, at=at, objects=boxes["pps0"], hands=sari)
    _offer_all(boxes, sari, at)
    cards = _cards(by, at)
    known = {name: {"person": str(person), **cards[person]} for name, person in people.items()}
    (home / "lapangan.json").write_text(json.dumps({"people": known, "boxes": boxes}))


def boxes_of(village):
    """Return the object ids of the boxes of one PPS."""
    kecamatan, desa = village.split(".")[2:]
    return [
        f"kotak:{ELECTION}:{kecamatan}{desa}-{tps:03d}-{box}"
        for tps in range(1, TPS_PER_PPS + 1)
        for box in range(1, BOXES_PER_TPS + 1)
    ]


def _person(name, role, area, by, at):
    from tepat.common.actions import Contact, add_person, give_post

    person = add_person(by=by, at=at, contact=Contact(name))
    give_post(by=by, at=at, person=person.pk, role=role, area_code=area)
    return person.pk


def _offer_all(boxes, sari, at):
    from tepat.common.acting import actor_of
    from tepat.custody.actions import To, offer

    giver = actor_of(sari.person, at)
    for number, village in enumerate(VILLAGES[: len(boxes)]):
        if village != NOT_OFFERED:
            to = To(f"pps:{village}", leg=f"T-{number:03d}:{village}", expected_at=at, place=village)
            offer(by=giver, at=at, objects=boxes[f"pps{number}"], to=to)


def _cards(by, at):
    """Issue everybody's card; its code is known at this moment only."""
    from tepat.common.permissions import Role
    from tepat.custody.identity_actions import Wanted, issue_cards
    from tepat.custody.models import Card

    roles = (Role.GUDANG, Role.PPK, Role.PPS, Role.PANWASCAM, Role.KPPS, Role.PENGEMUDI)
    start, end = at - timedelta(days=1), at + timedelta(days=60)
    issued = issue_cards(by=by, at=at, wanted=Wanted(AREA, roles, start, end))
    people = dict(Card.objects.values_list("number", "person_id"))
    return {people[one.number]: {"code": one.code, "card": one.number, "post": one.post} for one in issued}
