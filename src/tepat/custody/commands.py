"""`tepat custody`: who had a box, since when, and how that is known; and the projections made anew."""

import json
from typing import Annotated, Any

import typer

from tepat.common import start
from tepat.common.errors import Refused

Json = Annotated[bool, typer.Option("--json", help="Cetak JSON saja.")]


def custody(
    code: Annotated[str, typer.Argument(help="Kode kotak seperti 091015-001-3, atau id objeknya.")] = "",
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Hitung ulang semua pemegang dari buku peristiwa.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tunjukkan riwayat satu kotak: siapa memegangnya, sejak kapan, dan buktinya."""
    start.django()
    if rebuild:
        _rebuild(as_json=as_json)
        return
    _timeline(code, as_json=as_json)


def _rebuild(*, as_json: bool) -> None:
    from tepat.custody import holdings

    holdings.refresh()
    before = holdings.digest()
    count = holdings.rebuild()
    after = holdings.digest()
    answer = {"folded": count, "before": before, "after": after, "same": before == after}
    if as_json:
        typer.echo(json.dumps(answer, indent=1))
    else:
        same = "sama dengan sebelumnya" if before == after else "BERBEDA dari sebelumnya"
        typer.echo(f"{count} kotak dan tawaran dihitung ulang; hasilnya {same}.")
        typer.echo(after)
    raise typer.Exit(0 if before == after else 1)


def _timeline(code: str, *, as_json: bool) -> None:
    import msgspec
    from django.db.models import Q

    from tepat.common.models import Office
    from tepat.custody import holdings
    from tepat.custody.models import ObjectEvent

    wanted = code.strip()
    named = Q(object_id=wanted) | Q(object_id__endswith=f":{wanted}")
    found = sorted(set(ObjectEvent.objects.filter(named).values_list("object_id", flat=True)))
    if not found or not wanted:
        raise Refused("CUSTODY-NO-SUCH-BOX", label=wanted[:40])
    history = holdings.history_of(found[-1])
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(history), ensure_ascii=False, indent=1))
        return
    office = Office.objects.get()
    for line in _lines(history, office.zone):
        typer.echo(line)


def _lines(history: Any, zone: Any) -> list[str]:
    from tepat.custody.clocks import say_interval
    from tepat.custody.facts import moment_of
    from tepat.custody.post_names import post_names
    from tepat.custody.words import KIND_WORDS, STATUS_WORDS, post_word

    state = history.state
    names = post_names({state.post, *(one.post for one in history.moments)})
    lines = [history.object_id, f"Keadaan: {STATUS_WORDS[state.status]}"]
    if state.holder:
        lines.append(f"Penanggung jawab: {state.holder} di {post_word(state.post, names)}")
    for one in history.moments:
        said = say_interval(one.at_us, one.uncertainty_s, zone=zone).text
        day = "" if "/" in said else f"{moment_of(one.at_us).astimezone(zone):%d/%m/%Y} "
        flags = f" [{', '.join(map(str, one.flags))}]" if one.flags else ""
        holder = f" → {one.holder[:8]} {post_word(one.post, names)}" if one.holder else ""
        lines.append(f"{day}{said}  {KIND_WORDS.get(one.kind, one.kind)} oleh {one.actor[:8]}{holder}{flags}")
    lines += [f"Tidak dihitung (identitas dicabut, belum dikukuhkan): {event}" for event in history.left_out]
    return lines
