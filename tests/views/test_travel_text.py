import numpy as np
import pandas as pd

from coverage import accuracy
from views.parts import travel_text, wording


def test_the_error_of_the_model_is_said_beside_its_minutes():
    for error in (accuracy.FLAT.median, accuracy.FLAT.p90, accuracy.MOUNTAIN.p90):
        assert wording.share(error) in travel_text.minutes_note()
    assert "modélisé" in travel_text.short_note()


def test_why_there_are_no_minutes():
    minutes = pd.Series([12.0, np.inf, np.inf, np.nan], ["03190", "03185", "97352", "03310"])
    assert travel_text.reach_texts(minutes, ["03190"]) == [
        f"12{wording.FIXED}min",
        "hors d'atteinte",  # a road, but too long
        "pas d'accès routier",  # Saül, in Guyane
        wording.UNKNOWN,
    ]
