import pandas as pd
import pytest

from geodata import tables
from geodata.errors import DataError
from geodata.snapshot import checks


@pytest.fixture
def communes() -> pd.DataFrame:
    return tables.communes().copy()


def test_a_lost_commune_is_seen(communes):
    faults = list(checks.counts(communes.drop(index="03190")))
    assert "communes de métropole : 34745 au lieu de 34746" in faults
    assert any(fault.startswith("habitants") for fault in faults)


def test_a_lost_arrondissement_is_seen(communes):
    assert list(checks.counts(communes.drop(index="75101"))) == [
        "arrondissements : 44 au lieu de 45"
    ]


def test_an_unknown_age_outside_mayotte_is_seen(communes):
    communes.loc["03190", "pop_65p"] = None
    assert list(checks.ages(communes)) == ["tranches d'âge manquantes hors de Mayotte"]


def test_a_wrong_age_share_is_seen(communes):
    communes["pop_65p"] *= 2
    assert "part nationale des 65 ans et plus" in " ".join(checks.ages(communes))


def test_overlapping_outlines_are_seen():
    outlines = tables.outlines("03").geometry.copy()
    outlines["03190"] = outlines["03190"].buffer(0.01)
    assert list(checks.coverage(outlines)) == [
        "les contours du territoire EPSG:2154 se chevauchent"
    ]


def test_a_point_outside_its_commune_is_seen(communes):
    communes.loc["03190", "lon"] += 1
    assert list(checks.points(communes, tables.outlines().geometry)) == [
        "1 point(s) hors de leur commune (03190)"
    ]


def test_private_contacts_are_seen():
    frame = pd.DataFrame({"phone": ["06 12 34 56 78"], "site": ["jean@exemple.fr"]})
    assert list(checks.privacy({"t": frame})) == [
        "t.site : adresse électronique",
        "t.phone : numéro de mobile",
    ]


def test_all_faults_are_told_at_once(communes):
    broken = {
        name: getattr(tables, reader)()
        for name, reader in {
            **{name: name for name in tables.NAMES},
            "places": "embedded_places",
        }.items()
    }
    broken["communes"] = communes.drop(columns="epci").drop(index="75101").assign(epci=None)
    broken["outlines"] = tables.outlines("03")
    broken["town_halls"] = broken["town_halls"].drop(columns="phone")
    with pytest.raises(DataError) as error:
        checks.check(broken)
    assert "arrondissements : 44" in str(error.value)
    assert "phone" in str(error.value)
