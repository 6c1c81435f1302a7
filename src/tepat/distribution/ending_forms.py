"""What the screens of endings ask for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from tepat.common.forms import OnceForm
from tepat.custody.parties import label_of
from tepat.distribution.ending_actions import VEHICLE_LENGTH_MAX, Replacement

CODE_LENGTH_MAX = 20

type Choices = Sequence[tuple[str, str]]


class EndingForm(OnceForm):
    """What comes instead, and by what."""

    trip = forms.ChoiceField(label="Ikut perjalanan rencana", required=False)
    vehicle = forms.CharField(
        label="Atau kendaraan tersendiri",
        max_length=VEHICLE_LENGTH_MAX,
        required=False,
        help_text="jenis dan nomor polisi",
    )
    driver = forms.ChoiceField(label="Pengemudi", required=False)
    depart_at = forms.DateTimeField(
        label="Berangkat",
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def __init__(
        self,
        *args: Any,
        trips: Choices,
        drivers: Choices,
        refused: Mapping[str, str],
        zone: ZoneInfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        for name, choices in (("trip", trips), ("driver", drivers)):
            choice = self.fields[name]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [("", "–"), *choices]
        self.instead = {f"ganti-{label_of(name)}": name for name in refused}
        for field, name in self.instead.items():
            self.fields[field] = forms.CharField(
                label=f"Pengganti {label_of(name)}",
                max_length=CODE_LENGTH_MAX,
                required=False,
                initial=refused[name],
                help_text="kosong: kotak yang sama dikemas ulang",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean_depart_at(self) -> datetime | None:
        """Read the moment by the office's clock."""
        moment: datetime | None = self.cleaned_data["depart_at"]
        return moment.replace(tzinfo=self.zone) if moment else None

    def labels(self) -> dict[str, str]:
        """Return the typed labels, by refused object."""
        said = {name: self.cleaned_data[field].strip() for field, name in self.instead.items()}
        return {name: label for name, label in said.items() if label}

    def replacement(self, replaced: Mapping[str, str]) -> Replacement:
        """Return how the refusal is to end.

        Args:
            replaced: The objects of `labels`.
        """
        asked = self.cleaned_data
        return Replacement(
            replaced=replaced,
            trip=asked["trip"],
            vehicle=asked["vehicle"].strip(),
            driver=UUID(asked["driver"]) if asked["driver"] else None,
            depart_at=asked["depart_at"],
        )
