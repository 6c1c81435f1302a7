"""What the screens of a roster ask for."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from tepat.common.tables import long_date
from tepat.distribution.roster_actions import Note
from tepat.distribution.roster_models import Availability


class SeatForm(forms.Form):
    """Who sits in one seat; those who are free are offered."""

    person = forms.ChoiceField(label="Siapa", required=False)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["person"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "– dikosongkan –"), *people]

    def chosen(self) -> UUID | None:
        """Return who was chosen; None: the seat stays empty."""
        return UUID(self.cleaned_data["person"]) if self.cleaned_data["person"] else None


class NoteForm(forms.Form):
    """Somebody's driving licence, and on which dates of the plan they cannot come."""

    licence = forms.ChoiceField(label="SIM", choices=Availability.Licence.choices, required=False)
    away = forms.MultipleChoiceField(
        label="Berhalangan pada", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["away"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(day.isoformat(), long_date(day)) for day in days]
        self.days = days

    def note(self, before: frozenset[date]) -> Note:
        """Return what was filled in; dates outside of the plan stay as they were.

        Args:
            before: The dates noted until now.
        """
        chosen = {date.fromisoformat(day) for day in self.cleaned_data["away"]}
        return Note(self.cleaned_data["licence"], tuple(sorted(chosen | (before - set(self.days)))))
