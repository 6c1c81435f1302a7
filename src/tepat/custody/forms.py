"""What the custody screens ask for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from tepat.common.forms import OnceForm, date_input
from tepat.common.permissions import Role
from tepat.custody.identity_actions import INVITED, SPARES_PER_ISSUE_MAX
from tepat.custody.identity_revoking import REASON_LENGTH_MAX
from tepat.custody.models import OBJECT_LENGTH_MAX, POST_LENGTH_MAX

ROLE_CHOICES = [(role.name, role.value) for role in INVITED]


class FindForm(forms.Form):
    """A box by its code."""

    kode = forms.CharField(
        label="Kode kotak",
        max_length=OBJECT_LENGTH_MAX,
        widget=forms.TextInput(attrs={"placeholder": "091015-001-3", "autocomplete": "off"}),
    )


class IssueForm(forms.Form):
    """Cards for the people of an area."""

    roles = forms.MultipleChoiceField(
        label="Jabatan", choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple, initial=[Role.PPS.name]
    )
    area_code = forms.ChoiceField(label="Wilayah")
    valid_from = forms.DateField(label="Berlaku dari", widget=date_input())
    valid_to = forms.DateField(label="Hari terakhir", widget=date_input())
    again = forms.BooleanField(label="Ganti juga kartu yang masih berlaku; yang lama dicabut", required=False)

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["area_code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(areas)

    def roles_chosen(self) -> tuple[Role, ...]:
        """Return the chosen roles."""
        return tuple(Role[name] for name in self.cleaned_data["roles"])


class SpareForm(forms.Form):
    """Spare cards for the PPK of a kecamatan."""

    area_code = forms.ChoiceField(label="Kecamatan")
    count = forms.IntegerField(label="Banyaknya", min_value=1, max_value=SPARES_PER_ISSUE_MAX, initial=5)
    valid_from = forms.DateField(label="Berlaku dari", widget=date_input())
    valid_to = forms.DateField(label="Hari terakhir", widget=date_input())

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["area_code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [area for area in areas if area[0].count(".") == 2]


class RevokeForm(OnceForm):
    """Why a card is revoked."""

    reason = forms.CharField(
        label="Alasan, tanpa nama", max_length=REASON_LENGTH_MAX, help_text="misalnya: HP hilang di jalan"
    )


class SettleForm(OnceForm):
    """In whose hands a disputed box was found."""

    scanned = forms.CharField(
        label="Pindai label kotaknya",
        max_length=OBJECT_LENGTH_MAX,
        help_text="dari kotaknya sendiri, bukan dari layar",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    person = forms.ChoiceField(label="Ada di tangan")
    post = forms.CharField(label="Di pos", max_length=POST_LENGTH_MAX, help_text="misalnya pps:33.16.09.1015")
    note = forms.CharField(label="Bagaimana ditemukan, tanpa nama", max_length=200, required=False)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["person"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(people)


def first_dates(today: date, polling: date | None) -> dict[str, date]:
    """Return the dates that a form begins with: from today until a week after polling day."""
    from datetime import timedelta

    last = (polling or today) + timedelta(days=7)
    return {"valid_from": today, "valid_to": max(last, today + timedelta(days=1))}
