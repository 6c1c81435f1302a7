"""Beranda: each part of the work with its state, and where to go on with it; the menu beside it."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.conftest import make_somebody

from tepat.common.models import Account
from tepat.common.permissions import Role
from tepat.common.register import load_register


@pytest.fixture
def magelang(db, system, now):
    return load_register("33.71", ["pemilu-2024"], by=system, at=now)


def entered(role, area_code="33.71"):
    somebody = make_somebody("Gita", role, area_code)
    client = Client()
    client.force_login(Account.objects.get(username=somebody.username))
    return client


def current(client, name, *args):
    """Return the menu's entries that are marked as where one is."""
    page = client.get(reverse(name, args=args)).content.decode()
    marked = page.split('aria-current="page">')[1:]
    return [part.partition("<")[0] for part in marked]


def test_the_line_about_copies_leads_to_them_for_whoever_may_read_them(magelang):
    link = f'href="{reverse("cadangan")}">Buka cadangan'
    assert link in entered(Role.KUL).get("/").content.decode()


def test_who_may_not_read_copies_gets_the_line_without_a_door(magelang):
    page = entered(Role.PPS, "33.71.01.1003").get("/").content.decode()
    assert "Salinan data" in page
    assert reverse("cadangan") not in page


def test_an_election_long_past_is_shown_with_its_date(magelang):
    page = entered(Role.KUL).get("/").content.decode()
    assert "14 Feb 2024, sudah lewat" in page
    assert "H+" not in page


@pytest.mark.parametrize(
    ("name", "args", "word"),
    [
        ("kebutuhan", (), "Kebutuhan"),
        ("kebutuhan-kecamatan", ("33.71.01",), "Kebutuhan"),
        ("kebutuhan-impor", (), "Impor daftar"),
        ("kebutuhan-tps", (), "Daftar TPS"),
        ("dokumen-belum-cocok", (), "Dokumen"),
        ("sandi", (), "Sandi saya"),
    ],
)
def test_the_menu_marks_one_place_where_one_is(magelang, name, args, word):
    assert current(entered(Role.KUL), name, *args)[-1:] == [word]


def test_behind_a_screen_of_the_menu_only_that_screen_is_marked(magelang):
    from tepat.common.models import Tps

    assert current(entered(Role.KUL), "kebutuhan-tps-satu", Tps.objects.first().pk) == ["Daftar TPS"]


def test_the_search_field_is_there_for_whoever_reads_the_register(magelang):
    assert "data-cari" in entered(Role.PPS, "33.71.01.1003").get("/").content.decode()


def test_a_driver_is_not_offered_a_search_that_would_refuse(magelang):
    assert "data-cari" not in entered(Role.PENGEMUDI).get(reverse("sandi")).content.decode()
