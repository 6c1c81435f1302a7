"""Which faults go where in the messy workbook: sixteen sheets, each with its own, and three extra sheets."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tepat.common.areas import Area
from tepat.common.outlines import Point, metres_outside
from tepat.common.samples import spread
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.messy_pages import DATA, FREE, HEADER, LABELS, Line, Page, add_total

SMALL = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
HUNDRED = 100
POINTS_MIN = 4
OVER_LIMIT_BY = 11
INVENTED_DESA = "Wanarejeki Contoh"
NIK_STEM = 3316_0000_0000_0000  # no district 00, no such person


class Planter:
    """Chooses rows by a seed.

    Args:
        area: The kabupaten/kota.
        seed: The same seed chooses the same rows.
    """

    def __init__(self, area: Area, seed: int) -> None:
        self.area, self.seed = area, seed
        self.register = DesaRegister.of_area(area)

    def run(self, page: Page, salt: int = 0, *, least: int = 3) -> list[Line]:
        """Return the rows of some desa of a sheet."""
        return page.desa_run(spread("rusak", self.seed, page.name, salt, low=0, high=50), least=least)


def in_words(number: int) -> str:
    """Return a number below a thousand in Indonesian words."""
    if number < 10:
        return SMALL[number]
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or f"{SMALL[number - 10]} belas"
    if number < HUNDRED:
        rest = f" {SMALL[number % 10]}" if number % 10 else ""
        return f"{SMALL[number // 10]} puluh{rest}"
    head = "seratus" if number < 2 * HUNDRED else f"{SMALL[number // HUNDRED]} ratus"
    return head + (f" {in_words(number % HUNDRED)}" if number % HUNDRED else "")


def plant_faults(pages: list[Page], area: Area, seed: int) -> list[Page]:
    """Return the sheets with their faults, and three sheets more.

    Args:
        pages: At least sixteen clean sheets.
        area: The kabupaten/kota.
        seed: Chooses the rows.
    """
    planter = Planter(area, seed)
    assert len(pages) >= len(PLANS), len(pages)
    late = _late_sheet(pages, planter)
    for page, plan in zip(pages, PLANS, strict=False):
        plan(page, planter)
    for page in pages:
        if not any(kind == "total_row" for kind, _, _ in page.marks):
            add_total(page)
    for page in pages[-1:]:
        _signature(page)
    return [*pages, late, _recap(pages), _old_sheet(pages[0])]


def _signature(page: Page) -> None:
    page.lines += [
        Line(FREE),
        Line(FREE, {"dpt": "Blora, 20 Juni 2023 (contoh)"}),
        Line(FREE, {"dpt": "Ketua PPK"}),
    ]
    page.mark("outside_table", page.lines[-2], "dpt")


def _put(page: Page, kind: str, line: Line, name: str, value: Any) -> None:
    if isinstance(line.cells.get(name), int):
        line.truth[name] = line.cells[name]
    line.cells[name] = value
    page.mark(kind, line, name)


def _merged_and_two_lines(page: Page, planter: Planter) -> None:
    page.grouped = True
    page.sheet_marks.append(("two_header_lines", "A4"))
    run = planter.run(page)
    for line in run[1:]:
        line.cells["desa"] = None
    page.merges.append((run[0], run[-1], "desa"))
    page.mark("merged_cell_filled", run[0], "desa")


def _words_and_signs(page: Page, planter: Planter) -> None:
    first, second, *_ = planter.run(page)
    _put(page, "wordy_number", first, "dpt_male", in_words(first.cells["dpt_male"]))
    _put(page, "negative_number", second, "dpt_female", -second.cells["dpt_female"])


def _wrong_total(page: Page, planter: Planter) -> None:
    add_total(page, off=spread("selisih", planter.seed, page.name, low=1, high=90))


def _two_readings(page: Page, planter: Planter) -> None:
    first, second, third, *_ = planter.run(page)
    _put(page, "ambiguous_number", first, "dpt", "1.205")
    _put(page, "ambiguous_number", second, "dpt_male", "1,205")
    _put(page, "ambiguous_number", third, "dpt_female", 1.205)


def _hidden_and_repeated(page: Page, planter: Planter) -> None:
    line = planter.run(page)[1]
    line.hidden = True
    page.mark("hidden_row", line, "desa")
    middle = len(page.lines) // 2
    again = Line(HEADER)
    page.lines.insert(middle, again)
    page.mark("repeated_header", again, "number")


def _twice(page: Page, planter: Planter) -> None:
    line = planter.run(page)[-1]
    copy = Line(DATA, dict(line.cells))
    page.lines.insert(page.lines.index(line) + 1, copy)
    page.mark("duplicate_tps", copy, "tps")


def _misspelt(page: Page, planter: Planter) -> None:
    run = planter.run(page)
    wrong = misspelling(run[0].cells["desa"], planter.register, page.name)
    for line in run:
        line.cells["desa"] = wrong
    page.mark("misspelt_desa", run[0], "desa")


def misspelling(name: str, register: DesaRegister, kecamatan: str) -> str:
    """Return a name with two letters swapped, one lost or one doubled, which is no other desa's name."""
    code = register.match_kecamatan(kecamatan).code
    for at in range(1, len(name) - 1):
        swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        for wrong in (name[:at] + name[at] + name[at:], name[:at] + name[at + 1 :], swapped):
            match = register.match_name(wrong, code)
            if match.problem == "misspelt_desa" and match.proposal == name:
                return wrong
    raise AssertionError(name)


