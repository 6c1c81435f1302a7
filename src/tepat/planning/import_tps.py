"""The register of TPS as a list changes it: what the list says replaces, what it does not say stays."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import ProtectedError

from tepat.common.elections import ballots_held
from tepat.common.errors import Refused
from tepat.common.models import Area, Dapil, Election, Tps
from tepat.common.permissions import Permission
from tepat.common.samples import CONTOH, DISABILITIES, SPECIAL_FIRST_NUMBER
from tepat.planning.import_registers import Frame, Key, Planned, Rows, Writing, fingerprint
from tepat.planning.imports.engine import Record
from tepat.planning.imports.findings import Finding
from tepat.planning.imports.kinds_tps import BALLOTS, TPS
from tepat.planning.imports.preview import preview

BATCH_ROWS = 500
SOURCE_CHARS = 60
FROM_LIST = "daftar"
# A dapil column that names no ballot is that of the office's own council.
OWN_COUNCIL = "DPRDK"
ACCESS = ("step_free", "low_table", "abtn")
POINT = ("lat", "lon")
# Whoever cannot get in by wheelchair is not helped by a way without stairs, nor the other way round.
WAYS_IN = ("step_free", "wheelchair_entrance")
WRITTEN = (
    *("dpt", "dptb", "voters", "dapil", *ACCESS, "accessibility_source"),
    *(*POINT, "position_source", "source", "source_kind"),
    *(f"voters_{name}" for name in DISABILITIES),
)

NEEDED = frozenset({"desa_code", "tps", "dpt"})


@dataclass(frozen=True)
class TpsRegister:
    """TPS of one election in one office."""

    kind: str = TPS.name
    needs_election: bool = True
    permissions: tuple[Permission, ...] = (Permission.LIST_ACCEPT,)
    document_label: str = "Daftar TPS"

    def read(self, frame: Frame) -> Rows:
        """Return the TPS of the office's election by desa code and number."""
        return {(row.desa.code, row.number): _values(row) for row in _rows(frame)}

    def lock(self, frame: Frame) -> None:
        """Hold the election's row: one list at a time."""
        assert frame.election is not None
        Election.objects.select_for_update().get(pk=frame.election.pk)

    def faults(self, records: Sequence[Record], frame: Frame) -> list[Finding]:
        """Return nothing: what a list of TPS can have wrong, the reading has named."""
        del records, frame
        return []

    def plan(self, records: Sequence[Record], frame: Frame, *, whole_list: bool) -> Planned:
        """Return the TPS as they would stand, and how they differ from now."""
        assert frame.election is not None
        ballots = ballots_held(frame.election.code, frame.area_code)
        current = self.read(frame)
        stored = [replace(record, values=_stored(record.values, ballots)) for record in records]
        listed = [record for record in stored if record.values.keys() >= NEEDED]
        changes = preview(listed, current, TPS)
        near = _neighbours(current)
        after: dict[Key, dict[str, Any]] = {}
        for record in listed:
            key = (record.values["desa_code"], record.values["tps"])
            after[key] = _after(record.values, current.get(key), ballots, near)
        if not whole_list:
            changes = replace(changes, removed=())
        gone = set(changes.removed)
        left = {key: row for key, row in current.items() if key not in after and key not in gone}
        return Planned(
            changes=changes,
            after=after,
            base=fingerprint(current),
            document=_csv({**left, **after}, ballots),
            notes=_notes(records, after, current, ballots),
        )

    def write(self, writing: Writing) -> None:
        """Write added, changed and confirmed rows; mark all rows of the list as the office's own.

        Raises:
            Refused: IMPORT-ROW-IN-USE.
        """
        frame, after = writing.frame, writing.planned.after
        there: dict[Key, Tps] = {(row.desa.code, row.number): row for row in _rows(frame)}
        fresh = [key for key in after if key not in there]
        self._write_dapil(writing)
        kept = [_fill(there[key], after[key], writing) for key in after if key in there]
        half = len(kept) // 2
        _overwrite(kept[:half])
        writing.step("setengah baris")
        _overwrite(kept[half:])
        codes = {str(key[0]) for key in fresh}
        desa = {row.code: row for row in Area.objects.filter(code__in=codes, valid_to__isnull=True)}
        new = [_fill(_new(frame, desa[str(key[0])], key), after[key], writing) for key in fresh]
        Tps.objects.bulk_create(new, batch_size=BATCH_ROWS)
        try:
            gone = [there[key].pk for key in writing.planned.changes.removed]
            Tps.objects.filter(pk__in=gone).delete()
        except ProtectedError as used:
            raise Refused("IMPORT-ROW-IN-USE", count=len(used.protected_objects)) from used

    def _write_dapil(self, writing: Writing) -> None:
        """Add the dapil that the list names and nobody knew."""
        election = writing.frame.election
        assert election is not None
        within: dict[tuple[str, str], set[str]] = {}
        for key, values in writing.planned.after.items():
            for ballot, code in values["dapil"].items():
                if code:
                    within.setdefault((ballot, code), set()).add(str(key[0])[:8])
        known = set(Dapil.objects.filter(election=election).values_list("ballot", "code"))
        missing = sorted(within.keys() - known)
        parts = {code for key in missing for code in within[key]}
        areas = {row.code: row for row in Area.objects.filter(code__in=parts, valid_to__isnull=True)}
        for ballot, code in missing:
            row = Dapil.objects.create(
                election=election, ballot=ballot, code=code, name=code, source=writing.source
            )
            row.areas.add(*(areas[part] for part in sorted(within[ballot, code])))


