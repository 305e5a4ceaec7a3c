"""The prefect's side of a proposal: which one is open, saving, submitting, conflicts."""

from collections.abc import Callable

import streamlit as st

from planning import proposals, saved
from planning.deployment import Deployment
from planning.events import Author, ConflictError
from planning.proposal_steps import STATE_FR
from planning.proposals import Proposal
from planning.store import Store
from views.parts import cached, identity, register, tables, wording
from views.parts.identity import Identity
from views.parts.proposals import reading
from views.parts.proposals import view as proposal_view
from views.parts.proposals.desk import Desk, Work, content_of, open_desk, possible

NEW = "nouvelle"
PARAMETER = "proposition"
_TOLD = "proposal_told"


def choose(department: str, who: Identity) -> Proposal | None:
    """Let the prefect choose one of the département's proposals; ``None`` for a new one.

    By default the latest that is not accepted yet: what was returned is there at once.  Only
    those of the département's prefecture read them, see :mod:`views.parts.proposals.reading`.
    """
    if told := st.session_state.pop(_TOLD, ""):
        st.warning(wording.plain(told), icon=":material/group:")
    _show_discarded(department, who)
    found = {one.id: one for one in reading.of_prefecture(department, who)}
    if not found:
        st.query_params.pop(PARAMETER, None)
        return None
    key = f"proposal_{department}"
    written = st.session_state.pop(f"chosen_{department}", "")
    if written in (NEW, *found):
        st.session_state[key] = written
    waiting = next((one.id for one in found.values() if one.state != "accepted"), NEW)
    if st.session_state.get(key) not in (NEW, *found):
        asked = str(st.query_params.get(PARAMETER, ""))
        st.session_state[key] = asked if asked in (NEW, *found) else waiting
    chosen = st.selectbox(
        "Proposition",
        [NEW, *found],
        key=key,
        format_func=lambda one: (
            "Nouvelle proposition"
            if one == NEW
            else proposal_view.label(found[one], found[one].history[-1])
        ),
        width=480,
    )
    if chosen == waiting == NEW:  # a draft that comes later opens by itself
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = chosen
    return found.get(chosen)


def desk_for(plan: Deployment, proposal: Proposal | None) -> Desk:
    """Return the visitor's desk on a plan and a proposal.

    What was begun is kept; when someone else wrote since, it is taken at once, or told when
    the visitor has changes of their own.
    """
    key = f"desk_{plan.territory.code}"
    plan_key = cached.plan_key(plan.scenario)
    desk: Desk | None = st.session_state.get(key)
    if desk is None or desk.plan_key != plan_key or _id(desk.proposal) != _id(proposal):
        return _opened(key, desk, open_desk(plan_key, plan, proposal))
    if proposal is not None and desk.proposal is not None:
        seen = desk.proposal.version
        if proposal.version > seen and desk.saved:
            return _opened(key, desk, open_desk(plan_key, plan, proposal))
        desk.newer = proposal.history[seen:]
    return desk


def _id(proposal: Proposal | None) -> str:
    return "" if proposal is None else proposal.id


def _opened(key: str, before: Desk | None, desk: Desk) -> Desk:
    desk.filling = 0 if before is None else before.filling + 1  # the table is filled again
    st.session_state[key] = desk
    return desk


def show_changed_data(plan: Deployment, proposal: Proposal) -> None:
    """Say that the data, hence the figures, are no longer those of the proposal."""
    content = proposal.content
    now = saved.data_versions(plan.situation.provenance)
    layers = saved.changed_layers(content.data_versions, now)
    lost = len(content.positions) - len(possible(plan, Work(content.positions)).positions)
    if layers:
        titles = {one.layer: one.title for one, _ in plan.situation.provenance}
        names = wording.joined(titles.get(layer, layer) for layer in layers)
        st.warning(
            f"Les données ont changé depuis cette proposition ({wording.plain(names)}) : le plan "
            "et les chiffres sont recalculés avec celles d'aujourd'hui.",
            icon=":material/update:",
        )
    if lost:
        st.warning(
            f"{wording.count(lost, 'commune')} de la proposition n'a plus de lieu connu : ses "
            "postes ne sont pas dans le tableau.",
            icon=":material/location_off:",
        )


