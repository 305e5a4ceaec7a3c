"""The form of a siting study: models and rules in plain words."""

from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from geodata import tables, territory
from planning.scenario import HOST_PREFERENCE_MIN, PROGRAMME_POSITIONS
from planning.siting.study import HOST_COST_EUR, Study
from views.parts import cached, selectors, wording
from views.parts.siting import link as siting_link
from views.parts.siting import lists
from views.parts.siting.view import AIMS, territories

EXISTING: Final = {
    "ignored": "Ne pas les compter : la question est posée à neuf",
    "movable": "Les compter parmi les sites possibles (ils peuvent bouger)",
    "kept": "Les garder, et ajouter des sites",
}
GROUPS: Final = {
    "": "Aucune",
    "canton": "par canton",
    "epci": "par intercommunalité",
    "department": "par département",
}
MOST_OFFERED: Final = 1000
"""Communes above which codes are typed instead of chosen by name."""
PRIORITIES: Final = {
    "": "Aucune",
    "rural": "Les communes rurales",
    "own": "Une liste de communes",
}


def linked() -> Study:
    """Return the study that the address asks for; say so where a part of it makes no sense."""
    study = siting_link.read(st.query_params, territories(), HOST_PREFERENCE_MIN)
    if siting_link.left_out(st.query_params, study):
        selectors.tell_ignored()
    return study


def place() -> Study:
    """Show the choice of a territory; the address follows."""
    study = linked()
    names = territories()
    codes = list(names)
    code = st.selectbox(
        "Territoire", codes, codes.index(study.territory), names.get, key="siting_territory",
        width=420,
    )  # fmt: skip
    if code != study.territory:
        study = replace(
            study,
            territory=code,
            sites=share_of(code),
            group_max=None,
            forced=(),
            forbidden=(),
            own_priority=(),
        )
        keep(study)
    return study


def share_of(code: str) -> int:
    """Return the number of sites to start from: the territory's share of the programme."""
    if code == "FR":
        return PROGRAMME_POSITIONS
    if not code.startswith("REG-"):
        return cached.suggested_positions(code)
    inside = tables.departments()["region"] == code.removeprefix("REG-")
    shares = cached.programme_shares()
    return max(1, sum(shares.get(str(one), 0) for one in inside.index[inside]))


def keep(study: Study) -> None:
    """Put a study in the address; the part and plan looked at stay."""
    kept = {name: st.query_params[name] for name in ("partie",) if name in st.query_params}
    st.query_params.from_dict(siting_link.write(study) | kept)


def ask(study: Study) -> Study | None:
    """Show the form; return the study when it is sent."""
    with st.form(f"siting_{study.territory}", border=True):
        models = list(AIMS)
        left, right = st.columns(2)
        model = left.radio("Ce que l'on recherche", models, models.index(study.model), AIMS.get)
        sites = right.number_input(
            "Nombre de sites (de postes, si la charge est limitée)",
            1,
            siting_link.MOST_SITES,
            study.sites,
            help="Sites en plus des existants si on les garde. Sans effet si l'on cherche le moins "
            "de sites.",
        )
        threshold = right.slider("Seuil de temps (minutes)", 1, 60, int(study.threshold_min))
        seconds = right.slider("Temps de calcul au plus (secondes)", 5, 120, int(study.seconds))
        existing = list(EXISTING)
        kept = left.radio(
            "Lieux d'aide existants", existing, existing.index(study.existing), EXISTING.get
        )
        rules, faults = _rules(study)
        sent = st.form_submit_button("Calculer", type="primary")
    if not sent:
        return None
    if faults:
        text = " ; ".join(faults)
        st.error(f"Rien n'est calculé, une règle est à corriger : {text}.", icon=":material/error:")
        return None
    return replace(
        study,
        model=model,
        sites=int(sites),
        threshold_min=float(threshold),
        seconds=float(seconds),
        existing=kept,
        **rules,
    )


def _rules(study: Study) -> tuple[dict[str, Any], list[str]]:
    """Return the rules of the form, and what is wrong with them (French)."""
    found: dict[str, Any] = {}
    points = territory.resolve(study.territory).points()
    with st.expander("Règles : sites imposés, minimums, distance maximale, budget, priorités"):
        named, faults = _named(study, points["name"])
        found |= named
        found |= _groups(study)
        left, right = st.columns(2)
        farthest = left.number_input(
            "Personne à plus de (minutes ; 0 : sans limite)", 0, 120, int(study.farthest_min or 0)
        )
        found["farthest_min"] = float(farthest) or None
        grains = ["commune", "canton"]
        found["grain"] = right.selectbox(
            "Le besoin est compté",
            grains,
            grains.index(study.grain),
            {"commune": "par commune", "canton": "par canton (pays entier, plus léger)"}.get,
        )
        found["caseload"] = float(
            left.number_input("Personnes par poste, si la charge est limitée", 10, 20_000,
                              int(study.caseload), step=50)
        )  # fmt: skip
        found["per_site"] = int(
            right.number_input("Postes au plus par site", 1, 20, study.per_site)
        )
        for part, wrong in (_priority(study, points.index), _budget(study)):
            found |= part
            faults += wrong
    if study.territory != "FR":
        found["grain"] = "commune"
    return found, faults


