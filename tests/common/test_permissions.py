"""Who may do what: the table, docs/permissions.md held to it, and the few rules that must never slip."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.permissions import TABLE, Permission, Role, covers

DOC = Path(__file__).parent.parent.parent / "docs" / "permissions.md"


def test_every_role_stands_in_the_table_and_every_permission_is_given_to_somebody():
    assert set(TABLE) == set(Role)
    assert set().union(*TABLE.values()) == set(Permission)


def documented() -> dict[str, set[str]]:
    """Read the table of docs/permissions.md: roles by column, permissions by row."""
    lines = [line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    roles = [cell.strip() for cell in lines[0].strip("|").split("|")][1:]
    given_to: dict[str, set[str]] = {role: set() for role in roles}
    for line in lines[2:]:
        permission, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        for role, cell in zip(roles, cells, strict=True):
            if cell:
                given_to[role].add(permission)
    return given_to


def test_the_document_shows_exactly_the_table():
    assert documented() == {role.value: {p.value for p in given} for role, given in TABLE.items()}


@pytest.mark.parametrize("role", [Role.PANWASCAM, Role.PKD, Role.BAWASLU])
def test_supervisors_read_records_and_write_nothing_but_their_own_notes(role):
    # On the field page Panwascam and PKD say that they were there, which holds nothing and blocks nothing.
    # Bawaslu and Panwascam also say that they got a schedule, which changes nothing of it.
    writes = {p for p in TABLE[role] if "baca" not in p.value}
    writes -= {Permission.FIELD_USE, Permission.SCHEDULE_ACKNOWLEDGE}
    assert writes == {Permission.NOTES_WRITE}
    assert {Permission.RECORDS_READ, Permission.PLAN_READ} <= TABLE[role]
    assert Permission.PEOPLE_READ not in TABLE[role]


def test_the_province_only_reads():
    assert all("baca" in permission.value for permission in TABLE[Role.PROVINSI])


def test_only_commissioners_publish_and_only_the_secretary_passes_on():
    assert [role for role, given in TABLE.items() if Permission.PLAN_PUBLISH in given] == [Role.KOMISIONER]
    assert [role for role, given in TABLE.items() if Permission.PLAN_REVIEW in given] == [Role.SEKRETARIS]


def test_drivers_and_escorts_see_their_own_trips_only():
    own = {Permission.PUBLIC_READ, Permission.TRIP_READ_OWN}
    assert TABLE[Role.PENYEDIA] == own
    assert TABLE[Role.POLRI] == own | {Permission.FIELD_USE}
    assert TABLE[Role.PENGEMUDI] == own | {Permission.FIELD_USE, Permission.CUSTODY_ACT}


def test_the_public_reads_what_is_public():
    assert TABLE[Role.PUBLIK] == {Permission.PUBLIC_READ}


CODES = st.lists(st.integers(1, 99), min_size=0, max_size=4).map(
    lambda parts: ".".join(f"{p:02d}" for p in parts)
)


@given(scope=CODES, code=CODES)
def test_an_area_covers_itself_and_what_lies_in_it_like_a_slow_reference(scope, code):
    slow = scope.split(".") == code.split(".")[: len(scope.split("."))] if scope else True
    assert covers(scope, code) == slow


def test_a_code_that_only_starts_alike_is_another_area():
    assert not covers("33.1", "33.16")
    assert not covers("33.16.09", "33.16.0")
