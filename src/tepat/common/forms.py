"""What the office screens of the ground ask for: people, posts, events, notes, the office itself."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.validators import MaxLengthValidator

from tepat.common.actions import NOT_GIVEN, Contact, NoteText
from tepat.common.event_words import event_word
from tepat.common.frame import day_ends
from tepat.common.permissions import Role
from tepat.common.zones import SHORT

NAME_LENGTH_MAX = 120
PHONE_LENGTH_MAX = 40
ADDRESS_LENGTH_MAX = 200
USERNAME_LENGTH_MAX = 60
PASSWORD_LENGTH_MAX = 200
SUBJECT_LENGTH_MAX = 120
NOTE_LENGTH_MAX = 4000
OBJECT_LENGTH_MAX = 120
# Where a post can lie: by the number of parts of the area's code.
DESA, KECAMATAN = 4, 3
LEVELS = {
    Role.PPS: DESA,
    Role.KPPS: DESA,
    Role.PKD: DESA,
    Role.PPK: KECAMATAN,
    Role.PANWASCAM: KECAMATAN,
}
LEVEL_WORDS = {DESA: "desa atau kelurahan", KECAMATAN: "kecamatan"}


def date_input() -> forms.DateInput:
    """Return the browser's own date field."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def new_key() -> str:
    """Return a key for one filling of one form."""
    return str(uuid4())


class OnceForm(forms.Form):
    """A form that has its effect once, however often it is sent."""

    kunci = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput, initial=new_key)

    def key(self) -> str | None:
        """Return the key of this filling."""
        return self.cleaned_data["kunci"] or None


class ContactForm(forms.Form):
    """A name and how to reach it: for the vault and nothing else.

    It has no key: a receipt's hash of a name would outlive the name.
    """

    name = forms.CharField(label="Nama", max_length=NAME_LENGTH_MAX)
    phone = forms.CharField(
        label="Telepon", max_length=PHONE_LENGTH_MAX, required=False, help_text="boleh kosong"
    )
    address = forms.CharField(
        label="Alamat atau surel", max_length=ADDRESS_LENGTH_MAX, required=False, help_text="boleh kosong"
    )

    def contact(self) -> Contact:
        """Return what was filled in."""
        asked = self.cleaned_data
        return Contact(asked["name"], asked["phone"], asked["address"])


