"""What the screens of the way back and of field papers ask for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from tepat.common.errors import Refused
from tepat.common.forms import OnceForm
from tepat.custody.models import POST_LENGTH_MAX
from tepat.custody.timeline_search import label_typed
from tepat.custody.timeline_states import Instant
from tepat.returns.actions import NUMBER_LENGTH_MAX
from tepat.returns.paper_actions import SHEETS_PER_PRINT_MAX, Written
from tepat.returns.trip_actions import MINUTES_MAX, Wish

FORMAT = "%Y-%m-%dT%H:%M"
CODES_LENGTH_MAX = 4_000
PHOTOS_MAX = 20


def _moment_field(**more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format=FORMAT, attrs={"type": "datetime-local"})
    return forms.DateTimeField(input_formats=[FORMAT, "%Y-%m-%dT%H:%M:%S"], widget=widget, **more)


class NightForm(forms.Form):
    """The moment at which one looks; empty is now."""

    per = _moment_field(label="Keadaan pada", required=False, help_text="kosong berarti sekarang")

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def instant(self, now: datetime) -> Instant:
        """Return the moment that was asked; one to come is now."""
        asked: datetime | None = self.cleaned_data.get("per") if self.is_valid() else None
        at = asked.replace(tzinfo=self.zone) if asked else now
        return Instant(at) if at < now else Instant()


class RecapForm(OnceForm):
    """The minutes with which a recapitulation ended."""

    number = forms.CharField(
        label="Nomor berita acara rekapitulasi", max_length=NUMBER_LENGTH_MAX, help_text="D.HASIL KECAMATAN"
    )


class BlankForm(forms.Form):
    """How many blank sheets for which area."""

    area_code = forms.ChoiceField(label="Wilayah")
    count = forms.IntegerField(
        label="Banyaknya lembar", min_value=1, max_value=SHEETS_PER_PRINT_MAX, initial=10
    )

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["area_code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(areas)


class TripForm(OnceForm):
    """By which vehicles, from when and to which warehouse the boxes of a PPK come home."""

    vehicles = forms.MultipleChoiceField(
        label="Kendaraan",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="yang besar diisi dulu; satu kendaraan boleh pulang-pergi",
    )
    first_at = _moment_field(
        label="Berangkat dari PPK", help_text="hari berikutnya mulai pada jam yang sama, paling lambat 16.00"
    )
    to_post = forms.ChoiceField(label="Ke gudang")
    driver = forms.ChoiceField(
        label="Pengemudi", required=False, help_text="untuk kendaraan yang belum punya pengemudi di daftar"
    )
    escort = forms.ChoiceField(label="Pengawal Polri", required=False)
    minutes = forms.IntegerField(
        label="Menit perjalanan menurut kantor",
        required=False,
        min_value=1,
        max_value=MINUTES_MAX,
        help_text="kosong: menurut matriks rencana atau model jalan",
    )

    def __init__(
        self, *args: Any, zone: ZoneInfo, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        for name, listed in choices.items():
            choice = self.fields[name]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [*([] if name in {"vehicles", "to_post"} else [("", "–")]), *listed]

    def wish(self) -> Wish:
        """Return how the boxes are to come home."""
        asked = self.cleaned_data
        return Wish(
            plates=tuple(asked["vehicles"]),
            first_at=asked["first_at"].replace(tzinfo=self.zone),
            to_post=asked["to_post"],
            driver=UUID(asked["driver"]) if asked["driver"] else None,
            escort=UUID(asked["escort"]) if asked["escort"] else None,
            minutes=asked["minutes"] or 0,
        )


def photos_in(files: MultiValueDict[str, UploadedFile[Any]]) -> list[UploadedFile[Any]]:
    """Return the uploaded photos.

    Raises:
        Refused: FIELD-PAPER-NO-FILE, FIELD-PAPER-MANY.
    """
    found = files.getlist("berkas")
    if not found:
        raise Refused("FIELD-PAPER-NO-FILE")
    if len(found) > PHOTOS_MAX:
        raise Refused("FIELD-PAPER-MANY", count=len(found), limit=PHOTOS_MAX)
    return found


class ConfirmForm(OnceForm):
    """What the second person of the office sees on the sheet."""

    giver_signed = forms.BooleanField(label="Tanda tangan yang menyerahkan ada di lembar", required=False)
    receiver_signed = forms.BooleanField(
        label="Tanda tangan yang menerima ada di lembar, dan isinya sama dengan catatan ini", required=False
    )


class WrittenForm(OnceForm):
    """What stands on a signed sheet, typed by somebody who looks at its photo."""

    written_at = _moment_field(label="Hari dan jam yang tertulis")
    giver = forms.ChoiceField(label="Yang menyerahkan")
    receiver = forms.ChoiceField(label="Yang menerima")
    post = forms.CharField(
        label="Diterima di pos", max_length=POST_LENGTH_MAX, help_text="misalnya pps:33.16.09.1015"
    )
    codes = forms.CharField(
        label="Kode kotak yang diterima",
        max_length=CODES_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="satu kode tiap baris, seperti 091015-001-3K",
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        for name in ("giver", "receiver"):
            choice = self.fields[name]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [("", "– pilih –"), *people]

    def clean_codes(self) -> list[str]:
        """Return the labels that were typed, each once; what is no label is named."""
        typed = [line.strip() for line in self.cleaned_data["codes"].replace(",", "\n").splitlines()]
        labels = {line: label_typed(line) for line in typed if line}
        wrong = [line for line, label in labels.items() if label.count("-") != 2]
        if wrong:
            raise forms.ValidationError(f"Bukan kode kotak: {', '.join(wrong[:5])}.")
        return list(dict.fromkeys(labels.values()))

    def written(self, election: str) -> Written:
        """Return what was filled in.

        Args:
            election: The code of the election whose boxes these are.
        """
        asked = self.cleaned_data
        return Written(
            giver=UUID(asked["giver"]),
            receiver=UUID(asked["receiver"]),
            post=asked["post"].strip(),
            objects=tuple(
                f"{'kotak' if label[-1].isdigit() else 'bundel'}:{election}:{label}"
                for label in asked["codes"]
            ),
            written_at=asked["written_at"].replace(tzinfo=self.zone),
        )
