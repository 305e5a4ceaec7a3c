"""Persons in illectronism in each commune: a synthetic estimate from published figures.

No public source gives illectronism below the region.  The estimate gives each commune the
rate that its ages, diplomas, households and living standard would have at the national
effects (:mod:`coverage.synthetic`), then moves it with its region towards the regional
figures that INSEE published (:mod:`coverage.benchmark`).  It is a synthetic estimator with
benchmarking, as in Rao and Molina, *Small Area Estimation*, 2nd ed., Wiley, 2015, ch. 3 and 6.

The interval (90 %) of any set of communes G, with P its persons, N its people of 15 and over
and R = P / N, is taken on the logit scale from the variance

    (1)  V = Σ_k (Σ_G e_ki)² + Σ_r (Σ_G∩r b_i σ_r)² + Σ_d (Σ_G∩d b_i σ_d)²
             + Σ_G b_i² (σ_i² − σ_d²) + Σ_G b_i

with b_i = N_i r_i (1 − r_i), that adds: the doubt of each figure *k* that the estimate rests
on (*e* is half of what moving it from one end to the other changes, over √3, in all communes
together); what the model misses of a region *r*; what it misses of a commune, as much as local
diplomas change where they are known, a part of it common to its département *d*; and chance
in a small population.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray, IntArray
from coverage.benchmark import Benchmark, benchmark, regional_misses
from coverage.effects import share_of
from coverage.local import LocalData, gather, nothing_local
from coverage.reading import Reading, doubts
from coverage.spread import Spread, shared_by
from coverage.synthetic import Population, Synthetic, synthetic_rates

Z_90 = 1.645

COLUMNS = (
    *("persons_15p", "persons", "rate", "low", "high"),
    *("tier", "poorer_share", "region_effect"),
)
"""Columns of every table of need."""

OVERSEAS_REGIONS = ("01", "02", "03", "04", "06")

DEPARTMENT_SIGMA = {0: 0.06, 1: 0.06, 2: 0.035, 3: 0.035}
"""Of what a tier misses of one commune, the part common to its département, on the logit scale.
What local figures change is not independent from commune to commune: its means by département
spread by 0.061 within regions, 0.032 if it were, so by 0.052 for what they have in common (same
measure, people weighed).  Tiers as in :data:`LOCAL_SIGMA`."""

LOCAL_SIGMA = {0: 0.19, 1: 0.19, 2: 0.11, 3: 0.11}
"""What a tier misses of one commune, on the logit scale.  Finer tiers: two thirds of the spread
across people (0.16, census of 2017) of what local diplomas, households and living standards
change, since what they do not see cannot be measured (an assumption).  Tier 1: both together."""


@dataclass(frozen=True)
class Need:
    """People in illectronism, by commune.

    Every array has shape (n_commune,), in the order of ``codes``.

    Parameters
    ----------
    codes
        Codes of the communes.
    persons_15p
        Inhabitants of 15 and over; NaN where ages are unknown.
    rate
        Share (0–1) of them in illectronism; NaN where nobody lives or ages are unknown.
    persons
        Their number; 0 where nobody lives, NaN where ages are unknown.
    low, high
        Bounds of the 90 % interval of ``persons``.
    tier
        What the estimate rests on: 1 the snapshot, 2 census rates, 3 official counts; 0 where
        there is no estimate.
    region_effect
        What benchmarking to the regional figures adds to the rate, as a share.
    spread
        What the interval is made of.
    """

    codes: tuple[str, ...]
    persons_15p: FloatArray
    rate: FloatArray
    persons: FloatArray
    low: FloatArray
    high: FloatArray
    tier: IntArray
    region_effect: FloatArray
    spread: Spread

    def at(self, positions: IntArray) -> "Need":
        """Return the need of some communes, given by position."""
        arrays = ("persons_15p", "rate", "persons", "low", "high", "tier", "region_effect")
        return replace(
            self,
            codes=tuple(self.codes[i] for i in positions),
            spread=self.spread.at(positions),
            **{name: getattr(self, name)[positions] for name in arrays},
        )

    def frame(self) -> pd.DataFrame:
        """Return a table indexed by code, with the columns of :meth:`by`."""
        arrays = {name: getattr(self, name) for name in COLUMNS if name != "poorer_share"}
        arrays["poorer_share"] = (self.tier > 0) * (self.tier < self.tier.max(initial=0)) * 1.0
        return pd.DataFrame(arrays, index=pd.Index(self.codes, name="code"))[list(COLUMNS)]

    def by(self, groups: Sequence[str | None]) -> pd.DataFrame:
        """Sum up by groups; persons add up exactly and intervals are computed, not summed.

        Parameters
        ----------
        groups
            Code of the group of each commune; ``None`` or NaN leaves a commune out.

        Returns
        -------
        DataFrame
            Index ``code``; persons_15p, persons, rate, low, high, tier (that of most people
            of 15 and over, 0 without estimate), poorer_share (share of them whose commune is
            of a tier below the best of all), region_effect.  A group without any known age has
            no persons.
        """
        series = pd.Series(list(groups), dtype="object")
        kept = np.flatnonzero((series.notna() & ~np.isnan(self.persons)).to_numpy())
        names, member = np.unique(series.iloc[kept].astype(str).to_numpy(), return_inverse=True)
        n = len(names)

        def total(values: FloatArray) -> FloatArray:
            return np.bincount(member, values[kept], minlength=n).astype(np.float64)

        persons_15p, persons = total(self.persons_15p), total(self.persons)
        of_set = np.full(len(series), -1)
        of_set[kept] = member
        low, high = _interval(persons, persons_15p, self.spread.variance_of(of_set, n))
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = persons / persons_15p
            effect = total(np.nan_to_num(self.region_effect) * self.persons_15p) / persons_15p
        tiers = range(1, int(self.tier.max(initial=0)) + 1)
        by_tier = np.array([total(np.where(self.tier == t, self.persons_15p, 0.0)) for t in tiers])
        table = pd.DataFrame(
            {
                "persons_15p": persons_15p,
                "persons": persons,
                "rate": rate,
                "low": low,
                "high": high,
                "tier": np.where(persons_15p > 0, 1 + by_tier.argmax(axis=0), 0),
                "poorer_share": by_tier[:-1].sum(axis=0)
                / np.where(persons_15p > 0, persons_15p, 1),
                "region_effect": effect,
            },
            index=pd.Index(names, name="code"),
        )
        every = pd.Index(sorted(series.dropna().astype(str).unique()), name="code")
        unknown = {"tier": 0, "poorer_share": 0.0}
        return table.reindex(every).fillna(unknown).astype({"tier": int})[list(COLUMNS)]


def _interval(
    persons: FloatArray, persons_15p: FloatArray, variance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the bounds of persons, from a variance in persons, on the logit scale."""
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = persons / persons_15p
        odds = np.log(rate / (1 - rate))
        spread = Z_90 * np.sqrt(variance) / (persons_15p * rate * (1 - rate))
        low, high = persons_15p * share_of(odds - spread), persons_15p * share_of(odds + spread)
    nobody = persons_15p == 0
    return np.where(nobody, 0.0, low), np.where(nobody, 0.0, high)


