"""What every test stands on: a home of its own, SQLite on a real file or PostgreSQL, the same four people.

`TEPAT_TEST_DATABASE=postgres://…` (see `scripts/postgres-for-tests`) runs the tests of the database on
PostgreSQL.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tepat.common import databases
from tepat.common.guards import Guard
from tepat.operations.guards import GUARDS

HOME = Path(tempfile.mkdtemp(prefix="tepat-uji-"))
URL = os.environ.get("TEPAT_TEST_DATABASE", "")


def _use(place: dict[str, Any]) -> None:
    settings.DATABASES = {DEFAULT_DB_ALIAS: place}
    connections.settings = connections.configure_settings(settings.DATABASES)
    if hasattr(connections._connections, DEFAULT_DB_ALIAS):
        del connections[DEFAULT_DB_ALIAS]


def _home(folder: Path) -> None:
    settings.TEPAT_HOME = settings.TEPAT_FILES = folder
    settings.DOCUMENTS_DIR = folder / "dokumen"
    settings.BACKUPS_DIR = folder / "cadangan"


# Before the first connection: pytest-django has read the settings, but nothing is opened yet.
settings.SECRET_KEY = "kunci untuk uji saja, tidak dipakai di mana pun"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_home(HOME)
_place = databases.database(URL, home=HOME)
_place["TEST"] = {"NAME": str(HOME / "uji.sqlite3")} if not URL else {"NAME": f"tepat_uji_{os.getpid()}"}
_use(_place)

hypothesis_settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis_settings.register_profile("ci", max_examples=200, deadline=None)
hypothesis_settings.register_profile(
    "release", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

H = datetime(2024, 2, 14, 0, 0, tzinfo=UTC)
NOW = datetime(2024, 2, 1, 3, 0, tzinfo=UTC)
KUNDEN = "33.16.09.1015"
CEPU = "33.16.05.1014"


def _opens_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & {"db", "transactional_db"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run on SQLite all but what needs PostgreSQL; on PostgreSQL only what opens the database."""
    if URL:
        kept = [item for item in items if "postgres" in item.keywords or _opens_the_database(item)]
    else:
        kept = [item for item in items if "postgres" not in item.keywords]
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path) -> Iterator[Path]:
    """Give each test folders of its own for documents and copies."""
    before = (settings.TEPAT_HOME, settings.DOCUMENTS_DIR, settings.BACKUPS_DIR)
    _home(tmp_path / "kantor")
    yield settings.TEPAT_HOME
    settings.TEPAT_HOME = settings.TEPAT_FILES = before[0]
    settings.DOCUMENTS_DIR, settings.BACKUPS_DIR = before[1:]


@pytest.fixture(autouse=True)
def ledger_may_be_emptied_between_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the end of a transactional test empty the tables, which the triggers would rightly refuse."""
    operations = type(connections[DEFAULT_DB_ALIAS].ops)
    flush: Callable[..., None] = operations.execute_sql_flush

    def without_triggers(self: Any, sql_list: list[str]) -> None:
        vendor = self.connection.vendor
        with self.connection.cursor() as cursor:
            for statement in (sql for guard in GUARDS for sql in guard.remove_sql(vendor)):
                cursor.execute(statement)
        flush(self, sql_list)
        with self.connection.cursor() as cursor:
            for statement in (sql for guard in GUARDS for sql in guard.install_sql(vendor)):
                cursor.execute(statement)

    monkeypatch.setattr(operations, "execute_sql_flush", without_triggers)


def take_away(guard: Guard) -> None:
    """Take a stage's triggers away, as somebody does who goes behind the office's back."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        for statement in guard.remove_sql(connection.vendor):
            cursor.execute(statement)


@dataclass(frozen=True)
class Somebody:
    """One of the people of every test: the actor, and how they sign in."""

    name: str
    actor: Any
    username: str
    password: str


PASSWORD = "kuda baterai staples benar"


def make_somebody(name: str, role: Any, area_code: str, at: datetime = NOW) -> Somebody:
    """Add a person with one post and an account."""
    from tepat.common.acting import actor_of, system_actor
    from tepat.common.actions import Contact, add_account, add_person, give_post

    by = system_actor()
    start = at - timedelta(days=200)
    person = add_person(by=by, at=start, contact=Contact(name=name))
    give_post(by=by, at=start, person=person.pk, role=role, area_code=area_code)
    add_account(by=by, at=start, person=person.pk, username=name.lower(), password=PASSWORD)
    return Somebody(name, actor_of(person.pk, at), name.lower(), PASSWORD)


@pytest.fixture
def now() -> datetime:
    """The moment of every test: H-13, ten in the morning in Blora."""
    return NOW


@pytest.fixture
def sari(db: None) -> Somebody:
    """Sari of the KPU's warehouse."""
    from tepat.common.permissions import Role

    return make_somebody("Sari", Role.GUDANG, "33.16")


@pytest.fixture
def budi(db: None) -> Somebody:
    """Budi of the PPS in Kunden, who receives."""
    from tepat.common.permissions import Role

    return make_somebody("Budi", Role.PPS, KUNDEN)


@pytest.fixture
def citra(db: None) -> Somebody:
    """Citra of the PPS in Cepu, another village: must not see Budi's."""
    from tepat.common.permissions import Role

    return make_somebody("Citra", Role.PPS, CEPU)


@pytest.fixture
def dewi(db: None) -> Somebody:
    """Dewi of the Panwascam in kecamatan Blora: sees, changes nothing."""
    from tepat.common.permissions import Role

    return make_somebody("Dewi", Role.PANWASCAM, "33.16.09")


@pytest.fixture
def kasubbag(db: None) -> Somebody:
    """The head of the KUL section, the main user."""
    from tepat.common.permissions import Role

    return make_somebody("Kasubbag", Role.KUL, "33.16")


@pytest.fixture
def system(db: None) -> Any:
    """The command line on the office's own machine."""
    from tepat.common.acting import system_actor

    return system_actor()


@pytest.fixture
def register(db: None, system: Any) -> Any:
    """Blora's register of both elections of 2024."""
    from tepat.common.register import load_register

    return load_register("blora", ["pemilu-2024", "pilkada-2024"], by=system, at=NOW - timedelta(days=100))
