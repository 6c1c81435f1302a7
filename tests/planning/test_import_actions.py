"""A list is accepted whole or not at all, once, and nothing private of it ever reaches disk or database."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from tests.planning.acceptance import AREA, HEADER, NIK, RUTAN, as_csv, listed, number, pemilu, settle

from tepat.common.documents import path_of
from tepat.common.errors import NotAllowed, Refused
from tepat.common.ledger import faults
from tepat.common.models import Dapil, Document, Event, EventSalt, Tps
from tepat.planning.import_actions import STEPS, plan_import
from tepat.planning.import_drafts import (
    DRAFTS_MAX,
    Opening,
    answer_draft,
    drop_draft,
    open_draft,
    read_draft,
    set_expectations,
)
from tepat.planning.import_reading import proposals
from tepat.planning.import_registers import frame_of
from tepat.planning.lists import read_tps_list
from tepat.planning.models import ImportDraft, ListImport, RememberedColumns
from tepat.planning.needs import compute_needs
from tepat.planning.rulesets import load_rule_set


def test_a_clean_list_changes_what_it_says_and_becomes_the_office_s_own(upload, accept, operator):
    rows = list(listed())
    rows[0] = number(rows[0], 271)
    last = rows[3]
    rows.insert(4, [*number(last, 150)[:3], 77, *number(last, 150)[4:]])
    draft = upload(as_csv(rows), expected={"dpt": sum(row[6] for row in rows), "tps": 354})
    answer_draft(by=operator, at=draft.made_at, draft=draft.pk, answers=proposals(read_draft(draft).findings))
    draft.refresh_from_db()
    gap = next(one for one in read_draft(draft).findings if one.kind == "tps_gap")
    answer_draft(by=operator, at=draft.made_at, draft=draft.pk, answers={gap.place: "pakai"})
    draft.refresh_from_db()
    stored = accept(draft)
    assert (stored.added, stored.changed, stored.removed, stored.unchanged) == (1, 1, 0, 352)
    changed = pemilu().get(desa__code=rows[0][1], number=rows[0][3])
    assert (changed.dpt, set(changed.voters.values())) == (271, {271})
    new = pemilu().get(number=77)
    neighbour = pemilu().get(desa__code=last[1], number=last[3])
    assert (new.dpt, new.dapil) == (150, neighbour.dapil)
    assert set(pemilu().values_list("source_kind", flat=True)) == {"daftar"}
    assert set(Tps.objects.exclude(election__code="pemilu-2024").values_list("source_kind", flat=True)) != {
        "daftar"
    }
    assert not ImportDraft.objects.exists()


def test_the_event_names_hashes_and_counts_and_no_person(upload, accept):
    draft = upload(as_csv([number(row, 200) for row in listed()[:5]]))
    settle(draft)
    stored = accept(draft)
    event = Event.objects.get(kind="register.list-accepted")
    assert event.payload["reduced"] == stored.reduced == Document.objects.get(pk=stored.reduced).sha256
    assert event.payload["original"] == stored.original
    assert [event.payload[name] for name in ("added", "changed", "removed", "unchanged")] == [0, 5, 0, 0]
    assert set(event.evidence) == {stored.reduced, event.payload["list"]}
    assert faults([event], dict(EventSalt.objects.values_list("event_id", "salt"))) == []
    assert (
        json.loads(path_of(stored.reduced).read_bytes().splitlines()[0])["original_sha256"] == stored.original
    )


def test_what_the_list_does_not_say_stays(upload, accept):
    row = next(row for row in listed() if row[3] == 1)
    before = pemilu().get(desa__code=row[1], number=1)
    draft = upload(as_csv([[*number(row, 123)[:7], row[8]]], (*HEADER[:7], "Dapil")))
    settle(draft)
    accept(draft)
    after = pemilu().get(pk=before.pk)
    assert (after.dpt, after.dptb) == (123, before.dptb)
    assert after.disabled_voters == before.disabled_voters
    assert (after.step_free, after.accessibility_source) == (before.step_free, before.accessibility_source)
    assert pemilu().filter(source_kind="daftar").count() == 1


def test_tps_are_removed_only_where_the_file_is_the_whole_list(upload, accept):
    rows = [row for row in listed() if row[1] == listed()[0][1]]
    part = upload(as_csv(rows[:-1]))
    settle(part)
    assert accept(part).removed == 0
    assert pemilu().count() == 353
    whole = upload(as_csv([row for row in listed() if row != rows[-1]]), whole_list=True)
    settle(whole)
    assert accept(whole).removed == 1
    assert not pemilu().filter(desa__code=rows[-1][1], number=rows[-1][3]).exists()


def test_a_register_that_changed_since_the_preview_refuses_and_keeps_everything(upload, accept, own_home):
    draft = upload(as_csv([number(row, 200) for row in listed()[:5]]))
    settle(draft)
    frame = frame_of(AREA, draft.election)
    seen = plan_import(read_draft(draft), frame, whole_list=False).base
    pemilu().filter(desa__code=RUTAN[0]).update(dptb=9)
    with pytest.raises(Refused) as refused:
        accept(draft, base=seen)
    assert refused.value.code == "IMPORT-REGISTER-CHANGED"
    assert (ListImport.objects.count(), ImportDraft.objects.count()) == (0, 1)
    assert not pemilu().filter(source_kind="daftar").exists()


def test_a_change_between_planning_and_writing_is_caught_inside_the_transaction(upload, accept):
    draft = upload(as_csv([number(row, 200) for row in listed()[:5]]))
    settle(draft)

    def meddle(step):
        if step == STEPS[0]:
            pemilu().filter(desa__code=RUTAN[0]).update(dptb=9)

    with pytest.raises(Refused) as refused:
        accept(draft, step=meddle)
    assert refused.value.code == "IMPORT-REGISTER-CHANGED"
    assert not ListImport.objects.exists()


def test_the_same_list_twice_has_one_effect(upload, accept):
    data = as_csv([number(row, 200) for row in listed()[:5]])
    first = upload(data)
    settle(first)
    stored = accept(first)
    events = Event.objects.count()
    second = upload(data)
    settle(second)
    assert accept(second) == stored
    assert (ListImport.objects.count(), Event.objects.count(), ImportDraft.objects.count()) == (1, events, 0)


def test_an_older_list_can_be_accepted_again_after_a_newer_one(upload, accept):
    row = listed()[0]
    for dpt in (200, 210, 200):
        draft = upload(as_csv([number(row, dpt)]))
        settle(draft)
        accept(draft)
        assert pemilu().get(desa__code=row[1], number=row[3]).dpt == dpt
    assert ListImport.objects.count() == 3


def test_what_blocks_or_asks_is_never_accepted(upload, accept):
    rows = [list(row) for row in listed()[:3]]
    rows[1][6] = "1.205"
    draft = upload(as_csv(rows))
    with pytest.raises(Refused) as refused:
        accept(draft)
    assert refused.value.code == "IMPORT-NOT-ACCEPTABLE"
    assert not ListImport.objects.exists()


def test_a_changed_list_is_compared_with_the_one_before_it(upload, accept):
    rows = list(listed())
    first = upload(as_csv(rows))
    settle(first)
    accept(first)
    rows[0] = number(rows[0], 290)
    second = upload(as_csv(rows))
    settle(second)
    accept(second)
    documents = Document.objects.filter(label__startswith="Daftar TPS Pemilu 2024")
    assert documents.count() == 2  # the first list says what the register said: the same bytes, one file
    rules = load_rule_set("pemilu-2024")
    totals = set()
    for document in documents:
        read = read_tps_list(path_of(document.sha256).read_bytes(), rules)
        assert read.findings == ()
        totals.add(int(compute_needs(read.columns, rules).tps.dpt.sum()))
    assert totals == {87_396, 87_396 + 290 - listed()[0][6]}


def test_the_special_tps_grows_from_51_to_202_and_keeps_its_ballots_while_it_is_the_same(upload, accept):
    row = next(row for row in listed() if (row[1], row[3]) == RUTAN)
    before = pemilu().get(desa__code=RUTAN[0], number=901).voters
    same = upload(as_csv([row]))
    settle(same)
    accept(same)
    assert pemilu().get(desa__code=RUTAN[0], number=901).voters == before
    header = (*HEADER, "Pemilih PPWP", "Pemilih DPRD Kabupaten")
    more = upload(as_csv([[*number(row, 202), 202, 40]], header))
    settle(more)
    accept(more)
    after = pemilu().get(desa__code=RUTAN[0], number=901)
    assert (after.dpt, after.voters["PPWP"], after.voters["DPRDK"]) == (202, 202, 40)


def test_a_dapil_nobody_knew_is_added_with_its_kecamatan(upload, accept):
    row = [*listed()[0][:8], "Blora 9"]
    draft = upload(as_csv([row]))
    settle(draft)
    accept(draft)
    dapil = Dapil.objects.get(code="Blora 9")
    assert (dapil.ballot, [area.code for area in dapil.areas.all()]) == ("DPRDK", [row[1][:8]])


def test_columns_once_accepted_are_remembered(upload, accept):
    header = (*HEADER[:6], "Banyaknya", *HEADER[7:])
    draft = upload(as_csv(listed()[:3], header))
    settle(draft)
    accept(draft)
    (remembered,) = RememberedColumns.objects.all()
    assert {"column": "D", "field": "tps"}.items() <= next(
        one for one in remembered.mapping["columns"] if one["column"] == "D"
    ).items()
    again = upload(as_csv(listed()[3:6], header))
    mapping = next(sheet["mapping"] for sheet in again.layout["sheets"])
    assert {one["source"] for one in mapping["columns"]} == {"remembered"}


def test_answers_are_kept_masked_and_can_be_taken_back(upload, operator, now):
    rows = [list(row) for row in listed()[:3]]
    rows[1][6] = "1.205"
    draft = upload(as_csv(rows))
    kept = answer_draft(by=operator, at=now, draft=draft.pk, answers={"Daftar!G3": f"nik {NIK}", "x!A1": "1"})
    assert NIK not in json.dumps(kept.answers)
    kept = answer_draft(by=operator, at=now, draft=draft.pk, answers={"x!A1": ""})
    assert list(kept.answers) == ["Daftar!G3"]


def test_a_hidden_sheet_counts_only_when_the_person_says_so(upload, operator, now):
    book = openpyxl.Workbook()
    rows = list(listed())
    for row in [HEADER, *rows[:3]]:
        book.active.append(row)
    hidden = book.create_sheet("Lama")
    for row in [HEADER, *rows[3:5]]:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    draft = upload(packed.getvalue())
    assert len(read_draft(draft).records) == 3
    assert "hidden_sheet" in {one.kind for one in read_draft(draft).findings}
    for answer, count in (("pakai", 5), ("lewati", 3)):
        draft = answer_draft(by=operator, at=now, draft=draft.pk, answers={"Lama!A1": answer})
        result = read_draft(draft)
        assert len(result.records) == count
        assert "asks" not in {one.severity for one in result.findings if one.kind == "hidden_sheet"}


def test_only_the_right_people_preview_and_accept(upload, accept, budi, dewi, now):
    draft = upload(as_csv(listed()[:3]))
    settle(draft)
    opening = Opening("tps", "pemilu-2024", "x")
    for somebody in (budi, dewi):
        with pytest.raises(NotAllowed):
            open_draft(as_csv(listed()[:3]), opening, by=somebody.actor, at=now, area_code=AREA)
        with pytest.raises(NotAllowed):
            drop_draft(by=somebody.actor, at=now, draft=draft.pk)
        with pytest.raises(NotAllowed):
            accept(draft, by=somebody.actor)
    assert ImportDraft.objects.count() == 1


def test_drafts_are_limited_and_old_ones_go(upload, operator, now):
    drafts = [upload(as_csv(listed()[:1])) for _ in range(DRAFTS_MAX)]
    with pytest.raises(Refused) as refused:
        upload(as_csv(listed()[:1]))
    assert refused.value.code == "IMPORT-DRAFTS-FULL"
    ImportDraft.objects.filter(pk=drafts[0].pk).update(made_at=now - timedelta(days=30))
    upload(as_csv(listed()[:1]))
    assert not ImportDraft.objects.filter(pk=drafts[0].pk).exists()


def test_expected_totals_can_be_set_later(upload, operator, now):
    draft = upload(as_csv(listed()[:3]))
    draft = set_expectations(by=operator, at=now, draft=draft.pk, expected={"tps": 4}, whole_list=True)
    assert "expected_total_differs" in {one.kind for one in read_draft(draft).findings}
    assert draft.whole_list