def estimate(
    points: pd.DataFrame, local: LocalData | None = None, *, regional: bool = True
) -> Need:
    """Estimate the need of each commune of the country.

    Parameters
    ----------
    points
        **All** communes (or arrondissements) of France, indexed by code: the calibration is
        national.  Take a territory with :meth:`Need.at` afterwards.
    local
        Local figures; nothing but the snapshot by default (tier 1).  :func:`gather` reads
        what this machine has.
    regional
        Whether to benchmark to the published regional figures.
    """
    local = nothing_local(points) if local is None else local
    population = Population.of(points, local)
    regions = tuple(points["region"].astype(str))
    central = synthetic_rates(population, Reading())
    persons_15p = np.nan_to_num(central.persons_15p)
    fit = benchmark(regional_misses(central.rate, persons_15p, regions))
    shift = regional_shift(central, regions, fit.effects) if regional else np.zeros(len(points))
    persons = _persons(central, shift)
    figures = np.array(
        [
            _persons(synthetic_rates(population, end, central), shift)
            for _, low, high in doubts()
            for end in (low, high)
        ]
    )
    # Half of what moving a figure from end to end changes; a uniform doubt has variance b²/3.
    figures = (figures[1::2] - figures[::2]) / (2.0 * np.sqrt(3.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(np.isnan(central.rate), np.nan, persons / persons_15p)
    return _need(points, local, (central, rate, figures), fit if regional else _none(fit))


def _none(fit: Benchmark) -> Benchmark:
    return Benchmark({}, {}, fit.tau)


def _persons(synthetic: Synthetic, shift: FloatArray) -> FloatArray:
    """Return persons in illectronism once log-odds are shifted, 0 where unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = synthetic.rate / (1 - synthetic.rate) * np.exp(shift)
        return np.nan_to_num(synthetic.persons_15p * odds / (1 + odds))


def regional_shift(
    synthetic: Synthetic, regions: Sequence[str], effects: dict[str, float]
) -> FloatArray:
    """Return what benchmarking adds to the log-odds of each commune, shape (n_commune,).

    The metropolitan regions without a figure take up what the others add or lose, so that the
    nation keeps its number of persons; the overseas départements keep their published rate.
    """
    of_region = np.asarray(regions)
    shift = np.zeros(len(of_region))
    for region, effect in effects.items():
        shift[of_region == region] = effect
    free = ~np.isin(of_region, (*effects, *OVERSEAS_REGIONS))
    weights = _persons(synthetic, np.zeros(len(shift)))
    total, left = float(weights.sum()), np.flatnonzero(free & (weights > 0))
    if not left.size:
        return shift
    moved = 0.0
    rest = float(np.delete(_persons(synthetic, shift), left).sum())
    odds = synthetic.rate[left] / (1 - synthetic.rate[left])
    for _ in range(60):
        rate = odds * np.exp(moved) / (1 + odds * np.exp(moved))
        miss = rest + float(synthetic.persons_15p[left] @ rate) - total
        if abs(miss) < 1e-6:
            break
        moved -= miss / float(synthetic.persons_15p[left] @ (rate * (1 - rate)))
    shift[free] = moved
    return shift


def _need(
    points: pd.DataFrame,
    local: LocalData,
    found: tuple[Synthetic, FloatArray, FloatArray],
    fit: Benchmark,
) -> Need:
    central, rate, figures = found
    empty = points["population"].to_numpy() == 0
    persons_15p = np.where(empty, 0.0, central.persons_15p)
    unknown = np.isnan(persons_15p)
    rate = np.where(empty, np.nan, rate)
    persons = np.where(empty, 0.0, persons_15p * rate)
    regions = tuple(points["region"].astype(str))
    tier = np.where(unknown | empty, 0, local.tier).astype(np.intp)
    b = np.nan_to_num(persons * (1 - rate))
    sigma_region = np.array([fit.sigma.get(region, fit.tau) for region in regions])
    sigma_local = np.array([LOCAL_SIGMA[int(t)] for t in tier])
    sigma_department = np.array([DEPARTMENT_SIGMA[int(t)] for t in tier])
    spread = Spread(
        figures,
        (
            shared_by(b * sigma_region, regions),
            shared_by(b * sigma_department, points["department"]),
        ),
        b**2 * (sigma_local**2 - sigma_department**2) + b,
    )
    low, high = _interval(persons, persons_15p, spread.variance())
    return Need(
        codes=tuple(points.index),
        persons_15p=persons_15p,
        rate=rate,
        persons=persons,
        low=low,
        high=high,
        tier=tier,
        region_effect=np.where(empty, np.nan, rate - central.rate),
        spread=spread,
    )


def estimate_here(points: pd.DataFrame, *, regional: bool = True) -> Need:
    """Estimate with the best figures that this machine has."""
    return estimate(points, gather(points), regional=regional)
