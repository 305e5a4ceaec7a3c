"""The published bus tour of the Ruffécois and its two defects."""

import json

import pytest

from geodata.errors import DataError
from geodata.readers.hours import check_osm
from geodata.readers.tours import read_bus_tour

FILE = "bus-france-services-charente.json"


def record(**changes):
    """A stop as the file writes one (Saint-Fraigne, place invented)."""
    return {
        "id": 1,
        "nom": "Bus",
        "commune": "Saint-Fraigne",
        "code_insee": 16317,
        "latitude": 45.952791,
        "longitude": -0.008588,
        "horaires": "Mo 09:30-12:30,13:30-15:30; PH off",
        "ouverture": "Semaine impaire",
        **changes,
    }


@pytest.fixture
def read(tmp_path):
    def written(*records):
        path = tmp_path / "tour.json"
        path.write_text(json.dumps(list(records)), encoding="utf-8")
        return read_bus_tour(path)

    return written


@pytest.mark.official
def test_both_defects_of_the_real_file_are_found_and_mended(official_folder):
    table = read_bus_tour(official_folder / FILE)
    assert len(table.frame) == 12
    moved = table.frame[table.frame["point_source"] == "commune"]
    assert list(moved["name"]) == ["Valence"]
    assert moved["lat"].iloc[0] == pytest.approx(45.88, abs=0.01)
    texts = list(table.notes)
    assert any("Valence" in text and "Provence" in text for text in texts)
    assert table.notes[next(text for text in texts if "parité" in text)] == 12
    assert table.frame["service_min"].sum() == 46 * 60
    assert table.frame.groupby("week").size().to_dict() == {"even": 6, "odd": 6}
    assert all(check_osm(hours) for hours in table.frame["hours"])


@pytest.mark.official
def test_no_telephone_number_is_read(official_folder):
    shown = read_bus_tour(official_folder / FILE).frame.astype(str).to_csv()
    assert "336" not in shown
    assert "@" not in shown


def test_parity_stands_in_the_hours(read):
    [row] = read(record(ouverture="Semaine paire")).frame.itertuples()
    assert row.hours == "week 02-53/2 Mo 09:30-12:30,13:30-15:30; PH off"
    assert (row.week, row.weekday, row.open_min, row.close_min) == ("even", 0, 570.0, 930.0)
    assert row.service_min == 300.0


def test_a_stop_on_two_days_is_two_rows(read):
    frame = read(record(horaires="Mo,Th 09:00-12:00; PH off", ouverture="")).frame
    assert list(frame["id"]) == ["1-Mo", "1-Th"]
    assert list(frame["week"]) == ["every", "every"]


def test_bad_rows_are_set_aside_with_their_reason(read):
    table = read(
        record(),
        record(id=2, code_insee=99999),
        record(id=3, horaires="le lundi"),
        record(id=4, ouverture="Semaine des quatre jeudis"),
    )
    assert list(table.rejected["id"]) == ["2", "3", "4"]
    for reason, part in zip(
        table.rejected["reason"], ("code", "horaires", "semaines"), strict=True
    ):
        assert part in reason
    assert (table.provenance.rows, table.provenance.set_aside) == (1, 3)


def test_a_missing_point_is_that_of_the_commune(read):
    [row] = read(record(latitude="", longitude="")).frame.itertuples()
    assert row.point_source == "commune"
    assert row.lat == pytest.approx(45.95, abs=0.01)


def test_wrong_files_are_refused_whole(read, tmp_path):
    path = tmp_path / "other.json"
    path.write_text("<html>", encoding="utf-8")
    with pytest.raises(DataError, match="JSON"):
        read_bus_tour(path)
    path.write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(DataError, match="liste d'arrêts"):
        read_bus_tour(path)
    with pytest.raises(DataError, match="Champ\\(s\\) absent\\(s\\) : horaires"):
        read({key: value for key, value in record().items() if key != "horaires"})
    with pytest.raises(DataError, match="Aucun arrêt"):
        read(record(code_insee=0))
