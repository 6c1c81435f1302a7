"""Kecamatan and desa of each row; a run of rows with the same spelling is asked about once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tepat.planning.imports.desa_register import DesaRegister, Match
from tepat.planning.imports.entry import Entry
from tepat.planning.imports.fields import PLACE, Kind
from tepat.planning.imports.findings import DROP, KEEP, Finding, finding
from tepat.planning.imports.reduced import DATA, Cell, RawSheet
from tepat.planning.imports.sheets import shown

SHORT_CODE = re.compile(r"\d{4}")


def groups_of(raw: RawSheet, kind: Kind, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the user's answer for each place cell, spread over the run of equal cells it stands in.

    Args:
        raw: The sheet.
        kind: The kind of list.
        answers: Answers by ``Sheet!A1``.
    """
    spread: dict[str, str] = {}
    if not any(place.startswith(f"{raw.name}!") for place in answers):
        return spread
    for place in (cell.address for row in raw.rows for cell in row.cells.values()):
        answer = answers.get(f"{raw.name}!{place}")
        if answer and answer not in {KEEP, DROP}:
            spread[place] = answer  # a title between the rows is a cell too
    for name in [of.name for of in kind.fields if of.type in PLACE and of.name in raw.columns]:
        _spread_column(raw, name, answers, spread)
    return spread


def _spread_column(raw: RawSheet, name: str, answers: Mapping[str, str], spread: dict[str, str]) -> None:
    letters = raw.columns[name].rstrip("0123456789")
    run: list[str] = []
    before: tuple[str, ...] | None = None
    # One code beside two names is two questions: the answer to one must not move the rows of the other.
    told_by = (name, "desa") if name == "desa_code" else (name,)
    for row in raw.rows:
        if row.role != DATA:
            continue
        text = tuple(shown(row.cells[part].value).strip() if part in row.cells else "" for part in told_by)
        where = f"{letters}{row.row + 1}"
        if text != before:
            run, before = [], text
        run.append(where)
        _spread(raw.name, run, where, answers, spread)


def _spread(
    sheet: str, run: list[str], where: str, answers: Mapping[str, str], spread: dict[str, str]
) -> None:
    answer = answers.get(f"{sheet}!{where}") or spread.get(run[-2] if len(run) > 1 else "")
    if answer and answer not in {KEEP, DROP}:
        spread.update(dict.fromkeys(run, answer))


@dataclass
class _Open:
    """A question about a run of rows, until the run ends."""

    key: tuple[str, ...]
    match: Match
    cells: list[str]
    facts: dict[str, str] = field(default_factory=dict)


