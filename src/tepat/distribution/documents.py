"""Reading and writing `problem.json` and `plan.json`: validated when read, always the same bytes written."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import msgspec

from tepat.common.errors import Refused
from tepat.common.unread import why_unread
from tepat.common.whole_files import reason_of, write_whole
from tepat.distribution.bounds import BOUND_VERSION, Bound
from tepat.distribution.plans import PLAN_VERSION, Plan
from tepat.distribution.problems import PROBLEM_VERSION, Problem

DOCUMENT_BYTES_MAX = 200_000_000


def encode(document: msgspec.Struct) -> bytes:
    """Return a document's canonical bytes: fields in the order of the schema, a final newline."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def sha256(document: msgspec.Struct | bytes) -> str:
    """Return the SHA-256 of a document's bytes, in hexadecimal."""
    return hashlib.sha256(document if isinstance(document, bytes) else encode(document)).hexdigest()


def decode_problem(raw: bytes, *, name: str = "problem.json") -> Problem:
    """Return the problem in these bytes.

    Raises:
        Refused: DIST-UNREADABLE (it says which field), DIST-VERSION (another version),
            DIST-TOO-LARGE.
    """
    _require_version(raw, name, "tepat/problem", PROBLEM_VERSION)
    return _decode(raw, name, Problem)


def decode_plan(raw: bytes, *, name: str = "plan.json") -> Plan:
    """Return the plan in these bytes.

    Raises:
        Refused: DIST-UNREADABLE, DIST-VERSION, DIST-TOO-LARGE.
    """
    _require_version(raw, name, "tepat/plan", PLAN_VERSION)
    return _decode(raw, name, Plan)


def read_problem(path: Path) -> Problem:
    """Return the problem in a file; see `decode_problem`."""
    return decode_problem(_read(path), name=path.name)


def read_plan(path: Path) -> Plan:
    """Return the plan in a file; see `decode_plan`."""
    return decode_plan(_read(path), name=path.name)


def read_bound(path: Path) -> Bound:
    """Return the bound in a file.

    Raises:
        Refused: DIST-UNREADABLE, DIST-VERSION, DIST-TOO-LARGE.
    """
    raw = _read(path)
    _require_version(raw, path.name, "tepat/bound", BOUND_VERSION)
    return _decode(raw, path.name, Bound)


def write(document: msgspec.Struct, path: Path) -> None:
    """Write a document whole or not at all.

    Raises:
        Refused: DIST-UNWRITABLE.
    """
    try:
        write_whole(path, encode(document))
    except OSError as error:
        raise Refused("DIST-UNWRITABLE", file=path, reason=reason_of(error)) from error


def write_beside(problem: Problem, source: Path, out: Path) -> None:
    """Write a problem that was made from another, with that one's matrices, to a folder.

    Args:
        problem: What is written, under the source's file name.
        source: The `problem.json` it was made from, its matrices beside it.
        out: The folder; made where it is missing.

    Raises:
        Refused: DIST-UNWRITABLE.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for matrix in problem.matrices:
            if (source.parent / matrix.file).resolve() != (out / matrix.file).resolve():
                shutil.copyfile(source.parent / matrix.file, out / matrix.file)
    except OSError as error:
        raise Refused("DIST-UNWRITABLE", file=out, reason=reason_of(error)) from error
    write(problem, out / source.name)


def json_schema(kind: type[Problem] | type[Plan]) -> dict[str, Any]:
    """Return the JSON Schema of a document; `schemas/` holds it, and a test holds the two together."""
    return msgspec.json.schema(kind)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("DIST-UNREADABLE", file=path.name, reason=reason_of(error)) from error


def _require_version(raw: bytes, name: str, schema: str, version: int) -> None:
    if len(raw) > DOCUMENT_BYTES_MAX:
        raise Refused("DIST-TOO-LARGE", file=name, size=len(raw), limit=DOCUMENT_BYTES_MAX)
    try:
        head = json.loads(raw)
    except ValueError as error:
        raise Refused("DIST-UNREADABLE", file=name, reason=why_unread(error)) from error
    if not isinstance(head, dict) or head.get("schema") != schema:
        raise Refused("DIST-UNREADABLE", file=name, reason=f'"schema" harus "{schema}"')
    if head.get("schema_version") != version:
        raise Refused("DIST-VERSION", file=name, found=head.get("schema_version"), expected=version)


def _decode[T: (Problem, Plan, Bound)](raw: bytes, name: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Refused("DIST-UNREADABLE", file=name, reason=why_unread(error)) from error
