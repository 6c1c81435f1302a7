"""The tiny language of the quantity rules: whole numbers, ``d t n e``, parameters, ``+ - *``, ``ceil``.

A formula is parsed once and evaluated over whole columns; nothing is ever handed to Python's own evaluator,
so a rule set may come from anybody. Results are whole numbers: a rate such as ``0.025`` lives only inside
``ceil(rate*d)`` and is kept as an exact fraction.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tepat.common.errors import Refused

Counts = NDArray[np.int64]
Value = int | Counts

FORMULA_CHARACTERS_MAX = 200
FORMULA_DEPTH_MAX = 20
WHOLE_NUMBER_MAX = 1_000_000

MEANINGS = {
    "d": "pemilih DPT",
    "t": "pemilih DPTb",
    "n": "jumlah TPS",
    "e": "jenis pemilihan",
}
_TOKEN = re.compile(r"\s*(?:(?P<rate>\d+\.\d+)|(?P<int>\d+)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*()]))")


@dataclass(frozen=True)
class Number:
    """A whole number that stands in a formula."""

    value: int


@dataclass(frozen=True)
class Name:
    """A variable (``d n e t``) or a parameter."""

    name: str


@dataclass(frozen=True)
class Ceil:
    """A rate times a name, rounded up: the reserve."""

    rate: Fraction
    name: str


@dataclass(frozen=True)
class Binary:
    """Two parts joined by ``+``, ``-`` or ``*``."""

    sign: Literal["+", "-", "*"]
    left: "Node"
    right: "Node"


Node = Number | Name | Ceil | Binary


@dataclass(frozen=True)
class Formula:
    """A parsed formula.

    Args:
        text: As it was written.
        tree: Its parts.
    """

    text: str
    tree: Node

    @property
    def names(self) -> frozenset[str]:
        """The variables and parameters that it reads."""
        return frozenset(_names(self.tree))

    @property
    def rounds(self) -> bool:
        """Whether it rounds up, so that it matters where it is evaluated."""
        return any(isinstance(node, Ceil) for node in _nodes(self.tree))

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Return the quantity for one unit or for a column of units.

        Args:
            values: A whole number or a column of them for each name.

        Returns:
            A whole number where no column was read, else a column.

        Raises:
            KeyError: A name has no value: the rule set was not checked, a defect.
        """
        return _evaluate(self.tree, values)

    def filled(self, values: Mapping[str, int]) -> str:
        """Return the formula with its inputs in place of the names: ``236 + ⌈0,02 × 236⌉``."""
        return _filled(self.tree, values)

    def rounded_up(self, values: Mapping[str, int]) -> "Formula":
        """Return the formula with each ``ceil`` worked out, for the second step of an explanation."""
        return Formula(self.text, _worked_out(self.tree, values))

    @property
    def readable(self) -> str:
        """The formula with names, as a person reads it: ``(d + ⌈0,02 × d⌉)``."""
        text = _readable(self.tree)
        return f"({text})" if isinstance(self.tree, Binary) else text


def parse_formula(text: str) -> Formula:
    """Return the formula for its text.

    Args:
        text: Such as ``d+ceil(0.02*d)``.

    Raises:
        Refused: NEEDS-FORMULA-INVALID, naming the place.
    """
    if len(text) > FORMULA_CHARACTERS_MAX:
        raise Refused("NEEDS-FORMULA-INVALID", formula=text[:40] + "…", place=FORMULA_CHARACTERS_MAX)
    parser = _Parser(text)
    tree = parser.sum(0)
    if parser.kind:
        parser.fail()
    return Formula(text=text, tree=tree)


