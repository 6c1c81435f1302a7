"""What people fill in when they choose a warehouse. Forms check; they never save."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tepat.common.actions import Contact
from tepat.common.forms import NAME_LENGTH_MAX, PHONE_LENGTH_MAX
from tepat.distribution.models import OfficeVehicle, WarehouseSurvey
from tepat.distribution.warehouse_actions import CandidateGiven
from tepat.distribution.warehouses.gate import needs_words

MM_PER_CM = 10
CM_MAX = 10_000
RUPIAH_MAX = 5_000_000_000
FLOOR_MAX = 100_000
UNKNOWN = "belum diperiksa"
ANSWERS = (("", UNKNOWN), ("ya", "ya"), ("tidak", "tidak"))
CLASSES = (("", UNKNOWN), *OfficeVehicle.VehicleClass.choices)
SECONDS = (("5", "5 detik"), ("10", "10 detik"), ("20", "20 detik"), ("60", "1 menit"))
SETS = (("1", "satu gudang"), ("2", "satu atau dua gudang"))


class ChooseForm(forms.Form):
    """How the candidates are compared."""

    sets = forms.ChoiceField(label="Berapa gudang dibuka", choices=SETS, initial="2")
    seconds = forms.ChoiceField(label="Lama mencari tiap pilihan", choices=SECONDS, initial="10")

    def arguments(self) -> dict[str, Any]:
        """Return what was chosen, as plain values for a job."""
        return {"sets": int(self.cleaned_data["sets"]), "seconds": int(self.cleaned_data["seconds"])}


def _whole(label: str, most: int, hint: str = "", *, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=False, help_text=hint or "kosong: belum tahu"
    )


class CandidateForm(forms.Form):
    """What a visit to a candidate found."""

    name = forms.CharField(label="Nama gudang", max_length=NAME_LENGTH_MAX)
    address = forms.CharField(label="Alamat gudang", max_length=200, required=False)
    desa_code = forms.ChoiceField(label="Desa/kelurahan", required=False)
    lat = forms.FloatField(
        label="Lintang",
        min_value=-12,
        max_value=7,
        required=False,
        help_text="misalnya -6,97; kosong: titik desanya yang dipakai",
        localize=True,
    )
    lon = forms.FloatField(
        label="Bujur", min_value=94, max_value=142, required=False, help_text="misalnya 111,41", localize=True
    )
    usable_m2 = forms.IntegerField(label="Luas terpakai, m²", min_value=1, max_value=FLOOR_MAX)
    stack_cm = _whole("Tinggi tumpukan kotak, cm", CM_MAX, "kosong: tiga kotak, 180 cm", least=1)
    rent_rupiah = _whole("Sewa seluruhnya, rupiah", RUPIAH_MAX, "kosong: harga contoh")
    repair_rupiah = _whole("Perbaikan, rupiah", RUPIAH_MAX, "kosong: harga contoh")
    guards = _whole("Penjaga, orang", 500)
    gate_class = forms.ChoiceField(label="Kendaraan terbesar lewat gerbang", choices=CLASSES, required=False)
    gate_width_cm = _whole("Lebar gerbang, cm", CM_MAX, least=1)
    gate_height_cm = _whole("Tinggi gerbang, cm", CM_MAX, "kosong: terbuka di atas, atau belum tahu", least=1)
    road_class = forms.ChoiceField(
        label="Kendaraan terbesar di jalan menuju gudang", choices=CLASSES, required=False
    )
    docks = _whole("Kendaraan memuat sekaligus", 100, least=1)
    flood = forms.ChoiceField(label="Pernah banjir", choices=ANSWERS, required=False)
    flood_history = forms.CharField(
        label="Riwayat banjir",
        max_length=200,
        required=False,
        help_text="tahun dan tinggi air; jangan tulis nama orang",
    )
    cctv = forms.ChoiceField(label="CCTV", choices=ANSWERS, required=False)
    fire_extinguisher = forms.ChoiceField(label="APAR", choices=ANSWERS, required=False)
    contact_name = forms.CharField(
        label="Pemilik atau pemegang kunci",
        max_length=NAME_LENGTH_MAX,
        required=False,
        help_text="masuk brankas nama; kosong: tidak diubah",
    )
    contact_phone = forms.CharField(label="Telepon pemilik", max_length=PHONE_LENGTH_MAX, required=False)

    def __init__(
        self,
        *args: Any,
        desa: Sequence[tuple[str, str]],
        fixed_name: str = "",
        contacts: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["desa_code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "belum tahu"), *desa]
        for name in ("gate_width_cm", "gate_height_cm"):
            self.fields[name].help_text = f"{self.fields[name].help_text}; perlu {needs_words()}"
        if fixed_name:
            self.fields["name"].disabled = True
            self.fields["name"].initial = fixed_name
        if not contacts:
            del self.fields["contact_name"], self.fields["contact_phone"]

    def given(self) -> CandidateGiven:
        """Return what was filled in."""
        asked = self.cleaned_data
        return CandidateGiven(
            usable_m2=asked["usable_m2"],
            address=asked["address"],
            desa_code=asked["desa_code"],
            lat=asked["lat"],
            lon=asked["lon"],
            stack_mm=_mm(asked["stack_cm"]),
            rent_rupiah=asked["rent_rupiah"],
            repair_rupiah=asked["repair_rupiah"],
            gate_class=asked["gate_class"],
            gate_width_mm=_mm(asked["gate_width_cm"]),
            gate_height_mm=_mm(asked["gate_height_cm"]),
            road_class=asked["road_class"],
            docks=asked["docks"],
            guards=asked["guards"],
            flood=_answer(asked["flood"]),
            flood_history=asked["flood_history"],
            cctv=_answer(asked["cctv"]),
            fire_extinguisher=_answer(asked["fire_extinguisher"]),
        )

    def contact(self) -> Contact | None:
        """Return the owner, or None where nobody was named."""
        name = str(self.cleaned_data.get("contact_name") or "").strip()
        return Contact(name, self.cleaned_data.get("contact_phone") or "") if name else None


def _mm(centimetres: int | None) -> int | None:
    return None if centimetres is None else centimetres * MM_PER_CM


def _answer(word: str) -> bool | None:
    return None if not word else word == "ya"


def initial_of(row: WarehouseSurvey) -> dict[str, Any]:
    """Return a candidate as the form shows it; names stay in the vault."""

    def cm(millimetres: int | None) -> int | None:
        return None if millimetres is None else millimetres // MM_PER_CM

    def word(known: bool | None) -> str:  # noqa: FBT001 - a fact, not a switch
        return {None: "", True: "ya", False: "tidak"}[known]

    area = row.place.area.code
    return {
        "name": row.place.name,
        "address": row.address,
        "desa_code": area if area != row.area_code else "",
        "lat": row.place.lat,
        "lon": row.place.lon,
        "usable_m2": row.usable_m2,
        "stack_cm": cm(row.stack_mm),
        "rent_rupiah": row.rent_rupiah,
        "repair_rupiah": row.repair_rupiah,
        "guards": row.guards,
        "gate_class": row.gate_class,
        "gate_width_cm": cm(row.gate_width_mm),
        "gate_height_cm": cm(row.gate_height_mm),
        "road_class": row.road_class,
        "docks": row.docks,
        "flood": word(row.flood),
        "flood_history": row.flood_history,
        "cctv": word(row.cctv),
        "fire_extinguisher": word(row.fire_extinguisher),
    }
