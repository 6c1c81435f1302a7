"""The registers of vehicles and candidate warehouses, as lists change them.

Both stand behind the one way of accepting a list (`planning.import_actions`); here is what a row means.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import ProtectedError

from tepat.common.errors import Refused
from tepat.common.models import Area, Office, Person, Place
from tepat.common.permissions import Permission, Role
from tepat.distribution.models import OfficeVehicle, WarehouseSurvey
from tepat.planning.import_people import add_to_vault, give_listed_post
from tepat.planning.import_registers import Frame, Key, Planned, Rows, Writing, add_register, fingerprint
from tepat.planning.imports.engine import Record
from tepat.planning.imports.fields import Kind
from tepat.planning.imports.findings import Finding
from tepat.planning.imports.kinds_fleet import VEHICLES, WAREHOUSES
from tepat.planning.imports.preview import preview

VEHICLE_FIELDS = (
    *("vehicle_class", "boxes_max", "volume_ml", "weight_g"),
    *("rent_rupiah", "rupiah_per_km", "owner"),
)
SURVEY_FIELDS = (
    *("address", "usable_m2", "stack_mm", "rent_rupiah", "repair_rupiah"),
    *("gate_class", "gate_width_mm", "gate_height_mm", "road_class", "docks"),
    *("guards", "flood", "flood_history", "cctv", "fire_extinguisher"),
)
POINT_FIELDS = ("lat", "lon")
TEXTS = {"owner": 120, "address": 200, "gate_class": 12, "road_class": 12, "flood_history": 200}
FROM_LIST, NO_POINT = "daftar kantor", "belum ada"


def _lock(frame: Frame) -> None:
    Office.objects.select_for_update().get(pk=frame.office.pk)


def _plan(
    kind: Kind, current: Rows, listed: Sequence[Record], *, whole_list: bool
) -> tuple[Planned, dict[Key, Mapping[str, str]]]:
    """Return what a list changes where a row stands on its own; what the list does not say stays."""
    name = kind.key[0]
    whole = [record for record in listed if record.values.get(name)]
    changes = preview(whole, current, kind)
    after: dict[Key, dict[str, Any]] = {}
    names: dict[Key, Mapping[str, str]] = {}
    for record in whole:
        key: Key = (record.values[name],)
        after[key] = {**current.get(key, {}), **record.values}
        if record.vault:
            names[key] = record.vault
    if not whole_list:
        changes = replace(changes, removed=())
    return Planned(changes=changes, after=after, base=fingerprint(current), names=names), names


def _kept(record: Record, fields: Iterable[str], **more: Any) -> Record:
    values = {name: record.values[name] for name in fields if record.values.get(name) is not None}
    return replace(record, values={**values, **{name: value for name, value in more.items() if value}})


def _texts(values: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {
        name: str(values.get(name) or "")[: TEXTS[name]] if name in TEXTS else values.get(name)
        for name in fields
    }


@dataclass(frozen=True)
class VehicleRegister:
    """The vehicles that an office can have, by plate."""

    kind: str = VEHICLES.name
    needs_election: bool = False
    permissions: tuple[Permission, ...] = (Permission.LIST_ACCEPT,)
    document_label: str = ""

    def read(self, frame: Frame) -> Rows:
        """Return the vehicles by plate."""
        rows = OfficeVehicle.objects.filter(area_code=frame.area_code)
        return {
            (row.plate,): {
                "plate": row.plate,
                "kecamatan_code": row.home_code,
                **{name: getattr(row, name) for name in VEHICLE_FIELDS},
            }
            for row in rows
        }

    def lock(self, frame: Frame) -> None:
        """Hold the office's row: one list at a time."""
        _lock(frame)

    def faults(self, records: Sequence[Record], frame: Frame) -> list[Finding]:
        """Return nothing: what a list of vehicles can have wrong, the reading has named."""
        del records, frame
        return []

    def plan(self, records: Sequence[Record], frame: Frame, *, whole_list: bool) -> Planned:
        """Return the vehicles as they would stand."""
        listed = [
            _kept(record, ("plate", *VEHICLE_FIELDS), kecamatan_code=record.values.get("kecamatan_code"))
            for record in records
        ]
        listed = [
            replace(one, vault=_contact(record, "driver"))
            for one, record in zip(listed, records, strict=True)
        ]
        planned, names = _plan(VEHICLES, self.read(frame), listed, whole_list=whole_list)
        note = (
            "Nama dan telepon sopir hanya masuk brankas nama, bila yang menerima berhak mengubah petugas.",
        )
        return replace(planned, notes=note) if names else planned

    def write(self, writing: Writing) -> None:
        """Write the vehicles of the list; drivers go to the vault with a post of their own.

        Raises:
            Refused: IMPORT-ROW-IN-USE.
        """
        planned, area_code = writing.planned, writing.frame.area_code
        for at, (key, values) in enumerate(planned.after.items()):
            if at == len(planned.after) // 2:
                writing.step("setengah baris")
            row, _ = OfficeVehicle.objects.update_or_create(
                area_code=area_code,
                plate=key[0],
                defaults={
                    **_texts(values, VEHICLE_FIELDS),
                    "home_code": values.get("kecamatan_code") or "",
                    "source": writing.source,
                    "listed_at": writing.at,
                },
            )
            _write_driver(row, planned.names.get(key, {}), writing)
        if writing.whole_list:
            plates = [key[0] for key in planned.changes.removed]
            _delete(OfficeVehicle.objects.filter(area_code=area_code, plate__in=plates))