def _unknown(page: Page, planter: Planter) -> None:
    run = planter.run(page)
    for line in run:
        line.cells["desa"] = INVENTED_DESA
    page.mark("unknown_desa", run[0], "desa")
    page.sheet_marks.append(("desa_absent", ""))


def _over_limit(page: Page, planter: Planter) -> None:
    line = planter.run(page)[0]
    line.cells["dpt_male"] = 150 + OVER_LIMIT_BY
    line.cells["dpt_female"] = 150
    _put(page, "over_limit", line, "dpt", 300 + OVER_LIMIT_BY)


def _blanks(page: Page, planter: Planter) -> None:
    first, second, third, *_ = planter.run(page)
    _put(page, "missing_dapil", first, "dapil", None)
    _put(page, "missing_value", second, "tps", None)
    _put(page, "missing_value", third, "dpt", None)


def _gap(page: Page, planter: Planter) -> None:
    run = planter.run(page)
    page.lines.remove(run[1])
    page.mark("tps_gap", run[2], "tps")


def _code_against_name(page: Page, planter: Planter) -> None:
    page.columns.insert(1, "desa_code")
    run = planter.run(page)
    other = next(line for line in page.data if line.cells["desa"] != run[0].cells["desa"])
    line = run[1]
    line.cells["desa"] = other.cells["desa"]
    page.mark("code_name_conflict", line, "desa_code")


def _private_columns(page: Page, planter: Planter) -> None:
    page.columns += ["nik", "person"]
    page.labels |= {"nik": "NIK Ketua KPPS", "person": "Nama Ketua KPPS"}
    for at, line in enumerate(page.data):
        line.cells |= {"nik": str(NIK_STEM + at), "person": f"Contoh Orang {chr(65 + at % 26)}"}
    page.sheet_marks.append(("nik_column_removed", page.header_cell("nik")))
    page.sheet_marks.append(("name_column_removed", page.header_cell("person")))
    del planter


def _sums_and_remarks(page: Page, planter: Planter) -> None:
    page.columns.append("remark")
    page.labels["remark"] = "Keterangan"
    page.sheet_marks.append(("unknown_column", page.header_cell("remark")))
    first, second, *_ = planter.run(page)
    first.cells["remark"] = "lihat berita acara (contoh)"
    _put(page, "sum_differs", first, "dpt", first.cells["dpt"] - 7)
    _put(page, "not_whole_number", second, "dpt_male", 118.5)


def _excel_accidents(page: Page, planter: Planter) -> None:
    first, second, third, *_ = planter.run(page)
    _put(page, "date_in_number", first, "dpt", date(2024, 2, 14))
    _put(page, "excel_error", second, "dpt", "#REF!")
    _put(page, "unreadable_number", third, "dpt_male", "1O9")
    other = planter.run(page, 1)
    line = next(line for line in other if line not in {first, second, third})
    _put(page, "formula_without_value", line, "dpt", "=100+99")


