"""Communes found by what people type."""

import statistics
import time

import pytest

from geodata import tables
from geodata.search import likely, search


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("st etiene", "42218"),
        ("Saint-Étienne", "42218"),
        ("SAINT ETIENNE", "42218"),
        ("paris 11", "75111"),
        ("Paris 11e", "75111"),
        ("paris 11eme arrondissement", "75111"),
        ("paris 1", "75101"),
        ("lyon 3", "69383"),
        ("moulin", "03190"),
        ("moulins 03", "03190"),
        ("03000", "03190"),
        ("l'isle adam", "95313"),
        ("isle adam", "95313"),
        ("lisle adam", "95313"),
        ("havre", "76351"),
        ("ste menehould", "51507"),
        ("clermont ferand", "63113"),
        ("vichi", "03310"),
        ("yzeure 03400", "03321"),
        ("97410", "97416"),
        ("75116", "75116"),
        ("2A004", "2A004"),
        ("abrest", "03001"),
        ("  ÉBREUIL ", "03107"),
        ("oeuilly", None),
    ],
)
def test_noisy_texts(text, first):
    found = search(text)
    assert found
    if first:
        assert found[0].code == first


@pytest.mark.parametrize("text", ["", "   ", "---", "qqqqqqqqq", "00000", "99999"])
def test_texts_that_mean_nothing(text):
    assert search(text) == []


def test_a_postal_code_gives_all_its_communes_the_largest_first():
    found = search("03000", limit=100)
    codes = tables.demand_points()["postal_codes"].str.split(";")
    assert {m.code for m in found} == set(codes.index[codes.map(lambda c: "03000" in c)])
    population = [m.population for m in found]
    assert population == sorted(population, reverse=True)


def test_a_prefix_gives_the_largest_first():
    found = search("mou")
    assert all(" mou" in f" {m.name.casefold()}" for m in found), "an article does not count"
    population = [m.population for m in found]
    assert population == sorted(population, reverse=True)


def test_the_limit_is_kept_and_nobody_comes_twice():
    for text in ("saint", "moulins", "03", "paris 11", "st etiene"):
        found = search(text, limit=5)
        assert len(found) <= 5
        assert len({m.code for m in found}) == len(found)


def test_only_demand_points_are_found():
    found = {m.code for text in ("paris", "lyon", "marseille") for m in search(text, limit=30)}
    assert found <= set(tables.demand_points().index)
    assert not found & {"75056", "13055", "69123"}


def test_every_large_commune_is_found_first_by_its_whole_name():
    large = tables.demand_points().nlargest(300, "population")
    names = large["name"][~large["name"].duplicated(keep=False)]
    assert [search(name)[0].code for name in names] == names.index.tolist()


def test_a_match_says_where_it_is():
    match = search("Moulins")[0]
    assert match.label == "Moulins (03000, Allier)"
    assert match.department == "03"


def test_a_search_is_quick():
    search("moulins")
    spent = []
    for text in ("st etiene", "clermont ferand", "moulin", "03000", "bourg en bres", "vichi") * 5:
        begun = time.process_time()
        search(text)
        spent.append(time.process_time() - begun)
    assert statistics.median(spent) < 0.010


@pytest.mark.parametrize(
    ("text", "sure", "first"),
    [
        ("Guéret", True, "23096"),
        ("moulins", True, "03190"),  # the villages of that name are much smaller
        ("75011", True, "75111"),
        ("Saint-Denis", False, "97411"),
        ("sainte-foy", False, None),
        ("paris", False, None),
        ("saint", False, None),
        ("vichi", False, "03310"),
        ("xyzabc", False, None),
    ],
)
def test_a_name_is_sure_only_where_no_other_is_as_likely(text, sure, first):
    found = likely(text)
    assert found.sure is sure
    assert first is None or found.matches[0].code == first


def test_names_that_only_look_alike_are_left_out_beside_the_real_one():
    assert [match.name for match in likely("Guéret").matches] == ["Guéret"]
    assert not likely("xyzabc").named
    assert not likely("qqqqqqqqq").matches
