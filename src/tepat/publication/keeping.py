"""What the log keeps outside the database, so that a restored one meets it: key, last states, erased people.

The folder is `catatan-terbuka` beside the database. Copies don't hold it: a copy that is put back finds here
what was signed since. The key is kept by hand as well, on paper or on a stick in the office's safe.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from tepat.common.errors import Refused
from tepat.common.home import make_private, sync_folder
from tepat.common.whole_files import reason_of, write_whole
from tepat.publication.notes import ED25519, Note, Signer, check_name, new_signer, read_note, read_signer

FOLDER = "catatan-terbuka"
ORIGIN, KEY, SIGNED, WITNESSED, ERASED = "asal", "kunci-log", "terakhir", "disaksikan", "dihapus"


def folder() -> Path:
    """Return the folder; the rehearsal has its own."""
    return Path(settings.TEPAT_FILES) / FOLDER


def _text(name: str) -> str | None:
    try:
        return (folder() / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as broken:
        reason = reason_of(broken) if isinstance(broken, OSError) else "bukan teks"
        raise Refused("LOG-MEMORY-DAMAGED", file=str(folder() / name), reason=reason) from broken


def _write(name: str, text: str) -> None:
    write_whole(make_private(folder()) / name, text.encode())
    (folder() / name).chmod(0o600)
    sync_folder(folder())


def origin() -> str:
    """Return the name under which this log signs, or nothing before it has one."""
    return (_text(ORIGIN) or "").strip()


def name_origin(name: str) -> str:
    """Give the log its name; the key of another name goes aside under that name.

    Raises:
        Refused: LOG-NAME.
    """
    try:
        check_name(name)
    except ValueError as bad:
        raise Refused("LOG-NAME", name=name, reason=str(bad)) from bad
    before = origin()
    if before and before != name:
        for part in (KEY, SIGNED, WITNESSED):
            old = folder() / part
            if old.exists():
                old.rename(folder() / f"{part}-{before.replace('/', '_')}")
    _write(ORIGIN, f"{name}\n")
    return name


def has_key() -> bool:
    """Return whether the log has signed or could sign here."""
    return (folder() / KEY).exists()


def signer() -> Signer:
    """Return the log's key, made when it is first needed.

    Raises:
        Refused: LOG-MEMORY-DAMAGED.
    """
    name = origin()
    assert name, "the log has no name yet"
    file = make_private(folder()) / KEY
    if not file.exists():
        _make_once(file, new_signer(name, ED25519).text + "\n")
    try:
        key = read_signer((_text(KEY) or "").strip())
    except ValueError as broken:
        raise Refused("LOG-MEMORY-DAMAGED", file=str(file), reason=str(broken)) from broken
    if key.name != name or key.kind != ED25519:
        raise Refused("LOG-MEMORY-DAMAGED", file=str(file), reason=f"kunci milik {key.name}, bukan {name}")
    return key


def _make_once(file: Path, text: str) -> None:
    """Write a file that nobody else may read; of two processes that start together, one wins."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(file.parent)


def remembered(name: str) -> Note | None:
    """Return the last state that was signed (``SIGNED``) or witnessed (``WITNESSED``).

    Raises:
        Refused: LOG-MEMORY-DAMAGED.
    """
    text = _text(name)
    if text is None:
        return None
    try:
        return read_note(text.encode())
    except ValueError as broken:
        raise Refused("LOG-MEMORY-DAMAGED", file=str(folder() / name), reason=str(broken)) from broken


def remember(name: str, note: Note) -> None:
    """Keep a state; it is on the disk when this returns."""
    _write(name, str(note))


def erased() -> set[str]:
    """Return the random ids of the people whose names were erased."""
    return set((_text(ERASED) or "").split())


def remember_erased(people: Iterable[str]) -> None:
    """Keep the ids of erased people, so that a restored name is erased again."""
    before = erased()
    now = before | set(people)
    if now != before:
        _write(ERASED, "".join(f"{person}\n" for person in sorted(now)))
