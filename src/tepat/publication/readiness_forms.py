"""What Kesiapan is asked: the moment, and whether as it is known now or as it was known then."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tepat.custody.timeline_states import Instant

KNOWN_NOW, KNOWN_THEN = "sekarang", "saat-itu"
FORMAT = "%Y-%m-%dT%H:%M"


class MomentForm(forms.Form):
    """A moment in the office's zone; empty is now."""

    per = forms.DateTimeField(
        label="Keadaan pada",
        required=False,
        input_formats=[FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=FORMAT, attrs={"type": "datetime-local"}),
        help_text="kosong berarti sekarang",
    )
    diketahui = forms.ChoiceField(
        label="Menurut yang diketahui",
        required=False,
        choices=[(KNOWN_NOW, "sekarang, termasuk yang terkirim belakangan"), (KNOWN_THEN, "pada saat itu")],
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def instant(self, now: datetime, last: datetime) -> Instant:
        """Return the moment that was asked.

        Args:
            now: This moment; what lies after it is now.
            last: The last moment at which readiness means something; nothing asked is never later.
        """
        said = self.cleaned_data if self.is_valid() else {}
        asked: datetime | None = said.get("per")
        at = asked.replace(tzinfo=self.zone) if asked else min(now, last)
        if at >= now:
            return Instant()
        return Instant(at, at if said.get("diketahui") == KNOWN_THEN else None)
