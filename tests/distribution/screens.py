"""What the tests of the distribution's screens share: Kota Magelang, its plans, and how somebody reads."""

from django.test import Client

from tepat.common.documents import path_of

AREA = "33.71"
STRATEGIES = ("lewat-ppk", "langsung-pps", "langsung-gudang-2")


def enter(somebody):
    client = Client()
    assert client.login(username=somebody.username, password=somebody.password)
    return client


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def stored(sha256):
    return path_of(sha256).read_bytes()
