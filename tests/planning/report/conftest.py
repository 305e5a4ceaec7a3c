from dataclasses import replace
from datetime import date

import pytest

from planning.report.plan_report import plan_report

ON = date(2026, 11, 24)


@pytest.fixture(scope="session")
def report(allier):
    return plan_report(allier, ON, "Préfecture de l'Allier")


@pytest.fixture(scope="session")
def crowded(allier):
    """The plan with 300 sites, of which one has a very long name and one begins a formula."""
    first = allier.sites[0]
    odd = (
        replace(first, name="Maison-des-services-publics-" * 6 + "de Saint-Pourçain", why="≤ 2 °"),
        replace(first, name='=HYPERLINK("http://exemple.test";"ici")', why="+1 poste"),
    )
    many = [replace(first, name=f"Lieu n° {k} : œuvre, ÿ, ŒUVRE") for k in range(298)]
    return replace(allier, sites=(*odd, *many))
