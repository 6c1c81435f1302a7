"""Cards with invitations, issued in bulk; spare cards, and whose they become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tepat.common import ledger
from tepat.common.acting import Actor, action
from tepat.common.errors import Refused
from tepat.common.frame import lies_in
from tepat.common.models import Post
from tepat.common.permissions import Permission, Role
from tepat.custody import identities
from tepat.custody.identity_revoking import revoke_all
from tepat.custody.models import Card, Device, Invitation
from tepat.custody.parties import PREFIXES, read_post

CARDS_PER_ISSUE_MAX = 2_000
CARDS_PER_EVENT = 100
SPARES_PER_ISSUE_MAX = 40

ISSUED = ledger.kind("identity.issued")
ACTIVATED = ledger.kind("identity.spare-activated")

# Whose cards carry an invitation; KPPS show theirs on somebody else's phone, and may bind one all the same.
INVITED = (
    *(Role.GUDANG, Role.PPK, Role.PPS, Role.KPPS, Role.PENGEMUDI),
    *(Role.POLRI, Role.PANWASCAM, Role.PKD),
)


@dataclass(frozen=True)
class Wanted:
    """Which cards are issued.

    Args:
        area_code: Whose people.
        roles: Which roles.
        valid_from: From when the cards hold.
        valid_to: Until when; the moment itself no more.
        again: Also for people who have a valid card: the old one is revoked.
        people: Only for these people; None: for everybody who holds such a post.
    """

    area_code: str
    roles: tuple[Role, ...]
    valid_from: datetime
    valid_to: datetime
    again: bool = False
    people: frozenset[UUID] | None = None


@action(Permission.CARDS_ISSUE)
def issue_cards(*, by: Actor, at: datetime, wanted: Wanted) -> list[identities.Issued]:
    """Issue a card with an invitation to everybody who holds one of these posts and has none.

    The codes are in the answer and nowhere else: print them now.

    Args:
        by: Who issues.
        at: When.
        wanted: For whom, and how long.

    Returns:
        The cards, by area, role and name.

    Raises:
        Refused: CARDS-DATES, CARDS-ROLE, CARDS-NOBODY, CARDS-TOO-MANY.
    """
    by.require(Permission.CARDS_ISSUE, wanted.area_code)
    _require_dates(at, wanted.valid_from, wanted.valid_to)
    if not wanted.roles or not set(wanted.roles) <= set(INVITED):
        raise Refused("CARDS-ROLE", roles=", ".join(role.value for role in INVITED))
    posts = list(
        Post.objects.held_at(at)
        .filter(role__in=[role.name for role in wanted.roles])
        .filter(lies_in("area_code", (wanted.area_code,)))
        .select_related("person__vault", "place")
        .order_by("area_code", "role", "person__vault__name", "pk")
    )
    if wanted.people is not None:
        posts = [post for post in posts if post.person_id in wanted.people]
    if wanted.again:
        revoke_all([post.person_id for post in posts], by=by, at=at, reason="diganti kartu baru")
    else:
        have = set(Card.objects.valid_at(at).values_list("person_id", "role", "area_code"))
        posts = [post for post in posts if (post.person_id, post.role, post.area_code) not in have]
    if not posts:
        raise Refused("CARDS-NOBODY", area=wanted.area_code)
    if len(posts) > CARDS_PER_ISSUE_MAX:
        raise Refused("CARDS-TOO-MANY", count=len(posts), limit=CARDS_PER_ISSUE_MAX)
    issued = [_card(post, by, at, wanted) for post in posts]
    _record_issued(issued, by, at)
    return [card for card, _ in issued]


def _require_dates(at: datetime, start: datetime, end: datetime) -> None:
    if not start < end or end <= at:
        raise Refused("CARDS-DATES", start=f"{start:%d-%m-%Y}", end=f"{end:%d-%m-%Y}")


def _card(post: Post, by: Actor, at: datetime, wanted: Wanted) -> tuple[identities.Issued, UUID | None]:
    number, code = identities.new_number(), identities.new_code()
    where = {"role": post.role, "area_code": post.area_code, "post": identities.post_of(post)}
    dates = {"valid_from": wanted.valid_from, "valid_to": wanted.valid_to, "issued_at": at}
    card = Card.objects.create(number=number, person=post.person, **where, **dates)
    Invitation.objects.create(
        code_hash=identities.code_hash(code),
        number=number,
        kind=Invitation.Kind.PERSONAL,
        card=card,
        person=post.person,
        issued_by=by.person,
        **where,
        **dates,
    )
    issued = identities.Issued(
        number=number,
        code=code,
        name=post.person.shown_name,
        role=Role[post.role].value,
        area_code=post.area_code,
        post=where["post"],
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
    )
    return issued, post.person_id


def _record_issued(issued: Sequence[tuple[identities.Issued, UUID | None]], by: Actor, at: datetime) -> None:
    """Write who got which card: ids and numbers, never names or codes."""
    for start in range(0, len(issued), CARDS_PER_EVENT):
        some = issued[start : start + CARDS_PER_EVENT]
        cards = [
            {
                "number": card.number,
                "person": str(person or ""),
                "role": card.role,
                "area_code": card.area_code,
                "valid_from": ledger.moment(card.valid_from),
                "valid_to": ledger.moment(card.valid_to),
                "spare": card.spare,
            }
            for card, person in some
        ]
        objects = tuple(f"kartu:{card.number}" for card, _ in some)
        place = some[0][0].area_code
        ledger.record(ISSUED, {"cards": cards}, by=by, at=at, about=ledger.About(objects, place))


@action(Permission.CARDS_ISSUE, area="area_code")
def issue_spares(
    *, by: Actor, at: datetime, area_code: str, count: int, valid_from: datetime, valid_to: datetime
) -> list[identities.Issued]:
    """Issue spare cards to the PPK of a kecamatan, for phones that are lost or dead.

    A spare card speaks for nobody until the PPK's own device says whose it is (`activate_spare`).

    Args:
        by: Who issues.
        at: When.
        area_code: The kecamatan.
        count: How many cards.
        valid_from: From when.
        valid_to: Until when.

    Raises:
        Refused: CARDS-DATES, CARDS-TOO-MANY.
    """
    _require_dates(at, valid_from, valid_to)
    if not 0 < count <= SPARES_PER_ISSUE_MAX:
        raise Refused("CARDS-TOO-MANY", count=count, limit=SPARES_PER_ISSUE_MAX)
    issued = []
    for _ in range(count):
        number, code = identities.new_number(), identities.new_code()
        Invitation.objects.create(
            code_hash=identities.code_hash(code),
            number=number,
            kind=Invitation.Kind.SPARE,
            role=Role.PPS.name,
            area_code=area_code,
            valid_from=valid_from,
            valid_to=valid_to,
            issued_at=at,
            issued_by=by.person,
        )
        card = identities.Issued(
            number, code, "", "kartu cadangan", area_code, "", valid_from, valid_to, spare=True
        )
        issued.append((card, None))
    _record_issued(issued, by, at)
    return [card for card, _ in issued]


@dataclass(frozen=True)
class Activation:
    """Whose a spare card becomes.

    Args:
        number: The spare card.
        person: The person who takes it.
        post: The post at which that person stands; for KPPS and drivers, who have no single one, the role:
            ``KPPS``, ``PENGEMUDI``.
    """

    number: str
    person: UUID
    post: str


def spare_for(by: Actor, activation: Activation) -> Invitation:
    """Return the spare card that an actor may hand to a person at a post.

    Raises:
        Refused: SPARE-UNKNOWN, SPARE-TAKEN, SPARE-NO-SUCH-PERSON.
        NotAllowed: The card or the post lies outside the actor's areas.
    """
    spares = Invitation.objects.filter(number=activation.number, kind=Invitation.Kind.SPARE)
    found: Invitation | None = spares.first()
    if found is None or found.revoked_at:
        raise Refused("SPARE-UNKNOWN", number=activation.number)
    by.require(Permission.CARDS_ISSUE, found.area_code)
    if found.person_id is not None:
        raise Refused("SPARE-TAKEN", number=activation.number)
    post = read_post(activation.post)
    if post is not None:
        by.require(Permission.CARDS_ISSUE, post.area_code or found.area_code)
    standing = _standing(activation)
    if standing is None:
        raise Refused("SPARE-NO-SUCH-PERSON")
    if standing["role"] == Role.KPPS.name:
        by.require(Permission.CARDS_ISSUE, standing["area_code"])
    return found


def _standing(activation: Activation) -> dict[str, str] | None:
    """Return the role, post and area (empty: the card's own) that the person has already, or None.

    Nobody is given a post by a card.
    """
    held = Post.objects.filter(person_id=activation.person).order_by("pk").values_list("role", "area_code")
    if activation.post in _WITHOUT_POST:
        areas = [area for role, area in held if role == activation.post]
        return {"role": activation.post, "post": "", "area_code": areas[0]} if areas else None
    post = read_post(activation.post)
    if post is None:
        return None
    role = next((role for role, _ in held if PREFIXES.get(Role[role]) == post.kind), None)
    return {"role": role, "post": activation.post, "area_code": post.area_code} if role else None


_WITHOUT_POST = frozenset({Role.KPPS.name, Role.PENGEMUDI.name})


def give_spare(invitation: Invitation, activation: Activation, *, at: datetime) -> None:
    """Write down whose a spare card is now; called inside an action, beside its event.

    The phone that the person had before ends at that moment: what was done with it until then stands, for a
    dead phone has done nothing wrong, and nothing later is taken in.

    Args:
        invitation: The spare card, from `spare_for`.
        activation: Whose it becomes.
        at: When the PPK said so.
    """
    standing = _standing(activation)
    assert standing is not None
    role, area_code = standing["role"], standing["area_code"] or invitation.area_code
    given = {"person_id": activation.person, **standing, "area_code": area_code}
    Invitation.objects.filter(pk=invitation.pk).update(**given)
    Device.objects.filter(invitation=invitation).update(**given)
    before = Device.objects.filter(person=activation.person, role=role, revoked_at=None, valid_to__gt=at)
    before.exclude(invitation=invitation).update(valid_to=at)


@action(Permission.CARDS_ISSUE)
def activate_spare(*, by: Actor, at: datetime, activation: Activation) -> Invitation:
    """Say at the office whose a spare card is; from the field the PPK's device signs the same event.

    Raises:
        Refused, NotAllowed: As `spare_for`.
    """
    invitation = spare_for(by, activation)
    payload = {
        "number": activation.number,
        "person": str(activation.person),
        "post": activation.post,
    }
    about = ledger.About((f"kartu:{activation.number}", f"orang:{activation.person}"), invitation.area_code)
    ledger.record(ACTIVATED, payload, by=by, at=at, about=about)
    give_spare(invitation, activation, at=at)
    invitation.refresh_from_db()
    return invitation
