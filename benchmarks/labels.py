"""The labels of Blora's 14,885 boxes for the TPS: made, and read back as a thermal printer would burn them.

python -m benchmarks.labels [RUNS] [READ]
"""

import random
import sys
from collections.abc import Sequence
from functools import partial

from benchmarks.measuring import Runs, measured, show

from tepat.common.areas import load_area
from tepat.common.samples import sample_tps
from tepat.packing.contents import plan_sets
from tepat.packing.label_words import Names, set_labels, short_area
from tepat.packing.labels import SHEETS, Label, Print, labels_pdf, qr_text
from tepat.planning.columns import columns_of
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set

RUNS = 3
READ = 500
SEED = 1
ELECTION = "pemilu-2024"
DPI = 203


def blora_labels() -> list[Label]:
    """Return the labels of the TPS's boxes, from the example list."""
    area = load_area("blora")
    rules = load_rule_set(ELECTION)
    needs = compute_needs(columns_of(sample_tps(area, ELECTION)), rules)
    names = Names(
        {desa.code: short_area(desa.kind, desa.name) for desa in area.desa},
        {item.code: (item.name, item.unit) for item in rules.items},
    )
    tps = [each for each in plan_sets(needs) if each.level == "tps"]
    return set_labels(tps, names, boxes_only=True)


def printed(paper: str) -> Print:
    """Return what the labels of a print share."""
    return Print("33.16", "KPU Kabupaten Blora", ELECTION, "Pemilu 2024", paper, sample=True)


def read_back(labels: Sequence[Label], print_: Print) -> int:
    """Return how many labels give both of their codes from a black-and-white raster of 203 dpi."""
    import pypdfium2
    import zxingcpp

    good = 0
    with pypdfium2.PdfDocument(labels_pdf(labels, print_)) as document:
        for label, page in zip(labels, document, strict=True):
            picture = (
                page.render(scale=DPI / 72, grayscale=True).to_pil().point(lambda grey: 255 * (grey > 127))
            )
            texts = [found.text for found in zxingcpp.read_barcodes(picture)]
            good += texts == [qr_text(label, print_)] * 2
    return good


def main(runs: int, read: int) -> None:
    """Make all labels on each kind of paper, then read some back."""
    labels = blora_labels()
    rows: list[Runs] = []
    for paper in SHEETS:
        print_ = printed(paper)
        size = len(labels_pdf(labels, print_)) // 1_000_000
        what = f"{len(labels):,} labels, {paper}, {size} MB"
        rows.append(measured(what, partial(labels_pdf, labels, print_), runs))
    some = random.Random(SEED).sample(labels, min(read, len(labels)))
    counted: list[int] = []
    reading = measured("", lambda: counted.append(read_back(some, printed("thermal"))), 1)
    reading.what = f"{counted[0]} of {len(some)} made and read back at 203 dpi, both codes of each"
    rows.append(reading)
    show(rows)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]), *(RUNS, READ)[len(sys.argv[1:3]) :])
