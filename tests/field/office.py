"""Makes a small office with cards in TEPAT_HOME for the tests with a real server; prints the codes as JSON.

office.py prepare | events
"""

import json
import sys
from datetime import date, timedelta

AREA = "33.16"


def main(work):
    """Make the office, or list its custody events by id."""
    from tepat.common import start

    start.django()
    sys.stdout.write(json.dumps(prepare() if work == "prepare" else events()))


def prepare(people=8):
    from django.core.management import call_command

    from tepat.common.acting import system_actor
    from tepat.common.actions import Contact, add_person, give_post
    from tepat.common.clock import now
    from tepat.common.models import Election, Office
    from tepat.common.permissions import Role
    from tepat.custody.identity_actions import Wanted, issue_cards

    call_command("migrate", verbosity=0, interactive=False)
    by, at = system_actor(), now()
    Office.objects.create(code=AREA, name="KPU Blora", area_code=AREA, time_zone="Asia/Jakarta")
    Election.objects.create(
        code="pemilu-2024", name="Pemilu 2024", kind="pemilu", polling_date=date(2024, 2, 14), rule_set="x"
    )
    for number in range(people):
        person = add_person(by=by, at=at, contact=Contact(f"Petugas {number:03d}"))
        give_post(by=by, at=at, person=person.pk, role=Role.GUDANG, area_code=AREA)
    wanted = Wanted(AREA, (Role.GUDANG,), at - timedelta(days=1), at + timedelta(days=20))
    return [card.code for card in issue_cards(by=by, at=at, wanted=wanted)]


def events():
    from tepat.common.models import Event
    from tepat.custody import holdings

    holdings.refresh()
    before = holdings.digest()
    holdings.rebuild()
    return {
        "ids": [str(pk) for pk in Event.objects.filter(kind="custody.seen").values_list("pk", flat=True)],
        "same": holdings.digest() == before,
    }


if __name__ == "__main__":
    main(sys.argv[1])
