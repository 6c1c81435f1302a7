"""What people fill in on the distribution screens. Forms check; they never save."""

from typing import TYPE_CHECKING, Any

from django import forms

from tepat.common.errors import Refused
from tepat.distribution import path_choice
from tepat.distribution.actions import Minutes, PriceGiven
from tepat.distribution.notice_models import HOURS_MAX, NOTE_LENGTH_MAX

if TYPE_CHECKING:
    from datetime import date

STRATEGIES = (
    ("lewat-ppk", "Gudang ke PPK, lalu ke PPS"),
    ("langsung-pps", "Gudang langsung ke PPS"),
    ("campuran", "Campuran: dekat langsung, jauh lewat PPK"),
    (path_choice.NAME, f"{path_choice.TITLE} (lebih lama)"),
    ("penyedia-per-kotak", "Penyedia dibayar per kotak"),
    ("langsung-gudang-2", "Langsung dari calon gudang kedua"),
    ("langsung-gudang-3", "Langsung dari calon gudang ketiga"),
)
SECONDS = (("5", "5 detik"), ("10", "10 detik"), ("20", "20 detik"), ("60", "1 menit"), ("300", "5 menit"))
TEXT_LENGTH_MAX = 2000


class SolveForm(forms.Form):
    """What to solve, how long, for which weather."""

    strategies = forms.MultipleChoiceField(
        label="Strategi",
        choices=STRATEGIES,
        initial=[name for name, _ in STRATEGIES[:3]],
        widget=forms.CheckboxSelectMultiple,
    )
    seconds = forms.ChoiceField(label="Lama mencari tiap strategi", choices=SECONDS, initial="10")
    wet = forms.BooleanField(label="semua hari hujan", required=False)
    heed_notes = forms.BooleanField(label="pakai catatan jalan sulit", required=False)

    def __init__(self, *args: Any, baseline: tuple[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["strategies"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [*STRATEGIES, *([baseline] if baseline else [])]

    def arguments(self) -> dict[str, Any]:
        """Return what was chosen, as plain values for a job."""
        asked = self.cleaned_data
        return {
            "strategies": list(asked["strategies"]),
            "seconds": int(asked["seconds"]),
            "wet": bool(asked["wet"]),
            "heed_notes": bool(asked["heed_notes"]),
        }


class ReturnForm(forms.Form):
    """Why a plan goes back."""

    reason_text = forms.CharField(
        label="Apa yang perlu diperbaiki", max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )

    def reason(self) -> str:
        """Return the reason; empty where none was given."""
        return str(self.cleaned_data["reason_text"]) if self.is_valid() else ""


class PublishForm(forms.Form):
    """What the pleno decided."""

    number = forms.CharField(label="Nomor berita acara pleno", max_length=80)
    minutes_date = forms.DateField(
        label="Tanggal berita acara", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason_text = forms.CharField(
        label="Alasan memilih rencana ini",
        max_length=TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Alasan ini ikut tercatat dan tidak dapat diubah.",
    )

    def minutes(self) -> Minutes:
        """Return what was filled in.

        Raises:
            Refused: PLAN-NO-MINUTES where a part is missing.
        """
        if not self.is_valid():
            raise Refused("PLAN-NO-MINUTES")
        decided: date = self.cleaned_data["minutes_date"]
        return Minutes(self.cleaned_data["number"], decided, self.cleaned_data["reason_text"])


class HoursForm(forms.Form):
    """`jam_pemberitahuan`; the action refuses what is out of range."""

    hours = forms.IntegerField(
        label="Jam sebelum berangkat",
        min_value=1,
        max_value=HOURS_MAX,
        help_text="berlaku untuk jadwal yang ditetapkan sesudah ini",
    )


class CallForm(forms.Form):
    """What was said on the telephone."""

    note = forms.CharField(
        label="Siapa yang dihubungi dan jawabannya",
        max_length=NOTE_LENGTH_MAX,
        help_text="jabatan, misalnya “ketua Panwascam, sudah dicatat”; jangan tulis nama orang",
    )


class PriceForm(forms.Form):
    """One price as the office knows it."""

    price = forms.ChoiceField(label="Harga yang mana")
    rupiah = forms.IntegerField(label="Rupiah untuk satu", min_value=0)
    source_text = forms.CharField(
        label="Dari mana harga ini", max_length=200, help_text="kontrak, penawaran, standar biaya, surat"
    )

    def __init__(self, *args: Any, prices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["price"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = prices

    def given(self) -> PriceGiven:
        """Return what was filled in."""
        return PriceGiven(self.cleaned_data["rupiah"], self.cleaned_data["source_text"])
