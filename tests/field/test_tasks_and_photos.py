"""What a phone asks for today, and the photos that follow its events."""

import io
import json
from datetime import date

import pytest
from PIL import Image
from tests.field.phones import BOXES

from tepat.common.documents import path_of
from tepat.common.models import Area, Dapil, Election
from tepat.custody.models import ExpectedPhoto


def test_a_task_is_the_open_offer_to_this_post_with_the_giver_s_name(sari_phone, budi_phone):
    offer = sari_phone.offers("pps:33.16.09.1015", leg="T-1:pps", expected_at="2024-02-01T05:00:00.000Z")
    sari_phone.sends(sari_phone.registers(), offer)
    status, answer = budi_phone.tasks()
    assert status == 200
    (task,) = answer["tasks"]
    assert (task["direction"], task["other"]["name"], task["count"]) == ("terima", "Sari", 5)
    assert task["offer"] == {
        "id": offer["statement"]["id"],
        "list_hash": offer["payload"]["list_hash"],
        "objects": sorted(BOXES),
    }
    assert answer["day"] == "2024-02-01"


def test_another_village_sees_nothing_of_it(sari_phone, citra, with_phone):
    sari_phone.sends(sari_phone.registers(), sari_phone.offers("pps:33.16.09.1015"))
    answer = with_phone(citra).tasks()[1]
    assert (answer["tasks"], answer["held"]) == ([], [])
    assert "Sari" not in json.dumps(answer)


def test_what_was_received_is_held_and_no_task_any_more(sari_phone, budi_phone):
    offer = sari_phone.offers("pps:33.16.09.1015")
    sari_phone.sends(sari_phone.registers(), offer)
    budi_phone.sends(budi_phone.accepts(offer))
    answer = budi_phone.tasks()[1]
    assert (answer["tasks"], answer["held"]) == ([], sorted(BOXES))


def test_expected_seals_come_with_the_task(sari_phone, budi_phone, wahyu):
    sealed = sari_phone.says(
        "packing.sealed",
        {"seals": {BOXES[0]: ["S1", "S2"]}, "second": str(wahyu.actor.person)},
        BOXES[:1],
    )
    sari_phone.sends(sari_phone.registers(), sealed, sari_phone.offers("pps:33.16.09.1015"))
    assert budi_phone.tasks()[1]["seals"] == {BOXES[0]: ["S1", "S2"]}


@pytest.mark.parametrize("level", ["desa", "kecamatan"])
def test_the_phone_knows_each_area_s_dapil_so_that_it_can_stop_the_wrong_one(sari_phone, level):
    election = Election.objects.get()
    for code, kecamatan in (("33.16.09.1015", "33.16.09"), ("33.16.05.1014", "33.16.05")):
        for area, above in ((kecamatan, "33.16"), (code, kecamatan)):
            Area.objects.create(
                code=area,
                level="desa" if area == code else "kecamatan",
                name=area,
                parent_code=above,
                valid_from=date(2020, 1, 1),
                source="uji",
            )
        where = code if level == "desa" else kecamatan
        row = Dapil.objects.create(election=election, ballot="DPRDK", code=code, name=f"Dapil {where}")
        row.areas.add(Area.objects.get(code=where))
    areas = sari_phone.tasks()[1]["areas"]
    assert areas["091015"]["dapil"] == f"Dapil {'33.16.09.1015' if level == 'desa' else '33.16.09'}"
    assert areas["051014"]["dapil"] != areas["091015"]["dapil"]


@pytest.mark.parametrize("header", ["", "Tepat a b", "Tepat x 2024-02-01T03:00:00.000Z AAAA", "Bearer a b c"])
def test_tasks_are_told_only_to_who_signs_the_question(office, clock, client, header):
    answer = client.get("/lapangan/tugas/", headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (403, "FIELD-NOT-SIGNED")


def jpeg(size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "JPEG")
    return out.getvalue()


def refusing(phone, giver, raw):
    import hashlib

    offer = giver.offers("pps:33.16.09.1015")
    giver.sends(giver.registers(), offer)
    sha256 = hashlib.sha256(raw).hexdigest()
    wet = {"object": BOXES[0], "reason": "basah", "photo": sha256}
    return phone.accepts(offer, refused=[wet]), sha256


def test_a_photo_follows_its_event_and_is_kept_by_its_hash(sari_phone, budi_phone):
    raw = jpeg()
    event, sha256 = refusing(budi_phone, sari_phone, raw)
    status, answer = budi_phone.sends_photo(raw)
    assert (status, answer["code"], answer["again"]) == (503, "FIELD-PHOTO-UNEXPECTED", True)
    budi_phone.sends(event)
    assert budi_phone.sends_photo(raw) == (200, {"sha256": sha256})
    assert budi_phone.sends_photo(raw) == (200, {"sha256": sha256})
    assert path_of(sha256).read_bytes() == raw
    assert ExpectedPhoto.objects.get().arrived_at is not None


def test_a_photo_of_an_event_in_the_tray_is_kept_too(sari_phone, budi_phone):
    raw = jpeg()
    _, sha256 = refusing(budi_phone, sari_phone, raw)
    late = budi_phone.says("custody.seen", {"with_person": "", "post": "salah"}, evidence=[sha256])
    assert budi_phone.sends(late) == ["FIELD-PAYLOAD"]
    assert budi_phone.sends_photo(raw)[0] == 200


def test_what_is_no_jpeg_or_too_large_is_refused(sari_phone):
    assert sari_phone.sends_photo(b"GIF89a")[1]["code"] == "FIELD-PHOTO-KIND"
    assert sari_phone.sends_photo(jpeg() + b"0" * 160_000)[1]["code"] == "FIELD-PHOTO-LARGE"
