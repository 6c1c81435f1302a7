"""Where copies lie and how old the last one is. Making them is `tepat.operations.backup`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

MANIFEST = "daftar.json"
FRESH_MAX = timedelta(hours=24)
STALE_MAX = timedelta(hours=72)
AMAN, PERHATIKAN, GAWAT = "AMAN", "PERHATIKAN", "GAWAT"


@dataclass(frozen=True)
class CopyAge:
    """How old the last copy is, with the word that goes beside the colour.

    Args:
        state: ``AMAN``, ``PERHATIKAN`` or ``GAWAT``.
        text: In Indonesian, to be read after "Salinan terakhir:".
        made_at: When it was made, or None where there is none.
    """

    state: str
    text: str
    made_at: datetime | None


def finished(folder: Path) -> list[Path]:
    """Return the copies in a folder, oldest first; unfinished ones have no manifest and don't count."""
    if not folder.is_dir():
        return []
    return sorted(
        entry for entry in folder.iterdir() if entry.name[:1] != "." and (entry / MANIFEST).is_file()
    )


def age_of_last_copy(folder: Path, at: datetime) -> CopyAge:
    """Return how old the newest finished copy is.

    Args:
        folder: Where copies lie.
        at: This moment.
    """
    copies = finished(folder)
    if not copies:
        return CopyAge(GAWAT, "belum pernah", None)
    made_at = made_at_of(copies[-1])
    if made_at is None:
        return CopyAge(GAWAT, "daftarnya tidak terbaca", None)
    age = max(at - made_at, timedelta(0))
    state = AMAN if age <= FRESH_MAX else PERHATIKAN if age <= STALE_MAX else GAWAT
    return CopyAge(state, spoken(age), made_at)


def made_at_of(folder: Path) -> datetime | None:
    """Return when a copy was made by its own list, or None where the list cannot be read."""
    try:
        return datetime.fromisoformat(json.loads((folder / MANIFEST).read_bytes())["made_at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def spoken(age: timedelta) -> str:
    """Return an age as people say it: ``baru saja``, ``12 menit lalu``, ``5 jam lalu``, ``3 hari lalu``."""
    minutes = int(age.total_seconds()) // 60
    if minutes < 1:
        return "baru saja"
    if minutes < 60:
        return f"{minutes} menit lalu"
    hours = minutes // 60
    return f"{hours} jam lalu" if hours < 48 else f"{hours // 24} hari lalu"
