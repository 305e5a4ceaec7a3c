"""The problem that a planner's question poses: demand, candidates, minutes and rules.

Up to a region, candidates are the places that could host a counsellor, one a commune, and
minutes those of the modelled roads.  For the whole country candidates are the communes and
minutes great circle x 1.3 at 50 km/h: a matrix of the country would not fit in memory.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata import layers, tables, territory
from geodata.errors import DataError, InfeasibleError
from geodata.schema import WHOLE
from planning.allocation import rural_communes, unit_of
from planning.fixed import UNSERVED_FACTOR
from planning.scenario import HOST_PREFERENCE_MIN
from planning.siting.points import PointCosts
from planning.siting.problem import Bools, Floats, SitingProblem
from planning.siting.rules import GroupRule, Rules
from planning.siting.study import HOST_COST_EUR, Study
from planning.situation import HOST_LAYERS, OFFER_LAYERS, national_need, survey

COUNTRY_MODELS: Final = ("p-median", "max-cover")
"""Models that are solved for the whole country; the others are posed on a region at most."""

_GROUP_WORDS: Final = {
    "canton": "le canton",
    "epci": "l'intercommunalité",
    "department": "le département",
}


@dataclass(frozen=True, eq=False)
class Posed:
    """A study as a problem, with what its rows and columns stand for.

    Attributes
    ----------
    study, territory
        What was asked, and where.
    problem
        The problem.
    demand
        One row a demand point, indexed by code: name, department, lon, lat, persons.
    candidates
        One row a candidate, indexed by its code: commune_code, commune, name, kind,
        department, lon, lat, existing.
    weight
        "persons_in_need", or "population" where need is not estimated.
    road
        Whether minutes are those of the modelled roads.
    notes
        What the reader must know (French).
    """

    study: Study
    territory: territory.Territory
    problem: SitingProblem
    demand: pd.DataFrame
    candidates: pd.DataFrame
    weight: str
    road: bool
    notes: tuple[str, ...]


def pose(study: Study) -> Posed:
    """Gather the data of a study and pose its problem.

    Raises
    ------
    DataError, InfeasibleError
        When choices contradict each other, or the territory is too large for the model.
    """
    place = territory.resolve(study.territory)
    if place.kind == "country":
        return _country(study, place)
    return _surveyed(study, place)


def _surveyed(study: Study, place: territory.Territory) -> Posed:
    situation = survey(place, HOST_PREFERENCE_MIN)
    points = situation.points
    inside = situation.places["commune_code"].isin(points.index).to_numpy()
    existing = situation.places["existing"].to_numpy(dtype=bool)
    keep = np.flatnonzero(inside | (existing if study.existing == "kept" else False))
    places = situation.places.iloc[keep]
    communes = tables.communes()
    candidates = pd.DataFrame(
        {
            "commune_code": places["commune_code"].to_numpy(),
            "commune": communes["name"].reindex(places["commune_code"]).to_numpy(),
            "name": places["name"].to_numpy(),
            "kind": places["kind"].to_numpy(),
            "department": communes["department"].reindex(places["commune_code"]).to_numpy(),
            "lon": places["lon"].to_numpy(dtype=float),
            "lat": places["lat"].to_numpy(dtype=float),
            "existing": existing[keep],
        },
        index=pd.Index(places.index, name="code"),
    )
    demand = points[["name", "department", "canton", "lon", "lat"]].assign(
        persons=situation.weights
    )
    times = situation.times.restrict(destinations=keep)
    notes = []
    if situation.minutes_before is None and study.existing != "ignored":
        notes.append("L'offre actuelle est inconnue ici : aucun lieu existant n'a été compté.")
    elif situation.offer_partial and study.existing != "ignored":
        notes.append("L'offre actuelle n'est connue qu'en partie.")
    notes += _weighed_note(study)
    problem = _problem(study, times.minutes, demand, candidates, UNSERVED_FACTOR * times.limit_min)
    return Posed(study, place, problem, demand, candidates, situation.weight, True, tuple(notes))


def _country(study: Study, place: territory.Territory) -> Posed:
    if study.model not in COUNTRY_MODELS:
        raise DataError(
            "Ce modèle demande tous les temps entre communes : le pays est trop grand pour lui",
            where=f"{place.name}, {study.model}",
            remedy="Choisissez une région ou un département, ou bien le temps moyen ou la "
            "couverture.",
        )
    if study.group or study.farthest_min is not None or study.budget_eur is not None:
        raise DataError(
            "À l'échelle du pays, les minimums par territoire, la distance maximale et le budget "
            "ne sont pas calculés",
            remedy="Retirez ces règles, ou planifiez région par région.",
        )
    points = tables.demand_points()
    points = points[(points["population"] > 0) & points["lon"].notna() & points["lat"].notna()]
    need = national_need().frame()["persons"].reindex(points.index)
    ratio = float(need.sum() / points.loc[need.notna(), "population"].sum())
    demand = points[["name", "department", "canton", "lon", "lat"]].assign(
        persons=need.fillna(points["population"] * ratio)
    )
    candidates = points[["name", "department", "lon", "lat"]].rename(columns={"name": "commune"})
    served, notes = _served_communes(study)
    candidates = candidates.assign(
        commune_code=points.index,
        name=candidates["commune"],
        kind="other",
        existing=points.index.isin(list(served)),
    )
    if study.grain == "canton":
        demand = by_canton(demand)
    costs = PointCosts(lonlat(demand), lonlat(candidates))
    problem = _problem(study, costs, demand, candidates, None)
    notes = (
        *notes,
        *_weighed_note(study),
        "À l'échelle du pays, les temps sont calculés à vol d'oiseau (× 1,3, à 50 km/h) et chaque "
        "commune est un site possible.",
    )
    return Posed(study, place, problem, demand, candidates, "persons_in_need", False, notes)


def _served_communes(study: Study) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the communes that have a place of help, where the study asks for them."""
    if study.existing == "ignored":
        return frozenset(), ()
    loaded = layers.places(HOST_LAYERS)
    if all(one.status not in WHOLE for one in loaded.provenances):
        return frozenset(), ("L'offre du pays est inconnue : aucun lieu existant n'a été compté.",)
    offers = loaded.frame[loaded.frame["layer"].isin(OFFER_LAYERS) & ~loaded.frame["mobile"]]
    return frozenset(offers["commune_code"]), ()


