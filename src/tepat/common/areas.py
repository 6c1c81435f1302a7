"""The official areas of Indonesia and the TPS of 14 February 2024, from the tables in `reference/`.

Origins, licences and checks of the tables: `reference/README.md`.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tepat.common.errors import Refused

NICKNAMES = {"blora": "33.16"}


@dataclass(frozen=True)
class Desa:
    """One desa or kelurahan as it stands today, with its TPS of Pemilu 2024.

    Args:
        code: The official code, such as ``33.16.01.2001``.
        name: The official name; not unique within a kabupaten.
        kind: ``desa``, ``kelurahan`` or ``desa adat``.
        kecamatan: The code of its kecamatan.
        lat: Latitude of a point inside it, in degrees WGS84, or None where no source has one.
        lon: Longitude of that point.
        point: ``dalam`` for a point proved inside the polygon, ``pusat`` for a centroid, or empty.
        tps: Regular TPS, numbered 1 to this.
        tps_special: Special TPS, numbered from 901.
    """

    code: str
    name: str
    kind: str
    kecamatan: str
    lat: float | None
    lon: float | None
    point: str
    tps: int
    tps_special: int


@dataclass(frozen=True)
class Area:
    """One kabupaten or kota with its kecamatan and desa.

    Args:
        code: The official code, such as ``33.16``.
        name: The official name, such as ``Kabupaten Blora``.
        province: The code of its province.
        kecamatan: Names by kecamatan code.
        desa: Its desa in the order of their codes.
    """

    code: str
    name: str
    province: str
    kecamatan: dict[str, str]
    desa: tuple[Desa, ...]


def reference(name: str) -> Any:
    """Return a file of the reference folder as a traversable path."""
    return resources.files("tepat.common") / "reference" / name


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a reference table, plain or gzipped CSV."""
    raw = reference(name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    yield from csv.DictReader(io.StringIO(text.decode("utf-8")))


@cache
def upper_areas() -> dict[str, dict[str, str]]:
    """Return the 38 provinces, 514 kabupaten/kota and 7,285 kecamatan by code."""
    return {row["kode"]: row for row in rows("wilayah_atas_indonesia.csv.gz")}


def area_code(text: str) -> str:
    """Return the code of a kabupaten/kota given by code or by nickname.

    Raises:
        Refused: COMMON-UNKNOWN-AREA.
    """
    code = NICKNAMES.get(text.strip().lower(), text.strip())
    if len(code) == 4 and code.isdigit():
        code = f"{code[:2]}.{code[2:]}"
    if upper_areas().get(code, {}).get("level") != "kabkota":
        raise Refused("COMMON-UNKNOWN-AREA", area=text)
    return code


def load_area(text: str) -> Area:
    """Return a kabupaten/kota with all its desa.

    Args:
        text: A code such as ``33.16`` or ``3316``, or ``blora``.

    Raises:
        Refused: COMMON-UNKNOWN-AREA.
    """
    return _area(area_code(text))


@cache
def _area(code: str) -> Area:
    upper = upper_areas()
    inner = inner_points(code)
    tps = tps_by_desa()
    found = []
    for row in rows("desa_indonesia.csv.gz"):
        if not row["kode"].startswith(code + "."):
            continue
        lat, lon, point = inner.get(row["kode"], (_degrees(row["lat"]), _degrees(row["lon"]), "pusat"))
        regular, special = tps.get(row["kode"], (0, 0))
        found.append(
            Desa(
                code=row["kode"],
                name=row["nama"],
                kind=row["jenis"],
                kecamatan=row["kode_kec"],
                lat=lat,
                lon=lon,
                point=point if lat is not None else "",
                tps=regular,
                tps_special=special,
            ),
        )
    return Area(
        code=code,
        name=upper[code]["nama"],
        province=upper[code]["kode_induk"],
        kecamatan={c: r["nama"] for c, r in upper.items() if r["kode_induk"] == code},
        desa=tuple(sorted(found, key=lambda desa: desa.code)),
    )


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def inner_points(code: str) -> dict[str, tuple[float, float, str]]:
    """Return a point proved inside each desa's polygon by desa code, as (lat, lon, ``dalam``)."""
    if not reference(f"desa/{code}.csv").is_file():
        return {}
    return {
        row["kode"]: (float(row["lat_dalam"]), float(row["lon_dalam"]), "dalam")
        for row in rows(f"desa/{code}.csv")
    }


@cache
def successors() -> dict[str, str]:
    """Return today's code for each desa code of February 2024 that has since changed."""
    return {row["kode_2024"]: row["kode_kini"] for row in rows("desa_penerus.csv")}


@cache
def tps_by_desa() -> dict[str, tuple[int, int]]:
    """Return regular and special TPS of Pemilu 2024 by today's desa code."""
    table: dict[str, tuple[int, int]] = {}
    renamed = successors()
    for row in rows("tps_per_desa_pemilu2024.csv.gz"):
        old = dotted(row["kode_kpu"])
        first, last = row["tps_khusus_dari"], row["tps_khusus_sampai"]
        special = int(last) - int(first) + 1 if first else 0
        code = renamed.get(old, old)
        regular_before, special_before = table.get(code, (0, 0))
        table[code] = (regular_before + int(row["tps_reguler"]), special_before + special)
    return table


def dotted(kpu_code: str) -> str:
    """Return KPU's ten digits as the official code with dots."""
    return f"{kpu_code[:2]}.{kpu_code[2:4]}.{kpu_code[4:6]}.{kpu_code[6:]}"


def boundaries(code: str) -> dict[str, Any] | None:
    """Return the polygons of a kabupaten/kota as GeoJSON (three levels), or None where there are none."""
    file = reference(f"batas/{code}.geojson.gz")
    if not file.is_file():
        return None
    collection: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return collection
