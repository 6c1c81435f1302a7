import hashlib
from dataclasses import replace

import numpy as np
import pytest

from tepat.common.errors import Refused
from tepat.roads.matrix import load_tables
from tepat.roads.model import model_matrix
from tepat.roads.places import Place

PLACES = [Place("gudang", -6.97, 111.42), Place("ppk", -7.14, 111.6), Place("pps", -7.26, 111.25)]


@pytest.fixture
def matrix():
    return model_matrix(PLACES, "truk", "kering")


def test_a_saved_matrix_is_named_by_its_content_and_comes_back_equal(matrix, tmp_path):
    path, digest = matrix.save(tmp_path)
    assert path.name == f"{digest}.npy"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    tables = np.load(path, allow_pickle=False)
    assert tables.dtype == np.dtype("<i4")
    assert tables.shape == (2, 3, 3)
    duration_s, distance_m = load_tables(path, places=3, sha256=digest)
    assert np.array_equal(duration_s, matrix.duration_s)
    assert np.array_equal(distance_m, matrix.distance_m)
    assert matrix.save(tmp_path) == (path, digest)
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_a_changed_a_foreign_and_a_missing_file_are_refused(matrix, tmp_path):
    path, digest = matrix.save(tmp_path)
    broken = bytearray(path.read_bytes())
    broken[-1] ^= 1
    path.write_bytes(broken)
    text = tmp_path / "teks.npy"
    text.write_text("bukan matriks")
    pickled = tmp_path / "pickle.npy"
    np.save(pickled, np.array([{"a": 1}], dtype=object))
    for file, options, expected in (
        (path, {"places": 3, "sha256": digest}, "ROADS-MATRIX-CHANGED"),
        (path, {"places": 4}, "ROADS-MATRIX-SHAPE"),
        (text, {"places": 3}, "ROADS-FILE-UNREADABLE"),
        (pickled, {"places": 3}, "ROADS-FILE-UNREADABLE"),
        (tmp_path / "tiada.npy", {"places": 3}, "ROADS-FILE-UNREADABLE"),
    ):
        with pytest.raises(Refused) as refused:
            load_tables(file, **options)
        assert refused.value.code == expected
        assert file.name in str(refused.value)


def test_an_invalid_matrix_cannot_be_made(matrix):
    half = matrix.duration_s.copy()
    half[0, 1] = -1
    away = matrix.duration_s.copy()
    away[1, 1] = 5
    for wrong in (
        half,
        away,
        matrix.duration_s.astype(np.int64),
        matrix.duration_s[:2],
        matrix.duration_s - 5,
    ):
        with pytest.raises(AssertionError):
            replace(matrix, duration_s=wrong)


def test_a_pair_is_read_by_ids(matrix):
    assert matrix.between("gudang", "gudang") == (0, 0)
    seconds, metres = matrix.between("gudang", "ppk")
    assert seconds == matrix.duration_s[0, 1]
    assert metres == matrix.distance_m[0, 1]
