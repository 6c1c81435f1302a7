"""`tepat roads import` and `tepat roads matrix`."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tepat.roads.matrix import Matrix, VehicleClass, Weather
    from tepat.roads.places import Place
    from tepat.roads.travel import RoadProvider

app = typer.Typer(name="roads", help="Waktu dan jarak tempuh.", no_args_is_help=True)

ROADS_FOLDER = Path("var/jalan")
FINDINGS_SHOWN_MAX = 20


@app.command("import")
def import_roads(  # noqa: PLR0913 - one parameter per option of the command line
    file: Annotated[Path, typer.Argument(help="Peta OpenStreetMap: .osm.pbf, .osm atau .osm.bz2.")],
    *,
    area: Annotated[str, typer.Option(help="Potong ke kabupaten/kota ini, misalnya 33.16.")] = "",
    margin_km: Annotated[
        int, typer.Option(min=0, max=500, help="Jarak tepi di luar wilayah, dalam km.")
    ] = 15,
    out: Annotated[Path, typer.Option(help="Folder peta jalan.")] = ROADS_FOLDER,
    truck_height_cm: Annotated[
        int | None, typer.Option(min=100, max=500, help="Tinggi truk dengan boks.")
    ] = None,
    truck_width_cm: Annotated[int | None, typer.Option(min=100, max=400, help="Lebar truk.")] = None,
    truck_length_cm: Annotated[int | None, typer.Option(min=200, max=2500, help="Panjang truk.")] = None,
    truck_weight_kg: Annotated[
        int | None, typer.Option(min=500, max=60000, help="Berat truk bermuatan.")
    ] = None,
    truck_axle_kg: Annotated[
        int | None, typer.Option(min=500, max=20000, help="Berat sumbu terberat.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tulis JSON saja.")] = False,
) -> None:
    """Susun peta jalan untuk truk, pikap dan motor dari peta OpenStreetMap."""
    import msgspec
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from tepat.common.areas import area_code
    from tepat.common.quantities import grouped
    from tepat.roads.graphs import ImportRequest, TruckSize, import_extract

    request = ImportRequest(
        file=file,
        out=out,
        area=area_code(area) if area else "",
        margin_km=margin_km,
        truck=TruckSize(truck_height_cm, truck_width_cm, truck_length_cm, truck_weight_kg, truck_axle_kg),
    )
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        index = import_extract(request, lambda step: progress.update(task, description=step))
    if as_json:
        typer.echo(msgspec.json.encode(index).decode())
        return
    typer.echo(f"{grouped(index.roads['ways'])} ruas jalan dari {index.extract} ada di {out}:")
    for vehicle_class, folder in index.graphs.items():
        typer.echo(f"  {vehicle_class}: {folder}")
    for finding in index.findings:
        typer.echo(finding.text)


@app.command("matrix")
def matrix_of_places(  # noqa: PLR0913 - one parameter per option of the command line
    places_file: Annotated[Path, typer.Argument(metavar="PLACES", help="CSV: id,lat,lon[,name,area].")],
    *,
    vehicle_class: Annotated[str, typer.Option("--class", help="truk, pikap atau motor.")],
    out: Annotated[Path, typer.Option(help="Berkas .npy (dengan .json di sebelahnya) atau .csv.")],
    weather: Annotated[str, typer.Option(help="kering atau hujan.")] = "kering",
    roads: Annotated[
        Path | None, typer.Option(help="Folder dari tepat roads import; tanpa ini: model.")
    ] = None,
    override: Annotated[Path | None, typer.Option(help="CSV kantor: dari,ke,menit,km[,kelas].")] = None,
    notes: Annotated[Path | None, typer.Option(help="Catatan jalan (TOML).")] = None,
    on_date: Annotated[
        str, typer.Option("--date", help="Hari perjalanan, YYYY-MM-DD; tanpa ini: hari ini.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Tulis JSON saja.")] = False,
) -> None:
    """Hitung waktu dan jarak antara semua tempat untuk satu jenis kendaraan."""
    import json
    from dataclasses import replace

    from tepat.roads.places import read_places
    from tepat.roads.travel import elsewhere, travel

    known_class, known_weather = _class_of(vehicle_class), _weather_of(weather)
    _check_out(out)
    places = read_places(places_file)
    provider = _provider(places, roads=roads, override=override, notes=notes, on_date=_day(on_date))
    matrix = travel(places, known_class, known_weather, provider=provider)
    matrix = replace(matrix, findings=(*elsewhere(places), *matrix.findings))
    summary = _write(matrix, out)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False))
        return
    typer.echo(
        f"{len(places)} tempat, {known_class}, {known_weather}: {matrix.sentence}; "
        f"{matrix.unreachable} perjalanan tanpa jalan. Ditulis ke {out}."
    )
    for finding in matrix.findings[:FINDINGS_SHOWN_MAX]:
        typer.echo(finding.text)
    if len(matrix.findings) > FINDINGS_SHOWN_MAX:
        typer.echo(
            f"… dan {len(matrix.findings) - FINDINGS_SHOWN_MAX} temuan lain; semuanya ada dengan --json."
        )


def _provider(
    places: "tuple[Place, ...]",
    *,
    roads: Path | None,
    override: Path | None,
    notes: Path | None,
    on_date: date,
) -> "RoadProvider":
    """Return the model or the road map, with the office's files over it."""
    from tepat.roads.layers import Layered
    from tepat.roads.notes import NO_NOTES, read_notes
    from tepat.roads.office import read_office_matrix
    from tepat.roads.travel import ModelRoads

    base: RoadProvider = ModelRoads()
    if roads is not None:
        from tepat.roads.osrm import OsrmRoads

        base = OsrmRoads(roads)
    if override is None and notes is None:
        return base
    return Layered(
        base=base,
        on_date=on_date,
        notes=read_notes(notes) if notes else NO_NOTES,
        office=read_office_matrix(override, [place.id for place in places]) if override else (),
    )


