from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.hierarchy import KINDS, urban_kind
from coverage.local import gather, nothing_local
from coverage.validation import Line, membership_here, report, validate
from geodata import tables


@pytest.fixture(scope="module")
def points():
    return tables.demand_points()


def territory(people, area, unit, region="84"):
    return {"population": people, "region": region, "attraction_area": area, "urban_unit": unit}


def test_communes_are_sorted_by_the_size_of_their_area_and_by_its_pole():
    made = pd.DataFrame(
        {
            "Metz": territory(600_000, "001", "57701"),
            "Couronne": territory(150_000, "001", "57000"),
            "Bourg": territory(9_000, "002", "03101"),
            "Faubourg": territory(4_000, "002", "03101"),
            "Autre bourg": territory(5_000, "002", "03102"),
            "Village": territory(1_000, "002", "03000"),
            "Seul": territory(300, "000", "03000"),
            "Moyenne": territory(80_000, "003", "03103"),
            "Île": territory(900, "000", "971000", region="01"),
            "Inconnu": territory(900, None, None),
        }
    ).T
    kind = urban_kind(made[["population", "region"]], made[["attraction_area", "urban_unit"]])
    found = kind.where(kind.notna(), "").to_dict()
    assert found == {
        "Metz": "largest",
        "Couronne": "largest",
        "Bourg": "small_pole",
        "Faubourg": "small_pole",
        "Autre bourg": "",  # of the two urban units the smaller is no pole
        "Village": "",
        "Seul": "outside",
        "Moyenne": "",
        "Île": "",  # the figures are those of the metropole
        "Inconnu": "",
    }


def test_without_the_zoning_the_report_says_why(points, bare_machine):
    assert membership_here() is None
    checked = validate(points, nothing_local(points), tables.regions()["name"])
    assert checked.hierarchy == ()
    assert "table\n  d'appartenance" in report(checked)


def test_the_report_names_what_is_far_from_its_figure_and_nothing_else(points):
    checked = validate(points, nothing_local(points), tables.regions()["name"])
    assert "Retrouvée à plus de 3 points : Corse (-6,1)." in report(checked)
    near = tuple(line for line in checked.regions if line.name != "Corse")
    assert "Aucune région n'est retrouvée à plus" in report(replace(checked, regions=near))


def test_a_bound_that_is_kept_is_no_miss():
    assert Line("Normandie", 0.178, 0.190, bound=True).miss == 0
    assert Line("Normandie", 0.178, 0.170, bound=True).miss == pytest.approx(-0.8)


@pytest.mark.official
def test_the_urban_hierarchy_is_checked_where_the_zoning_is_known(points, official_dir):
    checked = validate(points, gather(points), tables.regions()["name"], membership_here())
    lines = {line.name: line for line in checked.hierarchy}
    assert list(lines) == list(KINDS.values())
    # In order: the largest cities lowest, then outside, then small poles, as published.
    published = [line.published for line in checked.hierarchy]
    assert published == pytest.approx([0.124, 0.230, 0.211], abs=0.001)
    assert abs(lines[KINDS["largest"]].miss) < 0.5
    # The two others are not reached, and the report says so.
    assert lines[KINDS["small_pole"]].miss == pytest.approx(-3.9, abs=0.3)
    assert lines[KINDS["outside"]].miss == pytest.approx(-2.1, abs=0.3)
    text = report(checked)
    assert "Le moins bien retrouvé : pôles des aires de moins de 50 000" in text
    assert np.isfinite([line.miss for line in checked.regions]).all()
