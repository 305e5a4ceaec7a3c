import pytest

from views.parts.allocation import share as share_view


@pytest.fixture(autouse=True)
def alone(bare_machine):
    """The snapshot alone."""


@pytest.mark.parametrize("department", ["03", "75", "972", "976"])
def test_each_method_gives_a_share_and_its_reason(department):
    rows = share_view.share_rows(department)
    assert len(rows) == 3
    assert all(int(row[2].replace("\u202f", "")) >= 1 for row in rows)
    assert all("Part exacte" in row[3] for row in rows)
    text = share_view.share_text(department)
    assert ("n'est pas estimé" in text) == (department == "976")
    assert "2023" not in text


@pytest.mark.official
def test_positions_granted_are_told_where_they_are_known(official_dir):
    assert "En avril 2023, **" in share_view.share_text("03")
