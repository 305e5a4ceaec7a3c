import pandas as pd

from planning.hosts import SHOP_COUNTER, candidate_hosts
from planning.scenario import HOST_PREFERENCE_MIN


def place(identifier: str, commune: str, kind: str, **changes) -> dict:
    row = {
        "id": identifier,
        "name": identifier,
        "kind": kind,
        "commune_code": commune,
        "lon": 3.0,
        "lat": 46.0,
        "weekly_hours_h": float("nan"),
        "hours": None,
        "mobile": False,
        "services": None,
    }
    return {**row, **changes}


def town_halls(**hours: float) -> pd.DataFrame:
    rows = [
        place(f"mairie {code}", code, "town_hall", weekly_hours_h=h) for code, h in hours.items()
    ]
    return pd.DataFrame(rows, columns=list(place("", "", "")))


def hosts(places: list[dict], halls: pd.DataFrame) -> list[str]:
    frame = pd.DataFrame(places or [place("x", "x", "other")]).iloc[: len(places)]
    return candidate_hosts(frame, halls, HOST_PREFERENCE_MIN)["name"].tolist()


def test_the_best_kind_then_the_longest_hours_come_first():
    found = hosts(
        [
            place("poste", "03001", "postal_point", weekly_hours_h=40.0),
            place("petite", "03001", "library", weekly_hours_h=4.0),
            place("grande", "03001", "library", weekly_hours_h=30.0),
            place("inconnue", "03001", "library"),
        ],
        town_halls(),
    )
    assert found == ["grande", "petite", "inconnue", "poste"]


def test_a_town_hall_counts_only_alone_and_open_long_enough():
    halls = town_halls(a=35.0, b=35.0, c=14.0)
    assert hosts([place("bibliothèque", "a", "library")], halls) == ["bibliothèque", "mairie b"]


def test_wheels_and_shop_counters_host_nobody():
    found = hosts(
        [
            place("bus", "a", "france_services", mobile=True),
            place("relais", "a", "postal_point", services=SHOP_COUNTER),
        ],
        town_halls(),
    )
    assert found == []


def test_the_users_preference_decides():
    places = pd.DataFrame([place("poste", "a", "postal_point"), place("biblio", "a", "library")])
    ranked = candidate_hosts(places, town_halls(), {"postal_point": 0.0, "library": 9.0})
    assert ranked["name"].tolist() == ["poste", "biblio"]
    assert ranked["preference_min"].tolist() == [0.0, 9.0]
