"""Boxes that are not as the list says: other seals, one too many; and many boxes at once."""

import re
from pathlib import Path
from typing import Any

from tests.browser.conftest import Site, Visitor
from tests.browser.field_phone import (
    OpenPhone,
    airplane,
    arrived,
    ask_book,
    bind,
    boxes,
    code_of,
    counted,
    draw,
    jpeg,
    known,
    person,
    photo_arrived,
    receive_all,
    type_boxes,
    typed,
    wait_sent,
)

NOT_NAMED = "kotak:pemilu-2024:031006-003-1"
TAPS_MAX = 6


def test_a_seal_that_differs_takes_a_photo_and_a_second_person(
    phone: OpenPhone, field_site: Site, tmp_path: Path
) -> None:
    me, mine, seals = person(field_site, "hadi"), boxes(field_site, "hadi"), known(field_site)["seals"]
    visitor = phone()
    bind(visitor, me["code"])
    airplane(visitor)
    _count(visitor, mine)
    visitor.page.get_by_text("Segel belum dibaca").wait_for()
    visitor.page.get_by_role("link", name="Baca segel").tap()
    _read_seal(visitor, 0, seals[mine[0]].lower())
    assert _states(visitor) == ["cocok", *["belum dibaca"] * 4]
    _read_seal(visitor, 1, "S999999")
    visitor.page.get_by_text("Nomor segel berbeda.").wait_for()
    visitor.page.get_by_text(f"Tercatat saat pengepakan: {seals[mine[1]]}.").wait_for()
    save = visitor.page.get_by_role("button", name="Simpan")
    # Neither alone is enough.
    visitor.page.get_by_label("Foto segel").set_input_files(jpeg(tmp_path / "segel.jpg"))
    visitor.page.get_by_text("Foto tersimpan.").wait_for()
    save.tap()
    wahyu = person(field_site, "wahyu")
    visitor.page.get_by_label("Orang kedua").select_option(label=f"Wahyu, {wahyu['card']}")
    assert visitor.faults() == []
    save.tap()
    visitor.page.get_by_role("heading", name="Segel", exact=True).wait_for()
    assert _states(visitor) == ["cocok", "berbeda", *["belum dibaca"] * 3]
    visitor.page.get_by_role("link", name="Selesai membaca segel").tap()
    visitor.page.get_by_text("Segel dibaca pada 2 kotak, 1 berbeda").wait_for()
    visitor.page.get_by_role("button", name="Terima 5 kotak").tap()
    visitor.page.get_by_role("heading", name="Tanda terima").wait_for()
    airplane(visitor, on=False)
    wait_sent(visitor)
    (accepted,) = arrived(field_site, "custody.accepted", me["person"])
    said = {one["object"]: one for one in accepted["payload"]["seals"]}
    assert set(said) == set(mine[:2])
    assert said[mine[0]] == {"object": mine[0], "numbers": [seals[mine[0]]], "photo": "", "second": ""}
    assert said[mine[1]]["second"] == wahyu["person"]
    assert photo_arrived(field_site, said[mine[1]]["photo"])


def _count(visitor: Visitor, mine: list[str]) -> None:
    visitor.page.get_by_role("link", name=re.compile(f"Terima {len(mine)} kotak")).tap()
    type_boxes(visitor, mine)
    counted(visitor, f"{len(mine)} dari {len(mine)}")
    visitor.page.get_by_role("button", name="Selesai hitung").tap()


def _read_seal(visitor: Visitor, place: int, number: str) -> None:
    visitor.page.locator(".baris li").nth(place).get_by_role("button").tap()
    visitor.page.get_by_label("Nomor segel").fill(number)
    visitor.page.get_by_role("button", name="Simpan").tap()


def _states(visitor: Visitor) -> list[str]:
    visitor.page.get_by_role("link", name="Selesai membaca segel").wait_for()
    return list(visitor.page.locator(".baris .cap").all_inner_texts())


