"""A truck of the plan drives straight to the PPS: its PPK is told, comes, sees, and holds nothing."""

import re
from pathlib import Path

from tests.browser.conftest import Site, Visitor
from tests.browser.field_phone import (
    OpenPhone,
    airplane,
    arrived,
    ask_book,
    bind,
    camera_film,
    film_of,
    known,
    person,
    shown,
    wait_sent,
)


def test_the_ppk_is_told_of_a_trip_and_is_there(phone: OpenPhone, field_site: Site, tmp_path: Path) -> None:
    driver, ppk = person(field_site, "fajar"), person(field_site, "wati")
    trip = known(field_site)["trip"]
    mine = trip["boxes"]
    driving = phone()
    bind(driving, driver["code"])
    eye = camera_film(tmp_path / "ppk.mjpeg", ["kosong"])
    watching = phone(eye)
    bind(watching, ppk["code"])
    attend = watching.page.get_by_role("link", name=re.compile(f"Hadiri serah terima {len(mine)} kotak"))
    attend.wait_for()
    assert watching.page.get_by_text("Kendaraan berangkat").count() == 0

    driving.page.get_by_role("link", name=re.compile(f"Serahkan {len(mine)} kotak")).tap()
    for word, kind in (("Berangkat", "departed"), ("Tiba", "arrived")):
        driving.page.get_by_role("button", name=word).tap()
        driving.page.get_by_text(f"{word}: tercatat.").wait_for()
        (said,) = arrived(field_site, f"custody.{kind}", driver["person"])
        assert said["payload"]["trip"] == trip["id"]
        _refresh(watching)
        told = {"departed": r"Kendaraan berangkat \d", "arrived": r"Kendaraan berangkat .*, tiba \d"}[kind]
        attend.get_by_text(re.compile(told)).wait_for()
    driving.page.get_by_role("button", name="Tunjukkan tawaran").tap()
    film_of(eye, shown(driving))
    offered = arrived(field_site, "custody.offered", driver["person"])

    airplane(watching)
    watching.page.get_by_role("link", name="Catat kehadiran saya").tap()
    watching.page.get_by_role("button", name="Pindai tawaran di HP penyerah").tap()
    watching.page.get_by_text(re.compile(f"Serah terima {len(mine)} kotak, Fajar")).wait_for(timeout=30_000)
    watching.page.get_by_role("button", name="Saya hadir").tap()
    watching.page.get_by_text("Sah dan tersimpan di HP ini.").wait_for()
    watching.go("/lapangan/#/serah-baru")
    watching.page.get_by_text("Tidak ada kotak pada Anda").wait_for()
    airplane(watching, on=False)
    wait_sent(watching)
    (present,) = arrived(field_site, "custody.present", ppk["person"])
    assert present["payload"]["presence"] == "ppk"
    assert present["payload"]["offer"].replace("-", "") == offered[0]["id"].replace("-", "")
    assert sorted(present["objects"]) == sorted(mine)
    assert _holder(field_site, mine[0]) == driver["person"]


def _refresh(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Periksa tugas baru").tap()


def _holder(site: Site, box: str) -> str:
    ((holder,),) = ask_book(site, "select holder from custody_holding where object_id = ?", box)
    return str(holder)
