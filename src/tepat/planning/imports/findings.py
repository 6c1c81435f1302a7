"""What is wrong with, unclear about, or worth knowing of a file, each at its cell."""

from dataclasses import dataclass, field
from typing import Any

from tepat.common.messages import say
from tepat.planning.imports.privacy import masked, masked_names

BLOCKS = "blocks"
ASKS = "asks"
NOTE = "note"

SEVERITY: dict[str, str] = {
    # shape of the file
    "merged_cell_filled": NOTE,
    "merged_number": BLOCKS,
    "two_header_lines": NOTE,
    "repeated_header": NOTE,
    "header_changed": BLOCKS,
    "outside_table": NOTE,
    "hidden_row": ASKS,
    "hidden_column": NOTE,
    "hidden_sheet": ASKS,
    "hidden_unknown": NOTE,
    "sheet_without_table": NOTE,
    "recap_sheet": NOTE,
    "no_table": BLOCKS,
    "missing_column": BLOCKS,
    "unsure_column": ASKS,
    "unknown_column": NOTE,
    "formula_without_value": BLOCKS,
    # privacy
    "nik_column_removed": NOTE,
    "name_column_removed": NOTE,
    "private_column_removed": NOTE,
    "nik_masked": NOTE,
    "name_masked": NOTE,
    "voter_list": BLOCKS,
    # values
    "ambiguous_number": ASKS,
    "wordy_number": BLOCKS,
    "unreadable_number": BLOCKS,
    "not_whole_number": BLOCKS,
    "negative_number": BLOCKS,
    "date_in_number": BLOCKS,
    "excel_error": BLOCKS,
    "dash_for_zero": ASKS,
    "number_cleaned": NOTE,
    "over_limit": BLOCKS,
    "under_limit": BLOCKS,
    "unreadable_value": BLOCKS,
    "missing_value": BLOCKS,
    "missing_dapil": BLOCKS,
    "no_capacity": BLOCKS,
    # points
    "zero_point": NOTE,
    "point_mistake": ASKS,
    "outside_area": BLOCKS,
    "outside_desa": ASKS,
    # places
    "unknown_kecamatan": BLOCKS,
    "misspelt_kecamatan": ASKS,
    "unknown_desa": BLOCKS,
    "misspelt_desa": ASKS,
    "ambiguous_desa": ASKS,
    "code_name_conflict": BLOCKS,
    "code_changed": NOTE,
    "desa_absent": NOTE,
    # rows against each other
    "duplicate_tps": BLOCKS,
    "duplicate_row": BLOCKS,
    "tps_gap": ASKS,
    "tps_count_differs": NOTE,
    "sum_differs": BLOCKS,
    "part_over_voters": ASKS,
    "total_row": NOTE,
    "total_mismatch": BLOCKS,
    "expected_total_differs": BLOCKS,
}

SHOWN_CHARS_MAX = 60
ALSO_MAX = 200

KEEP = "pakai"
DROP = "buang"
SKIP = "lewati"
NO_POINT = "tanpa titik"


@dataclass(frozen=True)
class Finding:
    """One finding.

    Args:
        kind: A key of `SEVERITY`.
        sheet: The sheet's name; empty for the whole file.
        cell: The A1 address; empty for the whole sheet or file.
        severity: ``blocks``, ``asks`` or ``note``.
        facts: What the sentence shows.
        proposal: The answer that would settle it, as typed: a value, ``pakai``, ``buang``, ``lewati``
            or ``tanpa titik``.
        field: The field of the record, where there is one.
        also: Further cells with the same finding, the first `ALSO_MAX` of them.
    """

    kind: str
    sheet: str
    cell: str
    severity: str
    facts: dict[str, Any] = field(default_factory=dict)
    proposal: str | None = None
    field: str = ""
    also: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The message's key."""
        return "IMPORT-" + self.kind.upper().replace("_", "-")

    @property
    def place(self) -> str:
        """Sheet and cell as an answer names them."""
        return f"{self.sheet}!{self.cell}"

    @property
    def message(self) -> str:
        """The Indonesian sentence."""
        said = say(self.code, {"sheet": self.sheet, "cell": self.cell, **self.facts})
        return " ".join(part for part in (said.happened, said.safe, said.todo) if part)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the command line prints it."""
        line: dict[str, Any] = {
            "sheet": self.sheet,
            "cell": self.cell,
            "kind": self.kind,
            "severity": self.severity,
            "message": self.message,
            "proposal": self.proposal,
            "code": self.code,
        }
        if self.field:
            line["field"] = self.field
        if self.also:
            line["also"] = list(self.also)
        return line


def finding(  # noqa: PLR0913 (a finding is its place, its kind and its facts; all but the first three go by name)
    kind: str,
    sheet: str,
    cell: str,
    *,
    proposal: str | None = None,
    field: str = "",
    also: tuple[str, ...] = (),
    severity: str | None = None,
    **facts: Any,
) -> Finding:
    """Return a finding with the severity of its kind; its texts are shortened and stripped of NIK."""
    safe = {key: quoted(value) if isinstance(value, str) else value for key, value in facts.items()}
    return Finding(
        kind=kind,
        sheet=sheet,
        cell=cell,
        severity=severity or SEVERITY[kind],
        facts=safe,
        proposal=proposal,
        field=field,
        also=also[:ALSO_MAX],
    )


def quoted(text: str) -> str:
    """Return a text fit to be repeated to the user: no NIK, no name after Bapak or Ibu, not too long."""
    safe = masked_names(str(masked(text)))
    return safe if len(safe) <= SHOWN_CHARS_MAX * 4 else safe[: SHOWN_CHARS_MAX * 4] + "…"
