"""Kota Magelang with enough people for its plans; each called "Contoh …"."""

from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.distribution.screens import AREA

from tepat.distribution.roster_proposals import propose_and_keep
from tepat.distribution.roster_rows import roster_of
from tepat.operations.demo_people import find_or_make
from tepat.operations.demo_roster import wanted


@pytest.fixture
def plan(plans, system):
    """A plan straight to the PPS, and the people it needs."""
    row = plans["langsung-pps"]
    find_or_make(AREA, wanted(roster_of(row)), by=system, at=NOW - timedelta(days=30))
    return row


@pytest.fixture
def proposed(plan, system):
    """That plan with its roster."""
    propose_and_keep(by=system, at=NOW, row=plan)
    return plan