def test_a_box_too_many_is_taken_and_said(phone: OpenPhone, field_site: Site, tmp_path: Path) -> None:
    """What the offer does not name is taken as an extra; then the KPPS signs for theirs on the same phone."""
    me, mine = person(field_site, "indra"), boxes(field_site, "indra")
    visitor = phone()
    bind(visitor, me["code"])
    airplane(visitor)
    visitor.page.get_by_role("link", name=re.compile("Terima 10 kotak")).tap()
    type_boxes(visitor, mine)
    visitor.page.get_by_label("Kode di label").fill(typed(NOT_NAMED))
    visitor.page.get_by_label("Kode di label").press("Enter")
    visitor.page.get_by_role("alertdialog", name="SALAH TPS").wait_for()
    visitor.page.get_by_role("button", name="Milik wilayah saya: terima sebagai tambahan").tap()
    counted(visitor, "1 tambahan")
    visitor.page.get_by_role("button", name="Selesai hitung").tap()
    visitor.page.get_by_text(f"Tambahan: {code_of(NOT_NAMED)}.").wait_for()
    assert visitor.faults() == []
    visitor.page.get_by_role("button", name="Laporkan selisih: terima 11 kotak").tap()
    visitor.page.get_by_text("Tambahan di luar tawaran").wait_for()
    _sign_for(visitor, mine[:5], jpeg(tmp_path / "penerima.jpg"))
    airplane(visitor, on=False)
    wait_sent(visitor)
    accepted = arrived(field_site, "custody.accepted", me["person"], 2)
    own, theirs = sorted(accepted, key=lambda one: one["payload"]["one_phone"])
    assert own["payload"]["extra"] == [NOT_NAMED]
    assert NOT_NAMED in own["objects"]
    (differs,) = arrived(field_site, "custody.count-differs", me["person"])
    assert (differs["payload"]["offered"], differs["payload"]["counted"]) == (10, 11)
    assert differs["objects"] == [NOT_NAMED]
    _signed_with_photo(field_site, theirs)


def _sign_for(visitor: Visitor, some: list[str], photo: Path) -> None:
    visitor.page.get_by_role("link", name="Kembali ke tugas").tap()
    visitor.page.get_by_role("link", name="Serahkan yang ada pada saya").tap()
    visitor.page.get_by_role("link", name=re.compile("KPPS TPS 001")).tap()
    visitor.page.get_by_role("link", name="Penerima tanpa HP (satu HP)").tap()
    type_boxes(visitor, some)
    counted(visitor, "5 dari 5")
    visitor.page.get_by_role("button", name="Selesai hitung").tap()
    visitor.page.get_by_text("Segel belum dibaca").wait_for()
    visitor.page.get_by_role("link", name="Lanjut: penerima menegaskan").tap()
    visitor.page.get_by_role("button", name=re.compile("^Lina")).tap()
    visitor.page.get_by_role("button", name="Lupa PIN").tap()
    visitor.page.get_by_role("button", name="Terima 5 kotak").tap()
    visitor.page.get_by_text("Tanda tangan belum ada.").wait_for()
    draw(visitor)
    visitor.page.get_by_label("Foto penerima").set_input_files(photo)
    visitor.page.get_by_text("Foto tersimpan.").wait_for()
    visitor.page.get_by_role("button", name="Terima 5 kotak").tap()
    visitor.page.get_by_text("(satu HP)").wait_for()


def _signed_with_photo(site: Site, theirs: dict[str, Any]) -> None:
    said = theirs["payload"]
    assert (said["proof"], said["pin"]) == ("tanda-tangan", "lupa")
    assert said["receiver"] == person(site, "lina")["person"]
    photos = ask_book(site, "select arrived_at from custody_expectedphoto where event_id = ?", theirs["id"])
    assert len(photos) == 2
    assert all(row[0] for row in photos)


def test_two_trucks_and_two_receivers_at_one_post(phone: OpenPhone, field_site: Site) -> None:
    """215 boxes, each of two people one truck, without signal: six taps each, and the sums are right."""
    mine = boxes(field_site, "ani")
    loads = {"ani": mine[:110], "tono": mine[110:]}
    phones = {name: phone() for name in loads}
    for name, visitor in phones.items():
        bind(visitor, person(field_site, name)["code"])
        airplane(visitor)
    for name, visitor in phones.items():
        assert receive_all(visitor, loads[name]).taps <= TAPS_MAX
    for visitor in phones.values():
        airplane(visitor, on=False)
        wait_sent(visitor)
    for name, visitor in phones.items():
        (accepted,) = arrived(field_site, "custody.accepted", person(field_site, name)["person"])
        assert sorted(accepted["objects"]) == sorted(loads[name])
        visitor.go("/lapangan/#/")
        visitor.page.get_by_role("button", name="Periksa tugas baru").tap()
        visitor.page.get_by_role("link", name="Serahkan yang ada pada saya").tap()
        visitor.page.get_by_role("heading", name="Serahkan kepada siapa?").wait_for()
    sums = _held_at(field_site, "pps:33.71.03.1002")
    assert sums == {person(field_site, "ani")["person"]: 110, person(field_site, "tono")["person"]: 105}


def _held_at(site: Site, post: str) -> dict[str, int]:
    question = "select holder, count(*) from custody_holding where post = ? group by holder"
    return dict(ask_book(site, question, post))
