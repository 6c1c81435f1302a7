"""Triggers by which the database refuses to change or delete a published plan and the problem it answers.

SQLite makes a table anew for many changes of its columns, and the triggers go with the old one: a migration
that alters `PlanVersion` or `ProblemFile` begins with ``RunPython(GUARD.remove, GUARD.install)``, and ends
the other way.
"""

from tepat.common.guards import Guard, Trigger, refuses

_PLAN, _PROBLEM = "distribution_planversion", "distribution_problemfile"
_PLAN_SAYS, _PROBLEM_SAYS = "a published plan never changes", "the problem of a published plan never changes"
_FROZEN = "OLD.state = 'ditetapkan'"
_SAME_PLAN = f"""SELECT 1 FROM {_PLAN} p WHERE p.state = 'ditetapkan' AND (p.id = NEW.id
    OR (p.problem_id = NEW.problem_id AND p.sha256 = NEW.sha256)
    OR (p.area_code = NEW.area_code AND p.number = NEW.number))"""  # noqa: S608 - fixed words only
_PUBLISHED = f"SELECT 1 FROM {_PLAN} p WHERE p.state = 'ditetapkan'"  # noqa: S608 - likewise


def _published_of(problems: str) -> str:
    return f"EXISTS ({_PUBLISHED} AND p.problem_id {problems})"


def _same_problem(ids: str) -> str:
    return _published_of(f"IN (SELECT f.id FROM {_PROBLEM} f WHERE f.id {ids} OR f.sha256 = NEW.sha256)")  # noqa: S608 - likewise


_PROBLEM_FUNCTION = (
    f"IF {_published_of('= OLD.id')} THEN {refuses(_PROBLEM_SAYS)} END IF; "
    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
)

GUARD = Guard(
    sqlite=(
        Trigger(
            "plan_no_update",
            "UPDATE",
            _PLAN,
            _PLAN_SAYS,
            f"{_FROZEN} OR EXISTS ({_SAME_PLAN} AND p.id <> OLD.id)",
        ),
        Trigger("plan_no_delete", "DELETE", _PLAN, _PLAN_SAYS, _FROZEN),
        Trigger("plan_no_replace", "INSERT", _PLAN, _PLAN_SAYS, f"EXISTS ({_SAME_PLAN})"),
        Trigger("problem_no_update", "UPDATE", _PROBLEM, _PROBLEM_SAYS, _same_problem("IN (OLD.id, NEW.id)")),
        Trigger("problem_no_delete", "DELETE", _PROBLEM, _PROBLEM_SAYS, _published_of("= OLD.id")),
        Trigger("problem_no_replace", "INSERT", _PROBLEM, _PROBLEM_SAYS, _same_problem("= NEW.id")),
    ),
    postgresql=(
        Trigger("plan_no_update", "UPDATE", _PLAN, "published_plan_refuses", _FROZEN),
        Trigger("plan_no_delete", "DELETE", _PLAN, "published_plan_refuses", _FROZEN),
        Trigger("plan_no_truncate", "TRUNCATE", _PLAN, "published_plans_stay"),
        Trigger("problem_no_update", "UPDATE", _PROBLEM, "published_problem_refuses"),
        Trigger("problem_no_delete", "DELETE", _PROBLEM, "published_problem_refuses"),
    ),
    functions={
        "published_plan_refuses": refuses(_PLAN_SAYS),
        "published_plans_stay": f"IF EXISTS ({_PUBLISHED}) THEN {refuses(_PLAN_SAYS)} END IF; RETURN NULL;",
        "published_problem_refuses": _PROBLEM_FUNCTION,
    },
)
