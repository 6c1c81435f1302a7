"""Where one office's files lie, and the one secret that is made there. No Django: every command can ask."""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

YES = frozenset({"1", "ya", "true", "yes", "on"})
SECRET_BYTES = 48


def is_yes(text: str | None) -> bool:
    """Return whether an environment variable says yes."""
    return (text or "").strip().lower() in YES


def home_of(environ: Mapping[str, str], *, platform: str = sys.platform) -> Path:
    """Return the folder that holds database, documents, copies and the secret.

    Args:
        environ: The environment; ``TEPAT_HOME`` wins.
        platform: As `sys.platform`.
    """
    if named := environ.get("TEPAT_HOME"):
        return Path(named).expanduser().resolve()
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Tepat"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Tepat"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tepat"


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner may open, and return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_file(home: Path) -> Path:
    """Return where the office's secret lies."""
    return home / "kunci-rahasia"


def secret_key(home: Path) -> str:
    """Return the office's secret, made once: two processes that start together end with the same one.

    Args:
        home: The office's folder; made if absent.
    """
    file = secret_file(make_private(home))
    if not file.exists():
        draft = home / f".kunci-{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(SECRET_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        sync_folder(home)
    key = file.read_text().strip()
    assert len(key) >= SECRET_BYTES, f"{file} is damaged"
    return key


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut (where the system can)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
