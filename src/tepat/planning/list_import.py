"""A list of TPS against this office's register: what a file says, what it would change, and its acceptance.

The original file is read in memory and never stored; what is kept is the reduced file.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.areas import load_area, successors
from tepat.common.documents import KeptFile, add_document, keep
from tepat.common.elections import PEMILU, ballots_held, election_kind
from tepat.common.errors import Refused
from tepat.common.models import Area, Election, Tps
from tepat.common.permissions import Permission
from tepat.common.samples import SPECIAL_FIRST_NUMBER
from tepat.planning.imports.desa_register import DesaRegister
from tepat.planning.imports.engine import ImportResult, Record, read_import
from tepat.planning.imports.entries import ImportOptions
from tepat.planning.imports.kinds import import_kind
from tepat.planning.imports.preview import Changes, preview
from tepat.planning.models import ListImport, RememberedColumns

LIST_ACCEPTED = ledger.kind("register.list-accepted")
KIND = "tps"
FROM_LIST = "daftar"
DISABILITIES = ("fisik", "intelektual", "mental", "wicara", "rungu", "netra")
# The one dapil column of a list without ballots is that of the office's own council.
OWN_COUNCIL = "DPRDK"
PLAIN_FIELDS = ("dpt", "dptb", "step_free", "low_table", *(f"disability_{kind}" for kind in DISABILITIES))
BATCH = 500


@dataclass(frozen=True)
class Told:
    """What a person says of a file.

    Args:
        columns: Field to column.
        answers: Answers by ``Sheet!A1``.
        voters_expected: The voters the list should have, or None.
        take_proposals: Answer each question that has a proposal with it.
    """

    columns: Mapping[str, str]
    answers: Mapping[str, str]
    voters_expected: int | None = None
    take_proposals: bool = False


def read_list(data: bytes, election: Election, area_code: str, told: Told) -> ImportResult:
    """Return what a file says and what is wrong with it; nothing is stored.

    Args:
        data: The whole file.
        election: Whose list it is.
        area_code: The office's area.
        told: What the person says of it.

    Raises:
        Refused: IMPORT-FILE-…, IMPORT-TABLE-TOO-LARGE, IMPORT-MAP-….
    """
    event = election_kind(election.code)
    remembered = RememberedColumns.objects.filter(area_code=area_code, kind=KIND)
    options = ImportOptions(
        voters_max=event.voters_per_tps_max,
        dapil_needed=event.kind == PEMILU,
        told=told.columns,
        remembered={row.signature: row.mapping for row in remembered},
        answers=told.answers,
        expected={"dpt": told.voters_expected} if told.voters_expected is not None else {},
        compare_tps=event.code == "pemilu-2024",
        take_proposals=told.take_proposals,
    )
    register = DesaRegister.of_area(load_area(area_code), successors())
    return read_import(data, import_kind(KIND), register, options)


def changes_of(result: ImportResult, election: Election) -> Changes:
    """Return what accepting a list would change; desa that the list does not name are left as they are."""
    records = [replace(record, values=_comparable(record.values)) for record in result.records]
    named = {record.values["desa_code"] for record in records if record.values.get("desa_code")}
    rows = Tps.objects.filter(election=election, desa__code__in=named).select_related("desa")
    current = {(tps.desa.code, tps.number): _as_values(tps) for tps in rows}
    return preview(records, current, import_kind(KIND))


def _comparable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that the register keeps."""
    kept = {name: values[name] for name in ("desa_code", "tps", *PLAIN_FIELDS) if name in values}
    for name in values:
        if name.startswith(("voters_", "dapil_")):
            kept[name] = values[name]
    if "dapil" in values and f"dapil_{OWN_COUNCIL}" not in values:
        kept[f"dapil_{OWN_COUNCIL}"] = values["dapil"]
    return kept


def _as_values(tps: Tps) -> dict[str, Any]:
    found: dict[str, Any] = {
        "desa_code": tps.desa.code,
        "tps": tps.number,
        "dpt": tps.dpt,
        "dptb": tps.dptb,
        "step_free": tps.step_free,
        "low_table": tps.low_table,
    }
    found |= {f"disability_{kind}": getattr(tps, f"voters_{kind}") for kind in DISABILITIES}
    found |= {f"voters_{ballot}": count for ballot, count in tps.voters.items()}
    return found | {f"dapil_{ballot}": dapil for ballot, dapil in tps.dapil.items()}


@dataclass(frozen=True)
class AcceptedList:
    """A list that nothing speaks against, on its way into the register.

    Args:
        label: The file's name, for people.
        original_sha256: Of the file that was given.
        reduced: The reduced file, in the documents store.
        records: Its rows.
        mappings: What its columns meant, as stored.
    """

    label: str
    original_sha256: str
    reduced: KeptFile
    records: tuple[Record, ...]
    mappings: tuple[dict[str, Any], ...]


def prepare(result: ImportResult, label: str) -> AcceptedList:
    """Put the reduced file into the documents store and return what an action needs.

    Raises:
        Refused: IMPORT-LIST-OPEN while something blocks or a question is open.
    """
    if not result.acceptable:
        counts = result.counts
        raise Refused("IMPORT-LIST-OPEN", blocks=counts["blocks"], asks=counts["asks"])
    return AcceptedList(
        label=label[:120],
        original_sha256=result.reduced.original_sha256,
        reduced=keep(io.BytesIO(result.reduced.content)),
        records=result.records,
        mappings=tuple(mapping.as_json() for mapping in result.mappings),
    )


