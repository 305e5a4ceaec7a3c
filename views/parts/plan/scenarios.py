"""Saved scenarios on the planner's page: save, reopen, compare, copy, rename, delete, undo."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from planning import saved
from planning.deployment import Deployment
from planning.saved import SavedScenario
from planning.scenario import Scenario
from views.parts import boundary, cached, identity, register, selectors, tables, wording
from views.parts.compare import choice as compare_choice
from views.parts.compare import view as compare_view
from views.parts.compare.side import Side
from views.parts.identity import Identity
from views.parts.proposals import reading
from views.parts.tables import Column, Html, badge

COLUMNS: Final = (
    Column("Nom"),
    Column("Choix"),
    Column("Modifié"),
    Column("Par"),
    Column("Données"),
)
_PICKED: Final = "saved_picked"
_NAME: Final = "saved_name"
_DELETED: Final = "saved_deleted"
_REOPENED: Final = "saved_reopened"
_REOPENING: Final = "saved_reopening"
_SAID: Final = "saved_said"
_USED: Final = "saved_used"


def show_reopened(plan: Deployment) -> None:
    """Say which saved scenario the plan comes from, and what was accepted instead of it."""
    _show_accepted(plan)
    found = st.session_state.get(_REOPENED, {}).get(cached.plan_key(plan.scenario))
    if found is None:
        return
    tables.note(f"Scénario « {found.name} », enregistré par {identity.signature(found.author)}.")
    layers = _changed(found, saved.data_versions(plan.situation.provenance))
    if layers:
        titles = {one.layer: one.title for one, _ in plan.situation.provenance}
        names = wording.joined(titles.get(layer, layer) for layer in layers)
        st.warning(
            f"Les données ont changé depuis l'enregistrement ({wording.plain(names)}) : le plan "
            "est recalculé avec celles d'aujourd'hui, ses chiffres peuvent différer.",
            icon=":material/update:",
        )


def _show_accepted(plan: Deployment) -> None:
    """Say that a proposal of the département was accepted: the plan is not it."""
    one = reading.accepted(plan.territory.code, identity.current())
    if one is None:
        return
    when = wording.moment_text(one.changed_at)
    st.info(
        f"Une proposition de la préfecture a été acceptée le {when}. Ce qui suit est le plan "
        "calculé, pas la proposition.",
        icon=":material/task_alt:",
    )
    compare_choice.proposal_button(one, one.content)


def compare_button(scenario: Scenario) -> None:
    """Offer to compare the plan shown with another one."""
    if st.button("Comparer à un autre plan", icon=":material/compare_arrows:"):
        compare_choice.start(Side(scenario))
        st.switch_page("planner/compare.py")


@st.fragment
@boundary.guarded
def show(scenario: Scenario, plan: Deployment | None) -> None:
    """Show the saved scenarios and what can be done with them."""
    if st.session_state.pop(_REOPENING, False):
        st.rerun()  # the whole page: its plan is another one
    found = {one.id: one for one in saved.list_saved(register.store())
             if one.scenario.territory in cached.departments().index}  # fmt: skip
    title = f"Scénarios enregistrés ({len(found)})"
    used = st.session_state.get(_USED, False)  # then it stays open
    with st.expander(title, icon=":material/bookmarks:", expanded=used):
        who = identity.show()
        reason = identity.why_not(who, "planner", scenario.territory)
        if reason:
            st.info(reason, icon=":material/lock:")
        said = st.session_state.pop(_SAID, "")
        if said:
            st.success(said, icon=":material/check:")
        _undo(who, disabled=bool(reason))
        _save(scenario, plan, who, disabled=bool(reason))
        now = {} if plan is None else saved.data_versions(plan.situation.provenance)
        tables.show_table(
            COLUMNS,
            [_row(one, now) for one in found.values()],
            "Scénarios enregistrés : les choix, jamais les résultats",
            "Aucun scénario enregistré : calculez un plan, donnez-lui un nom, et il se rouvre ici.",
        )
        if found:
            _act(found, scenario, who, disabled=bool(reason))


def _changed(one: SavedScenario, now: Mapping[str, str]) -> list[str]:
    return saved.changed_layers(one.data_versions, now) if now else []


def _row(one: SavedScenario, now: Mapping[str, str]) -> tuple[str | Html, ...]:
    place = cached.departments().at[one.scenario.territory, "name"]
    data: str | Html = "à vérifier en le rouvrant"
    if now:
        changed = len(_changed(one, now))
        layers = wording.count(changed, "couche changée", "couches changées")
        data = badge(layers, "alerte") if changed else badge("inchangées", "bon")
    return (
        one.name,
        compare_view.name_of(one.scenario, place),
        wording.moment_text(one.changed_at),
        identity.signature(one.author),
        data,
    )


def _save(scenario: Scenario, plan: Deployment | None, who: Identity, *, disabled: bool) -> None:
    """Offer to save the choices of the plan shown."""
    if plan is None:
        tables.note("Calculez le plan pour pouvoir l'enregistrer.")
        return
    with st.form("save_scenario", border=False, clear_on_submit=True):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        example = f"{plan.territory.name}, {scenario.positions} postes"
        name = left.text_input("Nom du scénario", placeholder=example, max_chars=120)
        sent = right.form_submit_button("Enregistrer ce plan", disabled=disabled, width="stretch")
    if sent:
        versions = saved.data_versions(plan.situation.provenance)
        one = saved.save(register.store(), name or example, scenario, versions, who.author)
        _remember(one)
        _say(f"Scénario « {wording.plain(one.name)} » enregistré.")
        st.rerun()


def _act(
    found: Mapping[str, SavedScenario], scenario: Scenario, who: Identity, *, disabled: bool
) -> None:
    """Offer what can be done with one scenario."""
    if st.session_state.get(_PICKED) not in found:  # set, not left out: the browser keeps its own
        st.session_state[_PICKED] = next(iter(found))
    picked = st.selectbox(
        "Scénario", list(found), format_func=lambda one: found[one].name, key=_PICKED, width=480
    )
    one = found[picked]

    def button(label: str, icon: str, act: Callable[[], None], *, signed: bool = True) -> None:
        st.button(
            label,
            icon=f":material/{icon}:",
            on_click=boundary.guarded(act),
            disabled=signed and disabled,
            key=f"saved_{icon}",
        )

    with st.container(horizontal=True):
        st.button(
            "Rouvrir",
            icon=":material/folder_open:",
            type="primary",
            on_click=boundary.guarded(lambda: _reopen(one)),
        )
        if st.button("Comparer au plan affiché", icon=":material/compare_arrows:"):
            compare_choice.start(Side(scenario), Side(one.scenario))
            st.switch_page("planner/compare.py")
        button("Copier", "content_copy", lambda: _copy(one, who))
        button("Supprimer", "delete", lambda: _delete(one, who))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Nouveau nom", one.name, key=f"{_NAME}_{one.id}_{one.version}", max_chars=120)
        button("Renommer", "edit", lambda: _rename(one, who))


def _say(text: str) -> None:
    """Say what was done at the next run."""
    st.session_state[_SAID] = text
    st.session_state[_USED] = True


def _remember(one: SavedScenario) -> None:
    key = cached.plan_key(one.scenario)
    st.session_state.setdefault(_REOPENED, {})[key] = one


def _reopen(one: SavedScenario) -> None:
    """Make its choices those of the page, its département included."""
    _remember(one)
    code = one.scenario.territory
    selectors.go_to(code)
    st.session_state[_REOPENING] = True
    st.session_state.setdefault("scenarios", {})[code] = one.scenario
    st.session_state.setdefault("asked", set()).add(cached.plan_key(one.scenario))


def _copy(one: SavedScenario, who: Identity) -> None:
    made = saved.copy(register.store(), one, f"{one.name[:110]} (copie)", who.author)
    st.session_state[_PICKED] = made.id
    _say(f"Copie enregistrée : « {wording.plain(made.name)} ».")


def _rename(one: SavedScenario, who: Identity) -> None:
    name = st.session_state[f"{_NAME}_{one.id}_{one.version}"]
    made = saved.rename(register.store(), one, name, who.author)
    _say(f"Scénario renommé : « {wording.plain(made.name)} ».")


def _delete(one: SavedScenario, who: Identity) -> None:
    saved.delete(register.store(), one, who.author)
    st.session_state[_DELETED] = one
    st.session_state[_USED] = True


def _undo(who: Identity, *, disabled: bool) -> None:
    """Offer to take a deletion back."""
    one: SavedScenario | None = st.session_state.get(_DELETED)
    if one is None:
        return

    def restore() -> None:
        store = register.store()
        made = saved.save(store, one.name, one.scenario, one.data_versions, who.author)
        del st.session_state[_DELETED]
        st.session_state[_PICKED] = made.id
        _say(f"Scénario « {wording.plain(made.name)} » rétabli.")

    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Scénario « {wording.plain(one.name)} » supprimé.", icon=":material/delete:")
        st.button("Annuler la suppression", on_click=boundary.guarded(restore), disabled=disabled)