def _overwrite(rows: Sequence[Tps]) -> None:
    """Write rows that are there already; an insert that meets them takes a fraction of an update's time."""
    Tps.objects.bulk_create(
        rows, BATCH_ROWS, update_conflicts=True, unique_fields=("id",), update_fields=WRITTEN
    )


def _rows(frame: Frame) -> list[Tps]:
    rows = Tps.objects.in_area(frame.area_code).filter(election=frame.election)
    return list(rows.select_related("desa").order_by("desa__code", "number"))


def _values(row: Tps) -> dict[str, Any]:
    """Return a row by the names of a list's fields, with what decides how it is shown."""
    found: dict[str, Any] = {"desa_code": row.desa.code, "tps": row.number, "dpt": row.dpt, "dptb": row.dptb}
    found |= {f"disability_{name}": getattr(row, f"voters_{name}") for name in DISABILITIES}
    found |= {name: getattr(row, name) for name in (*ACCESS, *POINT, "accessibility_source")}
    found |= {f"voters_{ballot}": count for ballot, count in row.voters.items()}
    found |= {f"dapil_{ballot}": code for ballot, code in row.dapil.items()}
    return found | {"voters": row.voters, "dapil": row.dapil, "source_kind": row.source_kind}


def _stored(values: Mapping[str, Any], ballots: Sequence[str]) -> dict[str, Any]:
    """Return what the register keeps of a record."""
    names = ["desa_code", "tps", "dpt", "dptb", *ACCESS, *(f"disability_{name}" for name in DISABILITIES)]
    names += POINT if all(values.get(name) is not None for name in POINT) else ()
    names += [f"{prefix}_{ballot}" for prefix in ("voters", "dapil") for ballot in ballots]
    kept = {name: values[name] for name in names if values.get(name) is not None}
    own = f"dapil_{OWN_COUNCIL}"
    if OWN_COUNCIL in ballots and own not in kept and values.get("dapil"):
        kept[own] = values["dapil"]
    ways = [values[name] for name in WAYS_IN if values.get(name) is not None]
    return kept | ({"step_free": all(ways)} if ways else {})


def _after(
    values: Mapping[str, Any],
    old: Mapping[str, Any] | None,
    ballots: Sequence[str],
    near: Mapping[str, dict[str, str]],
) -> dict[str, Any]:
    """Return a TPS as it would stand; `voters` and `dapil` by ballot."""
    desa = values["desa_code"]
    before: Mapping[str, Any] = old or {}
    dapil = before.get("dapil") or near.get(desa) or near.get(desa[:8]) or {}
    row: dict[str, Any] = {"dptb": 0, **{f"disability_{name}": 0 for name in DISABILITIES}}
    row |= dict.fromkeys((*ACCESS, *POINT)) | {name: before[name] for name in _PLAIN & before.keys()}
    row["access_listed"] = any(name in values for name in ACCESS)
    if row["access_listed"] and before.get("accessibility_source") == CONTOH:
        row |= dict.fromkeys(ACCESS)  # what was made up must not pass for seen beside what was
    row |= {name: values[name] for name in _PLAIN & values.keys()}
    row["point_listed"] = POINT[0] in values
    row["voters"] = {ballot: _voters(ballot, values, before) for ballot in ballots}
    row["dapil"] = {ballot: values.get(f"dapil_{ballot}", dapil.get(ballot, "")) for ballot in ballots}
    return row


