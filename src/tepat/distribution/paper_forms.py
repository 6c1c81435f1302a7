"""What people fill in on the screens of papers. Forms check; they never save."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from tepat.common.errors import Refused
from tepat.common.tables import long_date
from tepat.common.unread import why_unread
from tepat.distribution.models import PrintedPaper
from tepat.distribution.page_actions import REASON_LENGTH_LEAST, REASON_LENGTH_MAX, Typed
from tepat.distribution.paper_rows import Returned
from tepat.distribution.papers.codes import CHECK_LENGTH, ID_LENGTH
from tepat.distribution.papers.reading import SCAN_BYTES_MAX, SCAN_PAGES_MAX
from tepat.distribution.papers.settings import KINDS, PLAN_SERIES, PaperSettings, settings_from

FILES_MAX = 20
SEARCH_LENGTH_MAX = 60
TYPED_LENGTH_MAX = 30
LINE_FIELDS = ("letterhead", "warehouse_witness", "district_witness", "village_witness", "notes")
WAITED_FOR = [(kind, word) for kind, word in PrintedPaper.Kind.choices if kind not in PLAN_SERIES]
"""Kinds that come back signed; papers of the plan as a whole are sent and not waited for."""

STATES = (
    ("", "semua"),
    ("kurang", "yang belum ada atau sebagian"),
    ("belum", "yang belum ada"),
    ("sebagian", "yang sebagian"),
    ("lengkap", "yang lengkap"),
)


class PaperFilter(forms.Form):
    """What narrows the list of papers."""

    cari = forms.CharField(label="Cari tempat, nomor atau kode", max_length=SEARCH_LENGTH_MAX, required=False)
    jenis = forms.ChoiceField(label="Jenis", required=False, choices=[("", "semua jenis"), *WAITED_FOR])
    hari = forms.ChoiceField(label="Hari", required=False)
    keadaan = forms.ChoiceField(label="Tampilkan", required=False, choices=STATES)
    rencana = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, papers: Iterable[PrintedPaper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = sorted({paper.day for paper in papers})
        choice = self.fields["hari"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "semua hari"), *((day.isoformat(), long_date(day)) for day in days)]

    def apply(self, papers: Iterable[PrintedPaper], returned: Mapping[str, Returned]) -> list[PrintedPaper]:
        """Return the papers that fit; all of them where nothing valid was asked."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        wanted = {"": set(), "kurang": {"belum", "sebagian"}}.get(
            asked.get("keadaan", ""), {asked.get("keadaan", "")}
        )
        words = asked.get("cari", "").lower()
        return [
            paper
            for paper in papers
            if asked.get("jenis", "") in {"", paper.kind}
            and asked.get("hari", "") in {"", paper.day.isoformat()}
            and (not wanted or returned[paper.pk].state in wanted)
            and words in f"{paper.about} {paper.number} {paper.pk} {paper.place} {paper.unit}".lower()
        ]


