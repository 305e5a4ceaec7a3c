"""What a run on points takes in memory, said before it starts."""

from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem

MUCH_MB = 900.0
"""Memory from which a run says so and proposes a coarser demand."""


def memory_mb(problem: SitingProblem) -> float:
    """Return about how many MB a run takes: 390, and 47 bytes for each listed pair.

    Measured for the metropole: 485 MB at 4,000 sites, 776 MB at 1,000.  0 for a matrix, which
    its reader has already held.
    """
    if not isinstance(problem.costs_min, PointCosts):
        return 0.0
    n, m = problem.shape
    return 390 + 47e-6 * n * min(m, max(30.0, 7.0 * m / problem.sites))


def memory_note(problem: SitingProblem) -> str:
    """Return what a run needs when it is much, and what to do; empty otherwise (French)."""
    needed = memory_mb(problem)
    if needed < MUCH_MB:
        return ""
    return (
        f"Ce calcul demande environ {needed / 1000:.1f} Go de mémoire : elle croît comme le carré "
        "du nombre de points divisé par le nombre de sites. En dessous de 700 sites pour le pays, "
        "choisissez le besoin par canton (--demand canton sur la ligne de commande)."
    ).replace(".", ",", 1)