class _Parser:
    """Reads one token ahead; never backtracks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.kind = ""
        self.word = ""
        self._end = 0
        self.advance()

    def fail(self) -> None:
        """Say where the formula stops making sense."""
        raise Refused("NEEDS-FORMULA-INVALID", formula=self.text, place=self.place + 1)

    def advance(self) -> str:
        """Move to the next token and return the one just left."""
        left = self.word
        self.place = self._end
        rest = self.text[self.place :]
        match = _TOKEN.match(rest)
        if match is None:
            self.kind = self.word = ""
            if rest.strip():
                self.fail()
            return left
        self.kind = match.lastgroup or ""
        self.word = match[self.kind]
        self.place = self._end + match.start(self.kind)
        self._end += match.end()
        return left

    def take(self, word: str) -> None:
        """Step over a token that has to stand here."""
        if self.word != word:
            self.fail()
        self.advance()

    def sum(self, depth: int) -> Node:
        """Read terms joined by ``+`` and ``-``."""
        if depth > FORMULA_DEPTH_MAX:
            self.fail()
        node = self.product(depth)
        while self.word in ("+", "-"):
            sign: Literal["+", "-"] = "+" if self.advance() == "+" else "-"
            node = Binary(sign, node, self.product(depth))
        return node

    def product(self, depth: int) -> Node:
        """Read factors joined by ``*``."""
        node = self.factor(depth)
        while self.word == "*":
            self.advance()
            node = Binary("*", node, self.factor(depth))
        return node

    def factor(self, depth: int) -> Node:
        """Read a number, a name, a bracket or a ``ceil``."""
        if self.kind == "int" and int(self.word) <= WHOLE_NUMBER_MAX:
            return Number(int(self.advance()))
        if self.word == "ceil":
            return self.ceil()
        if self.kind == "name":
            return Name(self.advance())
        self.take("(")
        node = self.sum(depth + 1)
        self.take(")")
        return node

    def ceil(self) -> Ceil:
        """Read ``ceil(rate*name)``; a rate stands nowhere else."""
        self.advance()
        self.take("(")
        if self.kind not in ("rate", "int"):
            self.fail()
        rate = Fraction(self.advance())
        self.take("*")
        if self.kind != "name":
            self.fail()
        name = self.advance()
        self.take(")")
        return Ceil(rate, name)


def ceil_of(rate: Fraction, voters: Value) -> Value:
    """Return a rate of some voters, rounded up, in whole numbers only.

    Args:
        rate: The exact share, such as 1/50.
        voters: Voters of one unit or of a column of units, in people.
    """
    return -((-voters * rate.numerator) // rate.denominator)


def _evaluate(node: Node, values: Mapping[str, Value]) -> Value:
    match node:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Ceil(rate, name):
            return ceil_of(rate, values[name])
    left, right = _evaluate(node.left, values), _evaluate(node.right, values)
    if node.sign == "*":
        return left * right
    return left + right if node.sign == "+" else left - right


def _worked_out(node: Node, values: Mapping[str, int]) -> Node:
    if isinstance(node, Ceil):
        return Number(int(ceil_of(node.rate, values[node.name])))
    if isinstance(node, Binary):
        return Binary(node.sign, _worked_out(node.left, values), _worked_out(node.right, values))
    return node


def _filled(node: Node, values: Mapping[str, int]) -> str:
    return _written(node, {name: _grouped(value) for name, value in values.items()})


def _readable(node: Node) -> str:
    return _written(node, {name: name for name in _names(node)})


def _written(node: Node, names: Mapping[str, str]) -> str:
    match node:
        case Number(value):
            return _grouped(value)
        case Name(name):
            return names[name]
        case Ceil(rate, name):
            return f"⌈{rate_text(rate)} × {names[name]}⌉"
    left, right = (_written(part, names) for part in (node.left, node.right))
    if node.sign == "*":
        left, right = _bracketed(node.left, left), _bracketed(node.right, right)
    elif node.sign == "-" and isinstance(node.right, Binary) and node.right.sign != "*":
        right = f"({right})"
    return f"{left} {'×' if node.sign == '*' else node.sign} {right}"


def _bracketed(node: Node, text: str) -> str:
    return f"({text})" if isinstance(node, Binary) and node.sign != "*" else text


def rate_text(rate: Fraction) -> str:
    """Return a rate with a comma, such as ``0,025``."""
    return f"{float(rate):g}".replace(".", ",")


def _grouped(number: int) -> str:
    return f"{int(number):,}".replace(",", ".")


def _nodes(node: Node) -> list[Node]:
    if isinstance(node, Binary):
        return [node, *_nodes(node.left), *_nodes(node.right)]
    return [node]


def _names(node: Node) -> set[str]:
    return {part.name for part in _nodes(node) if isinstance(part, Name | Ceil)}
