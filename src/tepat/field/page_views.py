"""The field page itself: a shell that a phone keeps, its service worker, and its place on a home screen.

None of it knows who asks: the page is the same for everybody, needs no cookie, and is served without
touching the database. Who somebody is stands on their phone alone.
"""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from tepat.common.permissions import Permission
from tepat.common.screens import screen

FOLDER = "app/lapangan"
HASH_LENGTH = 12
THEME = "#0b3a3e"


@dataclass(frozen=True)
class Build:
    """The built files of the page.

    Args:
        version: A hash over all of them; a phone fetches everything anew when it changes.
        script: Address of the page's script, with its hash.
        style: Address of its style sheet, with its hash.
        others: Addresses of what the script loads by itself.
        worker: Text of the service worker, without its list.
    """

    version: str
    script: str
    style: str
    others: tuple[str, ...]
    worker: str


def build() -> Build:
    """Return the built page; read once, because an upgrade restarts the server."""
    found = finders.find(f"{FOLDER}/lapangan.js")
    assert found is not None, "the field page is not built: scripts/frontend"
    return _build(Path(found).parent)


@functools.cache
def _build(folder: Path) -> Build:
    files = sorted(path for path in folder.iterdir() if path.suffix in {".js", ".css"})
    content = {path.name: path.read_bytes() for path in files}
    shell = render_to_string("field/lapangan.html", {"build": None}).encode()
    own = {"lapangan.js", "lapangan.css", "sw.js"}
    return Build(
        version=_hash(b"".join([shell, *content.values()])),
        script=_address("lapangan.js", content),
        style=_address("lapangan.css", content),
        others=tuple(static(f"{FOLDER}/{name}") for name in content if name not in own),
        worker=content["sw.js"].decode(),
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


def _address(name: str, content: dict[str, bytes]) -> str:
    return f"{static(f'{FOLDER}/{name}')}?v={_hash(content[name])}"


@require_GET
@screen(Permission.PUBLIC_READ)
@cache_control(no_cache=True)
def page(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same page for everybody
    """Show the shell of the field page."""
    return HttpResponse(render_to_string("field/lapangan.html", {"build": build()}))


@require_GET
@screen(Permission.PUBLIC_READ)
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """Hand out the service worker, with the list of what it keeps."""
    built = build()
    files = [built.script, built.style, *built.others, static("tepat.svg")]
    listed = ",".join(f'"{address}"' for address in files)
    head = f'const TEPAT_BERKAS={{version:"{built.version}",files:[{listed}]}};\n'
    return HttpResponse(head + built.worker, content_type="text/javascript; charset=utf-8")


@require_GET
@screen(Permission.PUBLIC_READ)
@cache_control(max_age=86_400)
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the same for everybody
    """Say how the page stands on a home screen."""
    start = reverse("lapangan")
    icon = {"src": static("tepat.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "name": "Tepat Lapangan",
            "short_name": "Tepat",
            "lang": "id",
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "background_color": "#eef1ee",
            "theme_color": THEME,
            "icons": [icon],
        },
        content_type="application/manifest+json",
    )
