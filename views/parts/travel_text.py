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
    flat, steep = accuracy.FLAT, accuracy.MOUNTAIN
    share = wording.share
    return (
        "Minutes en voiture modélisées, hors embouteillages, sans fichier de routes : la longueur "
        f"d'un trajet est juste à {share(flat.median)} près une fois sur deux et à "
        f"{share(flat.p90)} près neuf fois sur dix en plaine, à {share(steep.median)} et "
        f"{share(steep.p90)} près en montagne."
    )


def short_note() -> str:
    """Return the same in a few words, for legends."""
    return (
        "En voiture, modélisé, hors embouteillages ; longueurs justes à "
        f"{wording.share(accuracy.FLAT.p90)} près neuf fois sur dix en plaine."
    )


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
