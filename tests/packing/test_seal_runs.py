"""Used seals written as runs: what the page of a table knows is exactly what the office has used."""

import json
import random
import subprocess
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.packing.test_rules import HERE, ROOT, node

from tepat.common.errors import Refused
from tepat.custody.events import SEALS_PER_OBJECT_MAX
from tepat.packing.codes import Code, payload
from tepat.packing.rules_seals import Sealing, check_seals, seal_number
from tepat.packing.seal_runs import Runs, runs

NUMBERS = st.from_regex(r"[A-Z0-9][A-Z0-9./-]{0,23}", fullmatch=True)


def written_out(found: Runs) -> list[str]:
    """Write runs out again, by hand."""
    numbers = list(found.plain)
    for key, values in found.counted.items():
        prefix, _, width = key.rpartition(" ")
        for first, count in zip(values[::2], values[1::2], strict=True):
            numbers += [f"{prefix}{value:0{width}d}" for value in range(first, first + count)]
    return sorted(numbers)


def test_a_roll_of_seals_is_two_numbers():
    assert runs([f"AB{n:06d}" for n in range(1, 481)]) == Runs({"AB 6": [1, 480]}, [])
    assert runs(["A1", "A2", "A4", "A01", "KPU"]) == Runs({"A 1": [1, 2, 4, 1], "A 2": [1, 1]}, ["KPU"])


@given(st.sets(NUMBERS | st.integers(0, 40).map("S{:03d}".format)))
def test_nothing_is_lost_and_nothing_invented(numbers):
    assert written_out(runs(numbers)) == sorted(numbers)


def test_a_whole_office_of_seals_is_small():
    """14,885 boxes with four seals each, from rolls of 500 that the tables take in no order."""
    rolls = [f"KPU{roll:04d}{n:03d}" for roll in range(120) for n in range(500)][: 14_885 * 4]
    assert len(json.dumps(asdict(runs(rolls)))) < 2_000
    scattered = random.Random(1).sample([f"K{n:07d}" for n in range(1_000_000)], 60_000)
    assert len(json.dumps(asdict(runs(scattered)), separators=(",", ":"))) < 600_000


SCRIPT = """
import { readCode } from "%s";
import { judgeSeal, sealNumber, UsedSeals } from "%s";
const { given, asked, boxes, labels } = JSON.parse(await new Response(process.stdin).text());
const used = new UsedSeals(given);
const numbers = asked.map((text) => [sealNumber(text) ?? null, used.on(text) ?? null]);
const verdicts = boxes.map(([pending, text]) => {
  const { outcome, item, facts } = judgeSeal("B1", pending, text, used);
  return [outcome, item, facts];
});
const read = labels.map(([text, rehearsal]) => {
  const code = readCode(text, "33.16", "pemilu-2024", rehearsal);
  return "kind" in code ? code.text : code.outcome;
});
used.add(["NEW1"], "B1");
used.add(["NEW2"]);
const before = [used.on("NEW1"), used.on("NEW2")];
used.add(["NEW1"]);
used.drop(["NEW1", "NEW2"], "B1");
const after = [used.on("NEW1") ?? null, used.on("NEW2")];
console.log(JSON.stringify({ numbers, verdicts, read, before, after }));
"""


def run(script, asked):
    """Run a module in Node; what is asked goes in and what is said comes out as JSON."""
    words = [node(), "--experimental-strip-types", "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(
        words, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def in_the_browser(asked):
    modules = tuple(
        (ROOT / "frontend" / "src" / f"{name}.ts").as_uri() for name in ("kemas-aturan", "kemas-segel")
    )
    return run(SCRIPT % modules, asked)


def here(pending, text, used):
    """Judge one seal in Python; a seal that holds says its number."""
    try:
        number = seal_number(text)
        check_seals(Sealing("B1", (*pending, number)), {number: "lain"} if number in used else {})
    except Refused as refused:
        return [refused.code, "", {name: str(value) for name, value in refused.facts.items()}]
    return ["segel", number, {}]


def label(*, rehearsal):
    return payload(Code("kotak", "091015-001-3"), **HERE, rehearsal=rehearsal)


@pytest.fixture(scope="module")
def said():
    """What the browser's rules say to many seals at once: starting them costs more than asking."""
    chance = random.Random(2)
    used = {f"S{n:03d}" for n in chance.sample(range(300), 150)} | {"KPU-A", "1234567890123", "9", "0009"}
    asked = [
        *sorted(used),
        *(f"S{n:03d}" for n in range(300)),
        *("KPU", "1234567890124", "8", "09", "009", "00009", "s001 ", "S 0 1", "", "?", "A" * 25, "S001\n"),
        *("constructor", "__proto__", "TOSTRING1"),
        *("".join(chance.choice("S0189KPU-./ ?a") for _ in range(chance.randrange(8))) for _ in range(500)),
    ]
    full = [f"P{n}" for n in range(SEALS_PER_OBJECT_MAX)]
    boxes = [[chance.choice([[], ["P1"], ["S001", "P1"], full]), text] for text in asked]
    labels = [[label(rehearsal=mode), rehearsal] for mode in (False, True) for rehearsal in (False, True)]
    given = {"upto": 1, **asdict(runs(used))}
    answer = in_the_browser({"given": given, "asked": asked, "boxes": boxes, "labels": labels})
    return {**answer, "used": used, "asked": asked, "boxes": boxes}


def test_the_browser_knows_exactly_the_used_seals(said):
    for text, (number, on) in zip(said["asked"], said["numbers"], strict=True):
        assert on == ("lain" if text in said["used"] else None), text
        try:
            assert number == seal_number(text)
        except Refused:
            assert number is None, text


def test_the_browser_judges_seals_as_the_server_does(said):
    expected = [here(pending, text, said["used"]) for pending, text in said["boxes"]]
    assert said["verdicts"] == expected
    assert {line[0] for line in expected} == {
        *("segel", "SEAL-USED", "SEAL-TWICE", "SEAL-MANY", "SEAL-UNREADABLE")
    }


def test_a_refused_seal_is_forgotten_only_where_it_was_put_on(said):
    assert said["before"] == ["B1", "lain"]
    assert said["after"] == [None, "lain"]


def test_a_rehearsals_label_is_refused_in_earnest_and_the_reverse(said):
    assert label(rehearsal=True) == "L" + label(rehearsal=False)
    assert said["read"] == ["091015-001-3", "CODE-REAL", "CODE-REHEARSAL", "091015-001-3"]


FIELD = """
import { judge } from "%s";
const asked = JSON.parse(await new Response(process.stdin).text());
const expected = { office: "33.16", objects: new Set(["kotak:pemilu-2024:091015-001-3"]), areas: {} };
const said = asked.map(([text, rehearsal]) => judge(text, { ...expected, rehearsal }));
console.log(JSON.stringify(said.map((verdict) => (verdict.fits ? "cocok" : verdict.fault))));
"""


def test_the_field_page_refuses_labels_of_the_other_mode_too():
    module = (ROOT / "frontend" / "src" / "lapangan" / "label.ts").as_uri()
    typed = Code("kotak", "091015-001-3").checked
    asked = [
        [text, mode]
        for text in (label(rehearsal=False), label(rehearsal=True), typed)
        for mode in (False, True)
    ]
    assert run(FIELD % module, asked) == ["cocok", "sungguhan", "latihan", "cocok", "cocok", "cocok"]
