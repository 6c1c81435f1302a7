"""The same on a Ray cluster, where the extra `ray` is installed: each problem is one task of the cluster.

The folder must be one that all machines see. The process of each problem is the same as on one machine.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from tepat.common.errors import Refused
from tepat.solvers.many import Errand, Many, Record


def ray_module() -> Any:
    """Return Ray.

    Raises:
        Refused: MANY-NO-RAY.
    """
    try:
        return import_module("ray")
    except ImportError as error:
        raise Refused("MANY-NO-RAY") from error


def run_on_ray(
    address: str, terms: dict[str, Any], errands: Sequence[Errand], tell: Callable[[Record], None]
) -> list[Record]:
    """Solve all problems on a cluster.

    Args:
        address: Of the cluster, such as ``ray://10.0.0.5:10001`` or ``auto``.
        terms: The fields of `Many`.
        errands: The problems.
        tell: Hears each record as it comes.

    Raises:
        Refused: MANY-NO-RAY, MANY-RAY-AWAY.
    """
    ray = ray_module()
    try:
        ray.init(address=address)
    except ConnectionError as error:
        raise Refused("MANY-RAY-AWAY", address=address) from error
    task = ray.remote(max_retries=0)(_one)
    open_ = {task.remote(terms, each): each for each in errands}
    found: dict[str, Record] = {}
    try:
        while open_:
            (done, *_), _ = ray.wait(list(open_))
            errand = open_.pop(done)
            try:
                record = ray.get(done)
            except ray.exceptions.RayError as error:
                record = Record(problem=errand.name, note=f"simpul cluster hilang: {type(error).__name__}")
            found[errand.name] = record
            tell(record)
    finally:
        ray.shutdown()
    return [found[each.name] for each in errands]


def _one(terms: dict[str, Any], errand: Errand) -> Record:
    return Many(**terms).one(errand)
