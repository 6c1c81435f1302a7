"""The name of a paper and what its QR says."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tepat.distribution.papers.codes import ALPHABET, PageCode, document_id, number, parse

words = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", min_size=1, max_size=20)


@given(words, words, words, st.integers(1, 999), st.integers(1, 999))
def test_a_code_reads_back_as_it_was_written(office, election, document, page, pages):
    code = PageCode(office, election, document, page, pages)
    assert parse(code.text()) == code


@given(st.integers(0, 40), st.sampled_from(ALPHABET))
def test_a_code_with_one_wrong_letter_is_not_ours(place, letter):
    text = PageCode("33.16", "PEMILU-2024", "K7Q2M9XD4R", 1, 3).text()
    place %= len(text)
    changed = text[:place] + letter + text[place + 1 :]
    found = parse(changed)
    assert changed == text or found is None


def test_a_foreign_code_is_not_ours():
    assert parse("https://contoh.invalid/") is None
    assert parse("") is None


def test_the_id_depends_on_every_part_and_on_their_borders():
    assert document_id("a", "b") == document_id("a", "b")
    assert (
        len({document_id("a", "b"), document_id("ab", ""), document_id("a", "c"), document_id("b", "a")}) == 4
    )


def test_a_number_follows_the_offices_series():
    assert number("{n}/BAST-LOG/{code}/{month}/{year}", running=17, code="33.16", day=date(2024, 2, 8)) == (
        "17/BAST-LOG/33.16/II/2024"
    )
