"""What stands before every screen: its permission rule, its actor, and answers instead of tracebacks."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from tepat.common.acting import ANONYMOUS, Actor, actor_of
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, TepatError
from tepat.common.messages import say
from tepat.common.permissions import Permission

type Answer = Callable[[HttpRequest], HttpResponseBase]
NOT_FOUND = "COMMON-NOT-FOUND"


type View[**P] = Callable[P, HttpResponseBase]


def screen[**P](permission: Permission) -> Callable[[View[P]], View[P]]:
    """Give a view its permission rule; `Permission.PUBLIC_READ` is the rule of what needs no sign-in.

    The rule asks for the permission anywhere; what is shown comes by `load_or_refuse` or filtered by area.
    """

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def run(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request = args[0]
            assert isinstance(request, HttpRequest)
            actor = actor_at(request)
            if permission is not Permission.PUBLIC_READ and actor is ANONYMOUS:
                return redirect_to_login(request.get_full_path())
            actor.require(permission)
            return view(*args, **kwargs)

        run.tepat_permission = permission  # type: ignore[attr-defined]
        return run

    return decorate


def actor_at(request: HttpRequest) -> Actor:
    """Return who is at this screen, with the posts held now; loaded once a request."""
    if not hasattr(request, "tepat_actor"):
        user: Any = getattr(request, "user", None)
        signed_in = user is not None and user.is_authenticated
        found = actor_of(user.person_id, now()) if signed_in else ANONYMOUS
        request.tepat_actor = found  # type: ignore[attr-defined]
    actor: Actor = request.tepat_actor  # type: ignore[attr-defined]
    return actor


class LanguageMiddleware:
    """Indonesian, unless this person chose English: half a page in each is worse than either."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ScreenMiddleware:
    """No screen without a rule, and a sentence with a code for every refusal."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Stop a view that nobody gave a rule: a defect, found by a test before it is found here."""
        assert hasattr(view, "tepat_permission"), f"{view} has no permission rule ({request.path})"

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal with its sentence; anything else is a defect and stays one."""
        if not isinstance(error, TepatError):
            return None
        return refusal(request, error)


def refusal(request: HttpRequest, error: TepatError) -> HttpResponse:
    """Return the page of a refusal: 404 outside one's area, 403 for the wrong person, 409 otherwise."""
    status = 409
    if isinstance(error, NotAllowed):
        status = 404 if error.code == NOT_FOUND else 403
    message = say(error.code, error.facts, language=translation.get_language() or "id")
    return render(request, "common/pesan.html", {"message": message}, status=status)
