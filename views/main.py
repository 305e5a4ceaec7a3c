"""Who is here, and the pages offered to them.

``COVERAGE_AUDIENCE`` = ``public``, ``prefect`` or ``planner`` restricts the menu: a page that
is not in the menu has no address.
"""

import importlib
import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # the tests open this file alone
    sys.path.insert(0, str(ROOT))

from views.parts import boundary  # noqa: E402
from views.parts.audience import audience  # noqa: E402

PLAN = ("planner/plan.py", "Plan de déploiement", "plan")
DATA = ("planner/data.py", "Données", "donnees")
DEPARTMENT = ("prefect/department.py", "Mon département", "departement")
SEARCH = ("public/search.py", "Trouver un conseiller", "trouver")

MENUS = {
    "": [PLAN, DEPARTMENT, SEARCH, DATA],
    "planner": [PLAN, SEARCH, DATA],
    "prefect": [DEPARTMENT, SEARCH, DATA],
    "public": [SEARCH],
}


def pages() -> list:
    """Return the pages of the menu; the first also answers at its own address."""
    menu = MENUS[audience()]
    shown = [st.Page(path, title=title, url_path=name) for path, title, name in menu]
    path, title, name = menu[0]
    home = st.Page(path, title=title, url_path="accueil", default=True)
    hidden = st.Page(path, title=title, url_path=name, visibility="hidden")
    return [home, *shown[1:], hidden]


st.set_page_config(
    page_title="Inclusion numérique",
    page_icon=str(ROOT / "static" / "favicon.svg"),
    layout="wide",
    menu_items={"Get help": None, "Report a bug": None, "About": None},
)
st.html(ROOT / "static" / "page.css")
with boundary.page():
    menu = pages()
    page = st.navigation(menu, position="hidden" if len(MENUS[audience()]) == 1 else "top")
    with st.spinner("Ouverture de l'application…"):  # seconds at the server's start, then none
        importlib.import_module("views.parts.cached")
    page.run()
