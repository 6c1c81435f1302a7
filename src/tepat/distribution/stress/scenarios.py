"""What may go wrong, with its chances: read from a small file that an office can change."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from tepat.common.errors import Refused
from tepat.common.unread import why_unread
from tepat.common.whole_files import reason_of

Kind = Literal["rain", "breakdown", "bridge", "hours", "ppk", "demand", "noise"]

SCENARIOS_MAX = 40
SCENARIO_BYTES_MAX = 200_000


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One disturbance with its chance; which fields count depends on the kind, see `scenarios.toml`.

    Args:
        chance: From 0 to 1; of a replay, a date, a vehicle on a date or a PPK on a date.
        closes: Local time ``HH:MM`` after which nothing is received.
    """

    name: str
    kind: Kind
    title: str
    chance: float
    slower_percent: int = 0
    detour_s: int = 0
    days: int = 1
    area: str = ""
    closes: str = "24:00"
    more_percent: int = 0

    @property
    def closes_s(self) -> int:
        """The time of closing in seconds since midnight."""
        hours, _, minutes = self.closes.partition(":")
        return int(hours) * 3600 + int(minutes) * 60


class Scenarios(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All disturbances of a test, and how people cope with lateness."""

    scenario: tuple[Scenario, ...]
    overtime_s: int = 7200
    noise_shared_percent: int = 50
    contoh: bool = False

    def of(self, kind: Kind) -> tuple[Scenario, ...]:
        """Return the disturbances of one kind."""
        return tuple(each for each in self.scenario if each.kind == kind)


@cache
def example_scenarios() -> Scenarios:
    """Return the example list, marked "contoh"."""
    raw = (files(__package__) / "scenarios.toml").read_bytes()
    return msgspec.structs.replace(read(raw, name="scenarios.toml"), contoh=True)


def read_scenarios(path: Path) -> Scenarios:
    """Return the disturbances in a file.

    Raises:
        Refused: STRESS-SCENARIOS, STRESS-CHANCE.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refused("STRESS-SCENARIOS", file=path.name, reason=reason_of(error)) from error
    return read(raw, name=path.name)


def read(raw: bytes, *, name: str) -> Scenarios:
    """Return the disturbances in the bytes of a TOML document.

    Raises:
        Refused: STRESS-SCENARIOS (it names the fault), STRESS-CHANCE (a chance outside 0 to 1).
    """
    if len(raw) > SCENARIO_BYTES_MAX:
        raise Refused("STRESS-SCENARIOS", file=name, reason=f"lebih dari {SCENARIO_BYTES_MAX} byte")
    try:
        found = msgspec.convert(tomllib.loads(raw.decode()), type=Scenarios)
    except (ValueError, msgspec.ValidationError) as error:
        raise Refused("STRESS-SCENARIOS", file=name, reason=why_unread(error)) from error
    for each in found.scenario:
        if not 0 <= each.chance <= 1:
            raise Refused("STRESS-CHANCE", file=name, scenario=each.name, chance=each.chance)
        if fault := _fault(each):
            raise Refused("STRESS-SCENARIOS", file=name, reason=f"{each.name}: {fault}")
    if fault := _fault_of_all(found):
        raise Refused("STRESS-SCENARIOS", file=name, reason=fault)
    return found


def _fault(scenario: Scenario) -> str:
    if min(scenario.slower_percent, scenario.detour_s, scenario.more_percent) < 0 or scenario.days < 1:
        return "angka tidak boleh negatif, dan lamanya sedikitnya satu hari"
    if scenario.more_percent > 100:
        return "tambahan barang paling banyak 100%"
    hours, colon, minutes = scenario.closes.partition(":")
    clock = bool(colon) and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2
    if not clock or int(minutes) > 59 or scenario.closes_s > 86_400:
        return f'jam "{scenario.closes}" bukan JJ:MM'
    return ""


def _fault_of_all(scenarios: Scenarios) -> str:
    names = [each.name for each in scenarios.scenario]
    if not names or len(names) > SCENARIOS_MAX:
        return f"jumlah skenario harus 1 sampai {SCENARIOS_MAX}, bukan {len(names)}"
    if len(set(names)) < len(names):
        return "ada nama yang dipakai dua kali"
    if scenarios.overtime_s < 0 or not 0 <= scenarios.noise_shared_percent <= 100:
        return "overtime_s tidak boleh negatif, noise_shared_percent 0 sampai 100"
    return ""
