"""What the command line says when a command ends otherwise than asked: one sentence, never a traceback.

A defect of ours is the exception: `answer_to` knows no sentence for it, and it stays loud.
"""

import re
import sys
from difflib import get_close_matches

from typer.exceptions import TyperException

from tepat.common.errors import Refused, TepatError
from tepat.common.whole_files import reason_of

VALUES = (
    (re.compile(r"valid (?:integer|number)"), "harus bilangan bulat"),
    (re.compile(r"greater than or equal to (\S+)"), "paling kecil {0}"),
    (re.compile(r"less than or equal to (\S+)"), "paling besar {0}"),
)
USAGES = (
    (re.compile(r"No such command '(.*?)'"), "USAGE-NO-COMMAND"),
    (re.compile(r"Got unexpected extra argument\S* \((.*)\)"), "USAGE-TOO-MANY"),
    (re.compile(r"Option '(.*?)' requires"), "USAGE-NO-VALUE"),
    (re.compile(r"Option '(.*?)' does not take"), "USAGE-TAKES-NO-VALUE"),
)
STORES = (
    ("no such table", "STORE-NOT-PREPARED"),
    ("no such column", "STORE-NOT-PREPARED"),
    ("locked", "STORE-BUSY"),
    ("full", "STORE-FULL"),
    ("disk i/o error", "STORE-FULL"),
    ("readonly", "STORE-READ-ONLY"),
    ("unable to open", "STORE-READ-ONLY"),
    ("not a database", "STORE-DAMAGED"),
    ("malformed", "STORE-DAMAGED"),
)


def answer_to(error: Exception) -> TepatError | None:
    """Return the sentence for an error that a person can do something about; None for a defect of ours."""
    if isinstance(error, TepatError):
        return error
    if isinstance(error, TyperException):
        return _wrong_usage(error)
    if isinstance(error, OSError):
        return Refused("COMMAND-FILE", file=error.filename or "hasil", reason=reason_of(error))
    if isinstance(error, MemoryError):
        return Refused("COMMAND-MEMORY")
    return _store_trouble(error)


def _store_trouble(error: Exception) -> Refused | None:
    """Return the sentence for a database that cannot be used; asked only where one is loaded."""
    known = [getattr(sys.modules.get(name), "DatabaseError", None) for name in ("django.db.utils", "sqlite3")]
    if not isinstance(error, tuple(kind for kind in known if kind)):
        return None
    said = str(error).lower()
    return next((Refused(code) for words, code in STORES if words in said), None)


def _wrong_usage(error: TyperException) -> Refused:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "tepat"
    parameter = getattr(error, "param", None)
    if parameter is not None:
        name = parameter.get_error_hint().strip("'[]").replace("' / '", " atau ")
        reason = _value_reason(str(getattr(error, "message", "")))
        code = "USAGE-BAD-VALUE" if reason else "USAGE-MISSING"
        return Refused(code, part=name, reason=reason, command=command)
    if (option := getattr(error, "option_name", None)) and hasattr(error, "possibilities"):
        return Refused(
            "USAGE-NO-OPTION", option=option, near=_near(error.possibilities or ()), command=command
        )
    for pattern, code in USAGES:
        if found := pattern.search(error.format_message()):
            commands = getattr(context.command, "commands", {}) if context else {}
            near = _near(get_close_matches(found[1], commands))
            return Refused(code, part=found[1], near=near, command=command)
    return Refused("USAGE-UNCLEAR", reason=error.format_message(), command=command)


def _near(names: "list[str] | tuple[str, ...]") -> str:
    return f" Mungkin maksudnya {' atau '.join(names)}." if names else ""


def _value_reason(message: str) -> str:
    for pattern, sentence in VALUES:
        if found := pattern.search(message):
            return sentence.format(*(group.rstrip(".,") for group in found.groups()))
    return message.rstrip(".")