@action(Permission.LIST_ACCEPT, area="area_code")
def accept_list(
    *, by: Actor, at: datetime, area_code: str, election: str, accepted: AcceptedList
) -> ListImport:
    """Write a whole list into the register, or nothing of it.

    Args:
        by: Who accepts it.
        at: When.
        area_code: The office's area.
        election: The election's code.
        accepted: What `prepare` returned.

    Raises:
        Refused: IMPORT-NOTHING-CHANGES.
    """
    row = Election.objects.get(code=election)
    changes = _changes(accepted.records, row)
    if changes.empty:
        raise Refused("IMPORT-NOTHING-CHANGES", rows=len(changes.unchanged))
    _write(accepted, row, changes)
    for mapping in accepted.mappings:
        RememberedColumns.objects.update_or_create(
            area_code=area_code,
            signature=mapping["signature"],
            defaults={"kind": KIND, "mapping": mapping, "accepted_at": at},
        )
    add_document(
        by=by, at=at, file=accepted.reduced, label=f"Berkas ringkas {accepted.label}", area_code=area_code
    )
    stored = ListImport.objects.create(
        election=row,
        area_code=area_code,
        kind=KIND,
        label=accepted.label,
        reduced=accepted.reduced.sha256,
        original=accepted.original_sha256,
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        unchanged=len(changes.unchanged),
        accepted_at=at,
        accepted_by=by.person,
    )
    counts = {name: getattr(stored, name) for name in ("added", "changed", "removed", "unchanged")}
    payload = {**counts, "original": stored.original, "reduced": stored.reduced, "kind": KIND}
    about = ledger.About(objects=(f"pemilihan:{election}",), place=area_code, evidence=(stored.reduced,))
    ledger.record(LIST_ACCEPTED, payload, by=by, at=at, about=about)
    return stored


def _changes(records: Sequence[Record], election: Election) -> Changes:
    return changes_of(
        ImportResult(KIND, "", None, (), (), (), tuple(records)),  # type: ignore[arg-type]
        election,
    )


def _write(accepted: AcceptedList, election: Election, changes: Changes) -> None:
    source = f"impor {accepted.label}, SHA-256 {accepted.original_sha256[:12]}"
    new = {
        (record.values["desa_code"], record.values["tps"]): _comparable(record.values)
        for record in accepted.records
    }
    named = {code for code, _ in new}
    desa = {row.code: row for row in Area.objects.filter(code__in=named, valid_to__isnull=True)}
    there = {
        (tps.desa.code, tps.number): tps
        for tps in Tps.objects.select_for_update(of=("self",))
        .filter(election=election, desa__code__in=named)
        .select_related("desa")
    }
    gone = [there[key].pk for key in changes.removed]  # type: ignore[index]
    Tps.objects.filter(pk__in=gone).delete()
    kept, fresh = [], []
    for (code, number), values in new.items():
        tps = there.get((code, number))
        if tps is None:
            special = number >= SPECIAL_FIRST_NUMBER
            tps = Tps(election=election, desa=desa[code], number=number, special=special, dpt=0)
            fresh.append(tps)
        else:
            kept.append(tps)
        _fill(tps, values, source)
    fields = ["dpt", "dptb", "voters", "dapil", "step_free", "low_table", "source", "source_kind"]
    fields += ["accessibility_source", *(f"voters_{kind}" for kind in DISABILITIES)]
    Tps.objects.bulk_update(kept, fields, batch_size=BATCH)
    Tps.objects.bulk_create(fresh, batch_size=BATCH)


def _fill(tps: Tps, values: Mapping[str, Any], source: str) -> None:
    """Put a list's values into a row; what the list does not have stays."""
    tps.source, tps.source_kind = source[:200], FROM_LIST
    tps.dpt = values.get("dpt", tps.dpt)
    tps.dptb = values.get("dptb", tps.dptb)
    ballots = ballots_held(tps.election.code, tps.desa.code)
    tps.voters = {ballot: values.get(f"voters_{ballot}", tps.dpt) for ballot in ballots}
    tps.dapil = {ballot: values.get(f"dapil_{ballot}", tps.dapil.get(ballot, "")) for ballot in ballots}
    for kind in DISABILITIES:
        name = f"voters_{kind}"
        setattr(tps, name, values.get(f"disability_{kind}", getattr(tps, name)))
    for name in ("step_free", "low_table"):
        if values.get(name) is not None:
            setattr(tps, name, values[name])
            tps.accessibility_source = FROM_LIST


def register_csv(election: Election, area_code: str) -> bytes:
    """Return the register's list as CSV, as `tepat needs` reads it: what a later list is compared with."""
    rows = list(
        Tps.objects.in_area(area_code)
        .filter(election=election)
        .order_by("desa__code", "number")
        .values_list("number", "desa__code", "dpt", "dptb", "dapil", "voters")
    )
    ballots = list(rows[0][5]) if rows else []
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    names = [f"{kind}_{ballot}" for kind in ("dapil", "voters") for ballot in ballots]
    writer.writerow(["tps", "desa", "voters", "dptb", *names])
    for number, desa, dpt, dptb, dapil, voters in rows:
        cells = [*(dapil.get(b, "") for b in ballots), *(voters.get(b, dpt) for b in ballots)]
        writer.writerow([f"{number:03d}", desa, dpt, dptb, *cells])
    return sheet.getvalue().encode()
