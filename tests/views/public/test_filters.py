"""What places say: yes, no, or nothing, which is never a no."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.parts.public import filters, hours
from views.parts.public.filters import FILTERS, HELPS, Wanted, sieve
from views.parts.public.nearby import Near

TUESDAY_10 = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 10 h in Paris, 5 h in Martinique
WEEK = "Mo-Fr 09:00-17:00"
WEEKEND = "Mo-Sa 09:00-12:00"


def place(**known) -> Near:
    code = known.pop("commune_code", "03190")
    week = known.pop("hours", None)
    nothing = dict.fromkeys(("what", "town", "address", "phone", "website", "record"), "")
    told = {"title": "Lieu", "access": "", "services": "", "kind": "other", "mobile": False}
    return Near(
        **{**nothing, **told, **known},
        minutes=1.0,
        metres=4_000.0,
        lat=46.5,
        lon=3.3,
        hours=week,
        opening=hours.at(week, code, TUESDAY_10),
        commune_code=code,
    )


def said(name: str, one: Near) -> str:
    found = sieve([one], Wanted(frozenset({name})), TUESDAY_10)
    return "yes" if found.sure else "unknown" if found.unsure else "no"


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("ouvert", {"hours": WEEK}, "yes"),
        ("ouvert", {"hours": "Mo 09:00-12:00"}, "no"),
        ("ouvert", {}, "unknown"),
        ("ouvert", {"hours": WEEK, "commune_code": "97209"}, "no"),  # 5 h there
        ("ouvert", {"hours": WEEK, "commune_code": "97411"}, "yes"),  # 13 h there
        ("weekend", {"hours": WEEKEND}, "yes"),
        ("weekend", {"hours": WEEK}, "no"),
        ("weekend", {"hours": "sur demande"}, "unknown"),
        ("pmr", {"access": "Gratuit, Handicaps moteurs;Surdité"}, "yes"),
        ("pmr", {"access": "Gratuit"}, "unknown"),
        ("rdv", {"access": "Prise de rendez-vous possible"}, "yes"),
        ("rdv", {"access": "Gratuit, Rendez-vous en ligne"}, "yes"),
        ("rdv", {"access": "Sans prise de rendez-vous"}, "no"),
        ("rdv", {"access": ""}, "unknown"),
        ("sansrdv", {"access": "Gratuit, Se présenter;Téléphoner"}, "yes"),
        ("sansrdv", {"access": "Prise de rendez-vous possible"}, "unknown"),
    ],
)
def test_a_filter_hears_what_is_said(name, known, expected):
    assert said(name, place(**known)) == expected


@pytest.mark.parametrize(
    ("services", "kind", "expected"),
    [
        ("Réaliser des démarches administratives avec un accompagnement", "other", "yes"),
        ("Aide aux démarches administratives", "other", "yes"),
        ("Prendre en main un ordinateur", "other", "no"),
        ("", "france_services", "yes"),
        ("", "library", "unknown"),
    ],
)
def test_help_is_read_in_both_versions_of_the_schema(services, kind, expected):
    assert filters.helps(place(services=services, kind=kind), "demarches") == expected


@pytest.mark.parametrize("name", HELPS)
def test_a_place_that_lists_nothing_is_unknown_for_every_help(name):
    assert filters.helps(place(), name) == "unknown"


texts = st.sampled_from(
    ["", "Gratuit", "Se présenter", "Handicaps moteurs", "Rendez-vous en ligne"]
)
places = st.builds(
    place,
    access=texts,
    hours=st.sampled_from([None, WEEK, WEEKEND, "??"]),
    title=st.text(max_size=3),
)


@given(
    st.lists(places, max_size=6),
    st.frozensets(st.sampled_from(list(FILTERS))),
    st.sampled_from(["", *HELPS]),
)
def test_filters_only_remove_and_keep_the_order(some, names, kind):
    found = sieve(some, Wanted(names, kind), TUESDAY_10)
    assert not set(map(id, found.sure)) & set(map(id, found.unsure))
    for part in (found.sure, found.unsure):
        ranks = [next(k for k, one in enumerate(some) if one is kept) for kept in part]
        assert ranks == sorted(ranks)
    for name in FILTERS:
        stricter = sieve(some, Wanted(names | {name}, kind), TUESDAY_10)
        assert len(stricter.sure) <= len(found.sure)
    if not names and not kind:
        assert len(found.sure) == len(some)


def test_names_of_a_link_that_do_not_exist_are_left_out():
    assert filters.readable(["rdv", "<script>", "", "ouvert"], FILTERS) == ["ouvert", "rdv"]
