"""Which packed boxes have left the office, as custody knows it: nobody opens those from a screen."""

from collections.abc import Collection

from tepat.custody import holdings
from tepat.custody.models import Holding
from tepat.custody.rules import fold_each

AT_OFFICE = "gudang:"


def away(objects: Collection[str]) -> set[str]:
    """Return which of some objects are not in a warehouse; what custody does not know yet is at the office.

    Args:
        objects: Ids of one set's objects, or of one box.
    """
    names = list(objects)
    posts = dict(Holding.objects.filter(pk__in=names).values_list("pk", "post"))
    if holdings.dirty_of(names):
        histories = fold_each(holdings.facts_of(names))
        posts |= {name: history.state.post for name, history in histories.items()}
    return {name for name, post in posts.items() if post and not post.startswith(AT_OFFICE)}
