"""The names that posts are said with: areas and warehouses by code."""

from collections.abc import Iterable

from tepat.common.frame import area_words
from tepat.common.models import Place
from tepat.custody.parties import read_post


def post_names(posts: Iterable[str]) -> dict[str, str]:
    """Return the names of the areas and warehouses of some posts, by code, for `words.post_word`.

    Args:
        posts: Such as ``pps:33.16.09.1015`` or ``gudang:gudang-33.16``; what is no post has no name.
    """
    found = [post for text in set(posts) if (post := read_post(text))]
    areas = area_words({post.area_code for post in found if post.area_code})
    names = {code: word.partition(" ")[2] or word for code, word in areas.items()}
    keys = {post.key for post in found if post.kind == "gudang"}
    if keys:
        names |= dict(Place.objects.filter(code__in=keys).values_list("code", "name"))
    return names
