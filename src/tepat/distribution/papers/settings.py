"""What an office decides about its papers: letterhead, numbers, signatories, size; a TOML file."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from tepat.common.errors import Refused


class PaperSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The office's settings for printed papers.

    Args:
        size: ``a4`` (210 × 297 mm) or ``f4`` (215 × 330 mm).
        letterhead: Lines at the head of each paper, the first in capitals.
        address: One line below the letterhead.
        city: Where papers are signed.
        series: Number pattern for each kind of paper; `{n}` running number, `{code}` area code, `{month}`
            Roman month, `{year}` year.
        giver: The post that hands over at the warehouse.
        warehouse_witness: Posts that sign beside giver and receiver at the warehouse.
        village_witness: Posts that sign beside giver and receiver at a PPS.
        district_witness: Posts that sign beside giver and receiver at a PPK.
        notes: Sentences printed below the figures, such as what to do when a count differs.
    """

    size: Literal["a4", "f4"]
    letterhead: tuple[str, ...]
    address: str
    city: str
    series: dict[str, str]
    giver: str
    warehouse_witness: tuple[str, ...]
    village_witness: tuple[str, ...]
    district_witness: tuple[str, ...]
    notes: tuple[str, ...]


def paper_settings(office: str, *, path: Path | None = None) -> PaperSettings:
    """Return the office's settings, or the defaults with the office's name in the letterhead.

    Args:
        office: The office's name, such as ``Kabupaten Blora``.
        path: A TOML file of the office; None = the defaults beside this module.

    Raises:
        Refused: PAPER-SETTINGS, naming the field that is wrong.
    """
    file = path or resources.files(__package__) / "settings.toml"
    try:
        raw = (
            file.read_text(encoding="utf-8")
            .replace("{KANTOR}", _area(office).upper())
            .replace("{Kota}", _town(office))
        )
        return msgspec.convert(tomllib.loads(raw), PaperSettings)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Refused("PAPER-SETTINGS", file=str(getattr(file, "name", file)), reason=str(error)) from error


def _area(office: str) -> str:
    return office.removeprefix("KPU ")


def _town(office: str) -> str:
    return _area(office).removeprefix("Kabupaten ").removeprefix("Kota ")