def _numbers_in_text(page: Page, planter: Planter) -> None:
    page.columns.append("place")
    page.labels["place"] = "Lokasi TPS"
    for line in page.data:
        line.cells["place"] = f"Balai Desa {line.cells['desa']}"
    first, second, *_ = planter.run(page)
    _put(page, "nik_masked", first, "place", f"Balai desa, NIK {NIK_STEM + 7}")
    _put(page, "name_masked", second, "place", "Rumah Bapak Contoh Sekali")


def _points(page: Page, planter: Planter) -> None:
    """Give each row the point of its desa, one of them with a decimal comma; three are wrong."""
    page.columns += ["lat", "lon"]
    page.labels |= {"lat": "Lintang", "lon": "Bujur"}
    known = {p.code: (p.lat, p.lon) for p in planter.area.desa if p.lat is not None and p.lon is not None}
    rows = [line for line in page.data if line.cells["desa_code"] in known]
    if len(rows) < POINTS_MIN:
        return
    for line in rows:
        line.cells["lat"], line.cells["lon"] = known[line.cells["desa_code"]]
    first = known[rows[0].cells["desa_code"]]
    rows[0].cells["lat"] = str(rows[0].cells["lat"]).replace(".", ",")
    zero, swapped = rows[1], rows[2]
    zero.cells |= {"lat": 0, "lon": 0}
    page.mark("zero_point", zero, "lat")
    swapped.cells |= {"lat": swapped.cells["lon"], "lon": swapped.cells["lat"]}
    page.mark("point_mistake", swapped, "lon")
    for line in rows[3:]:
        if metres_outside([Point(line.cells["desa_code"], *first)]):
            line.cells["lat"], line.cells["lon"] = first
            page.mark("outside_desa", line, "lat")
            return


def _texts_and_points(page: Page, planter: Planter) -> None:
    _numbers_in_text(page, planter)
    _points(page, planter)


PLANS: tuple[Callable[[Page, Planter], None], ...] = (
    _merged_and_two_lines,
    _words_and_signs,
    _wrong_total,
    _two_readings,
    _hidden_and_repeated,
    _twice,
    _misspelt,
    _unknown,
    _over_limit,
    _blanks,
    _gap,
    _code_against_name,
    _private_columns,
    _sums_and_remarks,
    _excel_accidents,
    _texts_and_points,
)


def _late_sheet(pages: list[Page], planter: Planter) -> Page:
    """Move the TPS of one desa to a sheet that says no kecamatan; its name stands twice in the kabupaten."""
    for page in pages[2:3] + pages[9:] + pages:
        for line in page.data:
            name = line.cells["desa"]
            if planter.register.match_name(name, None).problem != "ambiguous_desa":
                continue
            moved = [other for other in page.data if other.cells["desa"] == name]
            page.lines = [other for other in page.lines if other not in moved]
            page.sheet_marks.append(("desa_absent", ""))
            late = Page("Susulan", ["DAFTAR SUSULAN (contoh)", "", ""], list(page.columns), moved)
            late.mark("ambiguous_desa", moved[0], "desa")
            return late
    raise AssertionError(planter.area.code)


def _recap(pages: list[Page]) -> Page:
    lines = []
    for number, page in enumerate(pages, 1):
        sums = [line for line in page.lines if line.role == "total"][-1].cells
        lines.append(Line(DATA, {"number": number, "desa": page.name, "dpt": sums["dpt"]}))
    columns = ["number", "desa", "dpt"]
    recap = Page("Rekap", ["REKAPITULASI (contoh)", "", ""], columns, lines, {"desa": "Kecamatan"})
    recap.sheet_marks.append(("recap_sheet", "A4"))
    return recap


def _old_sheet(page: Page) -> Page:
    lines = [Line(DATA, dict(line.cells)) for line in page.data[:5] if line.cells["desa"]]
    old = Page("Lama", ["SALINAN LAMA (contoh)", "", ""], list(LABELS), lines, hidden=True)
    old.sheet_marks.append(("hidden_sheet", "A1"))
    return old
