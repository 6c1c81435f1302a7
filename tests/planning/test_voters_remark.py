"""What stands beside the needs says no more of the voters than is true."""

from django.test import Client

from tepat.planning.columns import columns_of
from tepat.planning.needs import compute_needs
from tepat.planning.office_needs import OfficeNeeds
from tepat.planning.rulesets import load_rule_set


def remark(*kinds):
    needs = compute_needs(columns_of([]), load_rule_set("pemilu-2024"))
    return OfficeNeeds(needs, (), (), {}, frozenset(kinds)).voters_remark


def test_only_voters_made_from_a_published_total_add_up_to_it():
    assert remark("contoh") == "pemilih per TPS bukan daftar resmi; jumlahnya sama dengan angka terbit"
    assert remark("perkiraan") == ("pemilih per TPS diperkirakan dari rata-rata nasional, bukan daftar resmi")
    for mixed in (("contoh", "daftar"), ("contoh", "perkiraan"), ("perkiraan", "daftar")):
        assert "angka terbit" not in remark(*mixed)
        assert "bukan daftar resmi" in remark(*mixed)
    assert remark("daftar") == remark() == ""


def test_blora_s_example_adds_up_to_what_was_published(register, kasubbag):
    client = Client()
    assert client.login(username=kasubbag.username, password=kasubbag.password)
    page = client.get("/kebutuhan/?pemilihan=pemilu-2024").content.decode()
    assert "Pemilih per TPS bukan daftar resmi; jumlahnya sama dengan angka terbit." in page
