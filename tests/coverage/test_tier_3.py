"""The official counts, end to end: files in INSEE's own layouts → readers → need.

The files are made here: a zip with the communes, the overseas collectivities in a member that
ends in ``-COM`` (larger, to tempt the reader) and the metadata; ``;``, decimals, quotes.
"""

import csv
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from coverage.local import gather
from coverage.need import estimate
from geodata import layers, tables

DEPARTMENT = "03"
SECRET = "03001"
"""Left out of the files: it must fall back to the tier below."""

AGES = ("0014", "1529", "3044", "4559", "6074", "7589", "90P")
PYRAMID = np.array([0.15, 0.14, 0.16, 0.20, 0.20, 0.12, 0.03])
OLD = np.array([0.08, 0.08, 0.10, 0.17, 0.27, 0.23, 0.07])


def archive(path, name, rows):
    """Write a zip as INSEE's: the tables beside their metadata."""
    columns = list(rows[0])

    def table(lines):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([[line[column] for column in columns] for line in lines])
        return out.getvalue()

    far = [{**rows[0], "CODGEO": f"98{k:03d}"} for k in range(2 * len(rows))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{name}-COM.CSV", table(far))
        packed.writestr(f"{name}.CSV", table(rows))
        packed.writestr(f"meta_{name}.CSV", "COD_VAR;LIB_VAR\r\nCODGEO;Code\r\n" * 5_000)


@pytest.fixture(scope="module")
def communes():
    return tables.demand_points()


@pytest.fixture(scope="module")
def counts(communes):
    """Made counts for the communes of the Allier: older and less qualified in Moulins."""
    ours = communes[(communes["department"] == DEPARTMENT) & (communes.index != SECRET)]
    ages, diplomas, households = [], [], []
    for code, population in ours["population"].items():
        shares = OLD if code == "03190" else PYRAMID
        people = 0.98 * population * shares  # of another year than the population in use
        over_15 = people[1:].sum()
        low = (0.4, 0.1, 0.3, 0.1) if code == "03190" else (0.2, 0.05, 0.25, 0.2)
        ages.append(
            {
                "CODGEO": code,
                "P22_POP": people.sum(),
                **{f"P22_POP{band}": value for band, value in zip(AGES, people, strict=True)},
            }
        )
        diplomas.append(
            {
                "CODGEO": code,
                "P21_NSCOL15P": 0.9 * over_15,
                **{
                    f"P21_NSCOL15P_{level}": 0.9 * over_15 * share
                    for level, share in zip(("DIPLMIN", "BEPC", "CAPBEP", "BAC"), low, strict=True)
                },
            }
        )
        homes = people.sum() / 2.1
        alone = 0.5 if code == "03190" else 0.35
        households.append(
            {
                "CODGEO": code,
                "C22_MEN": homes,
                "C22_MENPSEUL": alone * homes,
                "C22_MENFAMMONO": 0.1 * homes,
            }
        )
    return {"ages": ages, "diplomas": diplomas, "households": households}


@pytest.fixture(scope="module")
def tier_3(communes, counts, tmp_path_factory):
    """The local data and the need of a machine with the three files."""
    folder = tmp_path_factory.mktemp("insee")
    names = {
        "ages": "base-cc-evol-struct-pop-2022",
        "households": "base-cc-coupl-fam-men-2022",
        "diplomas": "base-cc-diplomes-formation-2021",
    }
    for kind, name in names.items():
        archive(folder / f"{name}_csv.zip", name, counts[kind])
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GEODATA_DIR", str(folder))
        machine.setenv("GEODATA_CACHE", str(folder / "downloads"))
        for layer in ("census_ages", "census_diplomas", "census_households"):
            found = layers.load(layer)
            assert len(found.frame) == len(counts["ages"])
            assert found.rejected.empty
            assert not found.frame.index.str.startswith("98").any()
            assert found.provenance.vintage in ("2021", "2022")
        local = gather(communes)
        return local, estimate(communes, local)


def at(communes, code):
    return communes.index.get_loc(code)


def test_tiers_are_chosen_commune_by_commune(communes, tier_3):
    local, need = tier_3
    ours = (communes["department"] == DEPARTMENT).to_numpy()
    inside = need.tier[ours]
    assert need.tier[at(communes, SECRET)] == 1
    assert (inside == 3).sum() == len(inside) - 1
    assert set(need.tier[~ours]) == {0, 1}  # Mayotte has none
    assert set(local.tier) == {1, 3}


def test_shares_are_those_of_the_files(communes, tier_3):
    local, _ = tier_3
    row = at(communes, "03190")
    assert local.low_diploma_share[row] == pytest.approx(0.8)
    assert local.share_15p[row] == pytest.approx(0.92)
    # A rate of households becomes one of persons: fewer, since the others are larger.
    assert 0.2 < local.living_alone_share[row] < 0.5
    # Bands of the file that are published groups are kept as they are.
    assert local.age_shares[row, 3] == pytest.approx(0.27 / 0.92)
    assert local.age_shares[row, 4] == pytest.approx(0.30 / 0.92)
    np.testing.assert_allclose(local.age_shares[local.tier == 3].sum(axis=1), 1.0)


def test_persons_of_15_and_over_are_those_of_the_finer_file(communes, counts, tier_3):
    """Its shares, on the population in use: totals of the file never come out otherwise."""
    _, need = tier_3
    ours = [row["CODGEO"] for row in counts["ages"]]
    rows = communes.index.get_indexer(ours)
    wanted = np.array(
        [
            1.0 - row["P22_POP0014"] / row["P22_POP"] if row["P22_POP"] else 0.0
            for row in counts["ages"]
        ]
    )
    expected = communes["population"].to_numpy()[rows] * wanted
    np.testing.assert_allclose(need.persons_15p[rows], expected, rtol=1e-9)
    by_department = need.by(communes["department"].tolist())
    alone = need.persons_15p[at(communes, SECRET)]
    assert by_department.at["03", "persons_15p"] == pytest.approx(expected.sum() + alone)


def test_the_nation_keeps_its_published_rate_with_any_tier(tier_3):
    _, need = tier_3
    assert np.nansum(need.persons) / np.nansum(need.persons_15p) == pytest.approx(0.154, abs=1e-9)


def test_an_older_and_less_qualified_city_has_a_higher_rate(communes, tier_3):
    local, need = tier_3
    moulins, vichy = at(communes, "03190"), at(communes, "03310")
    assert need.rate[moulins] > need.rate[vichy] + 0.05
    # The rate is monotone in age and in diploma, all else equal.
    low = local.low_diploma_share.copy()
    low[vichy] += 0.05
    again = estimate(communes, replace(local, low_diploma_share=low))
    assert again.rate[vichy] > need.rate[vichy]
    ages = local.age_shares.copy()
    ages[vichy] += np.array([0, -0.05, 0, 0, 0.05])
    older = estimate(communes, replace(local, age_shares=ages))
    assert older.rate[vichy] > need.rate[vichy]


def test_a_finer_tier_is_more_precise_yet_never_sharp_in_a_small_commune(communes, tier_3):
    _, need = tier_3
    plain = estimate(communes)
    with np.errstate(invalid="ignore"):
        width = (need.high - need.low) / need.persons
        before = (plain.high - plain.low) / plain.persons
    ours = (communes["department"] == DEPARTMENT).to_numpy() & (need.tier == 3)
    large = ours & (communes["population"] > 5_000).to_numpy()
    assert (width[large] < before[large]).all()
    few = ours & communes["population"].between(1, 100).to_numpy()
    assert few.sum() > 5
    assert np.median(width[few]) > 0.8  # 40 % on either side