def _named(study: Study, names: pd.Series) -> tuple[dict[str, Any], list[str]]:
    places = st.columns(2)
    labels = ("Communes qui auront un site", "Communes sans site")
    given = (study.forced, study.forbidden)
    faults: list[str] = []
    chosen: list[tuple[str, ...]] = []
    codes = list(names.sort_values().index)
    for place, label, before in zip(places, labels, given, strict=True):
        if len(codes) > MOST_OFFERED:
            text = place.text_area(
                f"{label} (codes Insee)", ", ".join(before), height=68,
                help="Séparés par des virgules, des espaces ou des retours à la ligne.",
            )  # fmt: skip
            typed, wrong = siting_link.typed_codes(text, names.index)
            chosen.append(typed)
            faults += [f"« {label} » : {one}" for one in wrong]
            continue
        picked = place.multiselect(
            label,
            codes,
            [code for code in before if code in names.index],
            format_func=lambda code: f"{names[code]} ({code})",
            placeholder="Aucune",
        )
        chosen.append(tuple(sorted(picked)))
    both = sorted(set(chosen[0]) & set(chosen[1]))
    if both:
        shown = ", ".join(f"{names.get(code, '')} ({code})" for code in both[:5])
        faults.append(f"avec un site et sans site à la fois : {shown}")
    return {"forced": chosen[0], "forbidden": chosen[1]}, faults


def _groups(study: Study) -> dict[str, Any]:
    first, second, third = st.columns(3)
    kinds = list(GROUPS)
    group = first.selectbox("Minimum et maximum", kinds, kinds.index(study.group), GROUPS.get)
    low = second.number_input("Sites au moins", 0, 500, study.group_min)
    high = third.number_input(
        "Sites au plus (0 : sans)", 0, siting_link.MOST_SITES, study.group_max or 0
    )
    return {"group": group, "group_min": int(low), "group_max": int(high) or None}


def _priority(study: Study, known: pd.Index) -> tuple[dict[str, Any], list[str]]:
    first, second, third = st.columns(3)
    kinds = list(PRIORITIES)
    priority = first.selectbox(
        "Communes prioritaires", kinds, kinds.index(study.priority), PRIORITIES.get
    )
    factor = second.slider(
        "Une personne y compte (en %)", 100, 500, round(100 * study.priority_factor), step=10
    )
    label = "Leur liste (codes Insee)"
    long = len(study.own_priority) > lists.MOST_IN_LINK
    text = third.text_area(label, "" if long else ", ".join(study.own_priority), height=68)
    file = third.file_uploader(
        "… ou un fichier (CSV, un code par ligne)",
        type=["csv", "txt"],
        help="Par exemple la liste officielle des communes France ruralités revitalisation, ou "
        "celle des communes qui ont un quartier prioritaire : la première colonne qui tient un "
        "code de commune est lue.",
    )
    if long:
        third.caption(f"{wording.number(len(study.own_priority))} communes d'un fichier déjà lu.")
    own, wrong = siting_link.typed_codes(text, known)
    if file is not None:
        listed = lists.read_file(file.getvalue(), set(known), set(tables.demand_points().index))
        own, wrong = listed.codes, list(listed.faults)
        label = file.name
    elif long and not own:
        own = study.own_priority
    if priority == "own" and not own and not wrong:
        wrong.append("aucune commune")
    faults = [f"« {label} » : {one}" for one in wrong] if priority == "own" else []
    listed = own if priority == "own" else ()
    return {"priority": priority, "priority_factor": factor / 100, "own_priority": listed}, faults


def _budget(study: Study) -> tuple[dict[str, Any], list[str]]:
    budget = st.number_input(
        "Budget des nouveaux sites (€ ; 0 : sans budget)",
        0,
        9_999_999,
        int(study.budget_eur or 0),
        step=10_000,
    )
    kinds = list(HOST_PREFERENCE_MIN)
    costs = pd.DataFrame(
        {
            "lieu": [wording.kind_text(kind) for kind in kinds],
            "cout": [int(study.cost_eur.get(kind, HOST_COST_EUR)) for kind in kinds],
        },
        index=kinds,
    )
    st.caption(
        f"Coût d'un site par type de lieu : {wording.number(HOST_COST_EUR)} € par défaut, une "
        "hypothèse à changer ; un lieu existant gardé ne coûte rien."
    )
    edited = st.data_editor(
        costs,
        hide_index=True,
        disabled=["lieu"],
        key=f"siting_costs_{study.territory}",
        column_config={
            "lieu": st.column_config.TextColumn("Type de lieu"),
            "cout": st.column_config.NumberColumn("Coût (€)", min_value=0, max_value=9_999_999),
        },
        height=220,
    )
    each = pd.to_numeric(edited["cout"], errors="coerce")
    empty = [str(edited.at[kind, "lieu"]) for kind in each.index[each.isna()]]
    faults = [f"un coût manque : {', '.join(empty)}"] if empty and budget else []
    each = each.fillna(HOST_COST_EUR)
    changed = {str(kind): float(cost) for kind, cost in each.items() if cost != HOST_COST_EUR}
    return {"budget_eur": float(budget) or None, "cost_eur": changed}, faults


def name_of(study: Study) -> str:
    """Return the name of a study's territory."""
    if study.territory == "FR":
        return "France entière"
    code = study.territory.removeprefix("REG-")
    table = tables.regions() if code != study.territory else tables.departments()
    return str(table.at[code, "name"])
