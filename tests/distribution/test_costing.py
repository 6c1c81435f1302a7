"""The bill of a plan made by hand: one truck, one day, three places."""

from datetime import UTC, datetime

from msgspec.structs import replace
from tests.distribution.small import days_before, small_problem

from tepat.distribution.case import open_case
from tepat.distribution.costing import Ledger
from tepat.distribution.plans import Delivery, Stop, Trip


def at(day, hour, minute=0):
    return datetime(2024, 2, day, hour, minute, tzinfo=UTC)


def ledger():
    problem, matrices = small_problem()
    sets = ("TPS-PPS-1.1-001", "SET-PPS-1.1", "SET-PPK-1")
    stops = (
        Stop(place="PPS-1.1", arrive_at=at(11, 2), unload_at=at(11, 2), done_at=at(11, 3), units=sets[:2]),
        Stop(place="PPK-1", arrive_at=at(11, 4), unload_at=at(11, 4), done_at=at(11, 5), units=sets[2:]),
    )  # fmt: skip
    trip = Trip(id="T-001", vehicle="TRUK-1", date=days_before(3)[0], origin="GUDANG-1", load_at=at(11, 1),
                depart_at=at(11, 1, 30), stops=stops, return_at=at(11, 6), distance_m=12_345, driver=None,
                in_charge=None, deputy=None, escort="REGU")  # fmt: skip
    delivery = Delivery(unit="TPS-PPS-1.1-001", team=1, start_at=at(13, 0), done_at=at(13, 0, 30))
    return Ledger(open_case(problem, "langsung", matrices), (trip,), (delivery,))


def test_each_line_is_counted_as_the_formats_page_says():
    amounts = {line.price: (line.quantity, line.amount_rupiah) for line in ledger().lines()}
    assert amounts == {
        "sewa-truk": (1, 1_400_000),
        "km-truk": (12_345, 67_898),  # 12.345 km x Rp5,500 = Rp67,897.50, half up
        "bongkar": (7, 3_500),
        "jaga-ppk": (3, 600_000),  # its set lies there from the 11th to the polling day
        "jaga-pps": (3, 300_000),  # the PPS set until the polling day; the TPS set leaves on the 13th
        "simpan": (5 * 2 + 2 * 3, 800),
        "gudang-1": (1, 10_000_000),
        "kawal": (1, 150_000),
        "antar": (1, 25_000),
        "serah": (3, 0),
    }


def test_totals_add_up():
    book = ledger()
    totals = book.totals(sum(line.amount_rupiah for line in book.lines()), 5)
    assert totals.cost_rupiah == 1_400_000 + 67_898 + 3_500 + 900_000 + 800 + 10_000_000 + 150_000 + 25_000
    assert (totals.guard_nights, totals.handovers, totals.vehicle_days, totals.trips) == (6, 3, 1, 1)
    assert totals.slack_s == (11 * 60 - 30) * 60  # done 07.30 WIB, target 18.00 WIB
    assert totals.units_unserved == 5


def test_a_price_that_nothing_uses_has_no_line():
    book = ledger()
    idle = replace(book.case.problem.prices[0], basis="vehicle_box", applies_to=("PIKAP",))
    problem = replace(book.case.problem, prices=(idle,))
    assert (
        Ledger(open_case(problem, "langsung", book.case.matrices), book.trips, book.deliveries).lines() == ()
    )
