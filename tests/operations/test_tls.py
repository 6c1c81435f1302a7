"""Https in an office network: what the script makes is what a phone that trusts the office accepts."""

import contextlib
import os
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START_S_MAX = 30


def make(folder: Path, *names: str) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "tls-for-office"), str(folder), *names], check=True
    )


def test_keys_are_for_their_owner_and_the_authority_stays(tmp_path: Path) -> None:
    make(tmp_path, "tepat.kantor")
    authority = (tmp_path / "kantor-ca.pem").read_bytes()
    server = (tmp_path / "server.pem").read_bytes()
    for name in ("kantor-ca-kunci.pem", "server-kunci.pem"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    make(tmp_path, "tepat.kantor", "192.168.1.10")
    assert (tmp_path / "kantor-ca.pem").read_bytes() == authority
    assert (tmp_path / "server.pem").read_bytes() != server


def test_the_field_page_is_served_over_https(tmp_path: Path) -> None:
    """The command of docs/operations.md; a phone that does not know the office's authority refuses."""
    make(tmp_path, "127.0.0.1")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "tepat.wsgi:application"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "warning"),
        *("--ssl-certificate", str(tmp_path / "server.pem")),
        *("--ssl-keyfile", str(tmp_path / "server-kunci.pem")),
    ]
    env = {**os.environ, "TEPAT_HOME": str(tmp_path / "kantor"), "TEPAT_HTTPS": "1"}
    server = subprocess.Popen(words, env=env)
    address = f"https://127.0.0.1:{port}/lapangan/sw.js"
    try:
        trusting = ssl.create_default_context(cafile=str(tmp_path / "kantor-ca.pem"))
        body = _fetch(address, trusting)
        assert body.startswith(b"const TEPAT_BERKAS=")
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(address, timeout=5, context=ssl.create_default_context())
    finally:
        server.terminate()
        server.wait(20)


def _fetch(address: str, context: ssl.SSLContext) -> bytes:
    until = time.monotonic() + START_S_MAX
    while time.monotonic() < until:
        with contextlib.suppress(ConnectionError, urllib.error.URLError):
            return urllib.request.urlopen(address, timeout=5, context=context).read()
        time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")
