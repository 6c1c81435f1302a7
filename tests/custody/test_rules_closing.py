"""The balance of each offer and leg, and where to look for a box that was not counted."""

from tests.simulator.histories import Fault, make_world

from tepat.custody.closing import Balance, balance, balance_by_leg
from tepat.custody.events import list_hash, read_payload
from tepat.custody.facts import Fact, fact_of, microseconds, moment_of
from tepat.custody.rules import fold_all
from tepat.custody.searching import Stop, Suspect, search_places

BOXES = tuple(f"kotak:{number}" for number in range(6))


def event(id_: str, kind: str, at_us: int, by: str, objects=BOXES, **payload) -> Fact:
    return Fact(id_, kind, read_payload(kind, payload), at_us, actor=by, objects=tuple(objects))


def small_world() -> list[Fact]:
    """Six boxes: two taken, one refused, one missing, one claimed elsewhere, one not answered."""
    receipt = {"offer": "o", "list_hash": list_hash(BOXES), "giver": "sari", "post": "pps:1"}
    return [
        event("r", "custody.registered", 1, "sari", holder="sari", post="gudang:1"),
        event("o", "custody.offered", 2, "sari", to_post="pps:1", list_hash=list_hash(BOXES), leg="L1"),
        event(
            "a",
            "custody.accepted",
            3,
            "budi",
            BOXES[:4],
            receiver="budi",
            refused=[{"object": BOXES[2], "reason": "basah"}],
            missing=[BOXES[3]],
            **receipt,
        ),
        event("s", "custody.seen", 4, "dewi", BOXES[4:5], with_person="citra", post="pps:2"),
        event("c", "custody.accepted", 5, "citra", BOXES[4:5], receiver="citra", **receipt),
    ]


def test_sent_is_accepted_refused_missing_in_dispute_and_open():
    facts = small_world()
    (sheet,) = balance([facts[1]], fold_all(facts)).values()
    assert sheet == Balance(offered=6, accepted=2, refused=1, missing=1, disputed=1, open=1)
    assert sheet.sent == 6
    assert sheet.balanced


def test_what_was_taken_back_was_not_sent():
    facts = [*small_world(), event("w", "custody.withdrawn", 6, "sari", BOXES, offer="o")]
    (sheet,) = balance([facts[1]], fold_all(facts)).values()
    assert (sheet.taken_back, sheet.sent, sheet.open, sheet.balanced) == (1, 5, 0, True)


def test_an_offer_whose_boxes_have_no_history_does_not_balance():
    facts = small_world()
    histories = fold_all(facts)
    del histories[BOXES[0]]
    (sheet,) = balance([facts[1]], histories).values()
    assert not sheet.balanced


def test_a_whole_kabupaten_balances_by_offer_and_by_leg():
    world = make_world(4, villages=3, faults=dict.fromkeys(Fault, 3))
    histories = fold_all(world.facts)
    offers = [fact for fact in world.facts if fact.kind == "custody.offered"]
    sheets = balance(offers, histories)
    assert all(sheet.balanced for sheet in sheets.values())
    legs = balance_by_leg(offers, histories)
    assert sum(leg.offered for leg in legs.values()) == sum(sheet.offered for sheet in sheets.values())
    assert sum(leg.missing for leg in legs.values()) == 3
    assert sum(leg.refused for leg in legs.values()) == 3


def test_an_envelope_becomes_a_fact():
    envelope = {
        "id": "e1",
        "kind": "custody.registered",
        "payload": {"holder": "sari", "post": "gudang:1"},
        "occurred_at": moment_of(7),
        "occurred_uncertainty_s": 3,
        "recorded_at": "1970-01-01T00:00:01Z",
        "actor": "sari",
        "device": "hp",
        "counter": 4,
        "objects_named": ["kotak:1"],
        "place": "33.16",
    }
    fact = fact_of(envelope, revoked=True)
    assert (fact.at_us, fact.recorded_us, fact.objects, fact.revoked) == (7, 1_000_000, ("kotak:1",), True)
    assert fact_of(envelope | {"objects": ["kotak:2"]}).objects == ("kotak:2",)
    assert microseconds(moment_of(-5)) == -5


# Where to look


def places(suspects: tuple[Suspect, ...]) -> list[str]:
    return [suspect.place for suspect in suspects]


STOPS = [
    Stop("desa-a", ("091012-001-1", "091012-001-2", "091012-001-3")),
    Stop("desa-b", ("091015-007-3", "091015-007-4")),
    Stop("desa-c", ("052001-011-1",)),
]


def test_where_a_similar_label_was_taken_is_looked_at_first():
    suspects = search_places(STOPS, "091015-001-3", loaded_at="gudang")
    assert suspects[0].place == "desa-b"
    assert suspects[0].similar[0] == "091015-007-3"
    assert suspects[0].why[0] == "label mirip"
    assert places(suspects) == ["desa-b", "desa-a", "", "desa-c", "gudang"]


def test_where_the_rest_of_its_set_was_taken_comes_before_the_vehicle():
    stops = [Stop("desa-a", ("091015-001-1",)), Stop("desa-b", ("052001-011-1",))]
    suspects = search_places(stops, "091015-001-3", loaded_at="gudang")
    assert places(suspects) == ["desa-a", "", "desa-b", "gudang"]
    assert "satu set" in suspects[0].why


def test_a_similar_box_still_aboard_puts_the_vehicle_first():
    stops = [Stop("desa-a", ("091015-001-1",))]
    suspects = search_places(stops, "091015-001-3", loaded_at="gudang", co_loaded=["091015-007-3"])
    assert suspects[0].place == ""
    assert suspects[0].similar == ("091015-007-3",)


def test_at_the_first_stop_only_vehicle_and_warehouse_remain():
    assert places(search_places([], "091015-001-3", loaded_at="gudang")) == ["", "gudang"]


def test_each_place_is_named_once_and_the_last_visit_counts():
    stops = [Stop("desa-a"), Stop("desa-b"), Stop("desa-a")]
    suspects = search_places(stops, "091015-001-3", loaded_at="desa-b")
    assert places(suspects) == ["", "desa-a", "desa-b"]
