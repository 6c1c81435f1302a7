"""A workbook in SILOG's shape, as an editable layout describes it: the template itself is not verified."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from tepat.common.errors import Refused
from tepat.common.unread import why_unread
from tepat.planning.needs import Needs
from tepat.planning.rules import Item
from tepat.planning.workbook import Row, write_sheets

ROW_KINDS = ("barang", "tps")
ITEM_FIELDS = (
    "kode",
    "nama",
    "satuan",
    "kelas",
    "tingkat",
    "unit",
    "kebutuhan",
    "alokasi",
    "tahap",
    "tenggat_hari",
    "pemilik",
    "sumber",
    "mark",
)
TPS_FIELDS = (
    "kode_prov",
    "kode_kab",
    "kode_kec",
    "kode_desa",
    "nomor_tps",
    "dpt",
    "dptb",
    "kode",
    "nama",
    "satuan",
    "kebutuhan",
    "alokasi",
)


def read_layout(text: str | None = None) -> Mapping[str, Any]:
    """Return a layout; the one that comes with Tepat where none is given.

    Args:
        text: A TOML document like ``silog_layout.toml``.

    Raises:
        Refused: NEEDS-LAYOUT-INVALID, naming the sheet and the field.
    """
    if text is None:
        text = (resources.files("tepat.planning") / "silog_layout.toml").read_text(encoding="utf-8")
    try:
        layout = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused("NEEDS-LAYOUT-INVALID", sheet="–", field=why_unread(error)) from error
    sheets = layout.get("sheets")
    if not isinstance(sheets, list) or not sheets or not isinstance(layout.get("status"), str):
        raise Refused("NEEDS-LAYOUT-INVALID", sheet="–", field="sheets, status")
    for sheet in sheets:
        _check_sheet(sheet)
    return layout


def _check_sheet(sheet: Any) -> None:
    title = str(sheet.get("title", "")) if isinstance(sheet, dict) else ""
    if not title or sheet.get("rows") not in ROW_KINDS:
        raise Refused("NEEDS-LAYOUT-INVALID", sheet=title or "–", field="title, rows")
    fields = ITEM_FIELDS if sheet["rows"] == "barang" else TPS_FIELDS
    for column in sheet.get("columns") or [{}]:
        if not isinstance(column, dict) or "header" not in column or column.get("field") not in fields:
            shown = column.get("field", "columns") if isinstance(column, dict) else "columns"
            raise Refused("NEEDS-LAYOUT-INVALID", sheet=title, field=shown)


def silog_workbook(needs: Needs, layout: Mapping[str, Any]) -> bytes:
    """Return the needs in the shape of a layout, with a last sheet that says it is not verified.

    Args:
        needs: The needs.
        layout: A layout of `read_layout`.
    """
    sheets: list[tuple[str, Iterable[Row]]] = [
        (str(sheet["title"]), _rows(needs, sheet)) for sheet in layout["sheets"]
    ]
    note = [[f"Tata letak: {layout['status']}"], [f"{needs.rule_set.name}; {needs.rule_set.law}"]]
    return write_sheets([*sheets, ("Catatan", note)])


def _rows(needs: Needs, sheet: Mapping[str, Any]) -> Iterable[Row]:
    yield [str(column["header"]) for column in sheet["columns"]]
    wanted = set(sheet.get("items") or ())
    items = [item for item in needs.rule_set.items if not wanted or item.code in wanted]
    fields = [str(column["field"]) for column in sheet["columns"]]
    values = _item_rows(needs, items) if sheet["rows"] == "barang" else _tps_rows(needs, items)
    for row in values:
        yield [row[name] for name in fields]


def _item_rows(needs: Needs, items: Iterable[Item]) -> Iterable[Mapping[str, str | int]]:
    for item in items:
        yield _of_item(item) | {
            "kelas": item.item_class,
            "tingkat": item.level,
            "unit": needs.units(item.level, item.ballot),
            "kebutuhan": needs.total(item.code),
            "alokasi": needs.total(item.code, "alokasi"),
            "tahap": item.wave,
            "tenggat_hari": item.deadline_days,
            "pemilik": item.owner,
            "sumber": item.source,
            "mark": item.mark,
        }


def _tps_rows(needs: Needs, items: Iterable[Item]) -> Iterable[Mapping[str, str | int]]:
    tps = needs.tps
    per_item = [
        (_of_item(item), needs.per_tps(item.code), needs.per_tps(item.code, "alokasi"))
        for item in items
        if item.level == "tps"
    ]
    for place in range(len(tps)):
        code = tps.desa_codes[tps.desa_index[place]]
        head: dict[str, str | int] = {
            "kode_prov": code[:2],
            "kode_kab": code[:5],
            "kode_kec": code[:8],
            "kode_desa": code,
            "nomor_tps": int(tps.number[place]),
            "dpt": int(tps.dpt[place]),
            "dptb": int(tps.dptb[place]),
        }
        for shown, printed, allocated in per_item:
            yield head | shown | {"kebutuhan": int(printed[place]), "alokasi": int(allocated[place])}


def _of_item(item: Item) -> dict[str, str | int]:
    return {"kode": item.code, "nama": item.name, "satuan": item.unit}
