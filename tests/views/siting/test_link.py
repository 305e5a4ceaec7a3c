"""A study survives its link; hostile links give the study by default."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.scenario import HOST_PREFERENCE_MIN
from planning.siting.study import Study
from views.parts.siting.link import DEFAULT, left_out, read, typed_codes, write

TERRITORIES = ("FR", "REG-84", "03", "2A", "972")
CODES = st.lists(st.sampled_from(["03190", "2A004", "97209", "63113"]), max_size=3, unique=True)


@st.composite
def studies(draw):
    forced = tuple(draw(CODES))
    highest = draw(st.one_of(st.none(), st.integers(1, 40)))
    return Study(
        territory=draw(st.sampled_from(TERRITORIES)),
        model=draw(
            st.sampled_from(["p-median", "max-cover", "set-cover", "p-center", "capacitated"])
        ),
        sites=draw(st.integers(1, 20_000)),
        threshold_min=float(draw(st.integers(1, 60))),
        existing=draw(st.sampled_from(["ignored", "movable", "kept"])),
        caseload=float(draw(st.integers(10, 20_000))),
        per_site=draw(st.integers(1, 20)),
        priority=draw(st.sampled_from(["", "rural", "own"])),
        own_priority=tuple(draw(CODES)),
        priority_factor=draw(st.integers(100, 500)) / 100,
        group=draw(st.sampled_from(["", "canton", "epci", "department"])),
        group_min=draw(st.integers(0, highest or 40)),
        group_max=highest,
        farthest_min=draw(st.one_of(st.none(), st.integers(1, 120).map(float))),
        budget_eur=draw(st.one_of(st.none(), st.integers(1, 9_999_999).map(float))),
        cost_eur=draw(st.dictionaries(st.sampled_from(["library", "ehpad"]),
                                      st.integers(0, 19_999).map(float))),
        forced=forced,
        forbidden=tuple(code for code in draw(CODES) if code not in forced),
        grain=draw(st.sampled_from(["commune", "canton"])),
        seconds=float(draw(st.integers(5, 120))),
    )  # fmt: skip


@settings(deadline=None)
@given(studies())
def test_a_study_survives_its_link(study):
    assert read(write(study), TERRITORIES, HOST_PREFERENCE_MIN) == study


def test_what_is_by_default_is_left_out():
    assert write(DEFAULT) == {}
    assert write(replace(DEFAULT, sites=12)) == {"sites": "12"}


NAMES = sorted(
    {"territoire", "modele", "sites", "seuil", "existants", "charge", "parsite", "priorite",
     "liste", "poids", "groupe", "gmin", "gmax", "loin", "budget", "couts", "imposes",
     "interdits", "besoin", "duree"}
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_any_link_gives_a_study_or_its_default(link):
    study = read(link, TERRITORIES, HOST_PREFERENCE_MIN)
    assert study.territory in TERRITORIES
    assert 5 <= study.seconds <= 120
    assert set(study.cost_eur) <= set(HOST_PREFERENCE_MIN)


@pytest.mark.parametrize(
    ("name", "value"),
    [("sites", "-3"), ("territoire", "../etc"), ("couts", "<b>:1"), ("imposes", "1' OR 1")],
)
def test_hostile_values_are_left_out(name, value):
    assert read({name: value}, TERRITORIES, HOST_PREFERENCE_MIN) == DEFAULT


def test_a_typed_list_says_what_it_did_not_understand():
    known = {"03190", "2A004", "97209"}
    assert typed_codes(" 03190;2a004\n97209 ", known) == (("03190", "2A004", "97209"), [])
    assert typed_codes("  ", known) == ((), [])
    _, faults = typed_codes("3190, 75056, 03190", known)
    assert faults == [
        "ce ne sont pas des codes de commune : 3190",
        "ces communes ne sont pas dans le territoire : 75056",
    ]
    many = [f"{k:05d}" for k in range(10_000, 10_300)]
    assert typed_codes(",".join(many), set(many))[1] == ["300 communes, pour 200 au plus"]


def test_what_a_link_says_in_vain_is_named():
    link = {"territoire": "48", "sites": "0", "modele": "magie", "liste": "03190,zz", "duree": "30"}
    study = read(link, {"03", "48"}, ())
    assert set(left_out(link, study)) == {"sites", "modele", "liste"}
    assert left_out(write(study), study) == []
    assert left_out({"imposes": "2a004"}, read({"imposes": "2a004"}, {"03"}, ())) == []
