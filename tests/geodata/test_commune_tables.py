"""Tables by commune: merged, divided, doubled and unknown communes."""

import numpy as np
import pandas as pd
import pytest

from geodata.errors import DataError
from geodata.readers.census import read_ages, read_diplomas, read_households
from geodata.readers.indicators import read_indicators
from geodata.readers.insee import (
    read_census_rates,
    read_density,
    read_income,
    read_membership,
    read_population_series,
)
from geodata.readers.reference import Reference


@pytest.fixture(scope="module")
def reference():
    return Reference.of_snapshot()


@pytest.fixture
def file(tmp_path):
    def write(rows, separator=";"):
        path = tmp_path / "f.csv"
        pd.DataFrame(rows).to_csv(path, index=False, sep=separator)
        return path

    return write


def income(code, persons, median, poverty="s"):
    return {"CODGEO": code, "NBPERSMENFISC21": persons, "MED21": median, "TP6021": poverty}


def test_secrecy_is_missing_not_zero_and_commas_are_read(file, reference):
    table = read_income(
        file([income("03190", "100", "21660", "17,5"), income("03185", "s", "s")]), reference
    )
    assert table.frame.loc["03190"].tolist() == [100, 21660, 0.175, 1]
    assert table.frame.loc["03185", ["persons", "median_income_eur"]].isna().all()
    assert table.notes["revenu médian sous secret statistique"] == 1


def test_merged_communes_add_their_counts_and_weigh_their_means(file, reference):
    # 01003 merged into 01165, which kept its code.
    rows = [income("01165", "300", "20000", "10,0"), income("01003", "100", "24000", "30,0")]
    table = read_income(file(rows), reference)
    merged = table.frame.loc["01165"]
    assert merged["persons"] == 400
    assert merged["median_income_eur"] == pytest.approx(21000)
    assert merged["poverty_share"] == pytest.approx(0.15)
    assert merged["merged"] == 2
    assert table.notes["commune fusionnée depuis, valeurs réunies"] == 1


def test_merged_communes_without_a_known_weight_weigh_the_same(file, reference):
    rows = [{"CODGEO": code, "DENS": d, "PMUN19": ""} for code, d in (("01165", 7), ("01003", 5))]
    table = read_density(file(rows, ","), reference)
    assert table.frame.loc["01165", "density_class"] == 6


def test_a_row_set_aside_does_not_take_the_sound_one_with_it(file, reference):
    rows = [{"code": code, "no_4g_share": v} for code, v in (("03190", 12), ("03190", 0.12))]
    table = read_indicators(file(rows, ","), reference)
    assert table.frame.loc["03190", "no_4g_share"] == 0.12
    assert len(table.rejected) == 1
    rows += [{"code": "03190", "no_4g_share": 0.3}]
    table = read_indicators(file(rows, ","), reference)
    assert table.rejected["reason"].iloc[-1] == "code de commune déjà lu : 03190"


def test_a_commune_under_secrecy_does_not_weigh_in_the_mean(file, reference):
    rows = [income("01165", "300", "20000"), income("01003", "s", "s")]
    assert read_income(file(rows), reference).frame.loc["01165", "median_income_eur"] == 20000


def test_a_divided_code_shares_its_counts_and_repeats_its_rates(file, reference):
    """The divided code is made up: the snapshot has none today."""
    former = pd.DataFrame(
        {"former": ["00001"] * 2, "current": ["03190", "03185"], "share": [0.25, 0.75]}
    )
    made_up = Reference(
        reference.communes, former, reference.arrondissements, reference.region_names
    )
    frame = read_income(file([income("00001", "400", "20000")]), made_up).frame
    assert frame["persons"].to_dict() == {"03185": 300, "03190": 100}
    assert (frame["median_income_eur"] == 20000).all()


def test_unknown_doubled_and_empty_codes_are_set_aside(file, reference):
    rows = [income(c, "1", "1") for c in ("03190", "03190", "99999", "")]
    table = read_income(file(rows), reference)
    assert table.frame.index.tolist() == ["03190"]
    assert table.rejected["reason"].tolist() == [
        "code de commune déjà lu : 03190",
        "code de commune inconnu : 99999",
        "sans code de commune",
    ]


def test_a_commune_counted_in_another_has_its_rates_and_a_part_of_its_counts(file, reference):
    rows = [income("15141", "1555", "21000", "10,0"), income("85084", "946", "22000")]
    rows += [income("85165", "125", "23000"), income("85212", "136", "24000")]
    table = read_income(file(rows), reference)
    inside = ["15031", "15035", "15047", "15171"]
    assert table.frame.loc[inside, "median_income_eur"].eq(21000).all()
    people = reference.communes["population"][["15141", *inside]]
    expected = 1555 * people / people.sum()
    assert table.frame["persons"][people.index].tolist() == pytest.approx(expected.tolist())
    # Those of the Vendée have rows of their own.
    assert table.frame.loc[["85084", "85165"], "persons"].tolist() == [946, 125]
    assert table.notes["commune rétablie depuis, décrite par celle qui la comptait"] == 4


def test_rates_become_shares_and_merge_equally(file, reference):
    columns = ("TX_NSCOL15P", "TX_MENSEUL", "TX_FAMMONO", "TX_65ETPLUS", "TX_25ETMOINS")
    rows = [
        {"CODE_INSEE": "01165"} | dict.fromkeys(columns, "40.0"),
        {"CODE_INSEE": "01003"} | dict.fromkeys(columns, "60.0") | {"TX_MENSEUL": ""},
    ]
    frame = read_census_rates(file(rows, ","), reference).frame
    assert frame.loc["01165", "low_diploma_share"] == pytest.approx(0.5)
    assert frame.loc["01165", "one_person_households_share"] == pytest.approx(0.4)


