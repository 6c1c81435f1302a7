"""Who may do what: every permission, every role, and the one table that joins them (docs/permissions.md).

A permission alone opens nothing: it holds within the area of the post that gives it (`covers`).
"""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a person may be allowed to do; the value stands in docs and in refusals."""

    PUBLIC_READ = "baca halaman publik"
    REGISTER_READ = "baca register"
    REGISTER_EDIT = "ubah register"
    LIST_PREVIEW = "periksa berkas impor"
    LIST_ACCEPT = "terima berkas impor"
    NEEDS_READ = "baca kebutuhan"
    NEEDS_EDIT = "ubah parameter kebutuhan"
    ACCESSIBILITY_EDIT = "ubah catatan aksesibilitas"
    PLAN_READ = "baca rencana distribusi"
    PLAN_EDIT = "susun rencana distribusi"
    PLAN_PROPOSE = "ajukan rencana ke sekretaris"
    PLAN_REVIEW = "teruskan rencana ke pleno"
    PLAN_PUBLISH = "tetapkan rencana"
    SCHEDULE_TELL = "beri tahu jadwal dan catat telepon pengawas"
    SCHEDULE_ACKNOWLEDGE = "akui pemberitahuan jadwal"
    TRIP_READ_OWN = "baca perjalanan sendiri"
    PAPERS_PRINT = "cetak dokumen"
    DOCUMENTS_READ = "baca dokumen"
    DOCUMENTS_ADD = "simpan dokumen"
    RECORDS_READ = "baca catatan operasional dan peristiwa mentah"
    NOTES_READ = "baca catatan pengawas"
    NOTES_WRITE = "tulis catatan pengawas dan saran perbaikan"
    ADVICE_ANSWER = "jawab saran perbaikan"
    PEOPLE_READ = "baca nama dan kontak petugas"
    PEOPLE_EDIT = "ubah petugas dan jabatan"
    PEOPLE_ERASE = "hapus nama dan kontak"
    OFFICE_EDIT = "ubah pengaturan kantor"
    PACKING_READ = "baca pengepakan"
    PACKING_DO = "mengepak dan menyegel"
    PACKING_CHECK = "periksa ulang"
    CUSTODY_READ = "baca serah terima"
    CUSTODY_ACT = "menyerahkan dan menerima"
    CUSTODY_SETTLE = "menetapkan sengketa"
    CARDS_ISSUE = "cetak dan cabut kartu"
    DUTY_CONFIRM = "catat petugas siap lewat telepon"
    FIELD_USE = "pakai halaman lapangan"
    JOBS_READ = "baca pekerjaan latar"
    COPIES_RUN = "salin, pulihkan dan periksa"


class Role(StrEnum):
    """One post as the office names it."""

    OPERATOR = "operator"
    OPERATOR_SILOG = "operator SILOG"
    KUL = "kasubbag KUL"
    SEKRETARIS = "sekretaris"
    KOMISIONER = "komisioner"
    GUDANG = "petugas gudang"
    PPK = "PPK"
    PPS = "PPS"
    KPPS = "KPPS"
    PENYEDIA = "penyedia angkutan"
    PENGEMUDI = "pengemudi"
    POLRI = "pengawal Polri"
    PANWASCAM = "Panwascam"
    PKD = "PKD"
    BAWASLU = "Bawaslu"
    PROVINSI = "KPU provinsi"
    PUBLIK = "publik"
    SISTEM = "sistem"


P = Permission
_OFFICE_READS = frozenset(
    {P.PUBLIC_READ, P.REGISTER_READ, P.NEEDS_READ, P.PLAN_READ, P.DOCUMENTS_READ, P.RECORDS_READ}
    | {P.NOTES_READ, P.JOBS_READ, P.PEOPLE_READ, P.CUSTODY_READ, P.PACKING_READ},
)
_COMMITTEE = frozenset({P.PUBLIC_READ, P.REGISTER_READ, P.NEEDS_READ, P.PLAN_READ})
_HOLDER = frozenset({P.CUSTODY_READ, P.CUSTODY_ACT, P.FIELD_USE})
_CUSTODIAN = _HOLDER | {P.CUSTODY_SETTLE, P.CARDS_ISSUE, P.DUTY_CONFIRM}
_PACKER = frozenset({P.PACKING_READ, P.PACKING_DO, P.PACKING_CHECK})
_SUPERVISES = frozenset({P.PACKING_READ, P.CUSTODY_READ, P.DOCUMENTS_READ, P.RECORDS_READ})
_SUPERVISOR = _COMMITTEE | _SUPERVISES | {P.NOTES_READ, P.NOTES_WRITE}
_OPERATOR = _OFFICE_READS | {
    *(P.REGISTER_EDIT, P.LIST_PREVIEW, P.LIST_ACCEPT, P.ACCESSIBILITY_EDIT, P.NEEDS_EDIT),
    *(P.PLAN_EDIT, P.PAPERS_PRINT, P.DOCUMENTS_ADD, P.SCHEDULE_TELL),
    *_CUSTODIAN,
    *_PACKER,
}

TABLE: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _OPERATOR,
    Role.OPERATOR_SILOG: _OFFICE_READS | {P.LIST_PREVIEW, P.DOCUMENTS_ADD, P.PAPERS_PRINT},
    Role.KUL: _OPERATOR | {P.PLAN_PROPOSE, P.ADVICE_ANSWER, P.PEOPLE_EDIT, P.OFFICE_EDIT, P.COPIES_RUN},
    Role.SEKRETARIS: _OFFICE_READS
    | {P.PLAN_REVIEW, P.ADVICE_ANSWER, P.PEOPLE_EDIT, P.PEOPLE_ERASE, P.OFFICE_EDIT, P.PAPERS_PRINT}
    | {P.SCHEDULE_TELL},
    Role.KOMISIONER: _OFFICE_READS | {P.PLAN_PUBLISH, P.ADVICE_ANSWER},
    Role.GUDANG: _COMMITTEE
    | _HOLDER
    | _PACKER
    | {P.DOCUMENTS_READ, P.DOCUMENTS_ADD, P.PAPERS_PRINT, P.JOBS_READ},
    # A PPK calls the PPS and KPPS of its own kecamatan who have not confirmed: names and telephones there.
    Role.PPK: _COMMITTEE
    | _CUSTODIAN
    | {P.ACCESSIBILITY_EDIT, P.DOCUMENTS_READ, P.DOCUMENTS_ADD, P.PEOPLE_READ},
    Role.PPS: _COMMITTEE | _HOLDER | {P.ACCESSIBILITY_EDIT, P.DOCUMENTS_READ, P.DOCUMENTS_ADD},
    Role.KPPS: _HOLDER | {P.PUBLIC_READ, P.REGISTER_READ},
    Role.PENYEDIA: frozenset({P.PUBLIC_READ, P.TRIP_READ_OWN}),
    Role.PENGEMUDI: frozenset({P.PUBLIC_READ, P.TRIP_READ_OWN, P.CUSTODY_ACT, P.FIELD_USE}),
    Role.POLRI: frozenset({P.PUBLIC_READ, P.TRIP_READ_OWN, P.FIELD_USE}),
    Role.PANWASCAM: _SUPERVISOR | {P.FIELD_USE, P.SCHEDULE_ACKNOWLEDGE},
    Role.PKD: _SUPERVISOR | {P.FIELD_USE},
    Role.BAWASLU: _SUPERVISOR | {P.SCHEDULE_ACKNOWLEDGE},
    Role.PROVINSI: _OFFICE_READS - {P.PEOPLE_READ, P.NOTES_READ},
    Role.PUBLIK: frozenset({P.PUBLIC_READ}),
    # The command line on the office's own machine, and background work that was asked for by a person.
    Role.SISTEM: frozenset(Permission)
    - {P.NOTES_WRITE, P.PLAN_PUBLISH, P.PLAN_REVIEW, P.ADVICE_ANSWER, P.SCHEDULE_ACKNOWLEDGE},
}


def covers(scope: str, area_code: str) -> bool:
    """Return whether a post's area contains an area.

    Args:
        scope: The post's area code; empty is the whole nation.
        area_code: The area asked about.
    """
    return not scope or area_code == scope or area_code.startswith(scope + ".")
