"""Loading an area's register: areas, shapes, dapil, TPS and places of each election, side by side.

What is loaded is written to the documents store first, so that the event names the very list by its hash; the
rows are a projection of it.
"""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from typing import Any

from tepat.common import ledger, zones
from tepat.common.acting import Actor, action
from tepat.common.actions import add_election, set_office
from tepat.common.areas import Area as LoadedArea
from tepat.common.areas import Desa, boundaries, load_area, successors, upper_areas
from tepat.common.documents import KeptFile, add_document, keep
from tepat.common.elections import ElectionKind, election_kind
from tepat.common.errors import Refused
from tepat.common.models import Area, AreaShape, Dapil, Election, Office, Place, Tps
from tepat.common.permissions import Permission
from tepat.common.samples import DISABILITIES, PUBLISHED, SampleTps, sample_csv, sample_tps

LOADED = ledger.kind("register.loaded")
ELECTIONS_MAX = 8
ROWS_A_STATEMENT = 500

# KPU's table of 2024 is known to hold on the first day; today's codes are taken to hold from the second.
KNOWN_SINCE = date(2024, 2, 14)
CODES_CHANGED = date(2025, 1, 1)
AREA_SOURCE = "Kepmendagri 300.2.2-2430/2025"
OLD_AREA_SOURCE = "tabel TPS KPU, Februari 2024"
SHAPE_SOURCE = "cahyadsn/wilayah_boundaries (MIT)"
INNER, CENTRE, EXAMPLE = "titik dalam desa", "pusat wilayah", "contoh"


@dataclass(frozen=True)
class LoadedRegister:
    """What a load put in place.

    Args:
        area_code: The kabupaten/kota.
        desa: Desa and kelurahan.
        tps: TPS by election code.
        voters: Voters on the lists by election code.
        documents: SHA-256 of the list behind each election.
    """

    area_code: str
    desa: int
    tps: dict[str, int]
    voters: dict[str, int]
    documents: dict[str, str]


def load_register(
    area: str, elections: Sequence[str], *, by: Actor, at: datetime, key: str | None = None
) -> LoadedRegister:
    """Open an office for an area and load its register for some elections.

    Args:
        area: A code such as ``33.16``, or ``blora``.
        elections: Election codes; those already loaded are refused.
        by: Who loads it.
        at: When.
        key: The same key twice loads once.

    Raises:
        Refused: COMMON-UNKNOWN-AREA, COMMON-UNKNOWN-ELECTION, OFFICE-OTHER, REGISTER-LOADED.
        NotAllowed: The actor may not edit the register there.
    """
    assert 0 < len(elections) <= ELECTIONS_MAX, elections
    loaded = load_area(area)
    kinds = [election_kind(code) for code in elections]
    by.require(Permission.REGISTER_EDIT, loaded.code)
    lists = {kind.code: sample_tps(loaded, kind.code) for kind in kinds}
    files = {code: _keep_list(rows) for code, rows in lists.items()}
    return accept_register(by=by, at=at, area=loaded, lists=lists, files=files, key=key)


def _keep_list(rows: Iterable[SampleTps]) -> KeptFile:
    return keep(io.BytesIO(sample_csv(rows).encode()))


