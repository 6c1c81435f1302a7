"""Signing in and out, and the choice of language; the office's screens live in their stages."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.messages import Message, say
from tepat.common.models import SignInFailure
from tepat.common.permissions import Permission
from tepat.common.screens import screen

FAILURES_MAX = 8
FAILURES_WINDOW = timedelta(minutes=15)
USERNAME_LENGTH_MAX = 60
PASSWORD_LENGTH_MAX = 200


@never_cache
@screen(Permission.PUBLIC_READ)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page, or sign somebody in."""
    target = _safe_target(request)
    if request.method != "POST":
        return render(request, "common/masuk.html", {"next": target})
    username = request.POST.get("username", "").strip()[:USERNAME_LENGTH_MAX]
    try:
        _sign_in(request, username, request.POST.get("password", "")[:PASSWORD_LENGTH_MAX])
    except Refused as refused:
        message: Message = say(refused.code, refused.facts, language=request.LANGUAGE_CODE or "id")
        shown = {"next": target, "message": message, "username": username}
        return render(request, "common/masuk.html", shown, status=403)
    return HttpResponseRedirect(target)


def _sign_in(request: HttpRequest, username: str, password: str) -> None:
    at = now()
    name_hash = hashlib.sha256(username.lower().encode()).hexdigest()
    SignInFailure.objects.filter(at__lt=at - FAILURES_WINDOW).delete()
    failures = SignInFailure.objects.filter(name_hash=name_hash)
    if failures.count() >= FAILURES_MAX:
        raise Refused(
            "SIGN-IN-LOCKED", minutes=int(FAILURES_WINDOW.total_seconds()) // 60, limit=FAILURES_MAX
        )
    account = authenticate(request, username=username, password=password)
    if account is None:
        SignInFailure.objects.create(name_hash=name_hash, at=at)
        raise Refused("SIGN-IN-WRONG")
    failures.delete()
    login(request, account)


def _safe_target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
@screen(Permission.PUBLIC_READ)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_POST
@screen(Permission.PUBLIC_READ)
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember a person's choice between Indonesian and English."""
    response = HttpResponseRedirect(_safe_target(request))
    wanted = request.POST.get("bahasa", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 3600,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response
