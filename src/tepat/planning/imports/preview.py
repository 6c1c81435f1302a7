"""What accepting a list would change in the register."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tepat.planning.imports.engine import Record
from tepat.planning.imports.fields import Kind


@dataclass(frozen=True)
class Change:
    """One record that would change: old and new by field."""

    key: tuple[Hashable, ...]
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Changes:
    """The difference between what is registered and what a list says, each in the order of its keys.

    Args:
        added: Keys that only the list has.
        changed: Keys of both with different values.
        removed: Keys that only the register has.
        unchanged: Keys of both with the same values.
    """

    added: tuple[tuple[Hashable, ...], ...]
    changed: tuple[Change, ...]
    removed: tuple[tuple[Hashable, ...], ...]
    unchanged: tuple[tuple[Hashable, ...], ...]

    @property
    def empty(self) -> bool:
        """Whether accepting would change nothing."""
        return not (self.added or self.changed or self.removed)


def preview(
    rows: Sequence[Record], current: Mapping[tuple[Hashable, ...], Mapping[str, Any]], kind: Kind
) -> Changes:
    """Return what accepting rows would change.

    A field that the list does not have is left as it is, so a list without disabilities removes none.

    Args:
        rows: The records; those without a whole key are left out, they have findings of their own. People
            have no key that is no name, so each is new, under its sheet and row.
        current: What is registered, by key: for TPS (desa code, number), for vehicles (plate,) …
        kind: The kind of list; its key names the records.
    """
    new: dict[tuple[Hashable, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in kind.key) or (row.sheet, row.row)
        if all(part is not None for part in key):
            new[key] = row.values
    changed, unchanged = [], []
    for key in sorted(set(new) & set(current), key=_in_order):
        old = current[key]
        fields = {
            name: (old.get(name), value) for name, value in sorted(new[key].items()) if old.get(name) != value
        }
        if fields:
            changed.append(Change(key, fields))
        else:
            unchanged.append(key)
    return Changes(
        added=tuple(sorted(set(new) - set(current), key=_in_order)),
        changed=tuple(changed),
        removed=tuple(sorted(set(current) - set(new), key=_in_order)),
        unchanged=tuple(unchanged),
    )


def _in_order(key: tuple[Hashable, ...]) -> tuple[str, ...]:
    return tuple(f"{part:012d}" if isinstance(part, int) else str(part) for part in key)
