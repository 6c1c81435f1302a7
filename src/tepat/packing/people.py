"""Who packs here, and who is on duty at the TPS: by name, because two people are chosen from them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tepat.common.frame import names_of
from tepat.common.models import Post
from tepat.common.permissions import TABLE, Permission, Role, covers

PEOPLE_MAX = 300
NAMELESS = "tanpa nama"


def packers(area_code: str, at: datetime, *, without: UUID) -> list[tuple[str, str]]:
    """Return the people who may pack in an area as choices, by name.

    Names of colleagues at the same tables are shown to whoever may pack: two people stand there together.

    Args:
        area_code: The office's area.
        at: The moment at which they hold their posts.
        without: The person who chooses.
    """
    roles = [role.name for role, given in TABLE.items() if Permission.PACKING_DO in given]
    posts = Post.objects.held_at(at).filter(role__in=roles).exclude(person_id=without)
    people = {post.person_id for post in posts[:PEOPLE_MAX] if covers(post.area_code, area_code)}
    names = names_of(people, shown=True)
    choices = [(str(person), names.get(person, NAMELESS)) for person in people]
    return sorted(choices, key=lambda choice: (choice[1].lower(), choice[0]))


def on_duty(area_code: str, at: datetime) -> list[tuple[str, str]]:
    """Return those of KPPS, PPS and PPK who hold a post over an area, as choices: the name, then the post.

    Args:
        area_code: The desa, or the kecamatan of a PPK.
        at: The moment at which they hold their posts.
    """
    posts = [post for post in _committees(at) if covers(post.area_code, area_code)][:PEOPLE_MAX]
    names = names_of({post.person_id for post in posts}, shown=True)
    words = {
        str(post.person_id): f"{names.get(post.person_id, NAMELESS)}, {Role[post.role].value}"
        for post in posts
    }
    return sorted(words.items(), key=lambda choice: (choice[1].lower(), choice[0]))


def is_on_duty(person: UUID, area_code: str, at: datetime) -> bool:
    """Return whether somebody of KPPS, PPS or PPK holds a post over an area."""
    return any(covers(post.area_code, area_code) for post in _committees(at).filter(person_id=person))


def _committees(at: datetime) -> QuerySet[Post]:
    roles = (Role.KPPS.name, Role.PPS.name, Role.PPK.name)
    return Post.objects.held_at(at).filter(role__in=roles)
