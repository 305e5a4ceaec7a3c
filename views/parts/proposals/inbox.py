"""The planner's side of proposals: the list, a sheet beside the plan, the answer."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from geodata import tables as geo
from planning import proposals
from planning.proposal_content import Content, changes
from planning.proposal_steps import STATE_FR, WAITING
from planning.proposals import Proposal
from views.parts import cached, identity, register, tables, wording
from views.parts.identity import Identity
from views.parts.proposals import reading
from views.parts.proposals import view as proposal_view
from views.parts.tables import Column, Html

STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "a-traiter": WAITING,
    "renvoyees": ("returned",),
    "acceptees": ("accepted",),
    "retirees": ("withdrawn",),
    "toutes": (*WAITING, "returned", "accepted", "withdrawn"),
}
"""Name in the link → states; drafts stay with their prefect."""

STATE_TITLES: Final = {
    "a-traiter": "À traiter",
    "renvoyees": "Renvoyées",
    "acceptees": "Acceptées",
    "retirees": "Retirées",
    "toutes": "Toutes",
}
_ANSWERED: Final = "proposal_answered"
EMPTY: Final = {
    "a-traiter": "Aucune proposition n'attend de réponse. Elles arrivent ici dès qu'une "
    "préfecture en transmet une, depuis la page « Mon département ».",
    "renvoyees": "Aucune proposition n'est renvoyée en ce moment.",
    "acceptees": "Aucune proposition n'est encore acceptée.",
    "retirees": "Aucune préfecture n'a retiré sa proposition.",
    "toutes": "Aucune préfecture n'a encore transmis de proposition.",
}
LIST_COLUMNS: Final = (
    Column("Département"),
    Column("État"),
    Column("Dernière étape (heure de Paris)"),
    Column("Signature"),
    Column("Postes fixes", number=True),
    Column("Écart au plan"),
)
BY_COMMUNE: Final = (
    Column("Commune"),
    Column("Canton"),
    Column("Plan", number=True),
    Column("Proposition", number=True),
    Column("Écart", number=True),
)
BY_CANTON: Final = (
    Column("Canton"),
    Column("Plan", number=True),
    Column("Proposition", number=True),
    Column("Écart", number=True),
)


def closed_to(who: Identity) -> str:
    """Return why someone reads no proposal at all, in French; empty when they may read some."""
    reasons = [identity.why_not(who, "planner", code) for code in cached.departments().index]
    if not all(reasons):
        return ""
    told = "" if not who.known else (
        "Une proposition se lit dans sa préfecture, sur la page « Mon département », et à la "
        "planification une fois transmise. "
    )  # fmt: skip
    return told + reasons[0]


def received(name: str, who: Identity) -> list[Proposal]:
    """Return the proposals in the states of that name, the latest first."""
    return [one for one in reading.of_planning(who) if one.state in STATES[name]]


def sent(proposal: Proposal) -> Content:
    """Return what was submitted last: never a draft under way."""
    return proposal.sent or proposal.content


def department_name(code: str) -> str:
    """Return « 03 · Allier », or the code where no département has it."""
    names = cached.departments()["name"]
    return f"{code} · {names[code]}" if code in names.index else code


def label(proposal: Proposal) -> str:
    """Return how a proposal is called in the choice."""
    last = reading.acts(proposal)[-1]
    return f"{department_name(proposal.content.department)} · {proposal_view.label(proposal, last)}"


def list_rows(found: Sequence[Proposal]) -> list[tuple[str | Html, ...]]:
    """Return one row a proposal."""
    rows: list[tuple[str | Html, ...]] = []
    for one in found:
        content, last = sent(one), reading.acts(one)[-1]
        rows.append(
            (
                department_name(content.department),
                proposal_view.badge(one.state),
                wording.moment_text(last.at),
                identity.signature(last.author),
                wording.number(sum(content.positions.values())),
                proposal_view.changes_text(content.base, content.positions)
                or "comme le plan de départ",
            )
        )
    return rows


def list_frame(found: Sequence[Proposal]) -> pd.DataFrame:
    """Return the list as a table to take away, with what every step was."""
    rows: list[dict[str, Any]] = []
    for one in found:
        content, last = sent(one), reading.acts(one)[-1]
        rows.append(
            {
                "proposition": one.id,
                "département": content.department,
                "état": STATE_FR[one.state],
                "dernière étape (UTC)": last.at.isoformat(timespec="seconds"),
                "signature": identity.signature(last.author),
                "postes fixes du plan": sum(content.base.values()),
                "postes fixes proposés": sum(content.positions.values()),
                "communes changées": len(changes(content.base, content.positions)),
                "dernier motif de renvoi": one.reason,
            }
        )
    return pd.DataFrame(rows)


def differences(content: Content) -> pd.DataFrame:
    """Return one row a commune that differs from the plan it started from.

    Columns canton, commune, code commune, plan, proposition and écart.
    """
    found = changes(content.base, content.positions)
    points = geo.demand_points().reindex([one.commune_code for one in found])
    cantons = points["canton"].map(geo.cantons()["name"]).fillna("(sans canton)")
    table = pd.DataFrame(
        {
            "canton": cantons.to_numpy(),
            "commune": points["name"].fillna(points.index.to_series()).to_numpy(),
            "code commune": list(points.index),
            "plan": [one.before for one in found],
            "proposition": [one.after for one in found],
            "écart": [one.after - one.before for one in found],
        }
    )
    return table.sort_values(["canton", "commune"], ignore_index=True)


def canton_totals(content: Content) -> pd.DataFrame:
    """Return the positions of each canton where a commune differs: plan, proposition, écart."""
    codes = sorted(content.base.keys() | content.positions.keys())
    names = geo.demand_points()["canton"].reindex(codes).map(geo.cantons()["name"])
    both = pd.DataFrame(
        {
            "canton": names.fillna("(sans canton)").to_numpy(),
            "plan": [content.base.get(code, 0) for code in codes],
            "proposition": [content.positions.get(code, 0) for code in codes],
        }
    )
    table = both.groupby("canton", as_index=False)[["plan", "proposition"]].sum()
    table["écart"] = table["proposition"] - table["plan"]
    moved = set(differences(content)["canton"])
    return table[table["canton"].isin(moved)].reset_index(drop=True)


def show_differences(content: Content) -> None:
    """Show what differs from the plan, by commune and by canton."""
    rows = [
        (row["commune"], row["canton"], *_counts(row))
        for row in differences(content).to_dict("records")
    ]
    tables.show_table(
        BY_COMMUNE,
        rows,
        "Postes fixes : la proposition face au plan, par commune",
        "La proposition reprend le plan sans changer de poste.",
    )
    if rows:
        tables.show_table(
            BY_CANTON,
            [(row["canton"], *_counts(row)) for row in canton_totals(content).to_dict("records")],
            "Postes fixes : la proposition face au plan, par canton",
        )


def _counts(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return (
        wording.number(row["plan"]),
        wording.number(row["proposition"]),
        wording.signed(row["écart"]),
    )


def show_answer(proposal: Proposal, who: Identity) -> None:
    """Show the two answers to a proposal that waits for one, or the way back from accepting it."""
    store = register.store()
    if proposal.state == "accepted":
        with st.expander("Rouvrir cette proposition", icon=":material/undo:"):
            text = _reason(
                proposal,
                ("Motif de la réouverture", "Rouvrir avec ce motif"),
                "Pourquoi la réponse doit être revue",
            )
            if text is not None:
                _answered(proposals.answer_again(store, proposal, text, who.author))
    if not proposal.waiting:
        return
    st.subheader("Votre réponse")
    text = _reason(
        proposal,
        ("Motif du renvoi", "Renvoyer avec ce motif"),
        "Ce qui doit changer pour que la proposition soit acceptée",
    )
    if text is not None:
        _answered(proposals.give_back(store, proposal, text, who.author))
    if st.button("Accepter la proposition", type="primary", icon=":material/check:"):
        _answered(proposals.accept(store, proposal, who.author))


def _reason(proposal: Proposal, labels: tuple[str, str], placeholder: str) -> str | None:
    """Show a form that asks for a reason; return it once it is sent."""
    title, action = labels
    with st.form(f"reason_{proposal.state}_{proposal.id}", border=True):
        text = st.text_area(title, max_chars=proposals.LONGEST_REASON, placeholder=placeholder)
        tables.note("Le motif est gardé avec la proposition, et lu par la préfecture.")
        sent = st.form_submit_button(action, icon=":material/undo:")
    return text if sent else None


def show_answered() -> None:
    """Say once what was just answered: the proposal may have left the list."""
    if told := st.session_state.pop(_ANSWERED, ""):
        st.success(told, icon=":material/check_circle:")


def _answered(proposal: Proposal) -> None:
    """Run the page again, whose list has changed."""
    where = department_name(proposal.content.department)
    step = proposal_view.STEPS[proposal.history[-1].kind]
    st.session_state[_ANSWERED] = f"{step} : {where}. La préfecture le voit déjà."
    st.rerun()
