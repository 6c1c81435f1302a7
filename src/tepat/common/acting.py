"""How anything is changed: an actor, an action, one transaction, a ledger entry inside.

The pattern::

    @action(Permission.REGISTER_EDIT, area="area_code")
    def correct_position(*, by: Actor, at: datetime, area_code: str, …) -> int:
        …
        record("register.position-corrected", {…}, by=by, at=at)
        return 1

Everything is a keyword; `by` and `at` are always there; a call may add ``key="…"``: the same key twice gives
the same answer and one effect.
"""

import functools
import hashlib
import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
import rfc8785
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction

from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import ActionReceipt, LedgerIdentity, Person, Post
from tepat.common.permissions import TABLE, Permission, Role, covers

KEY_LENGTH_MAX = 120


@dataclass(frozen=True)
class Standing:
    """A role that is held now, in an area.

    Args:
        role: The role.
        area_code: Where it holds; empty is the nation.
    """

    role: Role
    area_code: str


@dataclass(frozen=True)
class Actor:
    """Who does something: a random id and what it may do where. Never a name.

    Args:
        person: The person's id.
        standings: The posts held at this moment.
        device: The device it came from, or empty.
    """

    person: UUID
    standings: tuple[Standing, ...]
    device: str = ""

    def has(self, permission: Permission) -> bool:
        """Return whether any post gives this permission, wherever; what the public may, everybody may."""
        return permission in TABLE[Role.PUBLIK] or any(
            permission in TABLE[held.role] for held in self.standings
        )

    def may(self, permission: Permission, area_code: str) -> bool:
        """Return whether a post gives this permission in this area."""
        return any(
            permission in TABLE[held.role] and covers(held.area_code, area_code) for held in self.standings
        )

    def sees(self, area_code: str) -> bool:
        """Return whether any post lies over this area."""
        return any(covers(held.area_code, area_code) for held in self.standings)

    def areas(self, permission: Permission) -> tuple[str, ...]:
        """Return the area codes in which this permission holds; an empty code is the nation."""
        return tuple(held.area_code for held in self.standings if permission in TABLE[held.role])

    def require(self, permission: Permission, area_code: str | None = None) -> None:
        """Refuse what this actor may not do.

        Args:
            permission: What is needed.
            area_code: Where; None asks for the permission anywhere.

        Raises:
            NotAllowed: COMMON-NOT-FOUND outside the actor's areas, COMMON-NOT-ALLOWED within.
        """
        if self.has(permission) if area_code is None else self.may(permission, area_code):
            return
        if area_code is not None and not self.sees(area_code):
            raise NotAllowed("COMMON-NOT-FOUND")
        raise NotAllowed("COMMON-NOT-ALLOWED", permission=permission.value)


ANONYMOUS = Actor(person=UUID(int=0), standings=(Standing(Role.PUBLIK, ""),))


def actor_of(person: UUID, at: datetime) -> Actor:
    """Return a person with the posts held at a moment."""
    posts = Post.objects.held_at(at).filter(person_id=person)
    return Actor(person, tuple(Standing(Role[post.role], post.area_code) for post in posts))


def system_actor() -> Actor:
    """Return this installation itself: the command line on the office's own machine."""
    person = LedgerIdentity.objects.values_list("system_person", flat=True).get(id=1)
    return Actor(person, (Standing(Role.SISTEM, ""),))


def load_or_refuse[M: models.Model](
    model: type[M], pk: object, *, by: Actor, permission: Permission, lock: bool = False
) -> M:
    """Return an object that this actor has the permission for; loading is checking.

    Args:
        model: A model whose rows have an `area_code`.
        pk: Its primary key.
        by: Who asks.
        permission: What is to be done with it.
        lock: Keep others from changing it until the transaction ends.

    Raises:
        NotAllowed: COMMON-NOT-FOUND where it is missing or lies outside the actor's areas (one answer
            for both), COMMON-NOT-ALLOWED where the actor sees it but may not.
    """
    rows = model._default_manager.select_for_update() if lock else model._default_manager.all()
    try:
        found = rows.get(pk=pk)
    except (ObjectDoesNotExist, ValidationError, ValueError, TypeError, OverflowError) as missing:
        raise NotAllowed("COMMON-NOT-FOUND") from missing
    by.require(permission, str(getattr(found, "area_code")))  # noqa: B009 -- models of every stage, by this name
    return found


@dataclass
class Running:
    """The action that is running here; `ledger.record` counts its entries.

    Args:
        name: The action's name.
        entries: Ledger entries so far.
    """

    name: str
    entries: int = 0


running: ContextVar[Running | None] = ContextVar("running", default=None)


