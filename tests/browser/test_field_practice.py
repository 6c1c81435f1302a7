"""A whole office in Mode Latihan, with a phone: it says so on every screen and mixes with nothing real."""

import re

from tests.browser.conftest import Site
from tests.browser.field_phone import (
    OpenPhone,
    airplane,
    arrived,
    bind,
    boxes,
    counted,
    label,
    person,
    type_boxes,
    wait_sent,
)

MARK = "getComputedStyle(document.querySelector('.merek'), '::after').content"


def test_practice_looks_and_works_apart(phone: OpenPhone, practice_site: Site) -> None:
    mine = boxes(practice_site, "pps0")
    visitor = phone(site=practice_site)
    bind(visitor, person(practice_site, "pps0")["code"])
    airplane(visitor)
    for address in ("#/", "#/simpan", "#/bukti", "#/pindai"):
        visitor.go(f"/lapangan/{address}")
        visitor.page.get_by_role("heading", level=1).wait_for()
        assert "LATIHAN" in visitor.page.evaluate(MARK)
    visitor.go("/lapangan/#/")
    visitor.page.get_by_role("link", name=re.compile("Terima 50 kotak")).tap()
    visitor.page.get_by_role("button", name="Ketik kode").tap()
    field = visitor.page.get_by_label("Kode di label")
    field.fill(label(mine[0], rehearsal=True))
    field.press("Enter")
    counted(visitor, "1 dari 50")
    assert "LATIHAN" in visitor.page.evaluate(MARK)
    field.fill(label(mine[1]))
    field.press("Enter")
    stop = visitor.page.get_by_role("alertdialog", name="LABEL SUNGGUHAN")
    stop.wait_for()
    assert visitor.faults() == []
    stop.get_by_role("button", name="Mengerti").tap()
    counted(visitor, "1 dari 50")
    type_boxes(visitor, mine[1:])
    counted(visitor, "50 dari 50")
    visitor.page.get_by_role("button", name="Selesai hitung").tap()
    visitor.page.get_by_role("button", name="Terima 50 kotak").tap()
    visitor.page.locator(".nota").get_by_text("LATIHAN", exact=True).wait_for()
    airplane(visitor, on=False)
    wait_sent(visitor)
    arrived(practice_site, "custody.accepted", person(practice_site, "pps0")["person"])
