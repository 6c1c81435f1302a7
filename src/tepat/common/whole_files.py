"""Files that are there whole or not at all, and why the system refused one."""

import errno
import os
from contextlib import suppress
from pathlib import Path

REASONS = {
    errno.ENOENT: "berkas atau foldernya tidak ada",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.ENOTDIR: "sebagian jalurnya berkas, bukan folder",
    errno.EEXIST: "nama itu sudah dipakai",
    errno.EACCES: "akun ini tidak diberi izin",
    errno.EPERM: "sistem tidak mengizinkan",
    errno.EROFS: "tempat itu hanya dapat dibaca",
    errno.ENOSPC: "penyimpanan penuh",
    errno.EDQUOT: "jatah penyimpanan akun ini habis",
    errno.EFBIG: "berkasnya melebihi batas yang diizinkan sistem",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
    errno.EMFILE: "terlalu banyak berkas terbuka",
    errno.ENOMEM: "memori habis",
    errno.EIO: "penyimpanan gagal dibaca atau ditulis",
    errno.EADDRINUSE: "alamat atau port itu sedang dipakai",
}


def reason_of(error: OSError) -> str:
    """Return in Indonesian why the system refused a file; the system's own words where we have none."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the name first, then move there: nobody ever reads half a file, two writers never mix.

    Raises:
        OSError: It cannot be written; what stood under the name still stands, and no draft is left.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.baru")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def require_writable(path: Path) -> None:
    """Ask before long work whether its result can be written there.

    Raises:
        OSError: No such folder, a folder under that very name, or no permission.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.parent.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    if not path.parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path.parent))
    if not os.access(path.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path.parent))
