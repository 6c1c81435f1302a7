"""Taking in what lies in the tray, after looking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tepat.common.clock import now
from tepat.common.permissions import Permission
from tepat.common.screens import actor_at, screen
from tepat.field.late_actions import take_in

KEY_LENGTH_MAX = 36


@require_POST
@screen(Permission.CUSTODY_SETTLE)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in one thing with a reason."""
    take_in(
        by=actor_at(request),
        at=now(),
        item=pk,
        reason=request.POST.get("reason", ""),
        key=request.POST.get("kunci", "")[:KEY_LENGTH_MAX] or None,
    )
    messages.success(request, "Diterima. Waktu menurut HP dan waktu diterima keduanya tersimpan.")
    return redirect("serah-terima-nampan-satu", pk=pk)
