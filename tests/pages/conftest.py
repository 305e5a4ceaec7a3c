"""Pages run without a browser, on the snapshot alone, with one plan shared by all tests."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251 - runs the pages

from planning.scenario import Scenario
from views.parts import cached

MAIN = str(Path(__file__).parents[2] / "views" / "main.py")
TIMEOUT_S = 120


@pytest.fixture(autouse=True)
def alone(bare_machine, monkeypatch):
    """No official file, no audience; a plan whose tours are quick to find."""
    monkeypatch.delenv("COVERAGE_AUDIENCE", raising=False)
    monkeypatch.setattr(cached, "default_scenario", quick_scenario)
    monkeypatch.setattr(cached._seen, "looked_at", float("-inf"))  # the files may be others


def quick_scenario(department: str) -> Scenario:
    positions = cached.suggested_positions(department)
    return Scenario(territory=department, positions=positions, tour_iterations=50)


@pytest.fixture
def open_page():
    """Open a page of the application: its path in ``views``, and the link's parameters."""

    def open_(path: str = "", **parameters: str) -> AppTest:
        page = AppTest.from_file(MAIN, default_timeout=TIMEOUT_S)
        if path:  # the first run registers the pages; the data page is the lightest
            page.query_params["dep"] = "90"
            page.run()
            page.query_params.clear()
            for key in ("department", "linked_scenario"):  # what the first run made of its link
                if key in page.session_state:
                    del page.session_state[key]
            for key, value in parameters.items():
                page.query_params[key] = value
            return page.switch_page(path).run()
        for key, value in parameters.items():
            page.query_params[key] = value
        return page.run()

    return open_


def texts(page: AppTest) -> str:
    """Return all that a page says."""
    found = []
    for kind in ("title", "subheader", "markdown", "info", "warning", "error", "success"):
        found += [element.value for element in getattr(page, kind)]
    found += [element.value for element in page.html]
    return "\n".join(found)
