"""What the minutes of a refusal and its replacement say, as plain values; `returns` prints them, numbered."""

from uuid import UUID

from tepat.common.frame import names_of
from tepat.common.models import Office
from tepat.common.quantities import grouped
from tepat.common.tables import moment, zone_name
from tepat.custody.models import Offer
from tepat.custody.parties import label_of
from tepat.custody.post_names import post_names
from tepat.custody.words import REASON_WORDS, post_word, tps_word
from tepat.distribution.ending_models import Ending
from tepat.distribution.endings import receipts_of
from tepat.distribution.papers.codes import document_id
from tepat.distribution.papers.content import Paper, date_in_words

KIND = "ba-penggantian"
BLANK = "............................................................"


def content_of(ending: Ending, office: Office) -> Paper:
    """Return what the minutes of a numbered ending say; the signatures are still to be written by hand."""
    assert ending.number, "number first"
    offer = Offer.objects.filter(pk=ending.offer).first()
    at = ending.refused_at.astimezone(office.zone)
    people = [UUID(one) for one in (offer.giver, offer.receiver) if one] if offer else []
    names = names_of([*people, *([ending.driver_id] if ending.driver_id else [])], shown=True)
    to = post_word(ending.to_post, post_names({ending.to_post}))
    giver = names.get(people[0], BLANK) if people else BLANK
    receiver = names.get(people[1], BLANK) if len(people) > 1 else BLANK
    closed = receipts_of([ending])[str(ending.offer)]
    return {
        "kind": KIND,
        "id": paper_id(ending),
        "number": ending.number,
        "on": at.date().isoformat(),
        "day_words": date_in_words(at.date()),
        "clock": f"{at:%H.%M} {zone_name(at)}",
        "to": to,
        "giver": giver,
        "receiver": f"{receiver}, {to}",
        "offered": grouped(offer.count) if offer else "–",
        "taken": grouped(offer.taken) if offer else "–",
        "refused": grouped(len(ending.refused)),
        "rows": [
            {
                "code": label_of(entry["object"]),
                "what": tps_word(label_of(entry["object"])),
                "reason": ", ".join(
                    part
                    for part in (REASON_WORDS.get(entry["reason"], entry["reason"]), entry["note"])
                    if part
                ),
                "instead": _instead(ending, entry["object"]),
            }
            for entry in ending.refused
        ],
        "trip": trip_words(ending, office, names.get(ending.driver_id, "") if ending.driver_id else ""),
        "closed": moment(max(one.at for one in closed.values()), office.zone)
        if ending.closed_at and closed
        else BLANK,
        "signers": [f"Yang menyerahkan: {giver}", f"Yang menerima: {receiver}", "Panwascam/PKD"],
    }


def paper_id(ending: Ending) -> str:
    """Return the id of an ending's minutes, which their QR carries."""
    return document_id("ending", str(ending.offer))


def _instead(ending: Ending, name: str) -> str:
    return label_of(ending.replaced[name]) if name in ending.replaced else "kode yang sama"


def trip_words(ending: Ending, office: Office, driver: str) -> str:
    """Return by what the replacement comes, in words; a line to write on where that is not known yet."""
    if ending.trip:
        return f"dengan perjalanan {ending.trip}"
    if not ending.vehicle or ending.depart_at is None:
        return BLANK
    return f"{ending.vehicle}, {driver or 'pengemudi belum ada'}, {moment(ending.depart_at, office.zone)}"
