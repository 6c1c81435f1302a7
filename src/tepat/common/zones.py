"""The time zone of each province, as IANA names: WIB, WITA, WIT."""

WIB, WIB_KALIMANTAN, WITA, WIT = "Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"
_WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
_WIT = {"81", "82", "91", "92", "93", "94", "95", "96"}
SHORT = {WIB: "WIB", WIB_KALIMANTAN: "WIB", WITA: "WITA", WIT: "WIT"}


def zone_of(area_code: str) -> str:
    """Return the zone of an area by its province.

    Args:
        area_code: Any official code.

    Source:
        Keppres 41/1987: WIB, WITA, WIT by province; later provinces take their parent's zone.
    """
    province = area_code[:2]
    if province in _WITA:
        return WITA
    if province in _WIT:
        return WIT
    return WIB_KALIMANTAN if province in {"61", "62"} else WIB
