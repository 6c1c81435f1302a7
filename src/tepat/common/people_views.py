"""Orang & jabatan: who holds which post where and since when; names lie in the vault and can be erased."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tepat.common.account_actions import change_contact, new_password, reset_password, set_account_open
from tepat.common.actions import add_account, add_person, end_post, erase_person, give_post
from tepat.common.clock import now
from tepat.common.errors import NotAllowed, Refused
from tepat.common.forms import AccountForm, ContactForm, EraseForm, PeopleFilter, PostForm
from tepat.common.frame import Frame, area_choices, area_words, frame_of, lies_in
from tepat.common.messages import Message, say
from tepat.common.models import Account, LedgerIdentity, Person, Post
from tepat.common.permissions import Permission, Role
from tepat.common.quantities import grouped
from tepat.common.screens import screen
from tepat.common.table_answers import answer
from tepat.common.tables import Cell, Column, Kind, Table

READ, EDIT, ERASE = Permission.PEOPLE_READ, Permission.PEOPLE_EDIT, Permission.PEOPLE_ERASE
PEOPLE_SHOWN_MAX = 10_000


def visible_people(frame: Frame) -> QuerySet[Person]:
    """Return the people with a post in the reader's areas; those without any only for the whole office.

    The machine's own id is nobody.
    """
    inside = Q(pk__in=Post.objects.filter(lies_in("area_code", frame.areas)).values("person_id"))
    if frame.whole_office:
        inside |= Q(posts__isnull=True)
    machine = LedgerIdentity.objects.values("system_person")
    return Person.objects.filter(inside).exclude(pk__in=machine).distinct()


@screen(READ)
def people(request: HttpRequest) -> HttpResponse:
    """List people, one line for each post; whoever may, adds somebody."""
    frame = frame_of(request, READ)
    chosen = PeopleFilter(request.GET or None)
    form = ContactForm(request.POST if request.method == "POST" else None) if frame.may(EDIT) else None
    refused: Message | None = None
    if request.method == "POST":
        frame.actor.require(EDIT, frame.office.area_code)
        assert form is not None
        if form.is_valid():
            person = add_person(by=frame.actor, at=now(), contact=form.contact())
            messages.success(request, "Orang ditambahkan. Beri jabatan, lalu bila perlu buat akunnya.")
            return redirect("orang-satu", pk=person.pk)
    context = {
        "frame": frame,
        "judul": f"Orang dan jabatan, {frame.office.name}",
        "filter": chosen,
        "table": _people_table(frame, chosen, now()),
        "form": form,
        "refused": refused,
    }
    return answer(request, "common/orang.html", context)


def _people_table(frame: Frame, chosen: PeopleFilter, at: datetime) -> Table:
    asked = chosen.cleaned_data if chosen.is_bound and chosen.is_valid() else {}
    posts = frame.visible(Post.objects.select_related("place"), "area_code")
    if not asked.get("waktu"):
        posts = posts.held_at(at)
    if asked.get("jabatan"):
        posts = posts.filter(role=asked["jabatan"])
    found = visible_people(frame).select_related("vault", "account").order_by("vault__name", "pk")
    if asked.get("cari"):
        found = found.filter(vault__name__icontains=asked["cari"])
    if asked.get("jabatan"):
        found = found.filter(pk__in=posts.values("person_id"))
    everybody = found.count()
    whole = found.prefetch_related(Prefetch("posts", queryset=posts, to_attr="shown_posts"))
    listed = list(whole[:PEOPLE_SHOWN_MAX])
    cut = (
        f" Tampak {grouped(len(listed))} dari {grouped(everybody)} orang; persempit dengan saringan."
        if everybody > len(listed)
        else ""
    )
    words = area_words(post.area_code for person in listed for post in _shown_posts(person))
    rows: list[list[Any]] = []
    for person in listed:
        held = _shown_posts(person)
        rows += [_person_row(frame, person, post, words) for post in held or (None,)]
    return Table(
        id="orang",
        title="Orang dan jabatan",
        columns=(
            Column("Nama"),
            Column("Jabatan"),
            Column("Wilayah"),
            Column("Kode wilayah", Kind.CODE),
            Column("Sejak", Kind.DATE),
            Column("Hari terakhir", Kind.DATE),
            Column("Telepon", Kind.CODE),
            Column("Akun", Kind.STATE),
        ),
        rows=rows,
        note="Nama dan kontak disimpan di brankas yang dapat dihapus; buku peristiwa hanya memuat id acak."
        + cut,
        empty="Tidak ada orang yang cocok. Tambahkan orang, atau kosongkan saringan.",
        zone=frame.zone,
    )


def _shown_posts(person: Person) -> list[Post]:
    return list(getattr(person, "shown_posts"))  # noqa: B009 -- set by prefetch_related


def _person_row(frame: Frame, person: Person, post: Post | None, words: dict[str, str]) -> list[Any]:
    account: Account | None = getattr(person, "account", None)
    link = reverse("orang-satu", args=[person.pk])
    vault = getattr(person, "vault", None)
    return [
        Cell(person.shown_name, href=link),
        Role[post.role].value if post else None,
        _where(post, words) if post else None,
        post.area_code if post else None,
        post.held_from.astimezone(frame.zone).date() if post else None,
        _last_day(post, frame) if post else None,
        (vault.phone if vault else "") or None,
        account_state(account),
    ]


def _last_day(post: Post, frame: Frame) -> date | Cell:
    """Return the last day of a post; one that ends at midnight ends with the day before."""
    if post.held_to is None:
        return Cell("seterusnya", kind=Kind.TEXT)
    return (post.held_to - timedelta(microseconds=1)).astimezone(frame.zone).date()


def _where(post: Post, words: dict[str, str]) -> str:
    area = words[post.area_code]
    return f"{post.place.name}, {area}" if post.place else area


def account_state(account: Account | None) -> Cell:
    """Return how somebody's sign-in stands."""
    if account is None:
        return Cell("belum", word="TANPA AKUN")
    return Cell("aman", word="TERBUKA") if account.is_active else Cell("gawat", word="DIBLOKIR")