@action(Permission.REGISTER_EDIT)
def accept_register(
    *,
    by: Actor,
    at: datetime,
    area: LoadedArea,
    lists: dict[str, list[SampleTps]],
    files: dict[str, KeptFile],
) -> LoadedRegister:
    """Write the rows of a register whose lists are already in the documents store.

    Raises:
        Refused: REGISTER-LOADED, OFFICE-OTHER.
    """
    by.require(Permission.REGISTER_EDIT, area.code)
    there = (
        Tps.objects.in_area(area.code)
        .filter(election__code__in=lists)
        .values_list("election__code", flat=True)
    )
    if already := sorted(set(there)):
        raise Refused("REGISTER-LOADED", area=area.name, elections=", ".join(already))
    if not Office.objects.filter(area_code=area.code).exists():
        zone = zones.zone_of(area.code)
        set_office(by=by, at=at, area_code=area.code, name=f"KPU {area.name}", time_zone=zone)
    rows = _areas(area)
    _places(area, rows)
    for code, listed in lists.items():
        election = add_election(by=by, at=at, code=code)
        add_document(by=by, at=at, file=files[code], label=f"Daftar TPS {election.name}", area_code=area.code)
        _dapil(election, area, listed, rows)
        _tps(election, area, listed, rows)
    answer = LoadedRegister(
        area_code=area.code,
        desa=len(area.desa),
        tps={code: len(listed) for code, listed in lists.items()},
        voters={code: sum(tps.dpt for tps in listed) for code, listed in lists.items()},
        documents={code: file.sha256 for code, file in files.items()},
    )
    about = ledger.About(
        objects=(f"register:{area.code}",),
        place=area.code,
        evidence=tuple(sorted(answer.documents.values())),
    )
    payload = {"desa": answer.desa, "tps": answer.tps, "voters": answer.voters, "documents": answer.documents}
    ledger.record(LOADED, payload, by=by, at=at, about=about)
    return answer


def _areas(area: LoadedArea) -> dict[str, Area]:
    """Write the areas that are not there yet, with the codes of 2024 that lead to them; return today's."""
    before = {old: new for old, new in successors().items() if new.startswith(area.code + ".")}
    changed = {new for old, new in before.items() if old != new}
    wanted = [*_upper_rows(area), *(_desa_row(desa, since=_since(desa, changed)) for desa in area.desa)]
    names = {desa.code: desa for desa in area.desa}
    wanted += [_old_row(old, names[new]) for old, new in before.items() if old != new and new in names]
    Area.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=ROWS_A_STATEMENT)
    rows = {row.code: row for row in Area.objects.in_area(area.code).filter(valid_to__isnull=True)}
    _shapes(area, rows)
    return rows


def _since(desa: Desa, changed: set[str]) -> date:
    return CODES_CHANGED if desa.code in changed or not desa.tps + desa.tps_special else KNOWN_SINCE


def _upper_rows(area: LoadedArea) -> list[Area]:
    upper = upper_areas()
    codes = [area.province, area.code, *area.kecamatan]
    return [
        Area(
            code=code,
            level=upper[code]["level"],
            name=upper[code]["nama"],
            parent_code=upper[code]["kode_induk"],
            valid_from=KNOWN_SINCE,
            source=AREA_SOURCE,
        )
        for code in codes
    ]


def _desa_row(desa: Desa, *, since: date) -> Area:
    return Area(
        code=desa.code,
        level=Area.Level.DESA,
        kind=desa.kind,
        name=desa.name,
        parent_code=desa.kecamatan,
        valid_from=since,
        source=AREA_SOURCE,
    )


def _old_row(old_code: str, desa: Desa) -> Area:
    return Area(
        code=old_code,
        level=Area.Level.DESA,
        kind=desa.kind,
        name=desa.name,
        parent_code=old_code.rpartition(".")[0],
        valid_from=KNOWN_SINCE,
        valid_to=CODES_CHANGED,
        successor_code=desa.code,
        source=OLD_AREA_SOURCE,
    )


def _shapes(area: LoadedArea, rows: dict[str, Area]) -> None:
    collection: dict[str, Any] = boundaries(area.code) or {"features": []}
    inner = {desa.code: (desa.lat, desa.lon) for desa in area.desa if desa.point == "dalam"}
    shapes = []
    for feature in collection["features"]:
        code = feature["properties"]["kode"]
        lat, lon = inner.get(code, (None, None))
        if code in rows:
            shapes.append(
                AreaShape(
                    area=rows[code],
                    polygon=json.dumps(feature["geometry"], separators=(",", ":")),
                    inner_lat=lat,
                    inner_lon=lon,
                    source=SHAPE_SOURCE,
                ),
            )
    AreaShape.objects.bulk_create(shapes, ignore_conflicts=True, batch_size=ROWS_A_STATEMENT)


