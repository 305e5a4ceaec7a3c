"""The model gives back what was published, and what it must never do."""

import numpy as np
import pytest

from coverage.ages import BANDS, national_split
from coverage.effects import marginal_rates, share_of, solve_effects
from coverage.local import LocalData, nothing_local
from coverage.published import AGE_GROUPS
from coverage.reading import Reading, doubts
from coverage.structure import Unknowns, national_structure
from coverage.synthetic import OVERSEAS, Population, synthetic_rates
from geodata import tables


@pytest.fixture(scope="module")
def points():
    return tables.demand_points()


@pytest.fixture(scope="module")
def structure(points):
    ages = points[list(BANDS)].sum().to_numpy(dtype=float) @ national_split(points).matrix
    return national_structure(ages, Unknowns())


@pytest.fixture(scope="module")
def effects(structure):
    return solve_effects(structure, Reading().marginals, Reading().low_effect)


def test_each_published_marginal_is_given_back(structure, effects):
    by_age, by_diploma, total = marginal_rates(structure, effects)
    age = dict(zip(AGE_GROUPS, by_age, strict=True))
    assert total == pytest.approx(0.154, abs=1e-6)
    assert age["15-24"] == pytest.approx(0.02, abs=1e-6)
    assert age["25-39"] == pytest.approx(0.04, abs=1e-6)
    assert age["60-74"] == pytest.approx(0.24, abs=1e-6)
    assert age["75+"] == pytest.approx(0.62, abs=1e-6)
    assert by_diploma[0] == pytest.approx(0.42, abs=1e-6)
    assert by_diploma[3] == pytest.approx(0.03, abs=1e-6)


def test_the_rate_that_is_not_published_lies_between_its_neighbours(structure, effects):
    by_age = marginal_rates(structure, effects)[0]
    assert by_age[1] < by_age[2] < by_age[3]


def test_a_higher_diploma_never_raises_the_rate_nor_age_lowers_it(effects):
    table = effects.log_odds()[1:]
    assert (np.diff(table, axis=1) < 0).all()
    assert (np.diff(table, axis=0) > 0).all()


def test_without_a_diploma_against_bac_3_at_equal_ages(structure, effects):
    """What docs/method-need.md sets beside INSEE's "seven times"."""
    rates = share_of(effects.log_odds())
    people = structure.out_of_school
    risk = people @ rates / people.sum()
    assert risk[0] / risk[3] == pytest.approx(3.6, abs=0.05)
    assert np.exp(effects.diploma[0] - effects.diploma[3]) == pytest.approx(6.1, abs=0.05)


@pytest.mark.parametrize(
    "reading", [end for _, low, high in doubts() for end in (low, high)], ids=str
)
def test_effects_exist_at_both_ends_of_every_doubt(structure, reading):
    unknown = national_structure(structure.age, reading.unknowns)
    effects = solve_effects(unknown, reading.marginals, reading.low_effect)
    assert marginal_rates(unknown, effects)[2] == pytest.approx(reading.marginals.total, abs=1e-6)


def test_the_national_table_keeps_the_published_diplomas(structure):
    persons = structure.out_of_school[:, None] * structure.diploma_of_age
    shares = persons.sum(axis=0) / persons.sum()
    assert shares[0] == pytest.approx(0.211, abs=0.02)
    assert shares[:2].sum() == pytest.approx(0.509, abs=0.02)
    np.testing.assert_allclose(structure.diploma_of_age.sum(axis=1), 1.0)


def test_overseas_and_metropole_keep_their_published_rates(points):
    found = synthetic_rates(Population.of(points, nothing_local(points)), Reading())
    persons = np.nan_to_num(found.persons_15p)
    away = points["department"].isin(OVERSEAS).to_numpy()
    rates = [np.nansum(found.rate[m] * persons[m]) / persons[m].sum() for m in (away, ~away)]
    assert rates[0] == pytest.approx(0.20, abs=1e-6)
    # Published as 15 %, without decimals.
    assert 0.145 <= rates[1] < 0.155


def local_with(points, **changes) -> LocalData:
    """Random local figures, whose level means nothing."""
    rng = np.random.default_rng(0)
    n = len(points)
    values = {
        "low_diploma_share": rng.uniform(0.3, 0.7, n),
        "living_alone_share": rng.uniform(0.1, 0.3, n),
        "log_income": rng.normal(9.9, 0.15, n),
        "age_shares": np.full((n, 5), np.nan),
        "share_15p": np.full(n, np.nan),
        "tier": np.full(n, 2, dtype=np.intp),
    }
    return LocalData(**{**values, **changes})


@pytest.mark.parametrize(
    ("name", "step", "sign"),
    [("low_diploma_share", 0.1, 1), ("living_alone_share", 0.05, 1), ("log_income", 0.2, -1)],
)
def test_one_commune_with_more_of_what_goes_with_illectronism_has_a_higher_rate(
    points, name, step, sign
):
    base = local_with(points)
    moved = getattr(base, name).copy()
    moved[100] += step
    before, after = (
        synthetic_rates(Population.of(points, local), Reading()).rate[100]
        for local in (base, local_with(points, **{name: moved}))
    )
    assert sign * (after - before) > 0


def test_the_level_of_a_local_share_of_another_definition_changes_nothing(points):
    """Only its differences count: one odds ratio for all communes leaves the rates alone."""
    base = local_with(points)
    odds = base.low_diploma_share / (1 - base.low_diploma_share) * 1.7
    moved = local_with(points, low_diploma_share=odds / (1 + odds))
    rates = [
        synthetic_rates(Population.of(points, local), Reading()).rate for local in (base, moved)
    ]
    np.testing.assert_allclose(rates[0], rates[1], atol=1e-6)