_PLAIN = frozenset({"dpt", "dptb", *ACCESS, *POINT, *(f"disability_{name}" for name in DISABILITIES)})


def _voters(ballot: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> int:
    """Return the voters of one ballot: as listed, as known while the DPT is the same, else all of the DPT."""
    listed = values.get(f"voters_{ballot}")
    if listed is not None:
        return int(listed)
    if before and before["dpt"] == values["dpt"]:
        return int(before["voters"].get(ballot, values["dpt"]))
    return int(values["dpt"])


def _neighbours(current: Rows) -> dict[str, dict[str, str]]:
    """Return the dapil of a desa and of a kecamatan, for TPS that are new there."""
    near: dict[str, dict[str, str]] = {}
    for key, values in current.items():
        for code in (str(key[0]), str(key[0])[:8]):
            near.setdefault(code, values["dapil"])
    return near


def _new(frame: Frame, desa: Area, key: Any) -> Tps:
    return Tps(
        election=frame.election, desa=desa, number=key[1], special=key[1] >= SPECIAL_FIRST_NUMBER, dpt=0
    )


def _fill(row: Tps, values: Mapping[str, Any], writing: Writing) -> Tps:
    for name in ("dpt", "dptb", *ACCESS, *POINT, "voters", "dapil"):
        setattr(row, name, values[name])
    for name in DISABILITIES:
        setattr(row, f"voters_{name}", values[f"disability_{name}"])
    row.source, row.source_kind = writing.source, FROM_LIST
    if values["access_listed"]:
        row.accessibility_source = writing.source[:SOURCE_CHARS]
    if values["point_listed"]:
        row.position_source = writing.source[:SOURCE_CHARS]
    return row


def _csv(rows: Rows, ballots: Sequence[str]) -> bytes:
    """Return a whole list as `tepat needs` reads it: what a later list is compared with."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    names = [f"{prefix}_{ballot}" for prefix in ("dapil", "voters") for ballot in ballots]
    writer.writerow(["tps", "desa", "voters", "dptb", *names])
    for (desa, number), row in sorted(rows.items(), key=lambda entry: (entry[0][0], entry[0][1])):
        dapil, voters = ([row[part].get(b, "") for b in ballots] for part in ("dapil", "voters"))
        writer.writerow([f"{number:03d}", desa, row["dpt"], row["dptb"], *dapil, *voters])
    return sheet.getvalue().encode()


def _notes(records: Sequence[Record], after: Rows, current: Rows, ballots: Sequence[str]) -> tuple[str, ...]:
    notes = []
    named = {name for record in records for name in record.values}
    foreign = [ballot for ballot in BALLOTS if f"voters_{ballot}" in named and ballot not in ballots]
    if foreign:
        notes.append(f"Kolom pemilih {', '.join(foreign)} tidak dipakai: tidak dipilih pada pemilihan ini.")
    if "place" in named:
        notes.append(
            "Tulisan lokasi TPS tersimpan di berkas ringkas saja; register menyimpan titik koordinatnya."
        )
    made_up = [
        key
        for key, row in after.items()
        if row["access_listed"] and current.get(key, {}).get("accessibility_source") == CONTOH
    ]
    if made_up:
        notes.append(
            f"{len(made_up)} TPS mendapat keterangan aksesibilitas dari berkas ini; keterangan contohnya "
            'dihapus, dan yang tidak disebut menjadi "belum dilihat".'
        )
    unclear = [
        key
        for key, row in after.items()
        if isinstance(key[1], int)
        and key[1] >= SPECIAL_FIRST_NUMBER
        and (key not in current or current[key]["dpt"] != row["dpt"])
        and not any(name.startswith("voters_") for name in named)
    ]
    if unclear:
        notes.append(
            f"{len(unclear)} TPS lokasi khusus berubah, sedangkan berkas tidak menyebut pemilih "
            "tiap surat suara: semua surat suara dihitung sebanyak DPT-nya."
        )
    return tuple(notes)
