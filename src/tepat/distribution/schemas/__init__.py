"""JSON Schemas of the two documents, for whoever works without Python; `scripts/schemas` writes them."""

from tepat.distribution.plans import Plan
from tepat.distribution.problems import Problem

DOCUMENTS: dict[str, type[Problem] | type[Plan]] = {
    "problem-1.schema.json": Problem,
    "plan-1.schema.json": Plan,
}
