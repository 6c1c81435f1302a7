"""The plan checker: recomputes every load, clock, path, person and rupiah.

It shares no line with what makes plans. Its meanings are those of docs/formats.md; why it stands apart:
docs/decisions/0006-checker.md.
"""

from tepat.distribution.checker.clocks import clock_findings
from tepat.distribution.checker.corridor import corridor
from tepat.distribution.checker.files import load_matrices
from tepat.distribution.checker.loads import load_findings
from tepat.distribution.checker.money import money_findings
from tepat.distribution.checker.paths import path_findings
from tepat.distribution.checker.people import people_findings
from tepat.distribution.checker.reading import Matrices, Reading
from tepat.distribution.checker.references import hash_findings, plan_findings
from tepat.distribution.checker.sanity import problem_findings
from tepat.distribution.checker.verdict import Finding, RuleResult, Verdict
from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem

__all__ = ["Finding", "RuleResult", "Verdict", "check", "load_matrices", "problem_findings"]


def check(problem: Problem, plan: Plan, matrices: Matrices) -> Verdict:
    """Return what is wrong with a plan, and each rule as met, breached or unknown.

    Args:
        problem: What was asked.
        plan: The answer, by whomever.
        matrices: By vehicle class and weather, int32 of shape (2, N, N) in the order of the places:
            seconds and metres, −1 where no road leads. A missing one is a finding on each trip that needs it.

    Returns:
        The verdict. After a fault of the problem itself, an unknown id or a broken moment nothing more can be
        computed: the findings end there and the corridor is empty.
    """
    places = len(problem.places)
    assert all(table.shape == (2, places, places) for table in matrices.values()), (
        "a matrix of another problem"
    )
    about_problem = problem_findings(problem)
    if any(finding.severity == "breach" for finding in about_problem):
        return Verdict(findings=about_problem, rules=())
    unreadable = plan_findings(problem, plan)
    if unreadable:
        return Verdict(findings=(*about_problem, *unreadable), rules=())
    reading = Reading(problem, plan, matrices)
    findings = (
        *about_problem,
        *hash_findings(problem, plan),
        *path_findings(reading),
        *load_findings(reading),
        *clock_findings(reading),
        *people_findings(reading),
        *money_findings(reading),
    )
    return Verdict(findings=findings, rules=corridor(reading, findings))
