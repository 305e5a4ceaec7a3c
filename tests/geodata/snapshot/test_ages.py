import pandas as pd
import pytest

from geodata.snapshot.ages import BANDS, absorbers, to_current


def bands(**rows: tuple[float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(BANDS), dtype=float)
    frame.index = frame.index.str.lstrip("c")
    return frame


PEOPLE = {
    "01001": 100,
    "01002": 300,
    "15141": 60,
    "15031": 20,
    "15035": 20,
    "15047": 30,
    "15171": 30,
    "60054": 40,
    "60694": 10,
    "75056": 900,
    "75101": 400,
    "75102": 500,
    "85084": 10,
    "85165": 10,
    "85212": 10,
    "97601": 50,
}
COMMUNES = pd.DataFrame({"population": PEOPLE, "parent": {"75101": "75056", "75102": "75056"}})
FORMER = pd.DataFrame({"former": ["01009"], "current": ["01002"], "share": [1.0]})
CENSUS = bands(
    c01001=(10, 50, 40),
    c01002=(20, 100, 80),
    c01009=(1, 2, 3),
    c15141=(32, 80, 48),
    c60054=(10, 20, 20),
    c75101=(100, 200, 100),
    c75102=(100, 300, 100),
    c85084=(8, 8, 14),
)


@pytest.fixture
def found() -> pd.DataFrame:
    return to_current(CENSUS, FORMER, COMMUNES)


def test_a_merged_commune_is_added_to_the_one_that_holds_it(found):
    assert found.loc["01002", list(BANDS)].tolist() == [21, 102, 83]
    assert found.loc["01002", "age_source"] == "merged"
    assert absorbers(CENSUS, FORMER) == {"01002"}


def test_a_reestablished_commune_takes_its_share_by_population(found):
    # Five communes of 160 people stand for the 160 counted in 15141.
    assert found.loc["15031", list(BANDS)].tolist() == pytest.approx([4, 10, 6])
    assert found.loc["15141", "age_source"] == "share"
    group = ["15141", "15031", "15035", "15047", "15171"]
    assert found.loc[group, "pop_65p"].sum() == pytest.approx(48)


def test_paris_is_the_sum_of_its_arrondissements(found):
    assert found.loc["75056", list(BANDS)].tolist() == [200, 500, 200]


def test_mayotte_is_unknown_not_zero(found):
    assert found.loc["97601"].isna().all()


def test_nobody_is_lost(found):
    alone = found.drop(index="75056")
    assert alone[list(BANDS)].sum().sum() == pytest.approx(CENSUS.sum().sum())