def action[**P, R](
    permission: Permission, *, area: str = "", silent: bool = False
) -> Callable[[Callable[P, R]], Callable[..., R]]:
    """Make a function the only writer of something: permission, one transaction, a ledger entry, idempotent.

    Args:
        permission: What the actor needs.
        area: The name of the argument that holds the area code in which it is needed; without one,
            anywhere, and the function loads its objects with `load_or_refuse`.
        silent: True for the few that may leave no ledger entry, such as progress of a job.
    """

    def decorate(function: Callable[P, R]) -> Callable[..., R]:
        parameters = inspect.signature(function).parameters
        assert all(p.kind is p.KEYWORD_ONLY for p in parameters.values()), (
            f"{function.__name__}: keywords only"
        )
        assert {"by", "at"} <= set(parameters), f"{function.__name__} needs by and at"
        assert not area or area in parameters, f"{function.__name__} has no argument {area}"
        name = f"{function.__module__}.{function.__qualname__}"

        @functools.wraps(function)
        def run(*, key: str | None = None, **arguments: Any) -> R:
            by, at = arguments["by"], arguments["at"]
            assert isinstance(by, Actor), by
            assert isinstance(at, datetime), at
            assert at.tzinfo is not None, at
            by.require(permission, str(arguments[area]) if area else None)
            call = _Call(name, function, arguments, key, silent)
            answer: R = _once(call) if key is not None else _fresh(call)
            return answer

        run.tepat_permission = permission  # type: ignore[attr-defined]
        return run

    return decorate


@dataclass(frozen=True)
class _Call:
    name: str
    function: Callable[..., Any]
    arguments: dict[str, Any]
    key: str | None
    silent: bool


def _fresh(call: _Call) -> Any:
    now_running = Running(call.name)
    token = running.set(now_running)
    try:
        with transaction.atomic():
            answer = call.function(**call.arguments)
            assert now_running.entries or call.silent, f"{call.name} left no ledger entry"
            return answer
    finally:
        running.reset(token)


def _once(call: _Call) -> Any:
    assert call.key is not None
    assert 0 < len(call.key) <= KEY_LENGTH_MAX, call.key
    by, at = call.arguments["by"], call.arguments["at"]
    print_ = fingerprint({name: value for name, value in call.arguments.items() if name not in {"by", "at"}})
    with transaction.atomic():
        try:
            with transaction.atomic():
                receipt = ActionReceipt.objects.create(
                    key=call.key, action=call.name, actor=by.person, arguments_hash=print_, at=at
                )
        except IntegrityError:
            receipt = ActionReceipt.objects.get(key=call.key)
            same = (receipt.action, receipt.actor, receipt.arguments_hash) == (call.name, by.person, print_)
            if not same:
                raise Refused("COMMON-KEY-REUSED", key=call.key) from None
            return revive(call.function, receipt.answer)
        answer = _fresh(call)
        receipt.answer = _plain(answer)
        receipt.save(update_fields=["answer"])
        return answer


def fingerprint(arguments: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an action's arguments, equal for equal arguments."""
    return hashlib.sha256(rfc8785.dumps(_printed(dict(arguments)))).hexdigest()


def _printed(value: Any) -> Any:
    simple = _printed_simple(value)
    if simple is not NotImplemented:
        return simple
    if isinstance(value, Mapping):
        return {str(key): _printed(part) for key, part in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((_printed(part) for part in value), key=str)
    if isinstance(value, (list, tuple)):
        return [_printed(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _printed(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: _printed(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, models.Model):
        return [value._meta.label, str(value.pk)]
    raise AssertionError(f"an argument of type {type(value).__name__} has no fingerprint")


def _printed_simple(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if value is None or isinstance(value, (str, bool, float)):
        return value
    if isinstance(value, (int, UUID, Path)):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return NotImplemented


def _plain(answer: Any) -> Any:
    if isinstance(answer, models.Model):
        return {"pk": str(answer.pk)}
    if is_dataclass(answer) and not isinstance(answer, type):
        return asdict(answer)
    return answer


def revive(function: Callable[..., Any], answer: Any) -> Any:
    """Return a stored answer as the type that the action promises: a row, a flat dataclass, or plain."""
    promised = get_type_hints(function).get("return")
    if isinstance(promised, type) and issubclass(promised, models.Model):
        return promised._default_manager.get(pk=answer["pk"])
    if isinstance(promised, type) and is_dataclass(promised):
        return promised(**answer)
    return answer


def known(person: UUID) -> bool:
    """Return whether a person with this id exists."""
    return Person.objects.filter(pk=person).exists()