def _class_of(text: str) -> "VehicleClass":
    from tepat.common.errors import Refused
    from tepat.roads.office import vehicle_class_of

    found = vehicle_class_of(text)
    if found is None:
        raise Refused("ROADS-UNKNOWN-CLASS", value=text)
    return found


def _weather_of(text: str) -> "Weather":
    from tepat.common.errors import Refused
    from tepat.roads.matrix import WEATHERS

    for weather in WEATHERS:
        if weather == text.strip().lower():
            return weather
    raise Refused("ROADS-UNKNOWN-WEATHER", value=text)


def _day(text: str) -> date:
    from tepat.common.errors import Refused

    if not text:
        return datetime.now(UTC).astimezone().date()  # noqa: TID251 - a command may read the clock
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("ROADS-UNKNOWN-DATE", value=text) from error


def _check_out(out: Path) -> None:
    from tepat.common.errors import Refused

    if out.suffix not in (".npy", ".csv"):
        raise Refused("ROADS-OUT-SUFFIX", file=out.name)


def _write(matrix: "Matrix", out: Path) -> dict[str, Any]:
    """Write the matrix and return what the sidecar says."""
    import hashlib
    import json

    from tepat.common.errors import Refused
    from tepat.common.whole_files import reason_of, write_whole

    content = _csv(matrix) if out.suffix == ".csv" else matrix.to_bytes()
    summary = {
        "places": list(matrix.places),
        "vehicle_class": matrix.vehicle_class,
        "weather": matrix.weather,
        "source": matrix.source,
        "error_low_percent": matrix.error_band.low_percent,
        "error_high_percent": matrix.error_band.high_percent,
        "error": matrix.sentence,
        "provenance": matrix.provenance,
        "unreachable": matrix.unreachable,
        "findings": [{"code": finding.code, "message": finding.text} for finding in matrix.findings],
        "file": out.name,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, content)
        if out.suffix == ".npy":
            text = json.dumps(summary, ensure_ascii=False, indent=1)
            write_whole(out.with_suffix(".json"), text.encode())
    except OSError as error:
        raise Refused("ROADS-NOT-WRITTEN", file=out.name, reason=reason_of(error)) from error
    return summary


def _csv(matrix: "Matrix") -> bytes:
    """Return one line per ordered pair, in seconds and metres; without a road both are empty."""
    import csv
    import io

    from tepat.roads.matrix import NO_ROAD, ORIGINS

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("dari", "ke", "detik", "meter", "asal"))
    for row, origin in enumerate(matrix.places):
        for column, destination in enumerate(matrix.places):
            if row == column:
                continue
            figures = (int(matrix.duration_s[row, column]), int(matrix.distance_m[row, column]))
            shown = ("", "") if figures[0] == NO_ROAD else figures
            writer.writerow((origin, destination, *shown, ORIGINS[matrix.origin[row, column]]))
    return text.getvalue().encode()
