"""The list of people and their posts; names and contacts go to the vault."""

from tepat.planning.imports.fields import Field, Kind, Type
from tepat.planning.imports.kinds_tps import PLACE_FIELDS

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
        *PLACE_FIELDS,
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
