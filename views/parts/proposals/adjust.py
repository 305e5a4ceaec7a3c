"""The table in which positions are moved and locked, and the ways to do so without it."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from planning.deployment import Deployment
from planning.locked import place_rest
from views.parts import boundary, wording
from views.parts.proposals import view as proposal_view
from views.parts.proposals.cantons import canton_names
from views.parts.proposals.desk import Desk, Work
from views.parts.tables import note

HOW_TO: Final = (
    "Changez les nombres de la colonne « Postes » ; les lieux sans poste viennent à la suite. "
    "« Replacer les autres postes » laisse tel quel ce que vous avez changé ou verrouillé."
)
_REPLACED: Final = "positions_replaced"
MOST: Final = 50
"""Positions that one place may be given by hand."""


def places_table(plan: Deployment, desk: Desk) -> pd.DataFrame:
    """Return the places where positions may be put, those that hold some first.

    Indexed by commune; columns canton, commune, place, kind, planned, positions and locked.
    """
    situation = plan.situation
    places = situation.places[situation.places["commune_code"].isin(situation.points.index)]
    codes = pd.Index(places["commune_code"], name="code")
    work = desk.shown
    frame = pd.DataFrame(
        {
            "canton": canton_names(plan).reindex(codes).to_numpy(),
            "commune": situation.points["name"].reindex(codes).to_numpy(),
            "place": places["name"].to_numpy(),
            "kind": [wording.kind_text(kind) for kind in places["kind"]],
            "planned": [desk.start.positions.get(code, 0) for code in codes],
            "positions": [work.positions.get(code, 0) for code in codes],
            "locked": [code in work.locked for code in codes],
        },
        index=codes,
    )
    idle = (frame["positions"] == 0) & (frame["planned"] == 0) & ~frame["locked"]
    return frame.iloc[np.lexsort((frame["commune"], frame["canton"], idle))]


def read_work(edited: pd.DataFrame) -> Work:
    """Return what an edited table says."""
    counts = pd.to_numeric(edited["positions"], errors="coerce").fillna(0).clip(0, MOST)
    positions = {str(code): int(count) for code, count in counts.items() if count >= 1}
    locked = edited["locked"].fillna(False).astype(bool)
    return Work(positions, frozenset(map(str, edited.index[locked])))


def show_table(plan: Deployment, desk: Desk, *, readonly: bool) -> None:
    """Show the table; the desk takes what is typed."""
    places = places_table(plan, desk)
    columns = st.column_config
    edited = st.data_editor(
        places,
        key=f"editor_{plan.territory.code}_{desk.filling}",
        disabled=True if readonly else ["canton", "commune", "place", "kind", "planned"],
        hide_index=True,
        column_order=["commune", "positions", "planned", "locked", "place", "kind", "canton"],
        height=min(420, 38 + 35 * len(places)),
        column_config={
            "canton": columns.TextColumn("Canton"),
            "commune": columns.TextColumn("Commune"),
            "place": columns.TextColumn("Lieu"),
            "kind": columns.TextColumn("Type"),
            "planned": columns.NumberColumn("Plan", help="Postes proposés par le plan"),
            "positions": columns.NumberColumn("Postes", min_value=0, max_value=MOST, step=1),
            "locked": columns.CheckboxColumn(
                "Verrouillé", help="Le calcul ne changera pas cette ligne"
            ),
        },
    )
    desk.edit(read_work(edited))


def show_tools(plan: Deployment, desk: Desk) -> None:
    """Show undo, redo, back to the plan, and the solver for what is not locked."""
    with st.container(horizontal=True):
        _tool("Annuler", desk.undo, "undo", not desk.past)
        _tool("Rétablir", desk.redo, "redo", not desk.future)
        _tool(
            "Revenir au plan",
            lambda: desk.put(desk.start),
            "restart_alt",
            desk.now == desk.start,
        )
        again = st.button("Replacer les autres postes", icon=":material/autorenew:")
    if again:
        with st.spinner("Le calcul place les autres postes…"):
            _rest(plan, desk)
        st.rerun()
    if told := st.session_state.pop(_REPLACED, ""):
        st.success(wording.plain(told), icon=":material/autorenew:")


def balance_text(desk: Desk) -> str:
    """Return how many positions are placed, and how many remain or are too many."""
    placed, planned = sum(desk.now.positions.values()), sum(desk.start.positions.values())
    gap = planned - placed
    told = wording.count(placed, "poste fixe placé", "postes fixes placés")
    if not gap:
        return f"{told}, autant que le plan."
    count = wording.count(abs(gap), "poste")
    if gap > 0:
        return f"{told} : {count} encore à placer pour en avoir autant que le plan."
    return f"{told} : {count} de plus que le plan, à justifier."


def show_moving(plan: Deployment, desk: Desk) -> None:
    """Show a form that moves positions: for keyboards and phones, where the table is small."""
    names = plan.situation.points["name"]
    held = sorted(desk.now.positions, key=lambda code: str(names[code]))
    places = plan.situation.places["commune_code"]
    everywhere = sorted(set(places) & set(names.index), key=lambda code: str(names[code]))
    with st.expander(
        "Déplacer et verrouiller des postes sans le tableau", icon=":material/swap_horiz:"
    ):
        if not held:
            note("Aucun poste n'est placé : revenez au plan, ou écrivez un nombre dans le tableau.")
            return
        left, middle, right = st.columns([3, 3, 1])
        origin = left.selectbox(
            "De",
            held,
            format_func=lambda code: (
                f"{names[code]} ({wording.count(desk.now.positions.get(code, 0), 'poste')})"
            ),
            key=f"move_from_{plan.territory.code}",
        )
        target = middle.selectbox(
            "Vers",
            everywhere,
            format_func=lambda code: str(names[code]),
            key=f"move_to_{plan.territory.code}",
        )
        most = desk.now.positions.get(origin, 1)
        count = right.number_input("Nombre", 1, max(1, most), 1, key=f"move_count_{origin}_{most}")
        _tool(
            "Déplacer",
            lambda: desk.put(desk.now.moved(origin, target, int(count))),
            "swap_horiz",
            origin == target,
        )
        _show_locks(plan, desk, everywhere)


def _show_locks(plan: Deployment, desk: Desk, everywhere: list[str]) -> None:
    names = plan.situation.points["name"]
    key = f"locks_{plan.territory.code}_{desk.filling}"

    def chosen() -> None:
        desk.put(Work(desk.now.positions, frozenset(st.session_state[key])))

    st.multiselect(
        "Communes verrouillées",
        everywhere,
        default=sorted(desk.now.locked & set(everywhere)),
        format_func=lambda code: str(names[code]),
        placeholder="Aucune",
        key=key,
        on_change=boundary.guarded(chosen),
    )


def _rest(plan: Deployment, desk: Desk) -> None:
    """Let the solver place as many positions as the plan has around what was decided by hand."""
    total = sum(desk.start.positions.values())
    before, decided = desk.now.positions, desk.decided
    found = place_rest(plan, {code: before.get(code, 0) for code in decided}, total)
    desk.replace(found, decided)
    changed = proposal_view.changes_text(before, found) or "aucun autre poste ne change"
    st.session_state[_REPLACED] = (
        f"Postes replacés : {changed}. Les lignes changées à la main ou verrouillées sont restées "
        "telles quelles, et sont verrouillées."
    )


def _tool(label: str, act: Callable[[], None], icon: str, disabled: bool) -> None:
    st.button(
        label,
        on_click=boundary.guarded(act),
        icon=f":material/{icon}:",
        disabled=disabled,
    )
