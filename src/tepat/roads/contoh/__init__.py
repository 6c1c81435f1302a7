"""Road notes that come with Tepat, as a start for the office's own."""

from importlib import resources

from tepat.roads.notes import NO_NOTES, RoadNotes, parse_notes

FILE_BY_AREA = {"33.16": "blora_catatan_jalan.toml"}


def notes_for(area: str) -> RoadNotes:
    """Return the notes that come with Tepat for a kabupaten/kota; none where there are none.

    Args:
        area: The official code, such as ``33.16``.
    """
    name = FILE_BY_AREA.get(area)
    if name is None:
        return NO_NOTES
    return parse_notes((resources.files(__package__) / name).read_text(encoding="utf-8"), file=name)
