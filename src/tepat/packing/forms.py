"""What the packing screens ask for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from tepat.common.forms import OnceForm
from tepat.packing.actions import (
    LOTS_AT_ONCE_MAX,
    ORIGIN_LENGTH_MAX,
    SHEETS_A_LOT_MAX,
    TABLE_NAME_LENGTH_MAX,
    NewLots,
)
from tepat.packing.labels import SHEETS
from tepat.packing.models import PackedObject
from tepat.packing.recheck_actions import SHEETS_MAX, Found
from tepat.packing.rules_seals import CARD_LENGTH_MAX, REASON_LENGTH_MAX, Sealing
from tepat.packing.sampling import SAMPLE_MAX, SEED_LENGTH_MAX
from tepat.packing.second_person import card_holder

SEALS_FIELD_LENGTH_MAX = 320
PHOTO_BYTES_MAX = 8 * 1024 * 1024
NOTE_LENGTH_MAX = 200

type Choices = Sequence[tuple[str, str]]


def choose(field: forms.Field, choices: Choices) -> None:
    """Give a field its choices."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def small_photo(photo: Any) -> Any:
    """Return a photo; one that is too large is refused."""
    if photo and photo.size > PHOTO_BYTES_MAX:
        raise forms.ValidationError(f"Foto paling besar {PHOTO_BYTES_MAX // 1024**2} MB.")
    return photo


class TwoPeopleForm(OnceForm):
    """A form that a second person stands by."""

    second = forms.ChoiceField(
        label="Petugas kedua", help_text="orang lain yang ada di sini dan ikut melihat", required=False
    )
    card = forms.CharField(
        label="Kartu petugas kedua",
        max_length=CARD_LENGTH_MAX,
        required=False,
        help_text="pindai QR di kartunya; bila kosong dicatat “tanpa bukti”",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-satu-pindaian": ""}),
    )

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["second"], [("", "– pilih, atau pindai kartunya –"), *colleagues])

    def clean(self) -> dict[str, Any]:
        """Ask for the second person, by name or by card."""
        asked = super().clean() or {}
        if not asked.get("second") and not asked.get("card") and "second" not in self.errors:
            self.add_error("second", "Pilih petugas kedua, atau pindai kartunya.")
        return asked

    def second_person(self, at: datetime) -> UUID:
        """Return the second person's id: the one chosen, or whose card it is.

        Raises:
            Refused: SECOND-CARD, SECOND-CARD-UNKNOWN.
        """
        chosen = self.cleaned_data["second"]
        return UUID(chosen) if chosen else card_holder(self.card_text(), at)

    def card_text(self) -> str:
        """Return what the card says, or nothing."""
        text: str = self.cleaned_data["card"]
        return text


class TableForm(OnceForm):
    """A new table."""

    name = forms.CharField(label="Nama meja", max_length=TABLE_NAME_LENGTH_MAX, help_text="misalnya Meja 3")
    place = forms.ChoiceField(label="Gudang", required=False)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["place"], places or [("", "– belum ada gudang –")])


class SessionForm(TwoPeopleForm):
    """Sitting down at a table."""

    table = forms.ChoiceField(label="Meja")
    field_order = ("table", "second", "card", "kunci")

    def __init__(self, *args: Any, tables: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["table"], tables)


class LotForm(OnceForm):
    """Cartons of ballots that came in."""

    kind = forms.ChoiceField(label="Jenis dan dapil")
    cartons = forms.IntegerField(label="Banyaknya karton", min_value=1, max_value=LOTS_AT_ONCE_MAX)
    sheets = forms.IntegerField(label="Lembar baik tiap karton", min_value=1, max_value=SHEETS_A_LOT_MAX)
    origin = forms.CharField(
        label="Asal", max_length=ORIGIN_LENGTH_MAX, help_text="nomor surat jalan atau nomor dus percetakan"
    )

    def __init__(self, *args: Any, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["kind"], kinds)

    def lots(self) -> NewLots:
        """Return the cartons."""
        asked = self.cleaned_data
        ballot, _, mark = asked["kind"].partition(":")
        return NewLots(ballot, mark, asked["cartons"], asked["sheets"], asked["origin"])


class LabelForm(forms.Form):
    """Which labels, on what."""

    area = forms.ChoiceField(label="Untuk", required=False)
    which = forms.ChoiceField(
        label="Label",
        choices=[("kotak", "kotak saja"), ("semua", "kotak dan bundel"), ("bundel", "bundel saja")],
        initial="semua",
    )
    paper = forms.ChoiceField(
        label="Kertas", choices=[(sheet.name, sheet.words) for sheet in SHEETS.values()]
    )

    def __init__(self, *args: Any, areas: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["area"], areas)


