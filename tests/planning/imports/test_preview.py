"""What accepting would change."""

from hypothesis import given
from hypothesis import strategies as st

from tepat.planning.imports.engine import Record
from tepat.planning.imports.kinds import PEOPLE, TPS
from tepat.planning.imports.preview import preview

DESA = "33.16.05.2003"


def record(tps: int, **values: int) -> Record:
    return Record("A", tps + 1, {"desa_code": DESA, "tps": tps, **values}, {})


def test_added_changed_removed_and_unchanged() -> None:
    current = {(DESA, tps): {"desa_code": DESA, "tps": tps, "dpt": 200, "dptb": 3} for tps in (1, 2, 10)}
    changes = preview([record(1, dpt=200), record(2, dpt=201), record(3, dpt=9)], current, TPS)
    assert changes.added == ((DESA, 3),)
    assert [(change.key, change.fields) for change in changes.changed] == [((DESA, 2), {"dpt": (200, 201)})]
    assert changes.removed == ((DESA, 10),)
    assert changes.unchanged == ((DESA, 1),)
    assert not changes.empty


def test_people_have_no_key_that_is_no_name_so_each_is_new() -> None:
    assert preview([Record("A", 2, {"post": "pps"}, {})], {}, PEOPLE).added == (("A", 2),)


@given(
    st.dictionaries(st.integers(1, 50), st.integers(0, 300)),
    st.dictionaries(st.integers(1, 50), st.integers(0, 300)),
)
def test_old_and_changes_give_new(old: dict[int, int], new: dict[int, int]) -> None:
    current = {(DESA, tps): {"desa_code": DESA, "tps": tps, "dpt": dpt} for tps, dpt in old.items()}
    changes = preview([record(tps, dpt=dpt) for tps, dpt in new.items()], current, TPS)
    after = {key: values["dpt"] for key, values in current.items() if key not in changes.removed}
    after |= {change.key: change.fields["dpt"][1] for change in changes.changed}
    after |= {key: new[int(str(key[1]))] for key in changes.added}
    assert after == {(DESA, tps): dpt for tps, dpt in new.items()}
    assert changes.empty == (old == new)
    assert set(changes.unchanged) == {(DESA, tps) for tps in old if new.get(tps) == old[tps]}
