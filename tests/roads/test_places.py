import pytest

from tepat.common.errors import Refused
from tepat.roads.places import PLACES_FILE_MAX, Place, read_places


def _write(folder, text, name="tempat.csv"):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_file_from_excel_with_semicolons_commas_and_a_mark_is_read(tmp_path):
    file = _write(tmp_path, "\ufeffID;Lat;Lon;Name;Area\r\nG;-6,97;111,42;Gudang;33.16.09.1001\r\n;;;;\r\n")
    assert read_places(file) == (Place("G", -6.97, 111.42, "Gudang", "33.16.09.1001"),)


def test_name_and_area_may_be_missing(tmp_path):
    assert read_places(_write(tmp_path, "id,lat,lon\na,-7,111\n")) == (Place("a", -7, 111),)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("id,lat\na,-7\n", "ROADS-NO-COLUMN", '"lon"'),
        ("", "ROADS-NO-COLUMN", '"id"'),
        ("id,lat,lon\n", "ROADS-NO-PLACES", "Tidak ada tempat"),
        ("id,lat,lon\na,-7,111\n,-7,111\n", "ROADS-NO-ID", "Baris 3"),
        ("id,lat,lon\na,-7,111\nb,-7,112\na,-7,111\n", "ROADS-DUPLICATE-LINE", "baris 4"),
        ("id,lat,lon\na,-7,111\nb,tujuh,112\n", "ROADS-NO-NUMBER", "baris 3"),
        ("id,lat,lon\na,-7,\n", "ROADS-NO-NUMBER", "lon"),
        ("id,lat,lon\na,nan,111\n", "ROADS-NO-NUMBER", "nan"),
        ("id,lat,lon\na,-7,111\nb,111.4,-7.1\n", "ROADS-SWAPPED", "baris 3"),
        ("id,lat,lon\na,-97,111\n", "ROADS-OUTSIDE", "-97"),
        ("id,lat,lon\na,-7,1111\n", "ROADS-OUTSIDE", "baris 2"),
        (b"id,lat,lon\n\xff\xfe", "ROADS-FILE-UNREADABLE", "UTF-8"),
        (b"id,lat,lon\n" + b"x" * PLACES_FILE_MAX, "ROADS-FILE-TOO-LARGE", "bita"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, code, said):
    with pytest.raises(Refused) as refused:
        read_places(_write(tmp_path, text))
    assert refused.value.code == code
    assert said in str(refused.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(Refused) as refused:
        read_places(tmp_path / "tiada.csv")
    assert refused.value.code == "ROADS-FILE-UNREADABLE"
