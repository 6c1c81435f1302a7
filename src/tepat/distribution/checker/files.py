"""The travel matrices beside a problem: read, and believed only by their hash."""

import hashlib
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tepat.common.errors import Refused
from tepat.common.whole_files import reason_of
from tepat.distribution.problems import MatrixFile, Problem, VehicleClass, Weather

MATRIX_BYTES_MAX = 400_000_000
LAYERS = 2
NO_ROAD = -1


def load_matrices(problem: Problem, folder: Path) -> dict[tuple[VehicleClass, Weather], NDArray[np.int32]]:
    """Return the matrices of a problem by vehicle class and weather: shape (2, N, N), seconds and metres.

    Args:
        problem: Names the files and their hashes.
        folder: Where problem.json lies.

    Raises:
        Refused: CHECK-MATRIX-NAME (the file lies elsewhere), CHECK-MATRIX-MISSING, CHECK-MATRIX-TOO-LARGE,
            CHECK-MATRIX-CHANGED (another hash), CHECK-MATRIX-SHAPE (or a value below −1).
    """
    return {
        (one.vehicle_class, one.weather): _load(one, folder, len(problem.places)) for one in problem.matrices
    }


def _load(matrix: MatrixFile, folder: Path, places: int) -> NDArray[np.int32]:
    content = _read(matrix, folder)
    if hashlib.sha256(content).hexdigest() != matrix.sha256:
        raise Refused("CHECK-MATRIX-CHANGED", file=matrix.file, sha256=matrix.sha256)
    expected = f"int32, ({LAYERS}, {places}, {places})"
    try:
        table = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise Refused(
            "CHECK-MATRIX-SHAPE", file=matrix.file, found="bukan .npy", expected=expected
        ) from error
    if table.dtype != np.dtype("<i4") or table.shape != (LAYERS, places, places):
        shape = f"{table.dtype}, {table.shape}"
        raise Refused("CHECK-MATRIX-SHAPE", file=matrix.file, found=shape, expected=expected)
    if table.size and int(table.min()) < NO_ROAD:
        least = f"nilai {table.min()}"
        raise Refused("CHECK-MATRIX-SHAPE", file=matrix.file, found=least, expected=f"{expected}, −1 ke atas")
    return np.asarray(table, dtype=np.int32)


def _read(matrix: MatrixFile, folder: Path) -> bytes:
    if Path(matrix.file).name != matrix.file or matrix.file in {"", ".", ".."}:
        raise Refused("CHECK-MATRIX-NAME", file=matrix.file)
    path = folder / matrix.file
    try:
        size = path.stat().st_size
        if size > MATRIX_BYTES_MAX:
            raise Refused("CHECK-MATRIX-TOO-LARGE", file=matrix.file, size=size, limit=MATRIX_BYTES_MAX)
        return path.read_bytes()
    except OSError as error:
        reason = reason_of(error)
        raise Refused("CHECK-MATRIX-MISSING", file=matrix.file, folder=folder.name, reason=reason) from error
