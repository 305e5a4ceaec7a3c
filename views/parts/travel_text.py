"""What is said of minutes wherever they are shown: that they are modelled, and how well."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from coverage import accuracy
from coverage.isolation import NO_ROAD
from coverage.measure import road_to
from planning.situation import national_network
from views.parts import wording


def minutes_note() -> str:
    """Return the sentence that stands beside modelled minutes."""
    return accuracy.NOTE


def short_note() -> str:
    """Return the same in a few words, for legends."""
    return f"{accuracy.SHORT_NOTE}."


def coarse_note() -> str:
    """Return what is said of minutes as the crow flies, those of siting in the whole country."""
    return accuracy.COARSE_NOTE


def plain_note() -> str:
    """Return the same for the public: what to make of a number of minutes."""
    return accuracy.PLAIN_NOTE


def reach_texts(minutes: "pd.Series[float]", places: Iterable[str]) -> list[str]:
    """Return minutes to the nearest of some places as texts, or why there are none.

    Parameters
    ----------
    minutes
        Minutes, indexed by commune; infinite beyond the limit or without a road.
    places
        Communes of the places.
    """
    network = national_network()
    road = pd.Series(road_to(network, pd.Series(list(places))), index=network.points.index)
    joined = road.reindex(minutes.index, fill_value=True).to_numpy()
    return [
        NO_ROAD if np.isinf(value) and not way else wording.minutes(value)
        for value, way in zip(minutes, joined, strict=True)
    ]
