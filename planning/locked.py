"""Some rows are decided by hand: the solver places the rest around them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from geodata.errors import InfeasibleError
from planning.deployment import Deployment
from planning.fixed import ModelChoice, choose_fixed_sites


def place_rest(plan: Deployment, locked: Mapping[str, int], positions: int) -> dict[str, int]:
    """Place the positions that are not locked, as the plan's own model does.

    A place locked with positions is open and holds exactly these; one locked at 0 holds none,
    and opens no site.  The load that one position may have stays that of all positions.

    Parameters
    ----------
    plan
        The plan to start from.
    locked
        Commune → fixed positions decided by hand, 0 for a place that is ruled out.
    positions
        Fixed positions in all, those locked included.

    Returns
    -------
    dict
        Commune → fixed positions, those above zero; they add up to ``positions``.

    Raises
    ------
    InfeasibleError
        If the locked rows hold more than there are, or no place is left for the rest.
    ValueError
        If a commune has no place, or a number is negative.
    """
    inputs = plan.situation.siting_inputs()
    codes = plan.situation.places["commune_code"]
    ours = inputs.reinforceable
    unknown = sorted(set(locked) - set(codes[ours]))
    if unknown or any(count < 0 for count in locked.values()):
        raise ValueError(f"no place in {unknown}, or a negative number of positions")
    held = {code: count for code, count in locked.items() if count}
    rest = positions - sum(held.values())
    if rest < 0:
        raise InfeasibleError(
            f"Les lignes verrouillées comptent déjà {sum(held.values())} postes, "
            f"plus que les {positions} postes fixes à placer",
            remedy="Déverrouillez une ligne, ou baissez ses postes.",
        )
    if not rest:
        return held
    decided = ours & codes.isin(list(locked)).to_numpy()
    opened = ours & codes.isin(list(held)).to_numpy()
    columns = np.flatnonzero(inputs.existing | ~decided | opened)
    narrowed = replace(
        inputs,
        times=inputs.times.restrict(destinations=columns),
        existing=(inputs.existing | opened)[columns],
        reinforceable=(ours & ~decided)[columns],
        preference_min=inputs.preference_min[columns],
    )
    scenario = plan.scenario
    # The module's equations divide by the positions it places: here they are only the rest.
    choice = ModelChoice(
        scenario.model,
        float(scenario.threshold_min),
        scenario.max_load_ratio * rest / positions,
        scenario.min_load_ratio * rest / positions,
        scenario.seed,
    )
    found = choose_fixed_sites(narrowed, rest, choice).positions
    placed = {str(codes.iloc[columns[k]]): int(found[k]) for k in np.flatnonzero(found)}
    if sum(placed.values()) < rest:
        raise InfeasibleError(
            f"Il ne reste aucun lieu où placer les {rest} autres postes",
            remedy="Déverrouillez une ligne.",
        )
    return held | placed