def show_actions(plan: Deployment, desk: Desk, who: Identity) -> None:
    """Show what can be done with the work: save it, submit it, or why not."""
    reason = identity.why_not(who, "prefect", plan.territory.code)
    if reason:
        st.info(reason, icon=":material/lock:")
        return
    if desk.newer:
        _show_conflict(plan, desk, who)
        return
    left, right = st.columns(2)
    unsaved = "" if desk.saved else " : il reste des changements à enregistrer"
    with left:
        _act("Enregistrer le brouillon", proposals.save, plan, desk, who)
    with right:
        _act("Transmettre à la planification", proposals.submit, plan, desk, who)
    proposal = desk.proposal
    if proposal is None:
        return
    tables.note(f"{wording.capital(STATE_FR[proposal.state])}{unsaved}.")
    own = proposal.state == "draft" and proposal.beginner.same_as(who.author)
    if own and st.button("Supprimer ce brouillon", icon=":material/delete:", type="tertiary"):
        _step(proposals.discard, proposal, who)


def show_closed(plan: Deployment, desk: Desk, who: Identity) -> None:
    """Say that the proposal is no longer changed, and what can still be done with it."""
    proposal = desk.proposal
    tables.note("Ce tableau montre la proposition telle qu'elle a été transmise.")
    waiting = proposal is not None and proposal.waiting
    mine = waiting and proposal.sender.same_as(who.author)
    if waiting and not mine:
        tables.note(f"{identity.signature(proposal.sender)}, qui l'a transmise, peut la retirer.")
    with st.container(horizontal=True):
        if mine and st.button(
            "Retirer la proposition",
            icon=":material/undo:",
            help="Elle n'attendra plus de réponse. Vous pourrez la modifier et la transmettre "
            "à nouveau.",
        ):
            _step(proposals.withdraw, proposal, who)
        if st.button("Partir de celle-ci pour une autre", icon=":material/content_copy:"):
            desk.proposal = None
            st.session_state[f"chosen_{plan.territory.code}"] = NEW
            st.rerun()


def _step(
    step: Callable[[Store, Proposal, Author], Proposal], proposal: Proposal, who: Identity
) -> None:
    """Take a step that changes no position, unless someone was quicker: the page then says who."""
    try:
        step(register.store(), proposal, who.author)
    except ConflictError as conflict:
        told = proposal_view.conflict_text(conflict.newer, proposal.content.positions)
        st.session_state[_TOLD] = f"Trop tard : {told}"
    st.rerun()


def _show_discarded(department: str, who: Identity) -> None:
    """Offer back the draft that its author has just discarded."""
    one = reading.discarded(department, who)
    if one is None:
        return

    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"Brouillon supprimé le {wording.moment_text(one.changed_at)}.",
            icon=":material/delete:",
        )
        if st.button("Annuler la suppression"):
            st.session_state[f"chosen_{department}"] = one.id
            _step(proposals.restore, one, who)


def _act(
    label: str,
    step: Callable[..., Proposal],
    plan: Deployment,
    desk: Desk,
    who: Identity,
) -> None:
    kind = "primary" if step is proposals.submit else "secondary"
    if not st.button(label, type=kind, width="stretch"):
        return
    try:
        _written(plan, desk, step(register.store(), content_of(desk, plan), who.author,
                                  desk.proposal))  # fmt: skip
    except ConflictError as conflict:
        desk.newer = conflict.newer
    st.rerun()


def _written(plan: Deployment, desk: Desk, proposal: Proposal) -> None:
    """Continue with what was written, in the choice of the next run too."""
    desk.follow(proposal)
    st.session_state[f"chosen_{plan.territory.code}"] = proposal.id


def _show_conflict(plan: Deployment, desk: Desk, who: Identity) -> None:
    """Tell what the other wrote; nothing is lost whatever is chosen."""
    told = proposal_view.conflict_text(desk.newer, desk.now.positions)
    st.warning(
        "Votre version n'est pas enregistrée : quelqu'un d'autre a écrit pendant que vous "
        f"travailliez. {wording.plain(told)}",
        icon=":material/group:",
    )
    theirs, mine = st.columns(2)
    if theirs.button("Recharger sa version", width="stretch"):
        latest = proposals.reopen(register.store(), desk.newer[-1].stream.id)
        again = open_desk(desk.plan_key, plan, latest)
        desk.put(again.now)
        desk.follow(latest)
        st.rerun()
    if mine.button("Garder la mienne comme nouvelle version", type="primary", width="stretch"):
        _keep_mine(plan, desk, who)
        st.rerun()


def _keep_mine(plan: Deployment, desk: Desk, who: Identity) -> None:
    """Save over the latest version, which stays in the history; else as a proposal apart."""
    store = register.store()
    latest = proposals.reopen(store, desk.newer[-1].stream.id)
    onto = latest if latest.editable else None
    try:
        _written(plan, desk, proposals.save(store, content_of(desk, plan), who.author, onto))
    except ConflictError as again:  # a third one was quicker
        desk.newer = again.newer
