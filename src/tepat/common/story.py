"""The guided story "Contoh – Blora, H-7": each step is a real screen; what is not built is not told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

COUNTDOWN = "H-7"
TITLE = f"Contoh – Blora, {COUNTDOWN}"
# The story is about Pemilu 2024, whichever election was looked at before.
ELECTION = "pemilu-2024"
# Its figures are those of Kabupaten Blora; another office is not told them.
AREA = "33.16"


@dataclass(frozen=True)
class Step:
    """One step of the story.

    Args:
        name: The name of its screen's address.
        title: What it is called.
        text: What to look at there, in one or two sentences.
        query: What the address asks for beside the election.
        anchor: The part of the screen, or empty.
        needs: What must exist for the step to be told: ``tps`` or ``rencana``.
    """

    name: str
    title: str
    text: str
    query: Mapping[str, str] = field(default_factory=dict)
    anchor: str = ""
    needs: str = "tps"


STEPS = (
    Step(
        "kebutuhan-impor",
        "Excel yang berantakan",
        "Unggah berkas contoh yang penuh salah. Tiap kesalahan disebut dengan lembar dan selnya, "
        "dan tidak ada yang tersimpan sebelum Anda menerimanya.",
    ),
    Step(
        "kebutuhan",
        "14.885 + 32 = 14.917 kotak",
        "Tekan angka mana pun untuk melihat aturan, hitungan dan sumbernya. "
        "Surat suara dibulatkan ke atas di tiap TPS; pembulatan sekali per kabupaten ada di sampingnya.",
    ),
    Step(
        "kebutuhan-aksesibilitas",
        "2.569 pemilih penyandang disabilitas",
        "TPS mana yang belum siap bagi mereka? Celah terbesar ada di atas; "
        "yang belum dilihat tidak dianggap baik.",
    ),
    Step(
        "distribusi-gudang",
        "Tiga calon gudang",
        "Tiap calon dihitung rutenya sungguh-sungguh, "
        "lalu dibandingkan dengan sewa, perbaikan dan penjaganya.",
        needs="rencana",
    ),
    Step(
        "distribusi-rencana",
        "Lewat PPK, atau langsung ke PPS?",
        "Strategi berdampingan dengan harga yang sama: rupiah, serah terima, malam jaga, jam tiba terakhir. "
        'Kolom "Nyata" adalah yang dilakukan Blora pada 8–11 Februari 2024.',
        needs="rencana",
    ),
    Step(
        "distribusi-rencana",
        "Hujan di hutan Kradenan",
        'Centang "semua hari hujan" dan "pakai catatan jalan sulit", lalu hitung. '
        "Lima desa di hutan Kradenan hanya terjangkau lewat jalan putar.",
        anchor="judul-hitung",
        needs="rencana",
    ),
    Step(
        "distribusi-rencana-contoh",
        "Satu truk dengan suratnya",
        "Satu perjalanan lengkap: siapa pengemudi dan penanggung jawabnya, di mana ia berhenti, "
        "set mana yang turun, apa yang mengikatnya, dan surat apa yang ikut.",
        needs="rencana",
    ),
)
