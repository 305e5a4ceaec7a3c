"""A proposal as its readers see it: state, history, comments, and what differs."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from geodata import tables as geo
from planning import comments
from planning.adjust import Adjusted
from planning.events import Event
from planning.proposal_content import Content, changes
from planning.proposal_steps import STATE_FR, State
from planning.proposals import Proposal
from planning.report.proposal_report import Adjustment
from views.parts import boundary, identity, register, tables, wording
from views.parts.identity import Identity
from views.parts.tables import Column, Html

STATE_TONES: Final[Mapping[State, str]] = {
    "draft": "",
    "submitted": "info",
    "resubmitted": "info",
    "returned": "alerte",
    "withdrawn": "",
    "accepted": "bon",
    "discarded": "",
}
STEPS: Final = {
    "saved": "Brouillon enregistré",
    "submitted": "Proposition transmise",
    "returned": "Proposition renvoyée",
    "withdrawn": "Proposition retirée",
    "accepted": "Proposition acceptée",
    "reopened": "Proposition rouverte",
    "discarded": "Brouillon supprimé",
    "restored": "Brouillon rétabli",
}
HISTORY_COLUMNS: Final = (
    Column("Date (heure de Paris)"),
    Column("Étape"),
    Column("Signature"),
    Column("Motif ou changement"),
)


def label(proposal: Proposal, last: Event) -> str:
    """Return how a proposal is called in a list, by its last step."""
    return f"{wording.capital(STATE_FR[proposal.state])} · {wording.moment_text(last.at)}"


def to_sign(now: Adjusted, proposal: Proposal | None, who: Identity) -> Adjustment:
    """Return what the report of a proposal says besides the plan."""
    status = ""
    if proposal is not None:
        when = wording.moment_text(proposal.changed_at)
        status = f"{STATE_FR[proposal.state]}, dernier changement le {when}"
    return Adjustment(now, identity.signature(who.author) if who.known else "", status=status)


def badge(state: State) -> Html:
    """Return the state as a label: a word, and a tone besides."""
    return tables.badge(STATE_FR[state], STATE_TONES[state])


def commune_names(codes: Sequence[str]) -> dict[str, str]:
    """Return code → name, the code itself where no commune has it."""
    names = geo.demand_points()["name"]
    return {code: str(names.get(code, code)) for code in codes}


def changes_text(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """Return what differs in one line: « Vichy 2 → 3 ; Moulins 4 → 3 »."""
    found = changes(before, after)
    names = commune_names([one.commune_code for one in found])
    told = [f"{names[one.commune_code]} {one.before} → {one.after}" for one in found[:8]]
    if len(found) > 8:
        told.append(f"et {wording.count(len(found) - 8, 'autre commune', 'autres communes')}")
    return " ; ".join(told)


def history_rows(history: Sequence[Event]) -> list[tuple[str, ...]]:
    """Return one row a step, the latest first."""
    rows = []
    first = history[0].payload or {}
    known: Mapping[str, int] = first.get("base", {})
    for event in history:
        payload = event.payload or {}
        what = str(payload.get("reason", ""))
        if "positions" in payload:
            what = changes_text(known, payload["positions"]) or "sans changement de postes"
            known = payload["positions"]
        rows.append(
            (
                wording.moment_text(event.at),
                STEPS[event.kind],
                identity.signature(event.author),
                what,
            )
        )
    return rows[::-1]


def show_history(history: Sequence[Event]) -> None:
    """Show every step, dated and signed."""
    tables.show_table(HISTORY_COLUMNS, history_rows(history), "Historique de la proposition")


def show_status(proposal: Proposal, history: Sequence[Event]) -> None:
    """Show where a proposal stands after these steps; the reason where it was returned."""
    last = history[-1]
    when, who = wording.moment_text(last.at), identity.signature(last.author)
    st.html(
        f"<p>{badge(proposal.state).text} "
        f"{wording.html_text(f'{STEPS[last.kind]} le {when} par {who}.')}</p>"
    )
    if proposal.state == "returned":
        st.warning(
            f"Renvoyée, avec ce motif : {wording.plain(proposal.reason)}", icon=":material/undo:"
        )
    if last.kind == "reopened":
        st.info(
            f"Acceptée, puis rouverte avec ce motif : {wording.plain(proposal.reason)}",
            icon=":material/undo:",
        )
    if proposal.state == "withdrawn":
        st.info(
            "Retirée par la préfecture : elle n'attend plus de réponse, et peut être transmise à "
            "nouveau.",
            icon=":material/undo:",
        )


def conflict_text(newer: Sequence[Event], mine: Mapping[str, int]) -> str:
    """Return who wrote what since, against what is on this screen."""
    last = newer[-1]
    who, when = identity.signature(last.author), wording.moment_text(last.at)
    text = f"{who} a écrit le {when} : {STEPS.get(last.kind, last.kind).lower()}."
    written = [one.payload for one in newer if one.payload and "positions" in one.payload]
    if written:
        told = changes_text(mine, Content.from_payload(written[-1]).positions)
        text += f" De votre version à la sienne : {told or 'aucun poste ne diffère'}."
    return text


def show_comments(proposal: Proposal, who: Identity) -> None:
    """Show the comments, a box to add one, and a way to erase one's own."""
    store = register.store()
    st.subheader("Commentaires")
    found = comments.on(store, proposal.id)
    for one in found:
        with st.container(border=True):
            if one.text is None:
                tables.note("Commentaire effacé, par son auteur ou à la fin de sa conservation.")
                continue
            head = f"{identity.signature(one.author)}, le {wording.moment_text(one.at)}"
            st.html(
                f'<p class="note">{wording.html_text(head)}</p>'
                f'<p class="libre">{wording.html_text(one.text)}</p>'
            )
            if one.author.same_as(who.author):
                st.button(
                    "Supprimer mon commentaire",
                    key=f"erase_{proposal.id}_{one.number}",
                    type="tertiary",
                    on_click=boundary.guarded(comments.delete),
                    args=(store, proposal.id, one.number, who.author),
                )
    if not found:
        tables.note("Aucun commentaire.")
    _comment_form(proposal, who)


def _comment_form(proposal: Proposal, who: Identity) -> None:
    days = comments.keep_days()
    with st.form(f"comment_{proposal.id}", clear_on_submit=True, border=False):
        text = st.text_area("Votre commentaire", max_chars=comments.LONGEST)
        sent = st.form_submit_button("Commenter")
    planner = "" if proposal.sent else ", une fois la proposition transmise"
    tables.note(
        f"Lu par la préfecture et par la planification{planner}. Effacé après "
        f"{wording.count(days, 'jour')}, ou dès que vous le supprimez. N'y écrivez rien qui "
        "désigne une personne sans nécessité."
    )
    if sent:
        comments.add(register.store(), proposal.id, text, who.author)
        st.rerun()
