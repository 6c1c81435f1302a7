"""What each kind of event says to a reader who has never seen the ledger. Pure."""

EVENT_WORDS = {
    "office.set": "Pengaturan kantor disimpan",
    "election.added": "Pemilihan dibuka",
    "register.loaded": "Register dimuat",
    "register.list-accepted": "Daftar dari berkas diterima",
    "register.place-corrected": "Letak tempat dikoreksi",
    "register.accessibility-noted": "Aksesibilitas TPS dicatat",
    "person.added": "Orang ditambahkan",
    "person.contact-changed": "Nama atau kontak diperbaiki",
    "person.erased": "Nama dan kontak dihapus",
    "post.given": "Jabatan diberikan",
    "post.ended": "Jabatan diakhiri",
    "account.added": "Akun dibuat",
    "account.password-reset": "Kata sandi diganti kantor",
    "account.blocked": "Akun diblokir",
    "account.opened": "Akun dibuka kembali",
    "note.written": "Catatan pengawas ditulis",
    "advice.answered": "Saran perbaikan dijawab",
    "document.added": "Dokumen disimpan",
    "needs.parameter-set": "Angka aturan diubah",
    "needs.outside-totals-given": "Angka pembanding diunggah",
    "plan.problem-kept": "Masalah rencana disimpan",
    "plan.kept": "Rencana diperiksa dan disimpan",
    "plan.moved": "Rencana diteruskan atau dikembalikan",
    "plan.published": "Rencana ditetapkan",
    "plan.price-set": "Harga diubah",
    "papers.settings-set": "Pengaturan kertas diubah",
    "papers.printed": "Kertas dicetak",
    "papers.scan-received": "Pindaian kertas diterima",
    "papers.page-matched": "Halaman pindaian dicocokkan",
    "copy.made": "Salinan dibuat",
    "restore.drilled": "Pemulihan dilatih",
    "rehearsal.register-copied": "Register disalin ke buku latihan",
}


def event_word(kind: str) -> str:
    """Return a kind of event in words; one without words keeps its own name."""
    return EVENT_WORDS.get(kind, kind)