class PaperForm(forms.Form):
    """On what labels are printed."""

    paper = forms.ChoiceField(
        label="Kertas", choices=[(sheet.name, sheet.words) for sheet in SHEETS.values()]
    )


class SealForm(TwoPeopleForm):
    """Seals for the closed boxes of one set: numbers, or a photo where none is printed."""

    def __init__(self, *args: Any, boxes: Sequence[PackedObject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = boxes
        for box in boxes:
            self.fields[f"seal_{box.slot}"] = forms.CharField(
                label=f"Nomor segel kotak {box.slot} ({box.ballot or 'rekapitulasi'})",
                max_length=SEALS_FIELD_LENGTH_MAX,
                required=False,
                help_text="pindai atau ketik tiap segel; Enter sekali lagi ke kotak berikutnya",
            )
        self.fields["unnumbered"] = forms.BooleanField(
            label="Segelnya tidak bernomor: label, foto dan dua nama menggantikannya", required=False
        )
        self.fields["photo"] = forms.FileField(
            label="Foto label dan segel", required=False, help_text="hanya untuk segel tanpa nomor"
        )
        self.order_fields(
            [*(f"seal_{box.slot}" for box in boxes), "second", "card", "unnumbered", "photo", "kunci"]
        )

    def clean_photo(self) -> Any:
        """Refuse a photo that is too large."""
        return small_photo(self.cleaned_data["photo"])

    def sealings(self, photo: str) -> tuple[Sealing, ...]:
        """Return the boxes that were given seals; all of them where the seals have no number.

        Args:
            photo: SHA-256 of the kept photo, or empty.
        """
        asked: Mapping[str, Any] = self.cleaned_data
        if asked["unnumbered"]:
            return tuple(Sealing(box.code, (), photo, unnumbered=True) for box in self.boxes)
        given = {box.code: tuple(asked[f"seal_{box.slot}"].split()) for box in self.boxes}
        return tuple(Sealing(code, numbers, photo) for code, numbers in given.items() if numbers)


class ReturnSealForm(TwoPeopleForm):
    """Seals for the way back."""

    numbers = forms.CharField(
        label="Nomor segel untuk pulang",
        max_length=SEALS_FIELD_LENGTH_MAX,
        help_text="yang ikut di kotak 1; dipisahkan spasi",
    )
    field_order = ("numbers", "second", "card", "kunci")


class TakeOutForm(OnceForm):
    """Goods that come out of a box again."""

    item = forms.ChoiceField(label="Yang dikeluarkan")
    reason = forms.CharField(label="Alasan", max_length=REASON_LENGTH_MAX)

    def __init__(self, *args: Any, items: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["item"], items)


class OpeningForm(TwoPeopleForm):
    """Opening a sealed box."""

    reason = forms.CharField(
        label="Alasan membuka", max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    panwascam = forms.ChoiceField(
        label="Panwascam", choices=[("", "– pilih –"), ("ada", "hadir"), ("tidak", "tidak hadir")]
    )
    polri = forms.ChoiceField(
        label="Polisi", choices=[("", "– pilih –"), ("ada", "hadir"), ("tidak", "tidak hadir")]
    )
    field_order = ("reason", "second", "card", "panwascam", "polri", "kunci")


class DrawForm(OnceForm):
    """Drawing a sample."""

    size = forms.IntegerField(label="Banyaknya kotak", min_value=1, max_value=SAMPLE_MAX, initial=60)
    seed = forms.CharField(
        label="Angka undian",
        max_length=SEED_LENGTH_MAX,
        help_text="minta pengawas menyebut beberapa angka; siapa pun dapat mengundi ulang dengan angka ini",
    )


class FoundForm(OnceForm):
    """What was found in a box, counted blind."""

    sheets = forms.IntegerField(label="Lembar surat suara terhitung", min_value=0, max_value=SHEETS_MAX)
    mark = forms.CharField(
        label="Dapil yang tertulis pada surat suara",
        max_length=2,
        required=False,
        help_text="tanda pada labelnya; kosong bila tanpa dapil",
    )
    whole = forms.ChoiceField(
        label="Isi lain menurut daftar",
        choices=[("", "– pilih –"), ("ya", "lengkap"), ("tidak", "tidak lengkap")],
    )
    note = forms.CharField(label="Catatan", max_length=NOTE_LENGTH_MAX, required=False)

    def found(self) -> Found:
        """Return what was found."""
        asked = self.cleaned_data
        return Found(asked["sheets"], asked["mark"], asked["whole"] == "ya", asked["note"])
