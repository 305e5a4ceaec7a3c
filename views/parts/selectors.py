"""Choices shared by the pages: the département, a scenario; and what the link says of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from geodata.schema import Provenance
from planning.scenario import PROGRAMME_POSITIONS, Scenario
from planning.situation import HOST_LAYERS
from views.parts import cached, scenario_link, state, territory_view, wording
from views.parts.tables import Fact, note

DEFAULT: Final = state.DEFAULT_DEPARTMENT

KEPT: Final = "department"  # outlives the widgets of a page
_LINKED: Final = "linked_scenario"
_WRITTEN: Final = "written_department"


def link() -> state.Link:
    """Return what the page's address says, checked."""
    return state.read(
        st.query_params,
        cached.departments().index,
        (*territory_view.PLACE_LAYERS, "cantons", "accordes", "sites", "tournees"),
        cached.communes().index,
    )


def department(page: str, home: str = "") -> str:
    """Show the choice of a département and return its code; the address follows.

    Parameters
    ----------
    page
        Name of the page: each has its own widget, and all of them keep one choice.
    home
        Code of the visitor's own département, opened where the address names none.
    """
    table = cached.departments()
    if KEPT not in st.session_state or _is_new_link(table.index):
        _take_up(page, home if home in table.index and "dep" not in st.query_params else "")
    if st.session_state.pop("link_ignored", False):
        tell_ignored()
    key = f"department_{page}"
    st.session_state.setdefault(key, st.session_state[KEPT])
    code = st.selectbox(
        "Département",
        list(table.index),
        key=key,
        format_func=lambda one: f"{one} · {table.at[one, 'name']}",
        width=360,
    )
    if code != st.session_state[KEPT]:
        st.session_state[KEPT] = code
        st.session_state[_LINKED] = None
    _write(code)
    return code


def _is_new_link(known: pd.Index) -> bool:
    """Tell whether the address names a département that no page of this visit wrote there.

    A link followed inside the application, or a step back, wins over what was chosen before.
    """
    named = st.query_params.get("dep", "")
    return named in known and named not in (st.session_state[KEPT], st.session_state.get(_WRITTEN))


def _take_up(page: str, home: str) -> None:
    """Take up what the address says, or someone's own département where it says nothing."""
    found = link()
    code = home or found.department
    st.session_state[KEPT] = st.session_state[f"department_{page}"] = code
    scenario, unread = _read_scenario(code)
    st.session_state[_LINKED] = scenario
    if found.ignored or unread:
        st.session_state["link_ignored"] = True


def _write(code: str) -> None:
    st.session_state[_WRITTEN] = code
    if st.query_params.get("dep", DEFAULT) != code:
        st.query_params["dep"] = code


def tell_ignored() -> None:
    """Say that a part of the link made no sense."""
    st.warning(
        "Une partie de ce lien n'a pas pu être comprise : elle a été laissée de côté.",
        icon=":material/link_off:",
    )


def go_to(code: str) -> None:
    """Make a département that of every page, from the next run on."""
    st.session_state[KEPT] = code
    for key in [one for one in st.session_state if str(one).startswith("department_")]:
        st.session_state[key] = code
    st.session_state[_LINKED] = None
    _write(code)


def _read_scenario(code: str) -> tuple[Scenario | None, tuple[str, ...]]:
    """Return the scenario that the address asks for, ``None`` when it says nothing of one."""
    if not scenario_link.present(st.query_params):
        return None, ()
    return scenario_link.read(st.query_params, cached.default_scenario(code))


def linked_scenario() -> Scenario | None:
    """Return the scenario of the link that was opened; ``None`` once another is chosen."""
    return st.session_state.get(_LINKED)


def keep_scenario(scenario: Scenario, default: Scenario) -> None:
    """Put a scenario in the address; the one by default leaves nothing there."""
    wanted = {} if scenario == default else scenario_link.write(scenario, default)
    for name in scenario_link.PARAMETERS:
        state.keep(st.query_params, name, wanted.get(name, ""), "")


