"""Makes of the bare server of `prepare.py` an office that packs: people, sets, cartons, a table.

Prints the number of the session at the table. Run as a program, as in life.
"""

AREA = "33.71"
PASSWORD = "kuda baterai staples benar"
ELECTION = "pemilu-2024"


def main() -> int:
    """Prepare packing; return the session."""
    from tepat.common import start

    start.django()
    from tepat.common.acting import actor_of, system_actor
    from tepat.common.actions import Contact, add_account, add_person, give_post
    from tepat.common.clock import now
    from tepat.common.permissions import Role
    from tepat.common.register import load_register
    from tepat.packing.actions import NewLots, add_lots, add_table, open_session, prepare_sets

    by, at = system_actor(), now()
    load_register(AREA, [ELECTION], by=by, at=at)
    people = []
    for name in ("sari", "joko"):
        person = add_person(by=by, at=at, contact=Contact(name.title()))
        give_post(by=by, at=at, person=person.pk, role=Role.GUDANG, area_code=AREA)
        add_account(by=by, at=at, person=person.pk, username=name, password=PASSWORD)
        people.append(person)
    prepare_sets(by=by, at=at, area_code=AREA, election=ELECTION)
    for mark in ("1", "2"):
        lots = NewLots("DPRDK", mark, 2, 1000, "SJ-1")
        add_lots(by=by, at=at, area_code=AREA, election=ELECTION, lots=lots)
    table = add_table(by=by, at=at, area_code=AREA, name="Meja 1", place=None)
    first = actor_of(people[0].pk, now())
    session = open_session(by=first, at=now(), table=table.pk, election=ELECTION, second=people[1].pk)
    return session.pk


if __name__ == "__main__":
    print(main())  # noqa: T201 - the answer for the test that ran it
