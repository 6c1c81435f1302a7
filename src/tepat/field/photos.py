"""Photos from the field: believed by their hash, which an event named before they came."""

import hashlib
import io
from datetime import datetime

from tepat.common import documents, ledger
from tepat.common.acting import Actor, action, system_actor
from tepat.common.errors import Refused
from tepat.common.models import Document
from tepat.common.permissions import Permission
from tepat.custody.models import ExpectedPhoto
from tepat.field.wire import PHOTO_BYTES_MAX

JPEG = "image/jpeg"


def receive_photo(raw: bytes, *, at: datetime) -> str:
    """Keep one photo that an event named; the same photo again changes nothing.

    Args:
        raw: The file.
        at: When it came.

    Returns:
        Its SHA-256.

    Raises:
        Refused: FIELD-PHOTO-LARGE, FIELD-PHOTO-KIND, FIELD-PHOTO-UNEXPECTED.
    """
    if len(raw) > PHOTO_BYTES_MAX:
        raise Refused("FIELD-PHOTO-LARGE", limit=PHOTO_BYTES_MAX // 1024)
    if documents.media_type_of(raw[: documents.SNIFF_BYTES]) != JPEG:
        raise Refused("FIELD-PHOTO-KIND")
    sha256 = hashlib.sha256(raw).hexdigest()
    expected = ExpectedPhoto.objects.filter(sha256=sha256)
    if not expected.exists():
        raise Refused("FIELD-PHOTO-UNEXPECTED")
    if expected.filter(arrived_at=None).exists():
        kept = documents.keep(io.BytesIO(raw), size_max=PHOTO_BYTES_MAX)
        _name_photo(by=system_actor(), at=at, file=kept)
    return sha256


@action(Permission.DOCUMENTS_ADD)
def _name_photo(*, by: Actor, at: datetime, file: documents.KeptFile) -> None:
    expected = ExpectedPhoto.objects.filter(sha256=file.sha256, arrived_at=None)
    area = expected.exclude(area_code="").values_list("area_code", flat=True).first() or ""
    _, new = Document.objects.get_or_create(
        sha256=file.sha256,
        defaults={
            "size": file.size,
            "media_type": file.media_type,
            "label": "Foto dari lapangan",
            "area_code": area,
            "added_at": at,
            "added_by": by.person,
        },
    )
    payload = {"sha256": file.sha256, "size": file.size, "media_type": file.media_type, "new": new}
    about = ledger.About((f"dokumen:{file.sha256}",), area, (file.sha256,))
    ledger.record(documents.ADDED, payload, by=by, at=at, about=about)
    expected.update(arrived_at=at)
