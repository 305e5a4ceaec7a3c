import numpy as np
import pandas as pd
import pytest

from coverage.isolation import IsolationRule, Reached, isolation
from geodata.errors import DataError

POINTS = pd.DataFrame({"population": [900, 80, 300, 50]}, index=list("abcd"))
REACHED = Reached(
    minutes=np.array([15.0, 15.1, np.inf, np.inf]),
    road=np.array([True, True, True, False]),
    canton_has_site=np.array([True, True, False, False]),
    limit_min=60.0,
)


def test_farther_than_the_bound_and_the_reason():
    found = isolation(POINTS, REACHED, IsolationRule(15.0))
    assert found["isolated"].tolist() == [False, True, True, True]
    assert found["reason"].tolist() == [
        "",
        "premier site à 15,1 min, au-delà de 15 min",
        "premier site à plus de 60 min ; aucun site dans le canton",
        "pas d'accès routier ; aucun site dans le canton",
    ]


def test_every_condition_that_is_set_must_hold():
    found = isolation(POINTS, REACHED, IsolationRule(15.0, canton_without_site=True))
    assert found["isolated"].tolist() == [False, False, True, True]
    found = isolation(POINTS, REACHED, IsolationRule(15.0, True, most_inhabitants=100))
    assert found["isolated"].tolist() == [False, False, False, True]
    assert found.at["d", "reason"].endswith("50 habitants")


def test_a_looser_rule_never_isolates_more():
    isolated = [
        isolation(POINTS, REACHED, IsolationRule(bound))["isolated"].sum()
        for bound in (5.0, 15.0, 20.0, 60.0)
    ]
    assert isolated == sorted(isolated, reverse=True)


def test_nonsense_is_refused():
    with pytest.raises(DataError, match="seuil"):
        IsolationRule(0.0)
    with pytest.raises(DataError, match="habitants"):
        IsolationRule(most_inhabitants=0)
    with pytest.raises(ValueError, match="beyond the limit"):
        isolation(POINTS, REACHED, IsolationRule(90.0))
