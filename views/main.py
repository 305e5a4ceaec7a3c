"""Who is here, and the pages offered to them.

``COVERAGE_AUDIENCE`` = ``public``, ``prefect`` or ``planner`` restricts the menu: a page that
is not in the menu has no address.
"""

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # the tests open this file alone
    sys.path.insert(0, str(ROOT))

from geodata.errors import CoverageError  # noqa: E402
from views.parts import boundary  # noqa: E402
from views.parts.audience import audience  # noqa: E402

NAME = "Inclusion numérique"
EVERYONE = ("planner", "prefect", "public")
STAFF = ("planner", "prefect")


@dataclass(frozen=True)
class Entry:
    """A page of the menu: its script, its title, its address, and for whom it is."""

    script: str
    title: str
    address: str
    audiences: tuple[str, ...]


# The first entry of an audience is its home page.  One flat list: the framework's groups
# are marked up as lists whose items are no list items.
ENTRIES = (
    Entry("planner/plan.py", "Plan de déploiement", "plan", ("planner",)),
    Entry("prefect/department.py", "Mon département", "departement", ("prefect",)),
    Entry("planner/explorer.py", "Explorer", "explorer", STAFF),
    Entry("planner/access.py", "Accès", "acces", STAFF),
    Entry("planner/siting.py", "Implantation", "implantation", ("planner",)),
    Entry("planner/allocation.py", "Répartition", "repartition", STAFF),
    Entry("planner/tours.py", "Tournées", "tournees", STAFF),
    Entry("planner/compare.py", "Comparer", "comparer", STAFF),
    Entry("planner/proposals.py", "Propositions", "propositions", ("planner",)),
    Entry("public/search.py", "Trouver un conseiller", "trouver", EVERYONE),
    Entry("planner/data.py", "Données", "donnees", STAFF),
    Entry("public/about.py", "À propos", "a-propos", EVERYONE),
)


def menu(name: str) -> list[Entry]:
    """Return the entries of an audience; all of them where none is named."""
    return [entry for entry in ENTRIES if not name or name in entry.audiences]


def pages(entries: list[Entry]) -> list:
    """Return the pages; the first entry also answers at its own address."""
    home, *others = entries
    first = st.Page(home.script, title=home.title, url_path="accueil", default=True)
    named = st.Page(home.script, title=home.title, url_path=home.address, visibility="hidden")
    shown = [st.Page(one.script, title=one.title, url_path=one.address) for one in others]
    return [first, *shown, named]


def addresses() -> list[str]:
    """Return the addresses of the pages that this server offers."""
    try:
        return ["accueil", *(entry.address for entry in menu(audience()))]
    except CoverageError:  # an audience that does not exist: the page will say so
        return []


def takes_files() -> bool:
    """Tell whether a page of this server takes files: not those of the public."""
    try:
        return audience() != "public"
    except CoverageError:
        return False


def run() -> None:
    """Open the page asked for, within the menu of its audience."""
    st.set_page_config(
        page_title=NAME,
        page_icon=str(ROOT / "static" / "favicon.svg"),
        layout="wide",
        menu_items={"Get help": None, "Report a bug": None, "About": None},
    )
    st.html(ROOT / "static" / "page.css")
    with boundary.page():
        entries = menu(audience())
        shown = "top" if len(entries) > 1 else "hidden"
        page = st.navigation(pages(entries), position=shown)
        st.set_page_config(
            page_title=f"{page.title} – {NAME}"
        )  # tabs and histories tell them apart
        with st.spinner("Ouverture de l'application…"):  # seconds at the server's start, then none
            cached = importlib.import_module("views.parts.cached")
        cached.notice_changes()
        page.run()


if __name__ == "__main__":  # the framework runs this file; the door reads its entries
    run()