def need_facts(code: str) -> list[Fact]:
    """Return the figures of a département: inhabitants, need, rank."""
    table = cached.departments()
    row = table.loc[code]
    known = int(table["rate"].notna().sum())
    rows = [Fact("Habitants", wording.number(row["population"]), "Insee, population 2023")]
    if pd.isna(row["rate"]):
        rows.append(Fact("Illectronisme", "non estimé", "âges non publiés pour ce département"))
        return rows
    return [
        *rows,
        Fact(
            "Personnes en illectronisme",
            wording.number(row["persons"]),
            f"estimation : entre {wording.number(row['low'], -2)} "
            f"et {wording.number(row['high'], -2)}",
            strong=True,
        ),
        Fact(
            "Part des 15 ans ou plus",
            wording.share(row["rate"], 1),
            f"estimation ; France : {wording.share(0.154, 1)} (Insee, 2021)",
        ),
        Fact(
            "Rang parmi les départements",
            f"{wording.number(row['rank'])}ᵉ sur {known}"
            if row["rank"] > 1
            else f"1er sur {known}",
            "le 1er a la part la plus forte" + _unranked(table),
        ),
        Fact("65 ans ou plus", wording.share(row["share_65p"]), "Insee, recensement 2021"),
    ]


def _unranked(table: pd.DataFrame) -> str:
    """Name the départements that have no rank."""
    names = table.loc[table["rate"].isna(), "name"]
    return f" ; {wording.joined(names)} : non estimé" if len(names) else ""


def show_data_status(provenances: Sequence[tuple[Provenance, bool]]) -> None:
    """Say which layers of places a result rests on, and which are missing."""
    provenances = [one for one in provenances if one[0].layer in HOST_LAYERS]
    present = [
        f"{one.title} ({wording.day_text(one.vintage)}"
        f"{', en partie' if one.status == 'partial' else ''})"
        for one, _ in provenances
        if one.status != "missing"
    ]
    missing = [one.title for one, _ in provenances if one.status == "missing"]
    parts = []
    if present:
        parts.append(f"Lieux connus par : {wording.joined(present)}.")
    if missing:
        parts.append(f"Couches absentes : {wording.joined(missing)}.")
    note(" ".join(parts))


def scenario_form(scenario: Scenario, key: str = "scenario") -> Mapping[str, Any] | None:
    """Show the form of a scenario; return the choices when it is sent."""
    with st.form(key, border=False):
        left, right = st.columns(2)
        positions = left.number_input(
            "Nombre de postes", 1, PROGRAMME_POSITIONS, scenario.positions, step=1
        )
        automatic = right.checkbox(
            "Laisser le calcul choisir le nombre de conseillers mobiles",
            value=scenario.mobile is None,
        )
        mobile = right.number_input(
            "Sinon, nombre de conseillers mobiles", 0, 200, scenario.mobile or 0, step=1
        )
        aims = {"p-median": "le temps de trajet moyen le plus court",
                "max-cover": "le plus de personnes sous le seuil"}  # fmt: skip
        model = left.radio(
            "Ce que le plan recherche",
            list(aims),
            index=list(aims).index(scenario.model),
            format_func=aims.get,
        )
        threshold = left.slider("Seuil de temps de trajet (minutes)", 5, 45, scenario.threshold_min)
        isolated = right.slider(
            "Une commune est isolée au-delà de (minutes)", 5, 45, int(scenario.isolated_min)
        )
        worth = left.slider(
            "Un nouveau site sert au moins (% de la moyenne des personnes par poste)",
            0,
            100,
            round(100 * scenario.min_load_ratio),
            step=10,
            help="En dessous, le poste renforce un lieu existant plutôt que d'ouvrir pour peu de "
            "personnes. 0 : ouvrir partout où le trajet raccourcit.",
        )
        weeks = right.radio(
            "Les tournées se répètent toutes les",
            [2, 4],
            index=[2, 4].index(scenario.tour_weeks),
            format_func=lambda n: f"{n} semaines",
            horizontal=True,
        )
        sent = st.form_submit_button("Calculer ce plan", type="primary")
    if not sent:
        return None
    return {
        "positions": int(positions),
        "mobile": None if automatic else int(mobile),
        "model": model,
        "threshold_min": int(threshold),
        "isolated_min": float(isolated),
        "min_load_ratio": worth / 100,
        "tour_weeks": int(weeks),
    }
