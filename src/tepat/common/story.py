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
        name: The name of its screen's address; empty where `place` says it.
        title: What it is called.
        text: What to look at there, in one or two sentences.
        query: What the address asks for beside the election.
        anchor: The part of the screen, or empty.
        needs: What must exist for the step to be told: ``tps`` or ``rencana``.
        place: What is looked up in the office for the step to be told (`PLACES`), or empty; where `name` is
            empty, its address is the screen.
    """

    name: str
    title: str
    text: str
    query: Mapping[str, str] = field(default_factory=dict)
    anchor: str = ""
    needs: str = "tps"
    place: str = ""


# What the example of custody makes, and a step may need: a table where the reader sits, packed sets, a count
# that came out short, a box in dispute, readiness at H-1 12.00, a box that a KPPS has.
TABLE, PACKED, SHORT, DISPUTE, READY, ARRIVED = "meja", "kemas", "selisih", "sengketa", "kesiapan", "tiba"
PLACES = (TABLE, PACKED, SHORT, DISPUTE, READY, ARRIVED)

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
        "distribusi-hujan",
        "Hujan di hutan Kradenan",
        "Strategi yang sama di hari kering dan di hari hujan: rupiah, waktu, kendaraan. "
        "Lima desa di hutan Kradenan lalu hanya terjangkau lewat jalan putar; sebabnya ada di sana.",
        needs="rencana",
    ),
    Step(
        "distribusi-rencana-contoh",
        "Satu truk dengan suratnya",
        "Satu perjalanan lengkap: siapa pengemudi dan penanggung jawabnya, di mana ia berhenti, "
        "set mana yang turun, apa yang mengikatnya, dan surat apa yang ikut.",
        needs="rencana",
    ),
    Step(
        "pengepakan-label",
        "Label tiap kotak",
        "Kode TPS yang besar, huruf dapil, warna sebagai kata, QR di dua sisi, "
        "dan satu huruf pemeriksa untuk kode yang diketik.",
        place=PACKED,
    ),
    Step(
        "",
        "Mengepak dengan pindai",
        "Anda sudah duduk di satu meja. Ketik atau pindai kode label tadi, lalu kode isinya; "
        "karton dapil lain menghentikan pekerjaan sebelum satu lembar pun masuk.",
        place=TABLE,
    ),
    Step(
        "",
        "39 dari 40 kotak",
        "PPS menghitung satu kurang. Selisih dicatat apa adanya dan kotaknya disebut; "
        "pengemudi tetap bertanggung jawab sampai kotak itu ketemu.",
        place=SHORT,
    ),
    Step(
        "",
        "Satu kotak, dua pengakuan",
        "Dua PPS menyatakan kotak yang sama ada padanya. Keduanya disimpan, "
        "dan sengketa baru selesai bila orang ketiga memindai kotaknya.",
        place=DISPUTE,
    ),
    Step(
        "",
        "Kesiapan, H-1 pukul 12.00",
        "TPS mana yang KPPS-nya belum menerima, siapa penanggung jawabnya, dan nomor mana yang ditelepon.",
        place=READY,
    ),
    Step(
        "",
        "Perjalanan satu kotak",
        "Dari meja kemas sampai KPPS: siapa memegangnya setiap saat, dengan segel dan buktinya. "
        'Dari layar mana pun, tekan "/" lalu ketik kode kotak.',
        place=ARRIVED,
    ),
    Step(
        "publikasi-log",
        "Catatan terbuka",
        "Semua yang baru Anda lihat bernomor urut dan ditandatangani. "
        "Siapa pun dapat memeriksa bahwa tidak ada yang diubah atau dihilangkan.",
        place=PACKED,
    ),
)
