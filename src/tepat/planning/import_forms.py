"""What people fill in when a list comes in. Forms check; they never save."""

from typing import Any

from django import forms

from tepat.planning.imports.kinds import KINDS

FILE_TYPES = ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv"
TOTAL_MAX = 100_000_000


class WholeListForm(forms.Form):
    """What the list should come to, and whether it is all there is."""

    dpt = forms.IntegerField(
        label="Jumlah pemilih yang seharusnya",
        required=False,
        min_value=0,
        max_value=TOTAL_MAX,
        help_text="boleh kosong; dipakai untuk mencocokkan",
    )
    tps = forms.IntegerField(
        label="Jumlah TPS yang seharusnya",
        required=False,
        min_value=0,
        max_value=TOTAL_MAX,
        help_text="boleh kosong",
    )
    whole_list = forms.BooleanField(
        label="Ini seluruh daftar: yang tidak ada di berkas akan dihapus (ditanya lagi sebelum diterima)",
        required=False,
    )

    def expectations(self) -> dict[str, int]:
        """Return the totals that were given."""
        given = {name: self.cleaned_data.get(name) for name in ("dpt", "tps")}
        return {name: value for name, value in given.items() if value is not None}


class ListForm(WholeListForm):
    """A list as the office has it; without a file the messy example can be asked for."""

    field_order = ("kind", "file", "dpt", "tps", "whole_list")
    kind = forms.ChoiceField(label="Jenis daftar", required=False)
    file = forms.FileField(
        label="Berkas",
        required=False,
        help_text="XLSX, XLS, ODS atau CSV, paling besar 25 MB",
        widget=forms.FileInput(attrs={"accept": FILE_TYPES}),
    )
    contoh = forms.CharField(required=False, max_length=5, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(kind.name, kind.label) for kind in KINDS.values()]

    def clean_kind(self) -> str:
        """Return the kind; a list of TPS where none was named."""
        return self.cleaned_data["kind"] or "tps"
