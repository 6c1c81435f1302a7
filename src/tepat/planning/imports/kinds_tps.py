"""The list of TPS: places, voters, dapil, ballots, disabilities, accessibility."""

from tepat.planning.imports.fields import Field, Kind, Type

POINT_FIELDS = (
    Field(
        "lat",
        "lintang",
        Type.DEGREES,
        (
            *("lat", "latitude", "lintang", "garis lintang", "lintang selatan", "ls", "koordinat y"),
            *(
                "lintang tps",
                "latitude tps",
                "lat tps",
                "koordinat lintang",
                "koordinat lat",
                "titik lintang",
            ),
            "koordinat latitude",
        ),
    ),
    Field(
        "lon",
        "bujur",
        Type.DEGREES,
        (
            *("lon", "lng", "long", "longitude", "bujur", "garis bujur", "bujur timur", "bt", "koordinat x"),
            *("bujur tps", "longitude tps", "long tps", "koordinat bujur", "koordinat long", "titik bujur"),
            "koordinat longitude",
        ),
    ),
)

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
    "fisik": ("fisik", "tuna daksa", "tunadaksa", "daksa"),
    "intelektual": ("intelektual", "tuna grahita", "tunagrahita", "grahita"),
    "mental": ("mental",),
    "wicara": ("wicara", "sensorik wicara", "tuna wicara", "tunawicara"),
    "rungu": ("rungu", "sensorik rungu", "tuna rungu", "tunarungu"),
    "netra": ("netra", "sensorik netra", "tuna netra", "tunanetra"),
}
PEOPLE_PER_TPS_MAX = 9_999

PLACE_FIELDS = (
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
        *PLACE_FIELDS,
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
            (
                *("tanpa tangga", "tanpa undakan", "tidak bertangga", "akses tanpa tangga", "step free"),
                *("jalan tanpa tangga", "jalan masuk tanpa tangga", "pintu masuk tanpa tangga"),
            ),
        ),
        Field(
            "wheelchair_entrance",
            "akses kursi roda",
            Type.YES_NO,
            (
                *("akses kursi roda", "pintu kursi roda", "kursi roda", "jalan kursi roda", "ramp"),
                *("wheelchair entrance", "wheelchair access", "dapat dilalui kursi roda", "jalur kursi roda"),
            ),
        ),
        Field(
            "low_table",
            "meja rendah",
            Type.YES_NO,
            (
                *("meja rendah", "meja bilik rendah", "meja bilik", "low table", "meja kursi roda"),
                "meja bilik suara rendah",
            ),
        ),
        Field(
            "abtn",
            "ABTN",
            Type.YES_NO,
            (
                *("abtn", "alat bantu tunanetra", "alat bantu tuna netra", "alat bantu netra", "ada abtn"),
                *("template braille", "templat braille", "braille", "abtn tersedia", "ketersediaan abtn"),
            ),
        ),
        *POINT_FIELDS,
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
