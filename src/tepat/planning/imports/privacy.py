"""What must never be stored: NIK and NKK, names and homes of voters, found by header and by content.

Only mapped columns of a list are ever kept, so this guards three ways in: a column mapped by mistake, a
private column that the user should know was left out, and a number or a name inside a free text that is kept.
"""

import re
from collections.abc import Iterable

from tepat.planning.imports.sheets import Value, is_blank

NIK = "nik"
NAME = "name"
PRIVATE = "private"

NIK_SHARE_MIN = 0.3
NAME_SHARE_MIN = 0.6
NAME_UNIQUE_MIN = 0.7
NAME_CELLS_MIN = 5
NAME_WORDS_MAX = 5

NIK_MASK = "[NIK dihapus]"
NAME_MASK = "[nama dihapus]"

HEADERS: dict[str, frozenset[str]] = {
    NIK: frozenset(
        (
            *(
                "nik",
                "nkk",
                "no kk",
                "nomor kk",
                "no nik",
                "nomor nik",
                "no ktp",
                "nomor ktp",
                "ktp",
                "no nkk",
            ),
            *(
                "nomor nkk",
                "nomor induk kependudukan",
                "nomor kartu keluarga",
                "no kartu keluarga",
                "nik ktp",
            ),
        ),
    ),
    NAME: frozenset(
        (
            *(
                "nama",
                "nama pemilih",
                "nama lengkap",
                "nama ketua",
                "nama ketua kpps",
                "ketua kpps",
                "pantarlih",
            ),
            *("nama kepala keluarga", "nama petugas", "nama pantarlih", "kepala keluarga", "nama anggota"),
        ),
    ),
    PRIVATE: frozenset(
        (
            *(
                "alamat",
                "alamat pemilih",
                "alamat rumah",
                "rt",
                "rw",
                "rt rw",
                "dusun",
                "dukuh",
                "jalan dukuh",
            ),
            *(
                "tempat lahir",
                "tanggal lahir",
                "tgl lahir",
                "tempat tanggal lahir",
                "tempat tgl lahir",
                "ttl",
            ),
            *("umur", "usia", "jenis kelamin", "kelamin", "jk", "status perkawinan", "status kawin", "agama"),
            *("pekerjaan", "hp", "no hp", "nomor hp", "telepon", "no telepon", "email", "no wa", "kontak"),
        ),
    ),
}

# Sixteen digits, perhaps with spaces, dots or dashes between them, or partly starred out.
NIK_TEXT = re.compile(r"(?<!\d)\d(?:[ .\-\u00a0]?\d){15}(?!\d)")
NIK_STARRED = re.compile(r"(?<!\d)\d{4,12}[*xX•]{3,}\d*|[*•]{6,}\d{2,}")
NIK_SCIENTIFIC = re.compile(r"(?<!\d)\d[.,]\d{2,}E\+?15(?!\d)", re.IGNORECASE)
# A latitude or longitude of Indonesia with all the digits that a phone writes has as many as a NIK.
DEGREES = re.compile(r"\s*(?:-?\d|-1[01]|9[89]|1[0-4]\d)[.,]\d{4,}\s*")
NIK_CHARS_MIN = 7
NIK_LOW, NIK_HIGH = 10**15, 10**16

ADDRESSED = re.compile(
    r"\b((?:[Bb]apak|[Bb]pk|[Bb]p|[Pp]ak|[Ii]bu|[Ss]dr|[Ss]dri|[Ss]audara|[Ss]audari|Hj|H)\b\.?\s+)"
    r"([A-Z][\w'.]+(?:\s+[A-Z][\w'.]+){0,3})",
)
NAME_SHAPE = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .,'’-]+[^\W\d_][^\W\d_.'’-]*)+\.?", re.UNICODE)
_WORDS_OF_PLACES = """
aula balai balaidesa desa kantor kelurahan kecamatan kec gedung gor gudang halaman lapangan masjid
mushola rumah langgar mi mts paud pendopo pos posyandu ronda sd sdn smp smpn sma sman smk smkn tk tpq
madrasah pasar terminal dusun dukuh jalan jl gang rt rw tps ya tidak ada belum sudah baik rusak ok cukup
kurang jumlah total sub dapil kab kabupaten kota prov provinsi data pemilih truk truck pick up motor
mobil sewa cv pt ud koperasi dinas polres polsek kpu bawaslu panwascam pps ppk kpps anggota ketua
sekretaris serba guna utara selatan timur barat tengah pondok pesantren lapas rutan sekolah dasar negeri
depan belakang samping dekat area parkir wisma hotel toko kios
"""
INSTITUTIONS = frozenset(_WORDS_OF_PLACES.split())


def private_header(heading: str) -> str:
    """Return which private column a plain heading names: ``nik``, ``name``, ``private`` or empty."""
    for group, words in HEADERS.items():
        if heading in words:
            return group
    return NIK if set(heading.split()) & {"nik", "nkk", "ktp"} else ""


def has_nik(value: Value) -> bool:
    """Return whether a cell holds what looks like a NIK or NKK."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return NIK_LOW <= abs(value) < NIK_HIGH
    if isinstance(value, str) and len(value) >= NIK_CHARS_MIN and not DEGREES.fullmatch(value):
        return any(pattern.search(value) for pattern in (NIK_TEXT, NIK_STARRED, NIK_SCIENTIFIC))
    return False


def masked(value: Value) -> Value:
    """Return a cell without NIK-like digits."""
    if not has_nik(value):
        return value
    if not isinstance(value, str):
        return NIK_MASK
    for pattern in (NIK_TEXT, NIK_STARRED, NIK_SCIENTIFIC):
        value = pattern.sub(NIK_MASK, value)
    return value


def masked_names(text: str) -> str:
    """Return a free text without a person's name after ``Bapak``, ``Ibu``, ``Sdr`` and the like."""
    return ADDRESSED.sub(lambda match: match[1] + NAME_MASK, text)


def nik_column(values: Iterable[Value]) -> bool:
    """Return whether a column's content is NIK or NKK, whatever its header says."""
    filled = [value for value in values if not is_blank(value)]
    return bool(filled) and sum(map(has_nik, filled)) >= NIK_SHARE_MIN * len(filled)


def name_column(values: Iterable[Value], known: frozenset[str]) -> bool:
    """Return whether a column's content looks like names of people.

    Args:
        values: Its cells.
        known: Plain names of places, which are no people.
    """
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    if len(texts) < NAME_CELLS_MIN:
        return False
    alike = sum(looks_like_person(text, known) for text in texts)
    return alike >= NAME_SHARE_MIN * len(texts) and len(set(texts)) >= NAME_UNIQUE_MIN * len(texts)


def looks_like_person(text: str, known: frozenset[str]) -> bool:
    """Return whether a text is two to five words of letters, none of them of institutions or places."""
    if not NAME_SHAPE.fullmatch(text):
        return False
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not 2 <= len(words) <= NAME_WORDS_MAX or "".join(words) in known:
        return False
    return not INSTITUTIONS & set(words)
