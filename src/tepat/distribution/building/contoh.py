"""The sentences that say what in a problem is not real; they stand beside every total."""

from collections.abc import Sequence

from tepat.common.quantities import grouped
from tepat.distribution.building.places import Aside
from tepat.distribution.problems import LastMile, MatrixFile

GOODS_NAMED_MAX = 6


def aside_sentence(aside: Aside) -> str:
    """Return what is put aside in one kecamatan, by name: nothing is dropped silently."""
    ppk = " dan set PPK-nya" if aside.ppk else ""
    return (
        f"Tanpa titik di peta, dikesampingkan dari rencana: kecamatan {aside.kecamatan} ({aside.code}), "
        f"{len(aside.desa)} desa, {grouped(aside.tps)} TPS{ppk}: {', '.join(aside.desa)}."
    )


def contoh_sentences(
    *,
    voters_sources: frozenset[str],
    goods: Sequence[str],
    matrices: Sequence[MatrixFile],
    last_mile: LastMile,
    aside: Sequence[Aside],
    notes_unused: bool,
) -> tuple[str, ...]:
    """Return what is not real in a problem, the gravest first.

    Args:
        voters_sources: ``contoh``, ``perkiraan``, or neither, of the voters' list.
        goods: Names of goods whose weight or volume nobody measured.
        matrices: The travel matrices.
        last_mile: How PPS hand over to KPPS.
        aside: What has no point on the map.
        notes_unused: There are road notes for the area, and the travel times don't heed them.
    """
    low = max(matrix.error_low_percent for matrix in matrices)
    high = max(matrix.error_high_percent for matrix in matrices)
    modelled = any(matrix.source == "model" for matrix in matrices)
    sea = " Model tanpa peta jalan tidak mengenal laut dan sungai." if modelled else ""
    sentences = [aside_sentence(part) for part in aside]
    if voters_sources:
        kind = " dan ".join(sorted(voters_sources))
        sentences.append(f"Pemilih tiap TPS: {kind}, bukan DPT kantor.")
    if notes_unused:
        sentences.append("Catatan jalan sulit ada pada PPS-nya dan belum dipakai dalam waktu tempuh.")
    sentences += [
        "Letak PPS adalah titik dalam desa, letak PPK titik salah satu desanya (contoh).",
        "Letak, ukuran dan hasil survei calon gudang contoh.",
        f"Waktu tempuh dapat meleset: −{low}% sampai +{high}%.{sea}",
        "Armada, jam kerja, awak dan pengawal contoh; nomor telepon pengawal belum ada.",
        "Semua harga contoh kecuali yang menyebut sumber; ubah daftar harga.",
        f"PPS ke KPPS (contoh): {last_mile.teams} regu per PPS, {last_mile.handover_s // 60} menit per TPS.",
    ]
    if goods:
        rest = len(goods) - GOODS_NAMED_MAX
        named = ", ".join(goods[:GOODS_NAMED_MAX]) + (f" dan {rest} barang lain" if rest > 0 else "")
        sentences.append(f"Berat atau ukuran belum diukur (contoh): {named}.")
    return tuple(sentences)
