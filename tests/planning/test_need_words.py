"""What is said of the need: what it rests on, and what nothing verifies."""

import numpy as np
import pytest

from planning.need_words import KNOWN, UNKNOWN, main_tier, need_sentence
from planning.situation import national_need


def test_each_tier_says_what_it_rests_on():
    for tier in (1, 2, 3):
        said = need_sentence(tier, ["03"])
        assert KNOWN[tier] in said
        assert said.startswith("Estimation, pas une mesure")
    assert need_sentence(0, ["976"]) == UNKNOWN


@pytest.mark.parametrize("codes", [["973"], ["03", "974"]])
def test_overseas_nothing_verifies_the_share_of_each(codes):
    assert "Aucun chiffre publié" in need_sentence(2, codes)
    assert "Aucun chiffre publié" not in need_sentence(2, ["03"])


def test_the_tier_of_a_territory_is_that_of_most_of_its_people(bare_machine):
    need = national_need()
    assert main_tier(need) == 1
    assert main_tier(need.at(np.flatnonzero(need.tier == 0))) == 0
