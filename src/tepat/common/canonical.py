"""RFC 8785 for the plain values of the ledger, fast where another writer says the same bytes. Pure."""

from collections.abc import Iterable
from typing import Any

import msgspec
import rfc8785

INTEGER_MAX = 2**53 - 1
_write = msgspec.json.Encoder(order="sorted").encode


def canonical(value: Any) -> bytes:
    """Return a value in the form of RFC 8785.

    Text, whole numbers, yes/no, nothing, lists and tables with plain names are what the ledger holds: for
    them msgspec writes exactly these bytes, many times as fast. Anything else goes the long way.

    Args:
        value: Plain values.

    Raises:
        rfc8785.CanonicalizationError: The value has no canonical form.
    """
    if _is_plain(value):
        try:
            return _write(value)
        except UnicodeEncodeError:  # half a letter; the long way names it
            pass
    return rfc8785.dumps(value)


def canonical_struct(value: msgspec.Struct) -> bytes:
    """Return a struct of text, lists of text and whole numbers up to `INTEGER_MAX` in the form of RFC 8785.

    Whoever calls it has looked at the numbers; text that came through a JSON reader has whole letters.
    """
    return _write(value)


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is int:
        return bool(-INTEGER_MAX <= value <= INTEGER_MAX)
    if kind is dict:
        return _are_names(value) and _are_plain(value.values())
    if kind is list or kind is tuple:
        return _are_plain(value)
    return kind is str or kind is bool or value is None


def _are_names(names: Iterable[Any]) -> bool:
    """Return whether these are texts in ASCII: others are sorted by UTF-16 units, not so by this writer."""
    try:
        return all(map(str.isascii, names))
    except TypeError:
        return False


def _are_plain(values: Iterable[Any]) -> bool:
    for value in values:  # noqa: SIM110 -- most are text, and a generator would cost more than all else here
        if type(value) is not str and not _is_plain(value):
            return False
    return True
