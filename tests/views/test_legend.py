import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from views.parts.legend import (
    Mark,
    Scale,
    fixed_scale,
    marks_html,
    quantile_scale,
    scale_html,
)


def test_a_value_equal_to_a_bound_is_in_the_class_above():
    scale = fixed_scale("Minutes", [10, 15, 20], "min", "")
    assert scale.classes([0, 9.9, 10, 14.9, 15, 20, np.inf]).tolist() == [0, 0, 1, 1, 2, 3, 3]


def test_no_value_is_no_class():
    scale = fixed_scale("Minutes", [10], "min", "")
    assert scale.classes([np.nan, 3]).tolist() == [-1, 0]


def test_texts_name_the_bounds():
    scale = fixed_scale("Minutes", [10, 15], "min", "")
    assert scale.texts == ("moins de 10\u00a0min", "10 à 15\u00a0min", "15\u00a0min et plus")


@given(some.lists(some.floats(0, 100), max_size=60))
def test_quantile_classes_cover_every_value(values):
    scale = quantile_scale("Taux", values, "%", "")
    classes = scale.classes(values)
    assert ((classes >= 0) & (classes < len(scale.colours))).all()
    assert list(scale.bounds) == sorted(set(scale.bounds))


def test_quantile_classes_are_about_as_full():
    values = np.arange(1000) / 10
    counts = np.bincount(quantile_scale("Taux", values, "%", "").classes(values))
    assert len(counts) == 5
    assert counts.min() > 150


def test_a_scale_refuses_nonsense():
    with pytest.raises(ValueError, match="one more colour"):
        Scale("x", (1.0,), ("#fff",), ("a", "b"))
    with pytest.raises(ValueError, match="increase"):
        Scale("x", (2.0, 1.0), ("#a", "#b", "#c"), ("a", "b", "c"))


def test_legends_escape_what_they_show():
    scale = fixed_scale("<b>", [1], "&", "<i>")
    html = scale_html(scale, missing="<u>") + marks_html([Mark("<s>", "star", "#000091")])
    for tag in ("<b>", "<i>", "<u>", "<s>"):
        assert tag not in html
