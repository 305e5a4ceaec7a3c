import numpy as np
import pandas as pd
import pytest

from coverage.sites import load_sites, usable, usual_hours
from geodata.errors import DataError, SourceError


def test_what_cannot_be_a_site_is_set_aside_with_its_reason():
    frame = pd.DataFrame(
        {
            "commune_code": ["03190", "99999", "03190", "03190", "03190", "97353"],
            "lon": [3.33, 6.14, np.nan, 7.0, 3.33, -53.0],
            "lat": [46.56, 46.2, 46.5, 43.7, 46.56, 3.0],
        },
        index=["good", "geneva", "nowhere", "nice", "good", "maripasoula"],
    )
    kept, rejected = usable(frame)
    assert kept.index.tolist() == ["good", "maripasoula"]
    assert rejected["reason"].tolist() == [
        "hors de France : code de commune inconnu",
        "sans coordonnées",
        "à plus de 60 km de sa commune",
        "identifiant en double",
    ]


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
