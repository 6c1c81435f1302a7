"""One way for every screen to answer: as a page, or one of its tables as Excel, CSV or a page for print."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tepat.common.clock import now
from tepat.common.errors import Refused
from tepat.common.tables import Table, as_csv, as_xlsx, moment

PAPERS = {
    "a4": "A4 tegak",
    "a4-mendatar": "A4 mendatar",
    "f4": "F4 tegak",
    "f4-mendatar": "F4 mendatar",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return the page, or the table that ``?unduh=xlsx|csv|cetak&tabel=ID`` asks for.

    Args:
        request: What was asked.
        template: The screen's template.
        context: Its values; every `Table` among them can be asked for.
        status: The page's status.

    Raises:
        Refused: COMMON-NO-SUCH-TABLE.
    """
    wanted = request.GET.get("unduh", "")
    if not wanted:
        return render(request, template, dict(context), status=status)
    known = {table.id: table for table in _tables(context.values())}
    table = known.get(request.GET.get("tabel", ""))
    if table is None or wanted not in {"xlsx", "csv", "cetak"}:
        raise Refused("COMMON-NO-SUCH-TABLE", known=", ".join(known) or "–")
    heading = [
        line for line in (str(context.get("judul", "")), f"Dibuat {moment(now(), table.zone)}") if line
    ]
    if wanted == "cetak":
        return _page_for_print(request, table, heading)
    raw = as_xlsx(table, heading) if wanted == "xlsx" else as_csv(table)
    file = HttpResponse(raw, content_type=XLSX if wanted == "xlsx" else "text/csv; charset=utf-8")
    file.headers["Content-Disposition"] = f'attachment; filename="{table.id}.{wanted}"'
    return file


def _page_for_print(request: HttpRequest, table: Table, heading: list[str]) -> HttpResponse:
    asked = request.GET.get("kertas", "a4")
    paper = asked if asked in PAPERS else "a4"
    return render(
        request,
        "cetak.html",
        {"table": table, "heading": heading, "paper": paper, "papers": PAPERS},
    )


def _tables(values: Any) -> Iterator[Table]:
    for value in values:
        if isinstance(value, Table):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _tables(value)
