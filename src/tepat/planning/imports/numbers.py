"""What a cell with a number says, and where two people would read it differently.

Nothing is guessed here: a cell has one reading, or a named problem with the possible readings beside it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from tepat.planning.imports.sheets import Value

THOUSAND = 1000
DIGITS_MAX = 15
DEGREE_DIGITS = 6  # about 11 cm
SPECIAL_FIRST = 901

UNITS = {
    "nol": 0,
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
    "sepuluh": 10,
    "sebelas": 11,
    "seratus": 100,
    "seribu": 1000,
}
NOTHING = frozenset({"nihil", "kosong", "tidak ada", "tdk ada", "none"})
NO_POSITION = frozenset({"tanpa titik", "belum ada", "tidak ada", "belum ada titik", "kosong", "nihil", "?"})
DASHES = frozenset({"-", "--", "–", "—", ".", "n/a", "na"})

EXCEL_ERROR = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|GETTING_DATA)", re.IGNORECASE)
PLAIN = re.compile(r"\d+")
ONE_GROUP = re.compile(r"(\d{1,3})[.,](\d{3})")
GROUPS_DOT = re.compile(r"\d{1,3}(\.\d{3}){2,}(,\d+)?")
GROUPS_COMMA = re.compile(r"\d{1,3}(,\d{3}){2,}(\.\d+)?")
DOT_THEN_COMMA = re.compile(r"\d{1,3}(\.\d{3})+,\d+")
COMMA_THEN_DOT = re.compile(r"\d{1,3}(,\d{3})+\.\d+")
SPACE_GROUPS = re.compile(r"\d{1,3}( \d{3})+")
DECIMAL = re.compile(r"\d+[.,]\d+")
WRAPPING = re.compile(
    r"^(rp\.?|idr|±|\+)|(orang|pemilih|jiwa|org|kotak|unit|buah|m2|m3|m²|m³|kg|km|,-|\.-)$", re.IGNORECASE
)
DEGREES = re.compile(
    r"(?P<degrees>-?\d{1,3}(?:[.,]\d+)?) ?(?P<sign>[°º])? ?"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?) ?['′’] ?(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?) ?(?:[\"″”]|'')? ?)?)?"
    r"(?P<side>ls|lu|bt|s|n|e)?"
)
LOOKS_LIKE_DIGITS = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "S": "5", "B": "8"})
TPS_TEXT = re.compile(
    r"(?:(?:nomor|no)?[\s._/:#-]*tps|tps)?[\s._/:#-]*(?:(?:nomor|no)[\s._/:#-]*)?(\d{1,4})", re.IGNORECASE
)


@dataclass(frozen=True)
class Number:
    """A reading of one cell.

    Args:
        value: The number, or None where a person must decide.
        problem: The finding's kind, empty where all is well.
        readings: What it could mean, for the question.
        proposal: What it probably means, None where nothing speaks for one.
        blank: The cell is empty.
    """

    value: Decimal | None = None
    problem: str = ""
    readings: tuple[Decimal, ...] = ()
    proposal: Decimal | None = None
    blank: bool = False


def read_number(value: Value, *, thousands: bool = False) -> Number:
    """Return what a cell of a number column says.

    Args:
        value: The cell.
        thousands: A separator before three digits is certain to group thousands, as in rupiah.

    Returns:
        A number, a problem (``ambiguous_number``, ``wordy_number``, ``unreadable_number``, ``excel_error``,
        ``date_in_number``, ``number_cleaned`` with a value) or a blank.
    """
    if value is None:
        return Number(blank=True)
    if isinstance(value, bool):
        return Number(problem="unreadable_number")
    if isinstance(value, int):
        return (
            Number(Decimal(value))
            if len(str(abs(value))) <= DIGITS_MAX
            else Number(problem="unreadable_number")
        )
    if isinstance(value, float):
        return _read_float(value, thousands=thousands)
    if isinstance(value, datetime | date | time):
        return Number(problem="date_in_number")
    return _read_text(value, thousands=thousands)


def read_degrees(value: Value) -> Number:
    """Return what a cell of latitudes or longitudes says, in degrees; south is negative.

    A separator stands before a fraction here, never between thousands. Degrees with minutes and seconds and
    with LS, LU or BT behind them are read too; what is not filled in is blank.

    Args:
        value: The cell.
    """
    text = " ".join(value.lower().split()) if isinstance(value, str) else ""
    if text in DASHES | NO_POSITION:
        return Number(blank=True)
    match = DEGREES.fullmatch(text)
    if match and (match["sign"] or match["side"]):
        parts = [
            Decimal((match[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds")
        ]
        exact = abs(parts[0]) + parts[1] / 60 + parts[2] / 3600
        south = parts[0] < 0 or match["side"] in {"ls", "s"}
        return Number(round(-exact if south else exact, DEGREE_DIGITS).normalize() + 0)
    number = read_number(value)
    if number.problem in {"ambiguous_number", "maybe_thousands"}:
        return Number(number.readings[1])
    return number


def _read_float(value: float, *, thousands: bool) -> Number:
    try:
        exact = Decimal(repr(value))
    except InvalidOperation:
        return Number(problem="unreadable_number")
    if not exact.is_finite() or exact.adjusted() > DIGITS_MAX:
        return Number(problem="unreadable_number")
    if exact == exact.to_integral_value():
        return Number(exact.quantize(Decimal(1)))
    grouped = exact * THOUSAND
    if abs(exact) < THOUSAND and grouped == grouped.to_integral_value() and not thousands:
        # Excel in English takes a typed 1.205 for one and a fifth; only what the cell should hold tells.
        return Number(exact, "maybe_thousands", (grouped.quantize(Decimal(1)), exact))
    return Number(exact)


def _read_text(text: str, *, thousands: bool) -> Number:
    cleaned = " ".join(text.replace("\u00a0", " ").replace("\u2212", "-").strip(" '`\t\r\n").split())
    if not cleaned:
        return Number(blank=True)
    if EXCEL_ERROR.fullmatch(cleaned):
        return Number(problem="excel_error")
    if cleaned.lower() in DASHES:
        return Number(problem="dash_for_zero", proposal=Decimal(0))
    bare = WRAPPING.sub("", WRAPPING.sub("", cleaned).strip()).strip() or cleaned
    sign, digits = _signed(bare)
    number = _read_digits(digits, thousands=thousands)
    if number is None:
        return _read_words(bare)
    number = _with_sign(number, sign)
    if bare != cleaned and number.value is not None and not number.problem:
        return Number(number.value, "number_cleaned")
    return number


def _signed(text: str) -> tuple[int, str]:
    if text.startswith("-"):
        return -1, text[1:].strip()
    if text.startswith("(") and text.endswith(")"):
        return -1, text[1:-1].strip()
    return 1, text


def _with_sign(number: Number, sign: int) -> Number:
    if sign > 0:
        return number
    flipped = None if number.value is None else -number.value
    return Number(flipped, number.problem, tuple(-reading for reading in number.readings))


def _read_digits(text: str, *, thousands: bool) -> Number | None:
    """Return the reading of unsigned digits with separators, None where they are no such digits."""
    if len(text) > DIGITS_MAX + 6 or not text.isascii():
        return None
    if PLAIN.fullmatch(text):
        return Number(Decimal(text)) if len(text) <= DIGITS_MAX else Number(problem="unreadable_number")
    if match := ONE_GROUP.fullmatch(text):
        grouped, fraction = Decimal(match[1] + match[2]), Decimal(f"{match[1]}.{match[2]}")
        if thousands:
            return Number(grouped)
        return Number(problem="ambiguous_number", readings=(grouped, fraction))
    if SPACE_GROUPS.fullmatch(text):
        return Number(Decimal(text.replace(" ", "")), "number_cleaned")
    decimal = _as_decimal(text)
    return None if decimal is None else Number(Decimal(decimal).normalize() + 0)


def _as_decimal(text: str) -> str | None:
    """Return digits whose separators leave no doubt with a dot before the fraction, None for any others."""
    if GROUPS_DOT.fullmatch(text) or DOT_THEN_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if GROUPS_COMMA.fullmatch(text) or COMMA_THEN_DOT.fullmatch(text):
        return text.replace(",", "")
    return text.replace(",", ".") if DECIMAL.fullmatch(text) else None


def _read_words(text: str) -> Number:
    if text.lower() in NOTHING:
        return Number(problem="wordy_number", proposal=Decimal(0))
    words = number_words(text)
    if words is not None:
        return Number(problem="wordy_number", proposal=Decimal(words))
    mended = text.translate(LOOKS_LIKE_DIGITS).replace(" ", "")
    digits = PLAIN.fullmatch(mended) and mended.isascii() and len(mended) <= DIGITS_MAX
    if digits and any(letter.isdigit() for letter in text):
        return Number(problem="unreadable_number", proposal=Decimal(mended))
    return Number(problem="unreadable_number")


def number_words(text: str) -> int | None:
    """Return the number that Indonesian words say, such as ``dua ratus tiga puluh enam``, or None."""
    words = re.findall(r"[a-z]+", text.lower().replace("-", " "))
    if not words or re.search(r"\d", text):
        return None
    total = group = unit = 0
    for word in words:
        if word in UNITS:
            unit, group = _add_unit(word, unit, group)
        elif word == "belas":
            unit += 10
        elif word in {"puluh", "ratus"}:
            group, unit = group + unit * (10 if word == "puluh" else 100), 0
        elif word in {"ribu", "juta"}:
            total, group, unit = total + (group + unit) * (1000 if word == "ribu" else 1_000_000), 0, 0
        else:
            return None
    return total + group + unit


def _add_unit(word: str, unit: int, group: int) -> tuple[int, int]:
    value = UNITS[word]
    return (unit, group + value) if value >= 100 else (unit + value, group)


@lru_cache(maxsize=4096)
def _tps_text(text: str) -> int | None:
    match = TPS_TEXT.fullmatch(text.strip(" '`\t\r\n.").replace("\u00a0", " "))
    return int(match[1]) if match and match[1].isascii() else None


def read_tps(value: Value) -> Number:
    """Return the number of a TPS written as ``1``, ``001``, ``TPS 1``, ``TPS-001``, ``No. 5``."""
    if isinstance(value, str):
        if not value.strip():
            return Number(blank=True)
        number = _tps_text(value)
        if number is not None:
            return Number(Decimal(number))
        roman = roman_number(re.sub(r"(?i)^\s*tps[\s.-]*", "", value))
        return _tps_problem(read_number(value), roman)
    reading = read_number(value)
    if reading.problem == "maybe_thousands":
        return Number(reading.value)
    return reading


def _tps_problem(reading: Number, roman: int | None) -> Number:
    if roman is not None:
        return Number(problem="unreadable_number", proposal=Decimal(roman))
    if reading.value is not None or reading.problem in {"excel_error", "wordy_number"}:
        return reading
    return Number(problem="unreadable_number", proposal=reading.proposal)


def roman_number(text: str) -> int | None:
    """Return the value of a small Roman number such as ``IV``; None for anything else."""
    cleaned = text.strip().upper()
    if not re.fullmatch(r"(X{0,3})(IX|IV|V?I{0,3})", cleaned) or not cleaned:
        return None
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in cleaned]
    return sum(-value if value < max(values[at:], default=0) else value for at, value in enumerate(values))


def whole(number: Decimal) -> int | None:
    """Return a number as int, None where it has a fraction."""
    return int(number) if number == number.to_integral_value() else None


def written(number: Decimal) -> str:
    """Return a number as it is typed into a cell as an answer: digits, a dot before a fraction."""
    return format(number.normalize() + 0, "f")