def person_or_refuse(frame: Frame, pk: UUID) -> Person:
    """Return somebody in the reader's areas.

    Raises:
        NotAllowed: COMMON-NOT-FOUND for anybody else, and for nobody.
    """
    found = visible_people(frame).select_related("vault", "account").filter(pk=pk).first()
    if found is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    return found


@never_cache
@screen(READ)
def person_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person: contacts, posts, sign-in."""
    frame = frame_of(request, READ)
    return _page(request, frame, person_or_refuse(frame, pk), {})


def _page(
    request: HttpRequest, frame: Frame, person: Person, changed: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    may_edit, at = frame.may(EDIT), now()
    vault = getattr(person, "vault", None)
    erased = vault is None or vault.erased_at is not None
    account: Account | None = getattr(person, "account", None)
    posts = list(frame.visible(person.posts.select_related("place"), "area_code"))
    known = {"name": vault.name, "phone": vault.phone, "address": vault.address} if vault else {}
    context: dict[str, Any] = {
        "frame": frame,
        "judul": "Orang",
        "person": person,
        "vault": vault,
        "erased": erased,
        "account": account,
        "state": account_state(account),
        "posts": _posts_table(frame, posts),
        "current": [
            post for post in posts if post.held_from <= at and not (post.held_to and post.held_to <= at)
        ],
        "may_edit": may_edit,
        "contact_form": ContactForm(initial=known) if may_edit and not erased else None,
        "post_form": _post_form(frame, None) if may_edit else None,
        "account_form": AccountForm() if may_edit and not erased and account is None else None,
        "erase_form": EraseForm() if frame.may(ERASE) and not erased else None,
        "events": f"{reverse('peristiwa')}?objek=orang:{person.pk}"
        if frame.actor.has(Permission.RECORDS_READ)
        else "",
    }
    return answer(request, "common/orang_satu.html", context | changed, status=status)


def _post_form(frame: Frame, data: Any) -> PostForm:
    areas = area_choices(frame.actor.areas(EDIT), frame.office)
    today = now().astimezone(frame.zone).date()
    return PostForm(data, areas=areas, today=today, zone=frame.zone)


def _posts_table(frame: Frame, posts: list[Post]) -> Table:
    words = area_words(post.area_code for post in posts)
    return Table(
        id="jabatan",
        title="Jabatan",
        columns=(
            Column("Jabatan"),
            Column("Wilayah"),
            Column("Kode wilayah", Kind.CODE),
            Column("Sejak", Kind.MOMENT),
            Column("Sampai", Kind.MOMENT),
        ),
        rows=[
            [
                Role[post.role].value,
                _where(post, words),
                post.area_code,
                post.held_from,
                post.held_to or Cell("seterusnya", kind=Kind.TEXT),
            ]
            for post in posts
        ],
        empty="Belum pernah punya jabatan. Tanpa jabatan, orang ini tidak melihat apa pun.",
        zone=frame.zone,
    )


type Step = Callable[[HttpRequest, Frame, Person], HttpResponse]


def _contact(request: HttpRequest, frame: Frame, person: Person) -> HttpResponse:
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, frame, person, {"contact_form": form}, status=409)
    change_contact(by=frame.actor, at=now(), person=person.pk, contact=form.contact())
    return _done(request, person, "Nama dan kontak tersimpan di brankas.")


def _post(request: HttpRequest, frame: Frame, person: Person) -> HttpResponse:
    form = _post_form(frame, request.POST)
    if not form.is_valid():
        return _page(request, frame, person, {"post_form": form}, status=409)
    give_post(
        by=frame.actor,
        at=now(),
        person=person.pk,
        role=form.role_given(),
        area_code=form.cleaned_data["area_code"],
        held_to=form.held_until(),
        key=form.key(),
    )
    return _done(request, person, "Jabatan diberikan dan berlaku mulai sekarang.")


def _end(request: HttpRequest, frame: Frame, person: Person) -> HttpResponse:
    asked = request.POST.get("jabatan", "")
    post = person.posts.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
    if post is None:
        raise NotAllowed("COMMON-NOT-FOUND")
    end_post(by=frame.actor, at=now(), post=post.pk)
    return _done(request, person, "Jabatan diakhiri. Yang sudah dikerjakan di bawahnya tetap tercatat.")


def _account(request: HttpRequest, frame: Frame, person: Person) -> HttpResponse:
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, frame, person, {"account_form": form}, status=409)
    password = new_password()
    username = form.cleaned_data["username"]
    add_account(by=frame.actor, at=now(), person=person.pk, username=username, password=password)
    return _with_password(request, frame, person, password)


def _reset(request: HttpRequest, frame: Frame, person: Person) -> HttpResponse:
    password = new_password()
    reset_password(by=frame.actor, at=now(), person=person.pk, password=password)
    return _with_password(request, frame, person, password)


def _with_password(request: HttpRequest, frame: Frame, person: Person, password: str) -> HttpResponse:
    """Show a new password on this one page: it is kept nowhere, not even in a message."""
    return _page(request, frame, person_or_refuse(frame, person.pk), {"password": password})


def _block(request: HttpRequest, frame: Frame, person: Person) -> HttpResponse:
    set_account_open(by=frame.actor, at=now(), person=person.pk, is_open=False)
    return _done(request, person, "Akun diblokir. Orang ini keluar pada halaman berikutnya yang dibukanya.")


def _open(request: HttpRequest, frame: Frame, person: Person) -> HttpResponse:
    set_account_open(by=frame.actor, at=now(), person=person.pk, is_open=True)
    return _done(request, person, "Akun dibuka kembali dengan kata sandi yang lama.")


def _done(request: HttpRequest, person: Person, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("orang-satu", pk=person.pk)


STEPS: dict[str, Step] = {
    "kontak": _contact,
    "jabatan": _post,
    "akhiri": _end,
    "akun": _account,
    "sandi": _reset,
    "blokir": _block,
    "buka": _open,
}


@never_cache
@require_POST
@screen(EDIT)
def person_change(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """Change one thing about somebody; a refusal stands on their page."""
    frame = frame_of(request, READ)
    person = person_or_refuse(frame, pk)
    frame.actor.require(EDIT, frame.office.area_code)
    if step not in STEPS:
        raise NotAllowed("COMMON-NOT-FOUND")
    try:
        return STEPS[step](request, frame, person)
    except Refused as error:
        refused = say(error.code, error.facts)
        return _page(request, frame, person_or_refuse(frame, pk), {"refused": refused}, status=409)


@never_cache
@screen(ERASE)
def person_erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Erase name, contacts and sign-in after one deliberate tick."""
    frame = frame_of(request, READ)
    person = person_or_refuse(frame, pk)
    form = EraseForm(request.POST if request.method == "POST" else None)
    refused: Message | None = None
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(by=frame.actor, at=now(), person=person.pk)
        except Refused as error:
            refused = say(error.code, error.facts)
        else:
            return _done(
                request, person, "Nama, kontak dan nama pengguna dihapus. Catatan peristiwa tetap utuh."
            )
    context = {"frame": frame, "person": person, "form": form, "refused": refused}
    return render(request, "common/orang_hapus.html", context, status=409 if refused or form.errors else 200)
