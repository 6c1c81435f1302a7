"""What people fill in on the planning screens. Forms check; they never save."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q

from tepat.common.models import Tps
from tepat.planning.actions import Position, Seen, Setting
from tepat.planning.models import OutsideTotals

SEARCH_LENGTH_MAX = 60
SOURCE_LENGTH_MAX = 60
YES_NO_UNKNOWN = (("", "belum dilihat"), ("ya", "ya"), ("tidak", "tidak"))
ANSWERS = {"": None, "ya": True, "tidak": False}


class TpsFilter(forms.Form):
    """What narrows the list of TPS."""

    cari = forms.CharField(label="Cari desa atau kode", max_length=SEARCH_LENGTH_MAX, required=False)
    kecamatan = forms.ChoiceField(label="Kecamatan", required=False)
    desa = forms.CharField(max_length=13, required=False, widget=forms.HiddenInput)
    pilih = forms.ChoiceField(
        label="Tampilkan",
        required=False,
        choices=(("", "semua TPS"), ("khusus", "TPS lokasi khusus"), ("dptb", "yang punya DPTb")),
    )

    def __init__(self, *args: Any, kecamatan: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["kecamatan"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "semua kecamatan"), *kecamatan]

    def apply(self, rows: Any) -> Any:
        """Return the rows that fit; all of them where nothing was asked."""
        if not self.is_bound or not self.is_valid():
            return rows
        asked = self.cleaned_data
        if asked["cari"]:
            rows = rows.filter(
                Q(desa__name__icontains=asked["cari"]) | Q(desa__code__startswith=asked["cari"])
            )
        if asked["kecamatan"]:
            rows = rows.filter(desa__code__startswith=asked["kecamatan"] + ".")
        if asked["desa"]:
            rows = rows.filter(desa__code=asked["desa"])
        if asked["pilih"] == "khusus":
            rows = rows.filter(special=True)
        return rows.filter(dptb__gt=0) if asked["pilih"] == "dptb" else rows


class PlaceForm(forms.Form):
    """Where a place really is."""

    lat = forms.FloatField(
        label="Lintang", help_text="derajat, misalnya -7,0167 (selatan: negatif)", localize=True
    )
    lon = forms.FloatField(label="Bujur", help_text="derajat, misalnya 111,3837", localize=True)
    source = forms.CharField(
        label="Cara kami tahu",
        max_length=SOURCE_LENGTH_MAX,
        help_text="misalnya: GPS HP di depan balai desa, 3 Feb 2024",
    )
    outside = forms.BooleanField(label="memang di luar wilayahnya", required=False)

    def position(self) -> Position:
        """Return what was filled in."""
        asked = self.cleaned_data
        return Position(
            lat_e6=round(asked["lat"] * 1_000_000),
            lon_e6=round(asked["lon"] * 1_000_000),
            source=asked["source"].strip(),
            outside_confirmed=asked["outside"],
        )


class AccessibilityForm(forms.Form):
    """What was seen at a TPS; "belum dilihat" stays unknown and never becomes "no"."""

    step_free = forms.ChoiceField(label="Jalan masuk tanpa tangga", choices=YES_NO_UNKNOWN, required=False)
    low_table = forms.ChoiceField(label="Meja bilik rendah", choices=YES_NO_UNKNOWN, required=False)
    abtn = forms.ChoiceField(
        label="Alat bantu tunanetra (ABTN) tersedia", choices=YES_NO_UNKNOWN, required=False
    )
    source_text = forms.CharField(
        label="Siapa yang melihat, kapan", max_length=SOURCE_LENGTH_MAX, help_text="jabatan, bukan nama orang"
    )

    @staticmethod
    def initial_of(tps: Tps) -> dict[str, str]:
        """Return what is known now, as the form shows it."""
        word = {None: "", True: "ya", False: "tidak"}
        return {
            "step_free": word[tps.step_free],
            "low_table": word[tps.low_table],
            "abtn": word[tps.abtn],
            "source_text": "" if tps.accessibility_source == "contoh" else tps.accessibility_source,
        }

    def seen(self) -> Seen:
        """Return what was filled in."""
        asked = self.cleaned_data
        return Seen(ANSWERS[asked["step_free"]], ANSWERS[asked["low_table"]], ANSWERS[asked["abtn"]])

    def source(self) -> str:
        """Return who saw it."""
        return str(self.cleaned_data["source_text"]).strip()


class ParameterForm(forms.Form):
    """One number of the rules, as the office sets it."""

    param = forms.ChoiceField(label="Angka yang mana")
    value = forms.IntegerField(label="Nilai baru", min_value=0)
    source_text = forms.CharField(
        label="Dari mana angka ini",
        max_length=120,
        help_text="misalnya: Keputusan KPU, surat, hasil hitung gudang",
    )

    def __init__(self, *args: Any, params: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["param"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, name) for name in params]

    def setting(self) -> Setting:
        """Return what was filled in."""
        return Setting(self.cleaned_data["value"], self.cleaned_data["source_text"].strip())


class TotalsForm(forms.Form):
    """Totals that others gave us, as a small CSV."""

    against = forms.ChoiceField(label="Angka dari mana", choices=OutsideTotals.Against)
    file = forms.FileField(
        label="Berkas CSV", help_text="dua kolom: item;jumlah – kode barang seperti di unduhan kebutuhan"
    )


class ImportForm(forms.Form):
    """A list as the office has it."""

    file = forms.FileField(
        label="Berkas daftar TPS", required=False, help_text="XLSX, XLS, ODS atau CSV, paling besar 40 MB"
    )
    contoh = forms.BooleanField(required=False, widget=forms.HiddenInput)
    expected = forms.IntegerField(
        label="Jumlah pemilih yang seharusnya",
        required=False,
        min_value=0,
        help_text="boleh kosong; dipakai untuk mencocokkan",
    )
    take_proposals = forms.BooleanField(label="pakai semua usul untuk pertanyaan", required=False)