def by_canton(demand: pd.DataFrame) -> pd.DataFrame:
    """Return one point a canton, where its persons are on average."""
    unit = unit_of("canton").reindex(demand.index)
    weighed = demand[["lon", "lat"]].mul(demand["persons"], axis=0).groupby(unit).sum()
    persons = demand.groupby(unit)["persons"].sum()
    out = weighed.div(persons, axis=0).assign(persons=persons)
    names = pd.concat([tables.cantons()["name"], tables.epcis()["name"]])
    out["name"] = names.reindex(out.index)
    out["department"] = demand["department"].groupby(unit).first()
    out["canton"] = out.index
    return out[out["persons"] > 0]


def lonlat(frame: pd.DataFrame) -> Floats:
    """Return the degrees of points, shape (n, 2)."""
    return frame[["lon", "lat"]].to_numpy(dtype=float)


def _problem(
    study: Study,
    costs: Any,
    demand: pd.DataFrame,
    candidates: pd.DataFrame,
    unserved: float | None,
) -> SitingProblem:
    existing = candidates["existing"].to_numpy(dtype=bool)
    kept = existing & (study.existing == "kept")
    commune = candidates["commune_code"]
    forced = _named(commune, study.forced, "imposés") & ~kept
    forbidden = _named(commune, study.forbidden, "interdits")
    capacitated = study.model == "capacitated"
    return SitingProblem(
        costs_min=costs,
        weights=_weights(study, demand),
        persons=demand["persons"].to_numpy(dtype=float),
        sites=study.sites + int(kept.sum()),
        demand_codes=tuple(demand.index.astype(str)),
        candidate_codes=tuple(candidates.index.astype(str)),
        model=study.model,
        cover_min=study.threshold_min,
        kept=kept,
        forced=forced,
        forbidden=forbidden & ~kept,
        unserved_min=unserved,
        capacity=study.caseload if capacitated else None,
        positions=study.per_site if capacitated else 1,
        rules=_rules(study, demand, candidates, kept),
    )