def _places(area: LoadedArea, rows: dict[str, Area]) -> None:
    """One PPS a desa, one PPK a kecamatan, one warehouse: where exactly is for the office to correct."""
    upper = upper_areas()
    places = []
    for desa in area.desa:
        source = INNER if desa.point == "dalam" else CENTRE
        name = f"PPS {desa.name}"
        places.append(_place("pps", rows[desa.code], name, (desa.lat, desa.lon), source))
    for code, name in sorted(area.kecamatan.items()):
        places.append(_place("ppk", rows[code], f"PPK {name}", _kecamatan_point(area, code), CENTRE))
    centre = upper[area.code]
    point = (float(centre["lat"]), float(centre["lon"])) if centre["lat"] else (None, None)
    places.append(_place("gudang", rows[area.code], f"Gudang KPU {area.name}", point, EXAMPLE))
    Place.objects.bulk_create(places, ignore_conflicts=True, batch_size=ROWS_A_STATEMENT)


def _place(kind: str, area: Area, name: str, point: tuple[float | None, float | None], source: str) -> Place:
    lat, lon = point
    return Place(
        code=f"{kind}-{area.code}",
        kind=kind,
        name=name,
        area=area,
        lat=lat,
        lon=lon,
        position_source=source if lat is not None else "belum ada",
    )


def _kecamatan_point(area: LoadedArea, code: str) -> tuple[float | None, float | None]:
    row = upper_areas()[code]
    if row["lat"]:
        return float(row["lat"]), float(row["lon"])
    points = [
        (d.lat, d.lon) for d in area.desa if d.kecamatan == code and d.lat is not None and d.lon is not None
    ]
    if not points:
        return None, None
    return fmean(lat for lat, _ in points), fmean(lon for _, lon in points)


def _dapil(election: Election, area: LoadedArea, listed: Sequence[SampleTps], rows: dict[str, Area]) -> None:
    within: dict[tuple[str, str], set[str]] = {}
    kecamatan = {desa.code: desa.kecamatan for desa in area.desa}
    for tps in listed:
        for ballot, code in tps.dapil.items():
            within.setdefault((ballot, code), set()).add(kecamatan[tps.desa])
    for (ballot, code), parts in sorted(within.items()):
        row, _ = Dapil.objects.get_or_create(
            election=election,
            ballot=ballot,
            code=code,
            defaults={"name": code, "source": EXAMPLE if code.endswith(EXAMPLE) else "undang-undang"},
        )
        row.areas.add(*(rows[part] for part in sorted(parts)))


def _tps(election: Election, area: LoadedArea, listed: Sequence[SampleTps], rows: dict[str, Area]) -> None:
    known = PUBLISHED.get((area.code, election.code))
    source = f"contoh; jumlah: {known.source}" if known else "perkiraan dari rata-rata nasional Pemilu 2024"
    Tps.objects.bulk_create(
        (
            Tps(
                election=election,
                desa=rows[tps.desa],
                number=tps.number,
                special=tps.special,
                dpt=tps.dpt,
                dptb=tps.dptb,
                voters=tps.voters,
                dapil=tps.dapil,
                step_free=tps.step_free,
                low_table=tps.low_table,
                source=source,
                source_kind=tps.voters_source,
                accessibility_source=EXAMPLE,
                **{f"voters_{name}": tps.disabilities[name] for name in DISABILITIES},
            )
            for tps in listed
        ),
        batch_size=ROWS_A_STATEMENT,
    )


def loaded_elections(area_code: str) -> list[ElectionKind]:
    """Return the elections whose register is loaded for an area, in the order of their polling days."""
    codes = (
        Election.objects.filter(tps__desa__code__startswith=area_code + ".")
        .distinct()
        .order_by("polling_date")
    )
    return [election_kind(election.code) for election in codes]
