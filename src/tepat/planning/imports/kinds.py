"""What each list holds: one declarative table of columns per kind of list; the engine knows nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tepat.common.errors import Refused


class Type(StrEnum):
    """How the text of a cell is read."""

    COUNT = "count"
    TPS = "tps"
    KECAMATAN = "kecamatan"
    DESA = "desa"
    DESA_CODE = "desa_code"
    DAPIL = "dapil"
    YES_NO = "yes_no"
    TEXT = "text"
    CODE = "code"
    RUPIAH = "rupiah"
    MEASURE = "measure"
    DATE = "date"
    DEGREES = "degrees"
    CHOICE = "choice"


NUMERIC = frozenset({Type.COUNT, Type.RUPIAH, Type.MEASURE})
PLACE = frozenset({Type.KECAMATAN, Type.DESA, Type.DESA_CODE})
NOT_FILLED = NUMERIC | {Type.TPS, Type.CODE}


@dataclass(frozen=True, eq=False)  # compared by identity: each stands once in its table
class Field:
    """One column that a list may have.

    Args:
        name: The key in a record; units last.
        label: As a person calls it.
        type: How its cells are read.
        synonyms: Headers that mean it, in the shape of `headings.plain`.
        required: A row without it cannot be used.
        minimum: The least it may be.
        maximum: The most it may be; None where only the election says it.
        scale: A measure is multiplied by this: litres to millilitres, kilograms to grams.
        domain: The group it belongs to; a header that speaks of another group never means it.
        choices: For a choice: what is stored, and the words for it.
        vault: Names and contacts: kept apart, never in the reduced file.
    """

    name: str
    label: str
    type: Type
    synonyms: tuple[str, ...]
    required: bool = False
    minimum: int = 0
    maximum: int | None = None
    scale: int = 1
    domain: str = ""
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    vault: bool = False


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of list.

    Args:
        name: ``tps``, ``vehicles``, ``warehouses`` or ``people``.
        label: As a person calls the list.
        fields: Its columns.
        core: Fields of which a row of the list has at least one; a row without any is no row of it.
        anchor: The field whose column tells the list from a recapitulation.
        key: The fields that name a record.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    core: tuple[str, ...]
    anchor: str
    key: tuple[str, ...]

    def field(self, name: str) -> Field:
        """Return a field by its name, KeyError for none."""
        return self.by_name[name]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {field.name: field for field in self.fields}

    def named(self, fields: Sequence[str], *types: Type) -> list[str]:
        """Return those of some field names that are of certain types."""
        return [name for name in fields if name in self.by_name and self.by_name[name].type in types]


BALLOTS: dict[str, tuple[str, ...]] = {
    "PPWP": ("ppwp", "presiden", "pilpres", "presiden dan wakil presiden"),
    "DPR": ("dpr", "dpr ri"),
    "DPD": ("dpd", "dpd ri"),
    "DPRDP": ("dprdp", "dprd prov", "dprd provinsi", "dprd propinsi"),
    "DPRDK": ("dprdk", "dprd kab", "dprd kabupaten", "dprd kota", "dprd kab kota", "dprd kabupaten kota"),
    "PGUB": ("pgub", "gubernur", "pilgub"),
    "PBUP": ("pbup", "bupati", "wali kota", "walikota", "pilbup", "pilwalkot"),
}

DISABILITIES: dict[str, tuple[str, ...]] = {
    "fisik": ("fisik", "tuna daksa", "daksa"),
    "intelektual": ("intelektual", "tuna grahita", "grahita"),
    "mental": ("mental",),
    "wicara": ("wicara", "sensorik wicara", "tuna wicara"),
    "rungu": ("rungu", "sensorik rungu", "tuna rungu"),
    "netra": ("netra", "sensorik netra", "tuna netra"),
}
PEOPLE_PER_TPS_MAX = 9_999

_PLACE_FIELDS = (
    Field(
        "kecamatan",
        "kecamatan",
        Type.KECAMATAN,
        ("kecamatan", "kec", "nama kecamatan", "nama kec", "wilayah kecamatan", "ppk", "distrik"),
    ),
    Field(
        "desa",
        "desa/kelurahan",
        Type.DESA,
        (
            "desa",
            "kelurahan",
            "desa kelurahan",
            "desa kel",
            "kelurahan desa",
            "kel desa",
            "nama desa",
            "nama desa kelurahan",
            "nama kelurahan",
            "nama desa kel",
            "pps",
            "ds kel",
        ),
    ),
    Field(
        "desa_code",
        "kode desa",
        Type.DESA_CODE,
        (
            "kode desa",
            "kode desa kelurahan",
            "kode desa kel",
            "kode kelurahan",
            "kode wilayah",
            "kode kel desa",
            "id desa",
            "kode kemendagri",
            "desa code",
        ),
    ),
)


def _count(name: str, label: str, synonyms: tuple[str, ...], domain: str = "") -> Field:
    return Field(name, label, Type.COUNT, synonyms, maximum=PEOPLE_PER_TPS_MAX, domain=domain)


def _ballot_fields() -> tuple[Field, ...]:
    fields = []
    for ballot, words in BALLOTS.items():
        voters = tuple(f"{prefix} {word}" for word in words for prefix in ("voters", "pemilih", "dpt"))
        fields.append(_count(f"voters_{ballot}", f"pemilih {ballot}", voters + words, domain=ballot))
        dapil = tuple(f"{prefix} {word}" for word in words for prefix in ("dapil", "daerah pemilihan"))
        fields.append(Field(f"dapil_{ballot}", f"dapil {ballot}", Type.DAPIL, dapil, domain=ballot))
    return tuple(fields)


def _disability_fields() -> tuple[Field, ...]:
    fields = [
        _count(
            f"disability_{name}",
            f"disabilitas {name}",
            tuple(
                f"{prefix}{word}" for word in words for prefix in ("", "disabilitas ", "pemilih disabilitas ")
            ),
            domain="disabilitas",
        )
        for name, words in DISABILITIES.items()
    ]
    total = _count(
        "disability_total",
        "jumlah disabilitas",
        (
            "disabilitas",
            "jumlah disabilitas",
            "total disabilitas",
            "pemilih disabilitas",
            "disabilitas jumlah",
            "disabilitas total",
            "jumlah pemilih disabilitas",
        ),
        domain="disabilitas",
    )
    return (*fields, total)


TPS = Kind(
    name="tps",
    label="daftar TPS",
    fields=(
        *_PLACE_FIELDS,
        Field(
            "tps",
            "nomor TPS",
            Type.TPS,
            ("tps", "no tps", "nomor tps", "nama tps", "tps no", "tps nomor", "no urut tps"),
            required=True,
            minimum=1,
            maximum=999,
        ),
        _count(
            "dpt_male",
            "pemilih laki-laki",
            (
                "l",
                "lk",
                "laki laki",
                "laki",
                "pria",
                "pemilih laki laki",
                "jumlah pemilih l",
                "pemilih l",
                "jumlah pemilih laki laki",
                "dpt l",
                "dpt laki laki",
                "jumlah laki laki",
            ),
        ),
        _count(
            "dpt_female",
            "pemilih perempuan",
            (
                "p",
                "pr",
                "perempuan",
                "wanita",
                "pemilih perempuan",
                "jumlah pemilih p",
                "pemilih p",
                "jumlah pemilih perempuan",
                "dpt p",
                "dpt perempuan",
                "jumlah perempuan",
            ),
        ),
        _count(
            "dpt",
            "jumlah pemilih",
            (
                "l+p",
                "jumlah",
                "total",
                "jml",
                "jumlah pemilih",
                "jml pemilih",
                "total pemilih",
                "pemilih",
                "dpt",
                "jumlah dpt",
                "total dpt",
                "jumlah l+p",
                "total l+p",
                "pemilih l+p",
                "jumlah pemilih l+p",
                "jumlah pemilih jumlah",
                "jumlah pemilih total",
                "dpt l+p",
                "dpt jumlah",
                "pemilih dpt",
                "jumlah pemilih dpt",
                "pemilih terdaftar",
                "voters",
            ),
        ),
        _count(
            "dptb",
            "pemilih DPTb",
            (
                "dptb",
                "jumlah dptb",
                "dptb jumlah",
                "dptb l+p",
                "dptb total",
                "pemilih dptb",
                "pemilih tambahan",
                "pemilih pindahan",
                "daftar pemilih tambahan",
            ),
            domain="dptb",
        ),
        Field(
            "dapil",
            "dapil",
            Type.DAPIL,
            ("dapil", "daerah pemilihan", "dapil dprd", "no dapil", "nama dapil"),
        ),
        *_ballot_fields(),
        *_disability_fields(),
        Field(
            "step_free",
            "tanpa tangga",
            Type.YES_NO,
            ("tanpa tangga", "tanpa undakan", "tidak bertangga", "akses tanpa tangga", "step free"),
        ),
        Field(
            "wheelchair_entrance",
            "pintu kursi roda",
            Type.YES_NO,
            ("akses kursi roda", "pintu kursi roda", "kursi roda", "jalan kursi roda", "wheelchair entrance"),
        ),
        Field(
            "low_table",
            "meja rendah",
            Type.YES_NO,
            ("meja rendah", "meja bilik rendah", "meja bilik", "low table"),
        ),
        Field(
            "place",
            "lokasi TPS",
            Type.TEXT,
            ("lokasi", "lokasi tps", "tempat tps", "alamat tps", "letak tps", "alamat lokasi tps", "tempat"),
        ),
    ),
    core=("tps", "dpt", "dpt_male", "dpt_female"),
    anchor="tps",
    key=("desa_code", "tps"),
)

VEHICLE_CLASSES = (
    (
        "truck",
        (
            "truk",
            "truck",
            "engkel",
            "colt diesel",
            "dump truck",
            "truk engkel",
            "truk double",
            "fuso",
            "tronton",
        ),
    ),
    ("pickup", ("pick up", "pickup", "pikap", "bak terbuka", "mobil bak", "l300", "mobil", "minibus")),
    ("motorcycle", ("motor", "sepeda motor", "roda dua", "roda tiga", "tossa", "viar")),
)

VEHICLES = Kind(
    name="vehicles",
    label="daftar kendaraan",
    fields=(
        Field(
            "plate",
            "nomor polisi",
            Type.CODE,
            (
                "nomor polisi",
                "no polisi",
                "nopol",
                "no pol",
                "plat",
                "plat nomor",
                "nomor kendaraan",
                "no kendaraan",
            ),
            required=True,
        ),
        Field(
            "vehicle_class",
            "jenis kendaraan",
            Type.CHOICE,
            ("jenis", "jenis kendaraan", "tipe", "tipe kendaraan", "kendaraan", "kelas"),
            required=True,
            choices=VEHICLE_CLASSES,
        ),
        Field(
            "boxes_max",
            "kotak sekali muat",
            Type.COUNT,
            (
                "kapasitas kotak",
                "muat kotak",
                "kotak",
                "jumlah kotak",
                "kapasitas",
                "daya muat",
                "kapasitas angkut",
            ),
            required=True,
            maximum=2_000,
        ),
        Field(
            "volume_ml",
            "isi bak (m³)",
            Type.MEASURE,
            ("volume", "volume m3", "isi bak", "isi bak m3", "kubikasi", "volume bak"),
            scale=1_000_000,
            maximum=100_000_000,
        ),
        Field(
            "weight_g",
            "muatan (kg)",
            Type.MEASURE,
            (
                "muatan",
                "muatan kg",
                "tonase kg",
                "berat muatan",
                "beban maksimum",
                "daya angkut kg",
                "berat kg",
            ),
            scale=1_000,
            maximum=40_000_000,
        ),
        Field(
            "rent_rupiah",
            "sewa per hari",
            Type.RUPIAH,
            (
                "sewa",
                "sewa per hari",
                "harga sewa",
                "tarif",
                "tarif per hari",
                "biaya sewa",
                "sewa hari",
                "harga",
            ),
            maximum=50_000_000,
        ),
        Field(
            "rupiah_per_km",
            "biaya per km",
            Type.RUPIAH,
            ("biaya per km", "rupiah per km", "bbm per km", "tarif per km", "rp km"),
            maximum=100_000,
        ),
        Field(
            "kecamatan",
            "kecamatan asal",
            Type.KECAMATAN,
            ("kecamatan", "asal", "pangkalan", "kecamatan asal"),
        ),
        Field(
            "owner",
            "pemilik",
            Type.TEXT,
            ("pemilik", "penyedia", "milik", "perusahaan", "vendor", "instansi"),
        ),
        Field(
            "driver_name",
            "sopir",
            Type.TEXT,
            ("sopir", "supir", "pengemudi", "nama sopir", "nama pengemudi", "driver", "nama supir"),
            vault=True,
        ),
        Field(
            "driver_phone",
            "telepon sopir",
            Type.TEXT,
            (
                "hp sopir",
                "no hp",
                "telepon",
                "hp",
                "nomor hp",
                "no telepon",
                "kontak",
                "no hp sopir",
                "wa",
                "no wa",
            ),
            vault=True,
        ),
    ),
    core=("plate", "boxes_max", "rent_rupiah"),
    anchor="plate",
    key=("plate",),
)

WAREHOUSES = Kind(
    name="warehouses",
    label="daftar gudang",
    fields=(
        Field(
            "name",
            "nama gudang",
            Type.TEXT,
            ("nama gudang", "gudang", "nama", "nama calon gudang", "calon gudang", "bangunan"),
            required=True,
        ),
        Field("kecamatan", "kecamatan", Type.KECAMATAN, ("kecamatan", "kec", "nama kecamatan")),
        Field("desa", "desa/kelurahan", Type.DESA, ("desa", "kelurahan", "desa kelurahan", "desa kel")),
        Field("address", "alamat gudang", Type.TEXT, ("alamat", "alamat gudang", "lokasi", "letak", "jalan")),
        Field(
            "lat",
            "lintang",
            Type.DEGREES,
            ("lat", "latitude", "lintang", "garis lintang"),
            minimum=-90,
            maximum=90,
        ),
        Field(
            "lon",
            "bujur",
            Type.DEGREES,
            ("lon", "long", "longitude", "bujur", "garis bujur"),
            minimum=-180,
            maximum=180,
        ),
        Field(
            "usable_m2",
            "luas (m²)",
            Type.COUNT,
            ("luas", "luas m2", "luas gudang", "luas terpakai", "luas bangunan", "m2"),
            required=True,
            minimum=1,
            maximum=100_000,
        ),
        Field(
            "rent_rupiah",
            "sewa",
            Type.RUPIAH,
            ("sewa", "biaya sewa", "harga sewa", "sewa rp", "sewa per bulan", "harga"),
            maximum=5_000_000_000,
        ),
        Field(
            "repair_rupiah",
            "perbaikan",
            Type.RUPIAH,
            ("perbaikan", "biaya perbaikan", "renovasi", "biaya renovasi"),
            maximum=5_000_000_000,
        ),
        Field(
            "gate_class",
            "masuk lewat gerbang",
            Type.CHOICE,
            ("gerbang", "pintu gerbang", "akses", "akses kendaraan"),
            choices=VEHICLE_CLASSES,
        ),
        Field(
            "guards",
            "penjaga",
            Type.COUNT,
            ("penjaga", "petugas jaga", "satpam", "jumlah penjaga"),
            maximum=500,
        ),
        Field("flood", "pernah banjir", Type.YES_NO, ("banjir", "rawan banjir", "pernah banjir")),
        Field("cctv", "CCTV", Type.YES_NO, ("cctv", "kamera", "ada cctv")),
        Field("fire_extinguisher", "APAR", Type.YES_NO, ("apar", "pemadam", "alat pemadam")),
    ),
    core=("name", "usable_m2", "rent_rupiah"),
    anchor="name",
    key=("name",),
)

POSTS = (
    ("pps", ("pps", "anggota pps", "ketua pps", "sekretariat pps")),
    ("ppk", ("ppk", "anggota ppk", "ketua ppk", "sekretariat ppk")),
    ("kpps", ("kpps", "anggota kpps", "ketua kpps")),
    ("warehouse", ("gudang", "petugas gudang", "penjaga gudang")),
    ("driver", ("sopir", "supir", "pengemudi")),
    ("police", ("polri", "polisi", "bhabinkamtibmas", "pengawal")),
    ("supervisor", ("panwascam", "pkd", "bawaslu", "ptps")),
    ("office", ("sekretariat", "operator", "kasubbag", "staf", "komisioner", "sekretaris")),
)

PEOPLE = Kind(
    name="people",
    label="daftar petugas",
    fields=(
        Field(
            "name",
            "nama",
            Type.TEXT,
            ("nama", "nama lengkap", "nama petugas", "nama anggota", "petugas"),
            required=True,
            vault=True,
        ),
        Field(
            "phone",
            "telepon",
            Type.TEXT,
            (
                "hp",
                "no hp",
                "nomor hp",
                "telepon",
                "no telepon",
                "no telp",
                "telp",
                "wa",
                "no wa",
                "kontak",
                "nomor wa",
            ),
            vault=True,
        ),
        Field("email", "surel", Type.TEXT, ("email", "e mail", "surel"), vault=True),
        Field(
            "post",
            "jabatan",
            Type.CHOICE,
            ("jabatan", "tugas", "peran", "posisi", "sebagai", "post"),
            required=True,
            choices=POSTS,
        ),
        *_PLACE_FIELDS,
        Field("tps", "nomor TPS", Type.TPS, ("tps", "no tps", "nomor tps"), minimum=1, maximum=999),
        Field(
            "from_date",
            "mulai bertugas",
            Type.DATE,
            ("mulai", "mulai tugas", "tanggal mulai", "tmt", "dari tanggal"),
        ),
        Field(
            "until_date",
            "selesai bertugas",
            Type.DATE,
            ("selesai", "akhir tugas", "tanggal selesai", "sampai tanggal"),
        ),
    ),
    core=("name", "post", "phone"),
    anchor="name",
    key=(),
)

KINDS = {kind.name: kind for kind in (TPS, VEHICLES, WAREHOUSES, PEOPLE)}
ALIASES = {
    "dpt": "tps",
    "fleet": "vehicles",
    "armada": "vehicles",
    "kendaraan": "vehicles",
    "warehouse": "warehouses",
} | {
    "gudang": "warehouses",
    "petugas": "people",
    "orang": "people",
}


def import_kind(name: str) -> Kind:
    """Return a kind of list by its name or by a word for it.

    Raises:
        Refused: IMPORT-UNKNOWN-KIND.
    """
    wanted = name.strip().lower()
    kind = KINDS.get(ALIASES.get(wanted, wanted))
    if kind is None:
        raise Refused("IMPORT-UNKNOWN-KIND", kind=name, known=", ".join(KINDS))
    return kind