def test_a_rate_beyond_100_percent_is_refused(file, reference):
    columns = ("TX_NSCOL15P", "TX_MENSEUL", "TX_FAMMONO", "TX_65ETPLUS", "TX_25ETMOINS")
    with pytest.raises(DataError, match="supérieure"):
        read_census_rates(
            file([{"CODE_INSEE": "03190"} | dict.fromkeys(columns, "140")]), reference
        )


def test_arrondissements_take_the_density_of_their_city_but_not_its_people(file, reference):
    rows = [{"CODGEO": "75056", "DENS": "1", "PMUN19": "2165423"}]
    table = read_density(file(rows), reference)
    assert len(table.frame) == 21
    assert (table.frame["density_class"] == 1).all()
    assert table.frame["population"].sum() == 2165423
    assert table.notes["arrondissement décrit par les valeurs de sa ville"] == 20


def test_density_of_merged_communes_is_weighed_by_people(file, reference):
    rows = [
        {"CODGEO": "01165", "DENS": "5", "PMUN19": "900"},
        {"CODGEO": "01003", "DENS": "7", "PMUN19": "100"},
    ]
    assert read_density(file(rows), reference).frame.loc["01165", "density_class"] == 5


def test_density_out_of_its_classes_is_set_aside(file, reference):
    table = read_density(file([{"CODGEO": "03190", "DENS": "9", "PMUN19": "1"}]), reference)
    assert table.rejected["reason"].tolist() == ["classe de densité illisible"]


def test_membership_without_epci_is_missing(file, reference):
    columns = ("DEP", "REG", "EPCI", "ARR", "CANOV", "ZE2020", "UU2020", "AAV2020", "BV2022")
    row = {"CODGEO": "29083"} | dict.fromkeys(columns, "x") | {"EPCI": "ZZZZZZZZZ"}
    frame = read_membership(file([row], ","), reference).frame
    assert pd.isna(frame.loc["29083", "epci"])
    assert frame.loc["29083", "canton"] == "x"


def test_census_counts_add_up(file, reference):
    ages = ("0014", "1529", "3044", "4559", "6074", "7589", "90P")
    bands = {f"P22_POP{band}": str(10.5 + i) for i, band in enumerate(ages)}
    rows = [{"CODGEO": code, "P22_POP": "94.5"} | bands for code in ("01165", "01003", "03190")]
    table = read_ages(file(rows), reference)
    assert table.frame.loc["01165", "population"] == pytest.approx(189)
    parts = table.frame.filter(like="pop_").sum(axis=1)
    assert parts.to_numpy() == pytest.approx(table.frame["population"].to_numpy())


def test_an_unreadable_count_sets_its_row_aside(file, reference):
    row = {"CODGEO": "03190", "C22_MEN": "10", "C22_MENPSEUL": "x", "C22_MENFAMMONO": "1"}
    table = read_households(file([row]), reference)
    assert table.rejected["reason"].tolist() == ["effectif absent ou illisible"]


def test_diplomas(file, reference):
    row = {"CODGEO": "03190", "P21_NSCOL15P": "100"} | {
        f"P21_NSCOL15P_{d}": "20" for d in ("DIPLMIN", "BEPC", "CAPBEP", "BAC")
    }
    frame = read_diplomas(file([row]), reference).frame
    assert frame.loc["03190", "no_diploma"] == 20


def test_population_series(file, reference):
    row = {"codgeo": "03190", "libgeo": "Moulins"} | {f"p{y}_pop": 100 + y for y in range(13, 24)}
    frame = read_population_series(file([row], ","), reference).frame
    assert frame.loc["03190", "population_2013"] == 113
    assert frame.loc["03190", "population_2023"] == 123
    assert np.isfinite(frame.to_numpy()).all()


def test_indicators_that_a_user_brings_are_read_with_the_communes_of_today(file, reference):
    rows = [
        {"code_insee": "01165", "no_4g_share": "0,2"},
        {"code_insee": "01003", "no_4g_share": "0,4"},  # merged into 01165
        {"code_insee": "3190", "no_4g_share": ""},
        {"code_insee": "03185", "no_4g_share": "7"},
        {"code_insee": "99999", "no_4g_share": "0,1"},
    ]
    table = read_indicators(file(rows), reference)
    assert table.frame.columns.tolist() == ["no_4g_share", "merged"]
    assert table.frame.loc["01165", "no_4g_share"] == pytest.approx(0.3)
    assert np.isnan(table.frame.loc["03190", "no_4g_share"])
    assert table.rejected["reason"].tolist() == [
        "no_4g_share : valeur hors de 0–1",
        "code de commune inconnu : 99999",
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"code": "03190", "debit": "0,2"}], "aucun des indicateurs"),
        ([{"code": "03190", "no_4g_share": "40"}, {"code": "03185", "no_4g_share": "12"}], "parts"),
        ([{"commune": "Moulins", "no_4g_share": "0,4"}], "code"),
    ],
)
def test_a_file_of_indicators_that_is_something_else_is_refused(file, reference, rows, message):
    with pytest.raises(DataError, match=message):
        read_indicators(file(rows), reference)
