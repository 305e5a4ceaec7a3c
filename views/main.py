"""Who is here, and the pages offered to them.

``COVERAGE_AUDIENCE`` = ``public``, ``prefect`` or ``planner`` restricts the menu: a page that
is not in the menu has no address.
"""

import os
import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # the tests open this file alone
    sys.path.insert(0, str(ROOT))

from geodata.errors import DataError  # noqa: E402
from views.parts import boundary  # noqa: E402

PLAN = st.Page("planner/plan.py", title="Plan de déploiement", url_path="plan")
DATA = st.Page("planner/data.py", title="Données", url_path="donnees")
DEPARTMENT = st.Page("prefect/department.py", title="Mon département", url_path="departement")
SEARCH = st.Page("public/search.py", title="Trouver un conseiller", url_path="trouver")

MENUS = {
    "": [PLAN, DEPARTMENT, SEARCH, DATA],
    "planner": [PLAN, SEARCH, DATA],
    "prefect": [DEPARTMENT, SEARCH, DATA],
    "public": [SEARCH],
}


def audience() -> str:
    """Return the audience served, empty for all of them."""
    name = os.environ.get("COVERAGE_AUDIENCE", "").strip().lower()
    if name not in MENUS:
        raise DataError(
            f"Public inconnu : « {name} »",
            where="COVERAGE_AUDIENCE",
            remedy="Donnez public, prefect ou planner, ou ne donnez rien pour tout ouvrir.",
        )
    return name


st.set_page_config(
    page_title="Inclusion numérique",
    page_icon=str(ROOT / "static" / "favicon.svg"),
    layout="wide",
    menu_items={"Get help": None, "Report a bug": None, "About": None},
)
st.html(ROOT / "static" / "page.css")
with boundary.page():
    menu = MENUS[audience()]
    page = st.navigation(menu, position="hidden" if len(menu) == 1 else "top")
    page.run()
