"""Why this set: what it saves against the next best, what binds it, what it rests on; in plain words."""

from collections.abc import Iterator, Sequence

from tepat.common.quantities import decimal_comma, grouped, kilometres, rupiah
from tepat.common.tables import short_date
from tepat.distribution.problems import Place, Problem
from tepat.distribution.warehouses.report import Holding, SetResult
from tepat.distribution.warehouses.sets import set_title

BASES = {
    "warehouse": "sewa, perbaikan dan penjaga gudang",
    "vehicle_km": "bahan bakar dan ban",
    "vehicle_day": "sewa kendaraan",
}
"""The parts of a bill that set warehouses apart; all else is one more part."""

OTHER = "jaga, bongkar, kawal dan lainnya"
ML_PER_M3 = 1_000_000
FULL_PERCENT = 90
"""From this share of its floor a warehouse is called nearly full."""


def why(problem: Problem, results: Sequence[SetResult]) -> tuple[str, ...]:
    """Return why the choice is the choice.

    Args:
        problem: The problem of all candidates.
        results: Every set, the cheapest first.
    """
    ranked = [each for each in results if each.state == "dihitung"]
    if not ranked:
        return ("Tidak ada calon yang dapat melayani semua set; sebab tiap calon tertulis di tabel.",)
    return (
        *_against(problem, ranked),
        *(_held(problem, holding) for holding in ranked[0].holdings),
        *_binds(problem, ranked[0]),
        *_tally(problem, results),
    )


def parts_of(result: SetResult) -> dict[str, int]:
    """Return a bill by the parts that set warehouses apart, in rupiah; they add up to the bill."""
    parts = {words: result.by_basis.get(basis, 0) for basis, words in BASES.items()}
    parts[OTHER] = (result.cost_rupiah or 0) - sum(parts.values())
    return parts


def _against(problem: Problem, ranked: Sequence[SetResult]) -> Iterator[str]:
    best = ranked[0]
    title = set_title(problem, best.members)
    if len(ranked) == 1:
        yield f"{title}: {rupiah(best.cost_rupiah or 0)}, satu-satunya yang dihitung sampai selesai."
        return
    second = ranked[1]
    own, other = parts_of(best), parts_of(second)
    apart = (second.cost_rupiah or 0) - (best.cost_rupiah or 0)
    said = [
        f"{words} {_less(own[words] - other[words])}"
        for words in sorted(own, key=lambda part: own[part] - other[part])
        if own[words] != other[words]
    ]
    yield (
        f"{title} {rupiah(apart)} lebih murah daripada {set_title(problem, second.members)}, pilihan terbaik "
        f"berikutnya: {', '.join(said) or 'semua bagian sama'}."
    )
    metres, days = second.distance_m - best.distance_m, second.vehicle_days - best.vehicle_days
    driven = [
        *(
            [f"jaraknya {kilometres(abs(metres))} lebih {_way(metres, 'pendek', 'panjang')}"]
            if metres
            else []
        ),
        *([f"hari kendaraan {abs(days)} lebih {_way(days, 'sedikit', 'banyak')}"] if days else []),
    ]
    yield f"Dibanding itu {', '.join(driven) or 'jarak dan hari kendaraannya sama'}."


def _way(more: int, less_word: str, more_word: str) -> str:
    """Return the word for this set, where the other one has so much more."""
    return less_word if more > 0 else more_word


def _less(difference: int) -> str:
    return f"{rupiah(abs(difference))} lebih {'murah' if difference < 0 else 'mahal'}"


def _held(problem: Problem, holding: Holding) -> str:
    place = _place(problem, holding.warehouse)
    floor = "luas belum disurvei" if holding.usable_m2 is None else f"dari {grouped(holding.usable_m2)} m²"
    return (
        f"{place.name} melayani {len(holding.places)} tempat. "
        f"Paling penuh {short_date(holding.peak_date)} pagi: "
        f"{grouped(holding.peak_boxes)} kotak ({_m3(holding.box_ml)} m³) dan barang di luar kotak "
        f"({_m3(holding.loose_ml)} m³) butuh {grouped(holding.needs_m2)} m² {floor}."
    )


def _m3(volume_ml: int) -> str:
    return decimal_comma(volume_ml / ML_PER_M3, 1)


def _binds(problem: Problem, best: SetResult) -> Iterator[str]:
    for holding in best.holdings:
        place = _place(problem, holding.warehouse)
        if holding.usable_m2 and 100 * holding.needs_m2 >= FULL_PERCENT * holding.usable_m2:
            share = 100 * holding.needs_m2 // holding.usable_m2
            yield f"Yang mengikat: luas {place.name}, terpakai {share}%."
        if holding.docks is not None and holding.loading_most > holding.docks:
            yield (
                f"Perlu giliran: sampai {holding.loading_most} kendaraan hendak memuat bersamaan di "
                f"{place.name} dan ada {holding.docks} tempat; hari tersibuk memakai "
                f"{holding.dock_percent}% dari jam bukanya."
            )
        if place.access and "truk" not in place.access:
            yield f"Yang mengikat: gerbang atau jalan {place.name} tidak dapat dilewati truk."


def _tally(problem: Problem, results: Sequence[SetResult]) -> Iterator[str]:
    counted = sum(each.state in {"dihitung", "tidak-lengkap"} for each in results)
    skipped = [each for each in results if each.state == "dilewati" and each.floor_rupiah is not None]
    yield f"{grouped(len(results))} pilihan: {grouped(counted)} dihitung rutenya sungguh-sungguh."
    if skipped:
        nearest = min(skipped, key=lambda each: each.floor_rupiah or 0)
        yield (
            f"{grouped(len(skipped))} dilewati karena terbukti tidak mungkin lebih murah; yang paling dekat "
            f"{set_title(problem, nearest.members)}, paling murah {rupiah(nearest.floor_rupiah or 0)}."
        )


def _place(problem: Problem, warehouse: str) -> Place:
    return next(place for place in problem.places if place.id == warehouse)
