"""What the office's own hand-over screens ask for."""

from collections.abc import Sequence
from typing import Any, get_args

from django import forms
from msgspec import convert

from tepat.common.forms import OnceForm
from tepat.custody.events import Reason, RefusedObject
from tepat.custody.identities import PIN_DIGITS
from tepat.custody.parties import label_of
from tepat.custody.words import REASON_WORDS

TEXT_LENGTH_MAX = 100_000
NOTE_LENGTH_MAX = 200
CARD_LENGTH_MAX = 40
MISSING = "belum"
REASONS: tuple[Reason, ...] = get_args(Reason.__value__)

type Choices = Sequence[tuple[str, str]]
type Groups = Sequence[tuple[str, Choices]]


def scan_area(rows: int) -> forms.Textarea:
    """Return the box into which a scanner types, a code a line."""
    return forms.Textarea(
        attrs={
            "rows": rows,
            "autocomplete": "off",
            "spellcheck": "false",
            "placeholder": "091015-001-3",
            "class": "kode",
            "data-terusan": "",
        }
    )


class TargetForm(forms.Form):
    """To whom: a leg of the plan or a post."""

    tujuan = forms.ChoiceField(label="Diserahkan untuk")

    def __init__(self, *args: Any, groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["tujuan"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "pilih perjalanan atau pos"), *groups]


class OfferForm(OnceForm):
    """What is offered, and to whom at the post."""

    codes = forms.CharField(
        label="Kotak dan bundel yang diserahkan",
        max_length=TEXT_LENGTH_MAX,
        help_text="pindai satu per satu; satu kode tiap baris",
        widget=scan_area(10),
    )
    person = forms.ChoiceField(label="Penerima", required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["person"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "siapa pun yang bertugas di pos itu"), *people]


class ScanForm(forms.Form):
    """What the receiver counts: every object that is taken is scanned."""

    codes = forms.CharField(
        label="Pindai semua yang diterima",
        max_length=TEXT_LENGTH_MAX,
        required=False,
        help_text="dari kotaknya sendiri, bukan dari layar; yang rusak atau salah jangan dipindai di sini",
        widget=scan_area(10),
    )


class ReceiptForm(OnceForm):
    """What becomes of the objects that were not scanned, and who receives."""

    codes = forms.CharField(required=False, max_length=TEXT_LENGTH_MAX, widget=forms.HiddenInput)
    semua = forms.ChoiceField(label="Semua yang tidak dipindai", required=False)
    note = forms.CharField(
        label="Keterangan untuk yang ditolak, tanpa nama", max_length=NOTE_LENGTH_MAX, required=False
    )
    card = forms.CharField(
        label="Kartu penerima",
        max_length=CARD_LENGTH_MAX,
        required=False,
        help_text="penerima memindai kartunya di laptop ini",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pin = forms.RegexField(
        label="PIN penerima",
        regex=rf"^\d{{{PIN_DIGITS}}}$",
        required=False,
        help_text="diketik oleh penerima sendiri; bila lupa, kosongkan",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"invalid": f"PIN terdiri dari {PIN_DIGITS} angka."},
    )

    def __init__(self, *args: Any, unscanned: Sequence[str], one_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unscanned = {f"nasib-{label_of(name)}": name for name in unscanned}
        for field, name in self.unscanned.items():
            self.fields[field] = forms.ChoiceField(
                label=label_of(name),
                initial=MISSING,
                choices=[
                    (MISSING, "kurang, belum terlihat"),
                    *((reason, f"ada, ditolak: {REASON_WORDS[reason]}") for reason in REASONS),
                ],
            )
        every = self.fields["semua"]
        assert isinstance(every, forms.ChoiceField)
        every.choices = [
            ("", "pilih satu per satu di bawah"),
            *((reason, f"ada, ditolak: {REASON_WORDS[reason]}") for reason in REASONS),
        ]
        if len(unscanned) <= 1:
            del self.fields["semua"]
        if not one_phone:
            del self.fields["card"], self.fields["pin"]
        if not unscanned:
            del self.fields["note"]

    def fates(self) -> list[forms.BoundField]:
        """Return the fields of what was not scanned."""
        whole = ["semua"] if "semua" in self.fields else []
        return [self[name] for name in [*whole, *self.unscanned]]

    def others(self) -> list[forms.BoundField]:
        """Return the other visible fields."""
        return [field for field in self.visible_fields() if field.name not in {"semua", *self.unscanned}]

    def missing(self) -> tuple[str, ...]:
        """Return what was not there."""
        return tuple(name for name, fate in self._fates().items() if fate == MISSING)

    def refused(self) -> tuple[RefusedObject, ...]:
        """Return what was there and is not taken."""
        note = self.cleaned_data.get("note", "").strip()
        return tuple(
            RefusedObject(name, convert(fate, Reason), note)
            for name, fate in self._fates().items()
            if fate != MISSING
        )

    def _fates(self) -> dict[str, str]:
        """Return what became of each; what was chosen for all holds where nothing else was chosen."""
        said = self.cleaned_data
        every = said.get("semua") or MISSING
        return {
            name: said[field] if said[field] != MISSING else every for field, name in self.unscanned.items()
        }


class TakeOverForm(OnceForm):
    """What a deputy takes over, acknowledged."""

    dari = forms.CharField(max_length=36, widget=forms.HiddenInput)
    pos = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Sebab, tanpa nama dan tanpa penyakit",
        max_length=NOTE_LENGTH_MAX,
        help_text="misalnya: berhalangan sejak pukul 03.00",
    )
    yes = forms.BooleanField(
        label="Saya sudah menghitungnya dan mulai sekarang bertanggung jawab", required=False
    )
