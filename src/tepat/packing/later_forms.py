"""What is asked when a paper of polling day is written down at the office."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from tepat.common.forms import OnceForm, date_input
from tepat.packing.forms import SEALS_FIELD_LENGTH_MAX, Choices, choose, small_photo
from tepat.packing.later_actions import NotedOpening, Paper
from tepat.packing.models import PackedObject
from tepat.packing.rules_later import Occasion
from tepat.packing.rules_seals import REASON_LENGTH_MAX, Sealing

ON_PAPER = "– tidak terdaftar; namanya ada di kertas –"
THERE = [("", "– pilih –"), ("ada", "hadir"), ("tidak", "tidak hadir")]
WHO = ("happened_date", "clock", "first", "second", "photo", "kunci")


class FromPaperForm(OnceForm):
    """Who did it and when, as the paper says."""

    happened_date = forms.DateField(label="Tanggal menurut kertas", widget=date_input())
    clock = forms.TimeField(
        label="Jam menurut kertas",
        input_formats=["%H:%M", "%H.%M"],
        help_text="misalnya 07.10",
        # No time field of the browser: many of them ask for a.m. and p.m.
        widget=forms.TimeInput(format="%H.%M", attrs={"autocomplete": "off", "inputmode": "decimal"}),
        error_messages={"invalid": "Tulis jam dan menit, misalnya 07.10."},
    )
    first = forms.ChoiceField(label="Petugas yang bertanda tangan")
    second = forms.ChoiceField(label="Petugas kedua yang bertanda tangan", required=False)
    photo = forms.FileField(label="Foto kertasnya", required=False, help_text="JPEG atau PNG; boleh kosong")

    def __init__(self, *args: Any, people: Choices, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        choose(self.fields["first"], [("", "– pilih –"), *people])
        choose(self.fields["second"], [("", ON_PAPER), *people])

    def clean_photo(self) -> Any:
        """Refuse a photo that is too large."""
        return small_photo(self.cleaned_data["photo"])

    def paper(self, photo: str) -> Paper:
        """Return what the paper says.

        Args:
            photo: SHA-256 of the kept photo, or empty.
        """
        asked: Mapping[str, Any] = self.cleaned_data
        day: date = asked["happened_date"]
        clock: time = asked["clock"]
        second = UUID(asked["second"]) if asked["second"] else None
        return Paper(datetime.combine(day, clock, self.zone), UUID(asked["first"]), second, photo)


class NotedOpeningForm(FromPaperForm):
    """Boxes that were opened at the TPS or at the recapitulation."""

    boxes = forms.MultipleChoiceField(label="Kotak yang dibuka", widget=forms.CheckboxSelectMultiple)
    occasion = forms.ChoiceField(
        label="Untuk",
        choices=[
            (Occasion.POLLING.value, "pemungutan suara, oleh KPPS"),
            (Occasion.RECAP.value, "rekapitulasi, oleh PPK"),
            (Occasion.OTHER.value, "sebab lain, di luar rencana"),
        ],
    )
    reason = forms.CharField(
        label="Sebab lain",
        max_length=REASON_LENGTH_MAX,
        required=False,
        help_text="hanya bila di luar rencana",
    )
    panwascam = forms.ChoiceField(label="Panwascam atau pengawas TPS", choices=THERE)
    polri = forms.ChoiceField(label="Polisi", choices=THERE)
    field_order = ("boxes", "occasion", "reason", *WHO[:4], "panwascam", "polri", *WHO[4:])

    def __init__(self, *args: Any, boxes: Sequence[PackedObject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["boxes"], [(box.code, _box_words(box)) for box in boxes])
        self.fields["boxes"].initial = [box.code for box in boxes]

    def opening(self) -> NotedOpening:
        """Return which boxes were opened, and why."""
        asked = self.cleaned_data
        return NotedOpening(
            boxes=tuple(asked["boxes"]),
            occasion=Occasion(asked["occasion"]),
            reason=asked["reason"],
            panwascam=asked["panwascam"] == "ada",
            polri=asked["polri"] == "ada",
        )


class NotedSealForm(FromPaperForm):
    """Return seals that were put on after the count."""

    def __init__(self, *args: Any, boxes: Sequence[PackedObject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = boxes
        for box in boxes:
            self.fields[f"seal_{box.slot}"] = forms.CharField(
                label=f"Nomor segel pulang {_box_words(box)}",
                max_length=SEALS_FIELD_LENGTH_MAX,
                required=False,
                help_text="seperti tertulis di kertas; beberapa nomor dipisahkan spasi",
            )
        self.order_fields([*(f"seal_{box.slot}" for box in boxes), *WHO])

    def sealings(self) -> tuple[Sealing, ...]:
        """Return the boxes that were given seals."""
        given = {box.code: tuple(self.cleaned_data[f"seal_{box.slot}"].split()) for box in self.boxes}
        return tuple(Sealing(code, numbers) for code, numbers in given.items() if numbers)


def _box_words(box: PackedObject) -> str:
    return f"kotak {box.slot} ({box.ballot or 'rekapitulasi'})"
