"""Our ids as URIs and back: boxes, posts, seals, people. Pure.

They have the form of a web address below the office's own base, and none of GS1's: a GS1 key is bought, and
what looks like one would claim a company prefix that nobody here owns.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

from tepat.common.errors import Refused

DEFAULT_BASE = "https://tepat.invalid/id"
BASE_LENGTH_MAX = 200

type Thing = Literal["objek", "pos", "tempat", "segel", "perjalanan", "ruas", "perangkat"]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BASE = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::\d{1,5})?(?:/[A-Za-z0-9._~-]+)*"
)
_GS1 = re.compile(
    r"^urn:epc(?:global)?:|"
    r"/(?:0[01]|253|255|40[12]|41[47]|800[346]|801[078]|gtin|sscc|gdti|gcn|ginc|gsin|gln|party|grai|giai|itip|cpid"
    r"|gsrnp?)/\d"
)
_PLAIN = re.compile(r"[A-Za-z0-9_.~:-]+")  # nothing to quote
_URN_UUID = "urn:uuid:"


@dataclass(frozen=True)
class Ids:
    """Names things of one office.

    Args:
        root: The base with the office's code, without a slash at the end.
    """

    root: str

    def uri(self, thing: Thing, text: str) -> str:
        """Return the URI of a thing.

        Args:
            thing: What it is.
            text: Its id here; what stands between colons becomes a step of the path.
        """
        if _PLAIN.fullmatch(text):
            return f"{self.root}/{thing}/{text.replace(':', '/')}"
        return f"{self.root}/{thing}/{'/'.join(quote(part, safe='') for part in text.split(':'))}"

    def text(self, thing: Thing, uri: str) -> str:
        """Return the id of a thing.

        Raises:
            ValueError: The URI names no such thing of this office.
        """
        start = f"{self.root}/{thing}/"
        if not uri.startswith(start):
            raise ValueError(f"{uri} is no {thing} below {self.root}")
        return ":".join(unquote(part) for part in uri[len(start) :].split("/"))


def ids_of(base: str, office: str) -> Ids:
    """Return how an office names its things.

    Args:
        base: A web address that the office may use, such as its own domain; the same one every time, because
            event ids hang on it.
        office: The office's area code.

    Raises:
        Refused: EPCIS-BASE.
    """
    plain = base.rstrip("/")
    gs1 = plain.partition("//")[2].partition("/")[0].endswith("gs1.org")
    if len(plain) > BASE_LENGTH_MAX or not _BASE.fullmatch(plain) or gs1 or looks_like_gs1(f"{plain}/"):
        raise Refused("EPCIS-BASE", base=base[:BASE_LENGTH_MAX])
    return Ids(f"{plain}/{office}")


def is_uuid(text: str) -> bool:
    """Return whether a text is a random id as we write them."""
    return _UUID.fullmatch(text) is not None


def uuid_uri(text: str) -> str:
    """Return the URI of a person, an event or an offer."""
    assert is_uuid(text), text
    return _URN_UUID + text


def uuid_of(uri: str) -> str:
    """Return the random id in a URI.

    Raises:
        ValueError: It is none.
    """
    text = uri.removeprefix(_URN_UUID)
    if not uri.startswith(_URN_UUID) or not is_uuid(text):
        raise ValueError(f"{uri} is no random id")
    return text


def looks_like_gs1(uri: str) -> bool:
    """Return whether a URI is, or could be taken for, a GS1 key."""
    return _GS1.search(uri) is not None
