"""The same list in every form of file gives the same records."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = ["Kode Desa", "TPS", "L", "P", "L+P", "Dapil", "Tanpa tangga", "Lokasi TPS"]


def records(result) -> list[tuple[dict[str, Any], dict[str, str]]]:
    return [(record.values, record.cells) for record in result.records]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 140),
            st.integers(0, 140),
            st.booleans(),
            st.sampled_from(["Balai desa", "SD 1", ""]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_a_clean_list_reads_alike_from_all_forms(
    read, forms, lines: list[tuple[int, int, bool, str]]
) -> None:
    rows: list[list[Any]] = [HEADER]
    for tps, (male, female, step_free, place) in enumerate(lines, 1):
        flat = "ya" if step_free else "tidak"
        rows.append(["33.16.05.2003", tps, male, female, male + female, "Blora 3", flat, place])
    results = {form: read(forms[form]({"A": rows})) for form in ("xlsx", "xls", "ods")}
    results["csv"] = read(forms["csv"](rows, ";", "utf-8-sig"))
    for form, result in results.items():
        kinds = {one.kind for one in result.findings}
        assert kinds == ({"hidden_unknown"} if form in {"xls", "ods"} else set()), form
        assert records(result) == records(results["xlsx"]), form
    assert len(results["csv"].records) == len(lines)


def test_tepats_own_csv_comes_back_without_a_word(read, blora) -> None:
    from tepat.common.samples import sample_csv, sample_tps

    sample = [tps for tps in sample_tps(blora, "pemilu-2024") if tps.desa.startswith("33.16.05")]
    result = read(sample_csv(sample).encode())
    assert result.findings == ()
    assert [record.values["voters_PPWP"] for record in result.records] == [
        tps.voters["PPWP"] for tps in sample
    ]
    assert [record.values["dapil_DPRDK"] for record in result.records] == [
        tps.dapil["DPRDK"] for tps in sample
    ]


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_old_forms_say_that_hidden_rows_cannot_be_seen(read, forms, rows, form: str) -> None:
    result = read(forms[form]({"A": rows}))
    assert [one.kind for one in result.findings] == ["hidden_unknown"]
    assert result.acceptable
