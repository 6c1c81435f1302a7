"""What a library says in English reaches nobody: the field is named, in Indonesian."""

import csv
import json
import tomllib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import pytest
import rfc8785

from tepat.common.unread import why_unread


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """A shape with one of each limit."""

    counter: int = 0
    mode: Literal["resmi", "latihan"] = "resmi"
    objects: Annotated[list[int], msgspec.Meta(max_length=2)] = []
    number: Annotated[int, msgspec.Meta(ge=3)] = 3
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]+$")] = "0"


class Outer(msgspec.Struct):
    """A shape in a shape."""

    statement: Inner
    salt: str
    at: datetime | None = None
    id: UUID | None = None


def refused(work: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as raised:  # noqa: PT011 -- any library's own error
        work()
    return raised.value


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ('{"salt":"","statement":{"counter":"x"}}', "statement.counter: harus bilangan bulat, bukan teks"),
        ('{"statement":{}}', "ruas salt tidak ada"),
        ('{"salt":"","statement":{"lain":1}}', "statement: ruas lain tidak dikenal"),
        ('{"salt":"","statement":{"mode":"coba"}}', "statement.mode: nilai 'coba' tidak dikenal"),
        (
            '{"salt":"","statement":{"objects":[1,2,3]}}',
            "statement.objects: panjang daftar harus paling banyak 2",
        ),
        ('{"salt":"","statement":{"number":1}}', "statement.number: bilangan bulat harus paling sedikit 3"),
        ('{"salt":"","statement":{"hash":"z"}}', "statement.hash: teks tidak berbentuk benar"),
        ('{"salt":"","statement":{},"at":"kemarin"}', "at: saat tidak berbentuk benar"),
        ('{"salt":"","statement":{},"id":"x"}', "id: id tidak berbentuk benar"),
        ("[]", "harus kelompok ruas, bukan daftar"),
        ("{", "kiriman terpotong"),
        ("halo", "bukan JSON yang utuh"),
    ],
)
def test_a_wrong_shape_names_its_field(raw, said):
    assert why_unread(refused(lambda: msgspec.json.decode(raw, type=Outer))) == said


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda: json.loads('{"a":\n}'), "bukan JSON yang utuh, baris 2"),
        (lambda: tomllib.loads("a = \n"), "bukan TOML yang utuh, baris 1"),
        (lambda: list(csv.reader(['"a'], strict=True)), "bukan CSV yang utuh"),
        (b"\xff".decode, "bukan teks UTF-8"),
        (lambda: rfc8785.dumps(2**60), "memuat nilai yang tidak dapat ditulis baku"),
        (lambda: open("/tidak/ada"), "berkas atau foldernya tidak ada"),  # noqa: PTH123, SIM115
    ],
)
def test_a_broken_file_is_told_with_its_line(work, said):
    assert why_unread(refused(work)) == said


def test_what_we_say_ourselves_stays_and_what_nobody_knows_is_not_english():
    assert why_unread(msgspec.ValidationError("second bukan id orang")) == "second bukan id orang"
    assert (
        why_unread(msgspec.ValidationError("Expected something new - at `$.a`"))
        == "a: bentuknya tidak dikenal"
    )
    assert why_unread(RecursionError("maximum recursion depth exceeded")) == "bersarang terlalu dalam"
