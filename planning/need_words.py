"""What is said of the need wherever it is shown: what it was estimated from, and how surely."""

from collections.abc import Collection
from typing import Final

import numpy as np

from coverage.need import Need
from coverage.synthetic import OVERSEAS

KNOWN: Final = {
    1: "à l'âge des habitants",
    2: "à l'âge, au diplôme, aux ménages et au niveau de vie des habitants",
    3: "à l'âge, au diplôme, aux ménages et au niveau de vie des habitants",
}
"""What each tier of the estimate rests on."""

UNKNOWN: Final = (
    "Besoin non estimé : les âges des habitants ne sont pas publiés à Mayotte ; les habitants en "
    "tiennent lieu."
)
_OVERSEAS: Final = (
    "calés sur un seul chiffre, 20 % pour la Guadeloupe, la Martinique, la Guyane et La Réunion "
    "ensemble. Aucun chiffre publié ne vérifie la part de chacune : ce que les âges et les "
    "diplômes n'expliquent pas n'y est pas compté (en Corse, cela fait 6 points)."
)


def main_tier(need: Need) -> int:
    """Return the tier of most of the people of an estimate; 0 where nobody's need is known."""
    known = need.tier > 0
    if not known.any():
        return 0
    return int(np.bincount(need.tier[known], need.persons_15p[known]).argmax())


def need_sentence(tier: int, departments: Collection[str]) -> str:
    """Return how the need of some départements was estimated, and what nothing verifies.

    Parameters
    ----------
    tier
        The tier of most of their people, 0 where the need is not estimated.
    departments
        Their codes.
    """
    if not tier:
        return UNKNOWN
    anchored = (
        _OVERSEAS if set(departments) & set(OVERSEAS) else "calés sur les chiffres régionaux."
    )
    return (
        "Estimation, pas une mesure : taux publiés par l'Insee pour 2021, appliqués "
        f"{KNOWN[tier]} de chaque commune et {anchored}"
    )