class PostForm(OnceForm):
    """A role in an area, from now until a day or without end."""

    role = forms.ChoiceField(
        label="Jabatan", choices=[(role.name, role.value) for role in Role if role not in NOT_GIVEN]
    )
    area_code = forms.ChoiceField(label="Wilayah")
    held_to = forms.DateField(
        label="Hari terakhir",
        required=False,
        widget=date_input(),
        help_text="kosong berarti sampai diakhiri",
    )

    def __init__(
        self, *args: Any, areas: Sequence[tuple[str, str]], today: date, zone: ZoneInfo, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.zone = today, zone
        choice = self.fields["area_code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(areas)

    def clean_held_to(self) -> date | None:
        """Refuse a last day that is past."""
        day: date | None = self.cleaned_data["held_to"]
        if day and day < self.today:
            raise forms.ValidationError("Hari terakhir sudah lewat. Pilih hari ini atau sesudahnya.")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a committee of a village in a district, and the like."""
        asked = super().clean() or {}
        if "role" in asked and "area_code" in asked:
            wanted = LEVELS.get(Role[asked["role"]])
            if wanted and len(asked["area_code"].split(".")) != wanted:
                word = Role[asked["role"]].value
                self.add_error(
                    "area_code", f"{word} bertugas di satu {LEVEL_WORDS[wanted]}. Pilih wilayah itu."
                )
        return asked

    def role_given(self) -> Role:
        """Return the role."""
        return Role[self.cleaned_data["role"]]

    def held_until(self) -> datetime | None:
        """Return the end of the last day in the office's zone."""
        day = self.cleaned_data["held_to"]
        return day_ends(day, self.zone) if day else None


class AccountForm(forms.Form):
    """The name to sign in with; the password is made by the machine and shown once."""

    username = forms.RegexField(
        label="Nama pengguna",
        regex=r"^[A-Za-z0-9._-]+$",
        max_length=USERNAME_LENGTH_MAX,
        help_text="huruf, angka, titik, garis; misalnya budi.kunden",
        error_messages={"invalid": "Pakai huruf, angka, titik, garis bawah atau tanda hubung saja."},
    )


class OwnPasswordForm(PasswordChangeForm):
    """One's own password, in the words of the office; the checks are Django's."""

    error_messages = {  # noqa: RUF012 -- Django's own attribute, an instance's in its stubs
        "password_incorrect": "Kata sandi sekarang tidak cocok. Periksa huruf besar-kecil.",
        "password_mismatch": "Kedua tulisan kata sandi baru tidak sama. Tulis sekali lagi.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "old_password": ("Kata sandi sekarang", ""),
            "new_password1": (
                "Kata sandi baru",
                "paling sedikit 12 huruf; empat kata yang tidak berhubungan mudah diingat",
            ),
            "new_password2": ("Kata sandi baru, sekali lagi", ""),
        }
        for name, (label, help_text) in words.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
            self.fields[name].validators.append(MaxLengthValidator(PASSWORD_LENGTH_MAX))
            self.fields[name].widget.attrs["maxlength"] = PASSWORD_LENGTH_MAX
        del self.fields["old_password"].widget.attrs["autofocus"]


class EraseForm(forms.Form):
    """Erasing cannot be undone: one deliberate tick."""

    sure = forms.BooleanField(label="Saya mengerti: nama dan kontak tidak dapat dikembalikan")


class PeopleFilter(forms.Form):
    """What narrows the list of people."""

    cari = forms.CharField(label="Cari nama", max_length=NAME_LENGTH_MAX, required=False)
    jabatan = forms.ChoiceField(
        label="Jabatan",
        required=False,
        choices=[("", "semua jabatan"), *((role.name, role.value) for role in Role if role not in NOT_GIVEN)],
    )
    waktu = forms.ChoiceField(
        label="Tampilkan",
        required=False,
        choices=(("", "yang dijabat sekarang"), ("semua", "juga yang sudah berakhir")),
    )


class EventFilter(forms.Form):
    """What narrows the ledger."""

    jenis = forms.ChoiceField(label="Jenis", required=False)
    objek = forms.CharField(
        label="Objek", max_length=OBJECT_LENGTH_MAX, required=False, help_text="misalnya tempat:ppk-33.16.09"
    )
    pelaku = forms.UUIDField(
        label="Pelaku (id)",
        required=False,
        error_messages={"invalid": "Id pelaku terdiri dari 32 angka dan huruf a–f."},
    )
    dari = forms.DateField(label="Dari tanggal", required=False, widget=date_input())
    sampai = forms.DateField(label="Sampai tanggal", required=False, widget=date_input())

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["jenis"]
        assert isinstance(choice, forms.ChoiceField)
        named = sorted(((kind, event_word(kind)) for kind in kinds), key=lambda pair: pair[1])
        choice.choices = [("", "semua jenis"), *named]

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins."""
        asked = super().clean() or {}
        if asked.get("dari") and asked.get("sampai") and asked["dari"] > asked["sampai"]:
            self.add_error("sampai", "Tanggal akhir lebih awal dari tanggal mulai.")
        return asked


class NoteForm(OnceForm):
    """What a supervisor writes; a date makes it a *saran perbaikan*."""

    area_code = forms.ChoiceField(label="Tentang wilayah")
    subject = forms.CharField(
        label="Tentang apa",
        max_length=SUBJECT_LENGTH_MAX,
        required=False,
        help_text="boleh kosong; misalnya gudang-33.16 atau id peristiwa",
    )
    text = forms.CharField(label="Isi", max_length=NOTE_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 5}))
    answer_due_date = forms.DateField(
        label="Minta jawaban paling lambat",
        required=False,
        widget=date_input(),
        help_text="dengan tanggal: saran perbaikan yang dijawab kantor; tanpa tanggal: catatan",
    )

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["area_code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(areas)

    def note(self) -> NoteText:
        """Return what was filled in."""
        asked = self.cleaned_data
        return NoteText(asked["text"], asked["subject"].strip(), asked["answer_due_date"])


class AnswerForm(OnceForm):
    """The office's answer; it is given once."""

    text = forms.CharField(
        label="Jawaban kantor", max_length=NOTE_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 5})
    )


class OfficeForm(forms.Form):
    """The office's name and zone."""

    name = forms.CharField(label="Nama kantor", max_length=NAME_LENGTH_MAX)
    time_zone = forms.ChoiceField(
        label="Zona waktu", choices=[(name, f"{word} ({name})") for name, word in SHORT.items()]
    )
