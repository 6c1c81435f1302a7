"""The rule sets that come with Tepat: one file per election event, and `goods.toml` for what the goods are.

Source:
    docs/regulations.md; every row names its own source and mark.
"""

import tomllib
from datetime import date
from functools import cache
from importlib import resources

from tepat.common.errors import Refused
from tepat.planning.rule_documents import read_rule_set
from tepat.planning.rules import RuleSet

CODES = ("pemilu-2019", "pemilu-2024", "pilkada-2024", "nasional-2029", "daerah-2031")


@cache
def load_rule_set(code: str) -> RuleSet:
    """Return the rules of one election event.

    Args:
        code: One of `CODES`.

    Raises:
        Refused: NEEDS-UNKNOWN-ELECTION.
    """
    if code not in CODES:
        raise Refused("NEEDS-UNKNOWN-ELECTION", election=code, known=", ".join(CODES))
    folder = resources.files(__package__)
    goods = tomllib.loads((folder / "goods.toml").read_text(encoding="utf-8"))
    document = tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8"))
    return read_rule_set(document, goods)


def rule_sets_for(polling_date: date) -> tuple[RuleSet, ...]:
    """Return the rule sets that are in force on a polling day, in the order of their events."""
    return tuple(rules for rules in map(load_rule_set, CODES) if rules.serves(polling_date))
