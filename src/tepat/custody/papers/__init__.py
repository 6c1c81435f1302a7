"""Printed cards: names from the vault, codes that stand nowhere else, two QR on each."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tepat.common.tables import short_date
from tepat.custody.identities import Issued

FOLDER = Path(__file__).parent
CARDS_PER_SHEET = 8
PATH = "/lapangan/#kode="


def cards_pdf(
    cards: Sequence[Issued], *, office: tuple[str, str], address: str, zone: ZoneInfo, watermark: str
) -> bytes:
    """Return the cards as A4 sheets, eight on each.

    Args:
        cards: What was issued just now, with the codes.
        office: The office's area code and name.
        address: The office's address on the network, such as ``https://tepat.example``.
        zone: The office's zone.
        watermark: LATIHAN or nothing.
    """
    import typst

    content = {
        "office": office[1],
        "watermark": watermark,
        "cards": [_card(card, office[0], address, zone) for card in cards],
    }
    pdf: bytes = typst.compile(
        input=str(FOLDER / "kartu.typ"),
        root=str(FOLDER),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    return pdf


def _card(card: Issued, office: str, address: str, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": card.name or "........................................",
        "role": card.role,
        "place": card.area_code,
        "number": f"{card.number[:4]} {card.number[4:]}",
        "from": short_date(card.valid_from.astimezone(zone).date()),
        "until": short_date(card.valid_to.astimezone(zone).date()),
        "invite": qr_svg(address.rstrip("/") + PATH + card.code) if card.code else "",
        "shown": qr_svg(card_text(office, card.number)),
        "spare": card.spare,
    }


def card_text(office: str, number: str) -> str:
    """Return what the QR of a person's card says: version, office, number; no secret."""
    return f"TK1:{office.replace('.', '')}:{number}"


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG picture."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(zxingcpp.write_barcode_to_svg(code, add_quiet_zones=True))