def _weights(study: Study, demand: pd.DataFrame) -> Floats:
    weights = demand["persons"].to_numpy(dtype=float)
    if not study.priority:
        return weights
    first = rural_communes() if study.priority == "rural" else frozenset(study.own_priority)
    if study.grain == "canton":
        raise DataError(
            "Les communes prioritaires demandent un besoin par commune",
            remedy="Choisissez le besoin par commune, ou retirez la priorité.",
        )
    raised: Floats = np.where(demand.index.isin(list(first)), study.priority_factor, 1.0) * weights
    return raised


def _weighed_note(study: Study) -> list[str]:
    if not study.priority or study.priority_factor == 1:
        return []
    return [
        "Une personne d'une commune prioritaire compte pour "
        f"{study.priority_factor:.0%} dans ce que le plan recherche et dans ce qui serait perdu ; "
        "les personnes et les temps de trajet affichés ne sont pas pondérés.".replace("%", " %")
    ]


def _named(commune: pd.Series, codes: tuple[str, ...], what: str) -> Bools:
    unknown = sorted(set(codes) - set(commune))
    if unknown:
        raise DataError(
            f"Ces communes n'ont aucun site possible et ne peuvent être {what}",
            where=", ".join(unknown[:5]),
            remedy="Choisissez des communes qui ont un lieu d'accueil possible.",
        )
    found: Bools = commune.isin(codes).to_numpy(dtype=bool)
    return found


def _rules(study: Study, demand: pd.DataFrame, candidates: pd.DataFrame, kept: Bools) -> Rules:
    cost, budget = None, study.budget_eur
    if budget is not None:
        each = [study.cost_eur.get(kind, HOST_COST_EUR) for kind in candidates["kind"]]
        cost = np.array(each, dtype=float)
        if study.model == "capacitated":  # positions are paid for, but the one that is there
            budget += float(cost[kept].sum())
        else:
            cost[kept] = 0.0
    return Rules(_groups(study, demand, candidates), study.farthest_min, cost, budget)


def _groups(study: Study, demand: pd.DataFrame, candidates: pd.DataFrame) -> tuple[GroupRule, ...]:
    """Return a rule for each unit of the territory, over the candidates inside it."""
    if not study.group or not (study.group_min or study.group_max is not None):
        return ()
    unit, names = _unit(study.group), _unit_names(study.group)
    inside = candidates["commune_code"].isin(demand.index).to_numpy(dtype=bool)
    units = unit.reindex(candidates["commune_code"]).to_numpy()
    asked = unit.reindex(demand.index[demand["persons"] > 0]).dropna().unique()
    groups = [
        GroupRule(
            f"{_GROUP_WORDS[study.group]} {names.get(code, code)}",
            (units == code) & inside,
            study.group_min,
            study.group_max,
        )
        for code in sorted(asked)
    ]
    bare = [one.name for one in groups if one.members.sum() < study.group_min]
    if bare:
        raise InfeasibleError(
            f"{study.group_min} sites au moins sont demandés là où moins de lieux peuvent en "
            "accueillir un",
            where=", ".join(bare[:5]) + (f" et {len(bare) - 5} autres" if len(bare) > 5 else ""),
            remedy="Baissez le minimum par territoire, ou admettez d'autres lieux.",
        )
    return tuple(groups)


def _unit(group: str) -> pd.Series:
    if group == "canton":
        return unit_of("canton")
    found: pd.Series = tables.demand_points()[group]
    return found


def _unit_names(group: str) -> pd.Series:
    if group == "department":
        names: pd.Series = tables.departments()["name"]
    else:
        names = pd.concat([tables.cantons()["name"], tables.epcis()["name"]])
    return names
