"""The hand-made plan: accepted as it stands, its bill and its clocks those of the pencil."""

from tepat.distribution.checker.money import bill
from tepat.distribution.checker.reading import Reading


def test_the_plan_worked_out_by_hand_is_accepted_without_a_word(judge, documents):
    verdict = judge(*documents())
    assert [finding.message.text for finding in verdict.findings] == []
    assert verdict.accepted
    assert verdict.status == "accepted"


def test_the_bill_is_that_of_the_pencil(read, documents, matrices):
    problem, plan = read(*documents())
    lines = bill(Reading(problem, plan, matrices))
    assert sum(line.amount_rupiah for line in lines) == 8_652_893
    assert {line.price: line.quantity for line in lines}["simpan"] == 49
