"""Which desa a row means: by code, or by kecamatan and name; never by a name that stands twice, alone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from tepat.common.areas import Area, Desa

LIKENESS_MIN = 72
CANDIDATES_MAX = 3
CLOSE_SECOND = 4

PREFIX = re.compile(r"^(desa|ds|kelurahan|kel|kecamatan|kec|pps|ppk|distrik)\b[\s.:]*", re.IGNORECASE)
CODE_DIGITS = 10
KECAMATAN_DIGITS = 6


@lru_cache(maxsize=8192)
def plain_name(text: str) -> str:
    """Return a name of a place without its kind, spaces, case and punctuation."""
    bare = PREFIX.sub("", text.strip())
    return re.sub(r"[\W_]+", "", bare or text).lower()


@dataclass(frozen=True)
class Match:
    """Which desa a row means.

    Args:
        code: The desa, or None where nobody can tell.
        problem: A finding's kind, or empty.
        proposal: What to write instead.
        candidates: What it could be, in words.
        tentative: The desa that the proposal means, for comparing rows until it is answered.
    """

    code: str | None
    problem: str = ""
    proposal: str | None = None
    candidates: tuple[str, ...] = ()
    tentative: str | None = None


class DesaRegister:
    """The valid desa of one office.

    Args:
        desa: Its desa.
        kecamatan: Names by code.
        successors: Today's code for each code that has changed.
    """

    def __init__(
        self, desa: Sequence[Desa], kecamatan: Mapping[str, str], successors: Mapping[str, str] | None = None
    ) -> None:
        self.desa = {place.code: place for place in desa}
        self.kecamatan = dict(kecamatan)
        self.successors = dict(successors or {})
        self._by_name: dict[str, list[Desa]] = {}
        for place in desa:
            self._by_name.setdefault(plain_name(place.name), []).append(place)
        self._kecamatan_by_name = {plain_name(name): code for code, name in self.kecamatan.items()}

    @classmethod
    def of_area(cls, area: Area, successors: Mapping[str, str] | None = None) -> "DesaRegister":
        """Return the register of an area as loaded from the official tables."""
        return cls(area.desa, area.kecamatan, successors)

    @cached_property
    def plain_names(self) -> frozenset[str]:
        """Plain names of all desa and kecamatan."""
        return frozenset(self._by_name) | frozenset(self._kecamatan_by_name)

    def known(self, text: str) -> bool:
        """Return whether a text is the name of one of its desa."""
        return plain_name(text) in self._by_name

    def name(self, code: str) -> str:
        """Return name, kecamatan and code of a desa, as a question names it."""
        place = self.desa[code]
        return f"{place.name} (Kec. {self.kecamatan.get(place.kecamatan, place.kecamatan)}, {code})"

    def code_in(self, text: str) -> str | None:
        """Return the code that a text of digits means, with dots, whether it is in the register or not."""
        digits = re.sub(r"[.\s\-']", "", text)
        if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
            return None
        return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"

    def match_code(self, code: str, name: str) -> Match:
        """Return the desa of a code, held against the name beside it."""
        today = code if code in self.desa else self.successors.get(code, "")
        if today not in self.desa:
            similar = self._by_name.get(plain_name(name), []) if name else []
            proposal = similar[0].code if len(similar) == 1 else None
            return Match(None, "unknown_desa", proposal=proposal, candidates=self._say(similar))
        place = self.desa[today]
        if name and plain_name(name) != plain_name(place.name):
            likeness = fuzz.ratio(plain_name(name), plain_name(place.name))
            if not (likeness >= LIKENESS_MIN and plain_name(name) not in self._by_name):
                others = self._say(self._by_name.get(plain_name(name), []))
                return Match(
                    None, "code_name_conflict", candidates=(self.name(today), *others), tentative=today
                )
        return Match(today, "code_changed" if today != code else "", candidates=(self.name(today),))

    def match_kecamatan(self, text: str) -> Match:
        """Return the kecamatan that a text means, by code or by name."""
        digits = re.sub(r"[.\s]", "", text)
        if len(digits) == KECAMATAN_DIGITS and digits.isdigit():
            code = f"{digits[:2]}.{digits[2:4]}.{digits[4:]}"
            return Match(code) if code in self.kecamatan else Match(None, "unknown_kecamatan")
        name = plain_name(text)
        if name in self._kecamatan_by_name:
            return Match(self._kecamatan_by_name[name])
        best = process.extract(name, list(self._kecamatan_by_name), scorer=fuzz.ratio, limit=CANDIDATES_MAX)
        likely = [self._kecamatan_by_name[key] for key, likeness, _ in best if likeness >= LIKENESS_MIN]
        if not likely:
            return Match(None, "unknown_kecamatan")
        names = tuple(self.kecamatan[code] for code in likely)
        return Match(None, "misspelt_kecamatan", proposal=names[0], candidates=names, tentative=likely[0])

    def match_name(self, name: str, kecamatan: str | None) -> Match:
        """Return the desa of a name, inside a kecamatan given by its code, or anywhere if it stands once."""
        found = self._by_name.get(plain_name(name), [])
        if kecamatan is None:
            if len(found) == 1:
                return Match(found[0].code)
            if found:
                return Match(None, "ambiguous_desa", candidates=self._say(found))
            return self._misspelt(name, list(self.desa.values()))
        inside = [place for place in found if place.kecamatan == kecamatan]
        if inside:
            return Match(inside[0].code)
        near = self._misspelt(name, [place for place in self.desa.values() if place.kecamatan == kecamatan])
        if near.problem == "misspelt_desa" and not found:
            return near
        return Match(None, "unknown_desa", candidates=self._say(found))

    def _misspelt(self, name: str, places: Sequence[Desa]) -> Match:
        names = {place.code: plain_name(place.name) for place in places}
        best = process.extract(plain_name(name), names, scorer=fuzz.ratio, limit=CANDIDATES_MAX)
        likely = [(code, likeness) for _, likeness, code in best if likeness >= LIKENESS_MIN]
        if not likely:
            return Match(None, "unknown_desa")
        candidates = self._say([self.desa[code] for code, _ in likely])
        first = likely[0][0]
        tied = len(likely) > 1 and likely[0][1] - likely[1][1] < CLOSE_SECOND
        if tied:
            return Match(None, "misspelt_desa", candidates=candidates)
        return Match(
            None, "misspelt_desa", proposal=self.desa[first].name, candidates=candidates, tentative=first
        )

    def _say(self, places: Sequence[Desa]) -> tuple[str, ...]:
        return tuple(self.name(place.code) for place in places)
