"""Every screen has a rule, every refusal a sentence, and signing in is slow for those who guess."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from tepat.common.acting import load_or_refuse
from tepat.common.errors import NotAllowed, Refused
from tepat.common.models import Place, SignInFailure
from tepat.common.permissions import Permission
from tepat.common.screens import ScreenMiddleware, actor_at, refusal, screen
from tepat.common.views import FAILURES_MAX


def every_view(patterns=None, prefix=""):
    """Yield each address with its view, however deep."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_view(entry.url_patterns, address)
        else:
            assert isinstance(entry, URLPattern)
            yield address, entry.callback


def test_no_screen_is_without_a_permission_rule():
    views = list(every_view())
    assert len(views) >= 3
    assert [address for address, view in views if not hasattr(view, "tepat_permission")] == []
    assert all(isinstance(view.tepat_permission, Permission) for _, view in views)


def test_only_signing_in_and_public_pages_are_open_to_the_stranger():
    public = {address for address, view in every_view() if view.tepat_permission is Permission.PUBLIC_READ}
    assert {"masuk/", "keluar/", "bahasa/"} <= public
    # A service worker's own text says nothing about the office; the browser asks for it without a session.
    public.discard("pengepakan/meja/pekerja.js")
    # "Sandi saya" needs an account and no post: it sends the stranger to sign in itself.
    assert all(
        address.startswith(("masuk", "keluar", "bahasa", "publik", "sandi", "lapangan")) for address in public
    )


def test_a_view_without_a_rule_stops_before_it_answers(rf):
    middleware = ScreenMiddleware(lambda _: HttpResponse())
    with pytest.raises(AssertionError, match="no permission rule"):
        middleware.process_view(rf.get("/x/"), lambda _: HttpResponse("rahasia"), (), {})


@screen(Permission.PLAN_EDIT)
def planning_screen(request) -> HttpResponse:
    return HttpResponse("rencana")


@screen(Permission.REGISTER_READ)
def place_screen(request, pk: int) -> HttpResponse:
    place = load_or_refuse(Place, pk, by=actor_at(request), permission=Permission.REGISTER_READ)
    return HttpResponse(place.name)


def asked(view, somebody, now, *args):
    from tepat.common.models import Account

    request = RequestFactory().get("/rencana/?hari=2")
    request.session = SessionStore()
    request.user = Account.objects.get(username=somebody.username) if somebody else AnonymousUser()
    if somebody:
        request.tepat_actor = somebody.actor
    try:
        return view(request, *args)
    except (NotAllowed, Refused) as error:
        return refusal(request, error)


def test_the_stranger_is_sent_to_sign_in_and_back(db, now):
    response = asked(planning_screen, None, now)
    assert (response.status_code, response.url) == (302, "/masuk/?next=/rencana/%3Fhari%3D2")


def test_a_screen_refuses_by_role_with_a_sentence_and_its_code(dewi, kasubbag, now):
    response = asked(planning_screen, dewi, now)
    assert response.status_code == 403
    assert "COMMON-NOT-ALLOWED" in response.content.decode()
    assert asked(planning_screen, kasubbag, now).content == b"rencana"


def test_what_lies_in_another_village_is_not_found(register, budi, citra, now):
    pk = Place.objects.get(code="pps-33.16.09.1015").pk
    assert asked(place_screen, budi, now, pk).content == b"PPS Kunden"
    hidden, missing = asked(place_screen, citra, now, pk), asked(place_screen, citra, now, 999_999)
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert all("COMMON-NOT-FOUND" in answer.content.decode() for answer in (hidden, missing))
    assert b"Kunden" not in hidden.content


def test_a_refusal_of_the_request_is_a_409_with_three_parts(db, rf):
    request = rf.get("/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    page = refusal(request, Refused("JOBS-FULL", limit=50)).content.decode()
    assert all(part in page for part in ("50 pekerjaan menunggu", "tetap berjalan", "Tunggu", "JOBS-FULL"))


@pytest.mark.urls("tepat.urls")
def test_signing_in_and_out(sari, client):
    page = client.get("/masuk/")
    assert page.status_code == 200
    response = client.post("/masuk/", {"username": "Sari", "password": sari.password, "next": "/bahasa/"})
    assert (response.status_code, response.url) == (302, "/bahasa/")
    assert "_auth_user_id" in client.session
    client.post("/keluar/")
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_says_so_and_many_lock_for_a_while(sari, client):
    for _ in range(FAILURES_MAX):
        response = client.post("/masuk/", {"username": "sari", "password": "salah"})
        assert response.status_code == 403
        assert "SIGN-IN-WRONG" in response.content.decode()
    response = client.post("/masuk/", {"username": "sari", "password": sari.password})
    assert "SIGN-IN-LOCKED" in response.content.decode()
    assert "sari" not in str(list(SignInFailure.objects.values_list("name_hash", flat=True)))
    assert "_auth_user_id" not in client.session


def test_a_name_that_nobody_has_gets_the_same_answer(db, client):
    response = client.post("/masuk/", {"username": "tidak ada", "password": "x"})
    assert "SIGN-IN-WRONG" in response.content.decode()


@pytest.mark.parametrize("target", ["https://lain.example/", "//lain.example", "javascript:alert(1)"])
def test_after_signing_in_nobody_is_sent_elsewhere(sari, client, target):
    response = client.post("/masuk/", {"username": "sari", "password": sari.password, "next": target})
    assert response.url == "/"


def test_forms_without_their_token_are_refused(sari):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/masuk/", {"username": "sari", "password": sari.password}).status_code == 403


def test_every_answer_carries_the_strict_headers(db, client):
    headers = client.get("/masuk/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_hold_no_inline_script_or_style(db, client):
    page = client.get("/masuk/").content.decode().lower()
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick" not in page


def test_indonesian_unless_english_was_chosen_whatever_the_browser_says(db, client):
    browser = {"HTTP_ACCEPT_LANGUAGE": "en-US"}
    before = client.post("/masuk/", {"username": "x", "password": "x"}, **browser)
    assert "tidak cocok" in before.content.decode()
    client.post("/bahasa/", {"bahasa": "en", "next": "/masuk/"})
    after = client.post("/masuk/", {"username": "x", "password": "x"}, **browser)
    assert "do not match" in after.content.decode()
    assert after.headers["Content-Language"] == "en"


def test_an_unknown_language_is_not_remembered(db, client):
    assert "tepat_bahasa" not in client.post("/bahasa/", {"bahasa": "xx"}).cookies


def test_an_erased_account_cannot_sign_in(sari, client, system, now):
    from tepat.common.actions import erase_person

    erase_person(by=system, at=now, person=sari.actor.person)
    client.post("/masuk/", {"username": "sari", "password": sari.password})
    assert "_auth_user_id" not in client.session
