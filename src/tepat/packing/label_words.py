"""What the labels of boxes, bundles, cartons and goods say. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tepat.common.quantities import grouped
from tepat.packing.ballots import ballot_words
from tepat.packing.codes import Code
from tepat.packing.contents import KIT, KIT_NAME, PlannedSet
from tepat.packing.labels import DAPIL, Label

KECAMATAN_CHARACTERS = len("33.16.01")
SHORT_KINDS = {"kelurahan": "Kel.", "desa": "Desa"}
GOODS_SHOWN = 3


class Labelled(Protocol):
    """A box or bundle, planned or stored."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def slot(self) -> str:
        """Its digit or letter within the set."""

    @property
    def is_box(self) -> bool:
        """Whether it is a box."""

    @property
    def ballot(self) -> str:
        """Its ballot, or empty."""

    @property
    def mark(self) -> str:
        """The mark of its dapil, or empty."""

    @property
    def sheets(self) -> int:
        """Its ballots, in sheets."""

    @property
    def contents(self) -> Iterable[tuple[str, int]]:
        """Goods and quantities."""


@dataclass(frozen=True)
class Names:
    """What things are called.

    Args:
        areas: Names of desa and kecamatan by code, such as ``Kel. Kunden``.
        goods: Names and units of goods by code.
    """

    areas: Mapping[str, str]
    goods: Mapping[str, tuple[str, str]]

    def of_goods(self, item: str) -> tuple[str, str]:
        """Return the name and unit of some goods."""
        return (KIT_NAME, "paket") if item == KIT else self.goods.get(item, (item, "buah"))


@dataclass(frozen=True)
class Whose:
    """Whose set a box belongs to.

    Args:
        level: ``tps``, ``pps`` or ``ppk``.
        area_code: The desa, or the kecamatan of a PPK.
        tps: The TPS's number, or None.
        boxes: Boxes in the set.
    """

    level: str
    area_code: str
    tps: int | None
    boxes: int


def short_area(kind: str, name: str) -> str:
    """Return a desa as a label says it, such as ``Kel. Kunden``."""
    return f"{SHORT_KINDS.get(kind.lower(), kind.capitalize())} {name}".strip()


def box_label(box: Labelled, whose: Whose, names: Names) -> Label:
    """Return the label of a box or bundle."""
    kecamatan = whose.area_code[:KECAMATAN_CHARACTERS]
    ppk = whose.level == "ppk"
    name, colour, mark, mark_word = _what(box, whose, names)
    return Label(
        code=Code("kotak", box.code),
        heading=f"KOTAK {box.slot} dari {whose.boxes}" if box.is_box else f"BUNDEL {box.slot}",
        big=f"{whose.tps:03d}" if whose.tps is not None else whose.level.upper(),
        big_word="TPS" if whose.tps is not None else "UNTUK",
        place=names.areas.get(whose.area_code, whose.area_code),
        above="" if ppk else names.areas.get(kecamatan, kecamatan),
        name=name,
        colour=colour,
        mark=mark,
        mark_word=mark_word,
        foot=_foot(box, names),
    )


def _what(box: Labelled, whose: Whose, names: Names) -> tuple[str, str, str, str]:
    if box.ballot:
        words = ballot_words(box.ballot, whose.area_code)
        mark = (box.mark, DAPIL) if box.mark else (box.ballot, "JENIS")
        return words.name, words.colour, *mark
    if box.is_box:
        return "Kotak rekapitulasi" if whose.level == "ppk" else "Kotak", "", box.slot, "KOTAK"
    listed = [names.of_goods(item)[0] for item, _ in box.contents]
    more = f" dan {len(listed) - GOODS_SHOWN} lagi" if len(listed) > GOODS_SHOWN else ""
    return ", ".join(listed[:GOODS_SHOWN]) + more, "", box.slot, "BUNDEL"


def _foot(box: Labelled, names: Names) -> str:
    if box.ballot:
        return f"{grouped(box.sheets)} lembar surat suara"
    counted = [f"{grouped(count)} {names.of_goods(item)[1]}" for item, count in box.contents]
    return counted[0] if len(counted) == 1 else ""


def lot_label(lot: Code, sheets: int, origin: str, area_code: str) -> Label:
    """Return the label of a carton of ballots."""
    words = ballot_words(lot.ballot, area_code)
    known = lot.mark != "0"
    return Label(
        code=lot,
        heading="KARTON SURAT SUARA",
        big=lot.text.rpartition("-")[2],
        big_word="KARTON",
        place=f"{grouped(sheets)} lembar baik",
        above=origin,
        name=words.name,
        colour=words.colour,
        mark=lot.mark if known else lot.ballot,
        mark_word=DAPIL if known else "JENIS",
        foot="Hanya untuk kotak yang bertanda sama.",
    )


def goods_label(item: str, names: Names) -> Label:
    """Return the label that lies on a table for one kind of goods."""
    name, unit = names.of_goods(item)
    return Label(
        code=Code("barang", item),
        heading="KODE BARANG DI MEJA",
        big=item,
        big_word="BARANG",
        place="Pindai saat dimasukkan",
        above=f"dihitung dalam {unit}",
        name=name,
        mark=unit,
        mark_word="SATUAN",
    )


def set_labels(planned: Iterable[PlannedSet], names: Names, *, boxes_only: bool = False) -> list[Label]:
    """Return the labels of planned sets, without a database.

    Args:
        planned: What `plan_sets` returned.
        names: What things are called.
        boxes_only: Whether to leave the bundles out.
    """
    return [
        box_label(
            box,
            Whose(each.level, each.area_code, each.tps, sum(one.is_box for one in each.objects)),
            names,
        )
        for each in planned
        for box in each.objects
        if box.is_box or not boxes_only
    ]
