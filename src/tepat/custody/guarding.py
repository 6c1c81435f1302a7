"""Triggers by which the database refuses to change or delete what lies in the tray.

Only how often it came and that somebody took it in may be written, the latter once.
"""

from collections.abc import Iterable

from tepat.common.guards import Guard, Trigger, refuses

_TRAY = "custody_trayitem"
_SAYS = "the tray keeps what came"
_KEPT = (
    "id",
    "raw_hash",
    "raw",
    "event_id",
    "device",
    "area_code",
    "code",
    "facts",
    "sent_at",
    "received_at",
)
_TAKEN = ("taken_in_at", "taken_in_by", "note")


def _changed(names: Iterable[str], differs: str) -> str:
    return " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in names)


def _forbidden(differs: str) -> str:
    taken = f"(OLD.taken_in_at IS NOT NULL AND ({_changed(_TAKEN, differs)}))"
    return f"{_changed(_KEPT, differs)} OR NEW.times < OLD.times OR {taken}"


_SAME = f"EXISTS (SELECT 1 FROM {_TRAY} t WHERE t.id = NEW.id OR t.raw_hash = NEW.raw_hash)"  # noqa: S608 - fixed words only
# Worded as the database words a broken unique constraint: who sends twice is answered by that.
_TWICE = f"UNIQUE constraint failed: {_TRAY}.raw_hash"

GUARD = Guard(
    sqlite=(
        Trigger("tray_no_update", "UPDATE", _TRAY, _SAYS, _forbidden("IS NOT")),
        Trigger("tray_no_delete", "DELETE", _TRAY, _SAYS),
        Trigger("tray_no_replace", "INSERT", _TRAY, _TWICE, _SAME),
    ),
    postgresql=(
        Trigger("tray_no_update", "UPDATE", _TRAY, "tray_refuses", _forbidden("IS DISTINCT FROM")),
        Trigger("tray_no_delete", "DELETE", _TRAY, "tray_refuses"),
        Trigger("tray_no_truncate", "TRUNCATE", _TRAY, "tray_refuses"),
    ),
    functions={"tray_refuses": refuses(_SAYS)},
)
