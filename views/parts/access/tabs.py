"""The tabs of the page of access: curves, isolated communes, cantons, fairness, no car, plan."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from coverage.postal import RULE_KM, RULE_MIN
from coverage.territory_access import TerritoryAccess
from coverage.without_car import CYCLE_KM_H, MINUTES, WALK_KM_H
from planning.deployment import Deployment
from planning.situation import national_network
from views.parts import curve, downloads, state, tables, wording
from views.parts.access import compare as access_compare
from views.parts.access import view as access_view
from views.parts.access.data import (
    KINDS,
    POSTAL,
    PROMISE,
    access,
    available,
    known_offer,
    of_territory,
    postal_standing,
    with_plan,
)
from views.parts.access.view import Choices
from views.parts.travel_text import minutes_note

LONGEST_LIST: Final = 30
"""Rows shown on the page; the file holds them all."""


COMPARING: Final = ("courbe", "comparaison", "sans-voiture")
"""Parts that set another territory beside."""


def unknown_there(other: TerritoryAccess) -> None:
    """Say that the other territory cannot be compared with: unknown is not zero."""
    st.info(
        f"L'offre est inconnue, au moins en partie, pour « {access_compare.name_of(other)} » sur "
        "cette machine : pas de comparaison. Chargez les couches officielles depuis la page "
        "« Données », ou comparez à un autre territoire.",
        icon=":material/info:",
    )


def left_out(other: TerritoryAccess) -> None:
    """Say who is not weighed in a territory where need is estimated in part (Mayotte's)."""
    if other.left_out:
        tables.note(
            f"{wording.capital(access_compare.name_of(other))}{wording.FIXED}: personnes en "
            f"illectronisme, sans les {wording.number(other.left_out)} habitants dont le besoin "
            "n'est pas estimé (Mayotte)."
        )


def curves(found: TerritoryAccess, other: TerritoryAccess | None, choices: Choices) -> None:
    """Show the share of people within each of some minutes, drawn and in a table."""
    linked = st.query_params.get("courbes", "").split(",")
    others = [kind for kind in available() if kind != choices.kind]
    added = st.pills(
        "Ajouter d'autres types de lieux",
        others,
        selection_mode="multi",
        default=[kind for kind in others if kind in linked][:2],
        format_func=lambda kind: KINDS[kind].title,
        key=f"access_curves_{choices.kind}",
    )[:2]
    state.keep(st.query_params, "courbes", ",".join(added), "")
    shown = [found] if other is None else [found, other]
    many = [
        (f"{access_compare.name_of(one)} · {KINDS[kind].title}", _same(one, kind))
        for kind in (choices.kind, *added)
        for one in shown
    ]
    many = [(name, one) for name, one in many if known_offer(one)]
    title = f"Part des {access_view.people_text(found)} à moins de t minutes"
    curve.show_curves(access_view.CURVE_MIN, access_view.curves(many), title)
    columns, rows = access_view.curve_rows(many)
    tables.show_table(columns, rows, title)
    tables.note(minutes_note())


def _same(found: TerritoryAccess, kind: str) -> TerritoryAccess:
    return TerritoryAccess(found.territory, access(kind), found.need, found.decay)


def isolated(found: TerritoryAccess, choices: Choices) -> None:
    """List the isolated communes with the reason, and offer them all as a file."""
    table = access_view.isolated(found, choices.rule)
    rows = access_view.isolated_rows(table)
    one = KINDS[choices.kind].one
    caption = f"Communes isolées : {wording.number(len(rows))}"
    if len(rows) > LONGEST_LIST:
        caption += f", les {LONGEST_LIST} qui comptent le plus de personnes"
    tables.show_table(
        access_view.ISOLATED_COLUMNS,
        rows[:LONGEST_LIST],
        caption,
        f"Aucune commune n'est isolée selon cette règle : chacune a {one} assez près.",
    )
    if rows:
        downloads.csv_button(
            "Les communes isolées (CSV)",
            lambda: access_view.isolated_file(table),
            f"communes-isolees-{found.territory.code}.csv",
        )
    tables.note(minutes_note())


def cantons(found: TerritoryAccess, choices: Choices) -> None:
    """List the cantons without a site, here and how many in France."""
    empty = access_view.empty_cantons(found)
    kind = KINDS[choices.kind]
    tables.show_table(
        access_view.CANTON_COLUMNS,
        access_view.canton_rows(empty),
        f"Cantons sans {kind.one.split(' ', 1)[1]} : {len(empty)} sur {len(found.cantons())}",
        f"Chaque canton de ce territoire a {kind.one}."
        if len(found.cantons())
        else "Ce territoire n'est pas découpé en cantons.",
    )
    if len(empty):
        downloads.csv_button(
            "Les cantons sans site (CSV)",
            lambda: access_view.canton_file(empty),
            f"cantons-sans-site-{found.territory.code}.csv",
        )
    tables.note(
        f"{_country(choices)}Les lieux itinérants comptent là où est leur "
        "adresse. Cantons au sens de l'Insee (canton ou ville), 2024 : une "
        "grande commune partagée compte à part."
    )


def _country(choices: Choices) -> str:
    """Return how many cantons of metropolitan France hold a site, where that is known."""
    country = of_territory("FR", choices.kind, choices.decay)
    if not known_offer(country):
        return ""
    every = country.cantons()
    metropole = every[~every["department"].str.startswith("97")]
    held = int((metropole["sites"] > 0).sum())
    promise = " Le programme en promettait un par canton." if choices.kind == PROMISE else ""
    return (
        f"En France métropolitaine, {wording.number(held)} cantons sur "
        f"{wording.number(len(metropole))} en ont.{promise} "
    )


def postal(found: TerritoryAccess) -> None:
    """Tell how départements stand against the postal accessibility rule."""
    if POSTAL not in available():
        st.info(
            "La couche des points de contact de La Poste n'est pas sur cette machine : "
            "chargez-la depuis la page « Données » pour vérifier la règle.",
            icon=":material/info:",
        )
        return
    rule = postal_standing()
    ours = list(found.territory.departments)
    tables.show_table(
        access_view.POSTAL_COLUMNS, access_view.postal_rows(rule, ours), "Ce territoire"
    )
    broken = [code for code in rule.index[~rule["met"]] if code not in ours]
    tables.show_table(
        access_view.POSTAL_COLUMNS,
        access_view.postal_rows(rule, broken),
        "Autres départements où la règle n'est pas respectée",
        "Tous les autres départements respectent la règle.",
    )
    tables.note(
        f"Règle de la loi du 2 juillet 1990 : au plus 10 % des habitants d'un département à plus "
        f"de {RULE_KM:g} km et à plus de {RULE_MIN:g} min en voiture d'un point de contact. "
        f"Habitants : Insee, population 2023. {minutes_note()}"
    )


def fairness(found: TerritoryAccess, choices: Choices) -> None:
    """Show how evenly the time of sites is shared among people."""
    if np.isnan(found.weekly_min).all():
        st.info(
            "Les horaires de ces lieux ne sont pas publiés : le temps d'accueil par personne ne "
            "peut pas être calculé. Choisissez un autre type de lieu.",
            icon=":material/info:",
        )
        return
    with st.spinner("Calcul des intervalles…"):
        figures = found.equity(choices.floor_min)
    tables.show_table(
        access_view.EQUITY_COLUMNS,
        access_view.equity_rows(figures, choices.floor_min),
        f"Partage du temps d'accueil : {found.territory.name}",
    )
    sites = found.access.sites.frame
    known = wording.share(float(sites["hours_known"].mean()))
    tables.note(
        "Estimation. Les heures d'ouverture de chaque site, un guichet par site, sont partagées "
        f"entre les personnes en illectronisme qui peuvent y venir en {found.decay.limit_min:g} "
        f"min (méthode E2SFCA). Horaires connus pour {known} des sites ; ailleurs, la médiane de "
        "leur type. L'intervalle porte l'incertitude de l'estimation du besoin, pas celle des "
        "minutes."
    )


def no_car(found: TerritoryAccess, other: TerritoryAccess | None, choices: Choices) -> None:
    """Show who reaches a site without a car."""
    shown = [found] if other is None else [found, other]
    rows = [
        (title, *(wording.share(share, 1) for share in shares))
        for title, shares in without_car(shown)
    ]
    columns = [
        tables.Column("Sans voiture"),
        *(tables.Column(access_compare.name_of(one), number=True) for one in shown),
    ]
    one = KINDS[choices.kind].one
    people = access_view.people_text(found)
    tables.show_table(columns, rows, f"Part des {people} qui atteignent {one} en 30 min")
    tables.note(
        f"Hypothèses : {WALK_KM_H:g} km/h à pied, {CYCLE_KM_H:g} km/h à vélo ou en cyclomoteur, "
        "détour des routes compris ; personnes réparties également dans leur commune, ce qui "
        "sous-estime la part là où presque tous habitent le bourg. Les transports en commun ne "
        "sont pas comptés."
    )


def without_car(shown: Sequence[TerritoryAccess]) -> list[tuple[str, list[float]]]:
    """Return the share of people within half an hour on foot and by bicycle, in each territory."""
    detour = national_network().model.detour
    return [
        (title, [one.without_car(km, detour) for one in shown])
        for title, km in (
            ("À pied, 30 min", WALK_KM_H * MINUTES / 60),
            ("À vélo, 30 min", CYCLE_KM_H * MINUTES / 60),
        )
    ]


def with_a_plan(found: TerritoryAccess, plan: Deployment | None, choices: Choices) -> None:
    """Compare access before and after the plan of the département."""
    if plan is None:
        st.info(
            "Aucun plan n'est encore calculé pour ce département : calculez-le depuis la page "
            "« Plan de déploiement » (ou « Mon département »), puis revenez ici.",
            icon=":material/info:",
        )
        return
    after = with_plan(choices.kind, plan, choices.decay)
    rows = access_compare.rows(after, found, choices)
    columns = [
        tables.Column("Mesure"),
        *(tables.Column(text, number=True) for text in ("Avec le plan", "Aujourd'hui", "Écart")),
    ]
    posted = int(np.sum(plan.fixed.positions))
    tables.show_table(columns, rows, f"Avec {posted} postes fixes de plus")
    tables.note(
        "Chaque poste fixe du plan ajoute 35 h d'accueil par semaine au lieu qui le reçoit. Les "
        "tournées ne sont pas comptées."
    )


def compared(found: TerritoryAccess, other: TerritoryAccess | None, choices: Choices) -> None:
    """Compare two territories, figure by figure."""
    if other is None:
        return
    columns = [
        tables.Column("Mesure"),
        tables.Column(found.territory.name, number=True),
        tables.Column(access_compare.name_of(other), number=True),
        tables.Column("Écart", number=True),
    ]
    rows = access_compare.rows(found, other, choices, without_car([found, other]))
    tables.show_table(columns, rows, "Deux territoires, mesure par mesure")
    tables.note(f"Écart : le premier moins le second. {minutes_note()}")
