"""Signing in and out, one's own password, the choice of language; office screens live in their stages."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tepat.common.account_actions import change_own_password
from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.forms import PASSWORD_LENGTH_MAX, OwnPasswordForm
from tepat.common.messages import Message, say
from tepat.common.models import SignInFailure
from tepat.common.permissions import Permission
from tepat.common.screens import actor_at, screen

FAILURES_MAX = 8
FAILURES_WINDOW = timedelta(minutes=15)
USERNAME_LENGTH_MAX = 60


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
    failures = _failures(username, at)
    account = authenticate(request, username=username, password=password)
    if account is None:
        SignInFailure.objects.create(name_hash=_name_hash(username), at=at)
        raise Refused("SIGN-IN-WRONG")
    failures.delete()
    login(request, account)


def _failures(username: str, at: datetime) -> QuerySet[SignInFailure]:
    """Return the wrong passwords given for a name of late; too many of them stop any further guess.

    Raises:
        Refused: SIGN-IN-LOCKED.
    """
    SignInFailure.objects.filter(at__lt=at - FAILURES_WINDOW).delete()
    failures = SignInFailure.objects.filter(name_hash=_name_hash(username))
    if failures.count() >= FAILURES_MAX:
        raise Refused(
            "SIGN-IN-LOCKED", minutes=int(FAILURES_WINDOW.total_seconds()) // 60, limit=FAILURES_MAX
        )
    return failures


def _name_hash(username: str) -> str:
    return hashlib.sha256(username.lower().encode()).hexdigest()


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


@sensitive_post_parameters()
@never_cache
@screen(Permission.PUBLIC_READ)
def own_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session goes on, every other one of this person ends."""
    user = request.user
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    form = OwnPasswordForm(user, request.POST if request.method == "POST" else None)
    refused: Message | None = None
    if request.method == "POST":
        try:
            if _changed(request, form):
                messages.success(request, "Kata sandi diganti. Perangkat lain harus masuk lagi.")
                return redirect("sandi")
        except Refused as error:
            refused = say(error.code, error.facts, language=request.LANGUAGE_CODE or "id")
    context = {"form": form, "refused": refused, "username": user.get_username()}
    failed = refused is not None or bool(form.is_bound and form.errors)
    return render(request, "common/sandi.html", context, status=409 if failed else 200)


def _changed(request: HttpRequest, form: OwnPasswordForm) -> bool:
    """Change the password where the form allows it; a wrong old one counts as a wrong sign-in."""
    at = now()
    failures = _failures(form.user.get_username(), at)
    if not form.is_valid():
        if form.has_error("old_password", "password_incorrect"):
            SignInFailure.objects.create(name_hash=_name_hash(form.user.get_username()), at=at)
        return False
    asked = form.cleaned_data
    account = change_own_password(
        by=actor_at(request), at=at, old=asked["old_password"], new=asked["new_password1"]
    )
    failures.delete()
    update_session_auth_hash(request, account)
    return True


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