def _contact(record: Record, whose: str) -> dict[str, str]:
    words = {"name": f"{whose}_name", "phone": f"{whose}_phone"}
    return {name: record.vault[word] for name, word in words.items() if record.vault.get(word)}


def _write_driver(row: OfficeVehicle, names: Mapping[str, str], writing: Writing) -> None:
    """Tie a driver to a vehicle; the same name again stays the same person."""
    name = names.get("name", "").strip()
    if not name or not writing.by.may(Permission.PEOPLE_EDIT, writing.frame.area_code):
        return
    if _same(row.driver, name):
        return
    row.driver = add_to_vault(writing, names)
    give_listed_post(writing, row.driver, {"role": Role.PENGEMUDI.name, "area_code": writing.frame.area_code})
    row.save(update_fields=["driver"])


def _same(known: Person | None, name: str) -> bool:
    return known is not None and known.shown_name.casefold() == name.casefold()


def _write_contact(row: WarehouseSurvey, names: Mapping[str, str], writing: Writing) -> None:
    """Tie an owner to a warehouse; the same name again stays the same person. An owner holds no post."""
    name = names.get("name", "").strip()
    if not name or not writing.by.may(Permission.PEOPLE_EDIT, writing.frame.area_code):
        return
    if not _same(row.contact, name):
        row.contact = add_to_vault(writing, names)
        row.save(update_fields=["contact"])


def _delete(rows: Any) -> None:
    try:
        rows.delete()
    except ProtectedError as used:
        raise Refused("IMPORT-ROW-IN-USE", count=len(used.protected_objects)) from used


@dataclass(frozen=True)
class WarehouseRegister:
    """The candidate warehouses of an office, by name."""

    kind: str = WAREHOUSES.name
    needs_election: bool = False
    permissions: tuple[Permission, ...] = (Permission.LIST_ACCEPT,)
    document_label: str = ""

    def read(self, frame: Frame) -> Rows:
        """Return the surveyed warehouses by name."""
        rows = WarehouseSurvey.objects.filter(area_code=frame.area_code).select_related("place__area")
        return {
            (row.place.name,): {
                "name": row.place.name,
                "desa_code": row.place.area.code,
                **{name: getattr(row.place, name) for name in POINT_FIELDS},
                **{name: getattr(row, name) for name in SURVEY_FIELDS},
            }
            for row in rows
        }

    def lock(self, frame: Frame) -> None:
        """Hold the office's row: one list at a time."""
        _lock(frame)

    def faults(self, records: Sequence[Record], frame: Frame) -> list[Finding]:
        """Return nothing: what a list of warehouses can have wrong, the reading has named."""
        del records, frame
        return []

    def plan(self, records: Sequence[Record], frame: Frame, *, whole_list: bool) -> Planned:
        """Return the warehouses as they would stand; each in its desa, or in the area above it."""
        listed = []
        for record in records:
            area_code = record.values.get("desa_code") or record.values.get("kecamatan_code")
            kept = _kept(record, ("name", *POINT_FIELDS, *SURVEY_FIELDS), desa_code=area_code)
            listed.append(replace(kept, vault=_contact(record, "contact")))
        planned, names = _plan(WAREHOUSES, self.read(frame), listed, whole_list=whole_list)
        note = (
            "Nama dan telepon pemilik hanya masuk brankas nama, bila yang menerima berhak mengubah petugas.",
        )
        return replace(planned, notes=note) if names else planned

    def write(self, writing: Writing) -> None:
        """Write places and surveys.

        Raises:
            Refused: IMPORT-ROW-IN-USE.
        """
        planned, frame = writing.planned, writing.frame
        wanted = {values.get("desa_code") or frame.area_code for values in planned.after.values()}
        areas = {row.code: row for row in Area.objects.filter(code__in=wanted, valid_to__isnull=True)}
        for at, (key, values) in enumerate(planned.after.items()):
            if at == len(planned.after) // 2:
                writing.step("setengah baris")
            area = areas[values.get("desa_code") or frame.area_code]
            place = self._write_place(str(key[0]), values, area, frame)
            row, _ = WarehouseSurvey.objects.update_or_create(
                place=place,
                defaults={
                    **_texts(values, SURVEY_FIELDS),
                    "area_code": frame.area_code,
                    "source": writing.source,
                    "listed_at": writing.at,
                },
            )
            _write_contact(row, planned.names.get(key, {}), writing)
        if writing.whole_list:
            codes = [warehouse_code(frame.area_code, str(key[0])) for key in planned.changes.removed]
            WarehouseSurvey.objects.filter(place__code__in=codes).delete()
            _delete(Place.objects.filter(code__in=codes))

    def _write_place(self, name: str, values: Mapping[str, Any], area: Area, frame: Frame) -> Place:
        known = values.get("lat") is not None and values.get("lon") is not None
        row, _ = Place.objects.update_or_create(
            code=warehouse_code(frame.area_code, name),
            defaults={
                "kind": Place.Kind.GUDANG,
                "name": name[:120],
                "area": area,
                "lat": values.get("lat") if known else None,
                "lon": values.get("lon") if known else None,
                "position_source": FROM_LIST if known else NO_POINT,
            },
        )
        return row


def warehouse_code(area_code: str, name: str) -> str:
    """Return the code of a listed warehouse: the same name is the same place."""
    return f"gudang-{area_code}-{hashlib.sha256(name.casefold().encode()).hexdigest()[:8]}"


def add_registers() -> None:
    """Let lists of vehicles and warehouses be accepted; called once Django is ready."""
    add_register(VehicleRegister())
    add_register(WarehouseRegister())
