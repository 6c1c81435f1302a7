"""The kinds of list that can be imported: one declarative table each."""

from tepat.common.errors import Refused
from tepat.planning.imports.fields import Kind
from tepat.planning.imports.kinds_fleet import VEHICLES, WAREHOUSES
from tepat.planning.imports.kinds_people import PEOPLE
from tepat.planning.imports.kinds_tps import TPS

KINDS = {kind.name: kind for kind in (TPS, VEHICLES, WAREHOUSES, PEOPLE)}
ALIASES = {
    "dpt": "tps",
    "fleet": "vehicles",
    "armada": "vehicles",
    "kendaraan": "vehicles",
    "warehouse": "warehouses",
} | {
    "gudang": "warehouses",
    "petugas": "people",
    "orang": "people",
}


def import_kind(name: str) -> Kind:
    """Return a kind of list by its name or by a word for it.

    Raises:
        Refused: IMPORT-UNKNOWN-KIND.
    """
    wanted = name.strip().lower()
    kind = KINDS.get(ALIASES.get(wanted, wanted))
    if kind is None:
        raise Refused("IMPORT-UNKNOWN-KIND", kind=name, known=", ".join(KINDS))
    return kind