class ManyFiles(forms.ClearableFileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True


class UploadForm(forms.Form):
    """Scans and photos that came back."""

    scans = forms.FileField(
        label="Foto atau hasil pindai",
        help_text=f"JPG, PNG atau PDF; paling banyak {FILES_MAX} berkas, masing-masing paling besar"
        f" {SCAN_BYTES_MAX // 2**20} MB dan {SCAN_PAGES_MAX} halaman. Kode QR di sudut atas harus terlihat.",
        widget=ManyFiles(attrs={"multiple": True, "accept": "image/jpeg,image/png,application/pdf"}),
    )


def uploaded(files: MultiValueDict[str, UploadedFile[Any]]) -> list[UploadedFile[Any]]:
    """Return the uploaded files.

    Raises:
        Refused: PAPER-NO-FILES, PAPER-TOO-MANY-FILES.
    """
    found = files.getlist("scans")
    if not found:
        raise Refused("PAPER-NO-FILES")
    if len(found) > FILES_MAX:
        raise Refused("PAPER-TOO-MANY-FILES", count=len(found), limit=FILES_MAX)
    return found


class TypedForm(forms.Form):
    """What stands at the foot of a page that no QR told."""

    document = forms.CharField(
        label="Dokumen",
        max_length=TYPED_LENGTH_MAX,
        help_text=f"{ID_LENGTH} huruf dan angka sesudah kata “dokumen” di kaki halaman",
    )
    page_number = forms.IntegerField(
        label="Halaman", min_value=1, max_value=999, help_text="misalnya 2 untuk “Halaman 2 dari 3”"
    )
    check = forms.CharField(
        label="Huruf periksa",
        max_length=TYPED_LENGTH_MAX,
        help_text=f"{CHECK_LENGTH} huruf sesudah kata “periksa” di kaki halaman",
    )

    def typed(self) -> Typed:
        """Return what was filled in."""
        asked = self.cleaned_data
        return Typed(asked["document"], asked["page_number"], asked["check"])


class AsideForm(forms.Form):
    """Why a page is none of the office's papers; the action refuses what is too short."""

    reason = forms.CharField(
        label="Apa sebenarnya halaman ini?",
        max_length=REASON_LENGTH_MAX,
        min_length=REASON_LENGTH_LEAST,
        help_text="misalnya lembar kosong, foto yang salah, surat kantor lain; jangan tulis nama orang",
    )


def _lines(label: str, help_text: str, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, widget=widget, required=False)


class PaperSettingsForm(forms.Form):
    """What the office decides about its papers."""

    size = forms.ChoiceField(
        label="Ukuran kertas", choices=(("a4", "A4 (210 × 297 mm)"), ("f4", "F4/folio (215 × 330 mm)"))
    )
    letterhead = _lines("Kop surat", "satu baris tiap baris; paling banyak 4")
    address = forms.CharField(label="Alamat di bawah kop", max_length=80)
    city = forms.CharField(label="Kota penandatanganan", max_length=80)
    series_surat_jalan = forms.CharField(
        label="Pola nomor surat jalan",
        max_length=60,
        help_text="{n} nomor urut (wajib), {code} kode wilayah, {month} bulan Romawi, {year} tahun",
    )
    series_bast = forms.CharField(label="Pola nomor BAST", max_length=60)
    series_tanda_terima = forms.CharField(label="Pola nomor tanda terima", max_length=60)
    series_strategi = forms.CharField(label="Pola nomor naskah strategi", max_length=60)
    series_rab = forms.CharField(label="Pola nomor RAB", max_length=60)
    series_pengawalan = forms.CharField(label="Pola nomor rencana pengawalan", max_length=60)
    series_petikan = forms.CharField(label="Pola nomor petikan rencana", max_length=60)
    series_jadwal = forms.CharField(label="Pola nomor jadwal untuk Bawaslu", max_length=60)
    series_surat_tugas = forms.CharField(label="Pola nomor surat tugas", max_length=60)
    giver = forms.CharField(
        label="Penyerah di gudang", max_length=80, help_text="jabatan; nama ditulis tangan di lembarnya"
    )
    warehouse_witness = _lines("Saksi di gudang", "satu jabatan tiap baris, misalnya Polri, Bawaslu")
    district_witness = _lines("Saksi di PPK", "satu jabatan tiap baris")
    village_witness = _lines("Saksi di PPS", "satu jabatan tiap baris, misalnya PKD (pengawas desa)")
    notes = _lines("Catatan di BAST", "satu kalimat tiap baris; paling banyak 5", rows=5)

    @staticmethod
    def initial_of(given: PaperSettings) -> dict[str, str]:
        """Return settings as the form shows them."""
        return {
            "size": given.size,
            "address": given.address,
            "city": given.city,
            "giver": given.giver,
            **{name: "\n".join(getattr(given, name)) for name in LINE_FIELDS},
            **{_series_field(kind): given.series[kind] for kind in KINDS},
        }

    def settings(self) -> PaperSettings:
        """Return what was filled in.

        Raises:
            Refused: PAPER-SETTING-WRONG.
        """
        asked = self.cleaned_data
        try:
            return settings_from(
                {name: asked[name].strip() for name in ("size", "address", "city", "giver")}
                | {
                    name: [line.strip() for line in asked[name].splitlines() if line.strip()]
                    for name in LINE_FIELDS
                }
                | {"series": {kind: asked[_series_field(kind)].strip() for kind in KINDS}}
            )
        except ValueError as wrong:
            raise Refused("PAPER-SETTING-WRONG", reason=why_unread(wrong)) from wrong


def _series_field(kind: str) -> str:
    return f"series_{kind.replace('-', '_')}"
