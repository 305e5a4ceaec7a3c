import numpy as np
import pandas as pd
import pytest

from coverage.sites import load_sites, one_a_place, usual_hours
from geodata.errors import DataError, SourceError


def test_one_place_in_two_layers_counts_once_with_its_longest_hours():
    frame = pd.DataFrame(
        {
            "layer": ["permanences", "france_services", "permanences", "libraries", "permanences"],
            "name": ["Permanence France Services de Bourbon", "France Services de Bourbon",
                     "Médiathèque de Bourbon", "Médiathèque", "France Services de Bourbon"],
            "kind": "x",
            "commune_code": ["03036", "03036", "03036", "03036", "03190"],
            "lon": [3.05, 3.0504, 3.0502, 3.0702, 3.0503],
            "lat": 46.58,
            "supply_h": [4.0, 30.0, 7.0, 9.0, 5.0],
            "hours_known": [True, False, True, True, True],
        },
        index=list("abcde"),
    )  # fmt: skip
    once = one_a_place(frame, ["france_services", "permanences", "libraries"])
    assert once.index.tolist() == list("bcde")  # a: joined; c: another name; d: far; e: elsewhere
    assert once.at["b", "supply_h"] == 30.0
    assert once.at["b", "hours_known"]
    turned = one_a_place(frame.iloc[::-1], ["france_services", "permanences", "libraries"])
    pd.testing.assert_frame_equal(turned.sort_index(), once)


@pytest.mark.official
def test_places_of_help_are_not_counted_twice(official_dir):
    names = ["france_services", "permanences", "mediation_places"]
    together, apart = load_sites(names), [load_sites([name]) for name in names]
    records = sum(len(one.frame) for one in apart)
    assert len(together.frame) + together.joined == records
    assert 300 < together.joined < 700
    assert together.set_aside > 0


def test_unknown_hours_take_those_that_are_usual_for_their_kind():
    layer = pd.Series(["libraries"] * 40 + ["permanences"] * 3 + ["france_services"])
    hours = pd.Series([8.0] * 20 + [10.0] * 18 + [np.nan] * 2 + [30.0, np.nan, np.nan, np.nan])
    found = usual_hours(layer, hours)
    assert found[38] == 8.0  # the median of the layer
    assert np.isnan(found[41])  # one known place tells nothing of the others
    assert found[43] == 29.5  # published


def test_a_layer_that_is_not_there_is_named(bare_machine):
    with pytest.raises(SourceError, match="france_services"):
        load_sites(["france_services"])
    with pytest.raises(DataError, match="Type de site inconnu : pizza"):
        load_sites(["pizza"])
    with pytest.raises(DataError, match="aucun"):
        load_sites([])


def test_the_embedded_places_are_partial(bare_machine):
    sites = load_sites(["mediation_places", "france_services"])
    assert sites.partial
    assert sites.missing == ("france_services",)
    assert sites.frame.index.is_unique
    assert len(sites.mobile) == 1
    assert np.isfinite(sites.supply_h).all()


@pytest.mark.official
def test_the_official_list(official_dir):
    sites = load_sites(["france_services"])
    assert (len(sites.frame), len(sites.mobile)) == (2680, 163)
    assert 0 < (~sites.frame["hours_known"]).sum() < 60
    assert (sites.frame.loc[~sites.frame["hours_known"], "supply_h"] == 29.5).all()
