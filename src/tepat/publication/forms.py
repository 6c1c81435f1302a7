"""What is typed on the screens of the open log."""

from django import forms

from tepat.publication.entries import OBJECT_LENGTH_MAX


class ObjectForm(forms.Form):
    """Which object's entries are wanted."""

    objek = forms.CharField(
        label="Kode kotak, set atau benda lain",
        max_length=OBJECT_LENGTH_MAX,
        help_text="Persis seperti pada label, misalnya register:33.16.",
    )