class PlaceReader:
    """Finds the desa of one row after another.

    Args:
        raw: The sheet.
        kind: The kind of list.
        register: The valid desa.
        answers: Answers by ``Sheet!A1``.
        findings: Where questions go.
    """

    def __init__(
        self,
        raw: RawSheet,
        kind: Kind,
        register: DesaRegister,
        answers: Mapping[str, str],
        findings: list[Finding],
    ) -> None:
        self.raw, self.register, self.answers, self.findings = raw, register, answers, findings
        self.answered = groups_of(raw, kind, answers)
        self.without_desa = "desa" not in kind.by_name
        self.open: dict[str, _Open] = {}

    def read(self, entry: Entry, cells: Mapping[str, Cell]) -> None:
        """Put kecamatan and desa of a row into its values, or ask."""
        text = {name: self._text(name, entry, cells) for name in ("kecamatan", "desa", "desa_code")}
        entry.text = text
        kecamatan = self._kecamatan(entry, text["kecamatan"])
        if self.without_desa:
            return
        match, name = self._match(entry, text, kecamatan)
        if match is None:
            self._close("desa")
            return
        asked = "desa" if text["desa"] and name == "desa" else "desa_code"
        if match.problem:
            self._ask(asked, match, entry, text[name])
        else:
            self._close("desa")
        entry.tentative = match.code or match.tentative
        if match.code:
            self._write(entry, match.code)

    def _write(self, entry: Entry, code: str) -> None:
        place = self.register.desa[code]
        entry.values |= {
            "desa_code": code,
            "desa": place.name,
            "kecamatan_code": place.kecamatan,
            "kecamatan": self.register.kecamatan.get(place.kecamatan, ""),
        }

    def _text(self, name: str, entry: Entry, cells: Mapping[str, Cell]) -> str:
        where = entry.cells.get(name, "")
        if where in self.answered:
            return self.answered[where]
        return shown(cells[name].value).strip() if name in cells else ""

    def _kecamatan(self, entry: Entry, text: str) -> str | None:
        if not text:
            return str(self.raw.kecamatan.value) if self.raw.kecamatan else None
        match = self.register.match_kecamatan(text)
        if match.problem:
            self._ask("kecamatan", match, entry, text)
        else:
            self._close("kecamatan")
        found = match.code or match.tentative
        if match.code:
            entry.values |= {"kecamatan_code": match.code, "kecamatan": self.register.kecamatan[match.code]}
        return found

    def _decided(self, entry: Entry, code: str) -> bool:
        """Return whether somebody answered this very row with this code: then it outweighs the names."""
        answer = self.answers.get(f"{self.raw.name}!{entry.cells.get('desa_code', '')}", "")
        return self.register.code_in(answer) == code

    def _match(
        self, entry: Entry, text: Mapping[str, str], kecamatan: str | None
    ) -> tuple[Match | None, str]:
        """Return the match and the field that it rests on; None where the row names no desa."""
        for name in ("desa_code", "desa"):
            code = self.register.code_in(text[name])
            if code is None and kecamatan and SHORT_CODE.fullmatch(text[name]):
                code = f"{kecamatan}.{text[name]}"
            if code is not None and self._decided(entry, code):
                return self.register.match_code(code, ""), name
            if code is not None:
                beside = (
                    text["desa"] if name == "desa_code" and not self.register.code_in(text["desa"]) else ""
                )
                return self._within(self.register.match_code(code, beside), kecamatan, text), name
        if text["desa"]:
            return self.register.match_name(text["desa"], kecamatan), "desa"
        if text["desa_code"]:
            return Match(None, "unknown_desa"), "desa_code"
        return None, ""

    def _within(self, match: Match, kecamatan: str | None, text: Mapping[str, str]) -> Match:
        """Hold a code's desa against the kecamatan that the row itself names."""
        if (
            match.code
            and text["kecamatan"]
            and kecamatan
            and self.register.desa[match.code].kecamatan != kecamatan
        ):
            names = (self.register.name(match.code), f"Kec. {self.register.kecamatan[kecamatan]}")
            return Match(None, "code_name_conflict", candidates=names)
        return match

    def _ask(self, name: str, match: Match, entry: Entry, text: str) -> None:
        beside = entry.text["desa"] if name == "desa_code" else ""
        key = (match.problem, text, beside, entry.values.get("kecamatan_code", ""))
        where = entry.cells.get(name) or entry.first_cell
        slot = "kecamatan" if name == "kecamatan" else "desa"
        running = self.open.get(slot)
        if running and running.key == key:
            running.cells.append(where)
            return
        self._close(slot)
        candidates = "; ".join(match.candidates) or "-"
        self.open[slot] = _Open(key, match, [where], {"value": text, "candidates": candidates, "field": name})

    def _close(self, slot: str) -> None:
        running = self.open.pop(slot, None)
        if running is None:
            return
        facts = dict(running.facts)
        asked = facts.pop("field")
        self.findings.append(
            finding(
                running.match.problem,
                self.raw.name,
                running.cells[0],
                proposal=running.match.proposal,
                field=asked,
                also=tuple(running.cells[1:]),
                count=len(running.cells),
                proposed=running.match.proposal or "-",
                **facts,
            ),
        )

    def close(self) -> None:
        """End all runs."""
        for slot in list(self.open):
            self._close(slot)
