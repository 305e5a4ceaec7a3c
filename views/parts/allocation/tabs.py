"""The parts of the page of sharing, one at a time: what is not looked at is not computed."""

import json

import pandas as pd
import streamlit as st

from planning.allocate import content, csv_frame
from planning.allocation import Allocation
from planning.granted import Comparison
from planning.programme import effective_year_h, programme
from views.parts import downloads, tables, wording
from views.parts.allocation import programme_form, programme_view
from views.parts.allocation import view as allocation_view
from views.parts.allocation.view import Asked
from views.parts.bars import show_bars


def units(found: pd.DataFrame, asked: Asked) -> None:
    """Show what each unit receives."""
    tables.show_table(
        allocation_view.UNIT_COLUMNS,
        allocation_view.unit_rows(found),
        "Ce que chaque territoire reçoit",
        "Aucun territoire.",
        scrolls=True,
    )
    if asked.level == "canton":
        tables.note(
            "Là où il n'y a pas de canton (métropole de Lyon, Martinique, Guyane), "
            "l'intercommunalité en tient lieu."
        )


def steps(allocation: Allocation, asked: Asked) -> None:
    """Show one step of the cascade: who shared what, and why each receives it."""
    found = allocation_view.steps(allocation, asked)
    titles = [title for title, _ in found]
    rank = st.selectbox(
        "Étape",
        range(len(found)),
        len(found) - 1 if asked.level == "canton" else 0,
        format_func=titles.__getitem__,
        key=f"step_{asked.level}_{asked.department}_{len(found)}",
    )
    tables.show_table(
        allocation_view.STEP_COLUMNS,
        allocation_view.step_rows(found[rank][1]),
        titles[rank],
        scrolls=True,
    )
    tables.note(
        "Part exacte : ce que donnerait un partage sans arrondi, minimums et plafonds compris. "
        "Personnes comptées : personnes en illectronisme (estimation), majoration comprise."
    )


def granted(found: Comparison | None, asked: Asked, rows: pd.DataFrame) -> None:
    """Show who would gain and lose against what was granted."""
    if found is None:
        st.info(
            "Les postes accordés ne sont pas sur cette machine : chargez la couche de l'ANCT "
            "depuis la page « Données ».",
            icon=":material/info:",
        )
        return
    ours = found.units.reindex(rows.index)
    gain, lose = int((ours["same_total"] > 0.5).sum()), int((ours["same_total"] < -0.5).sum())
    many = allocation_view.UNIT_WORDS[asked.level][1]
    st.markdown(
        f"À total égal ({wording.number(found.granted)} postes), **{gain} {many} gagneraient** au "
        f"moins un demi-poste et **{lose} en perdraient**. L'inégalité des postes par personne "
        f"passerait de **{wording.number(found.gini_granted, 3)}** à "
        f"**{wording.number(found.gini_proposed, 3)}** (indice de Gini, pays entier)."
    )
    tables.show_table(
        allocation_view.GRANTED_COLUMNS,
        allocation_view.granted_rows(ours),
        "Postes accordés en avril 2023 et postes proposés, ceux qui perdraient le plus d'abord",
        scrolls=True,
    )
    tables.note(
        f"Source : ANCT, {wording.day_text(found.provenance.vintage)}, au siège de l'employeur, "
        f"qui peut servir ailleurs. {wording.count(found.unplaced, 'ligne')} du fichier sans "
        "commune valable sont comptées à part. Partager selon le besoin est presque égal par "
        "construction : l'écart montre ce que les candidatures et les zones prioritaires ont pesé."
    )


def cost(positions: int) -> None:
    """Show what the plan costs by year, and the published money as it stands."""
    chosen = programme_form.version()
    assumed = programme_form.sliders("cost")
    tables.show_table(
        programme_view.COST_COLUMNS,
        programme_view.cost_rows(positions, chosen, assumed),
        f"Coût de {wording.count(positions, 'poste')} par année de convention (estimation)",
    )
    tables.note(
        "Salaires seuls : les trajets, le matériel et le véhicule sont à la charge de la structure "
        "et leur montant est inconnu. L'aide ne dépasse jamais le salaire. La majoration "
        "outre-mer est inconnue, donc pas comptée."
    )
    downloads.csv_button(
        "Coût par année (CSV)",
        lambda: programme_view.cost_frame(positions, chosen, assumed),
        "cout-par-annee.csv",
    )
    tables.show_table(
        programme_view.SUBSIDY_COLUMNS,
        programme_view.subsidy_rows(programme()),
        "Aides de l'État, telles que publiées",
    )
    tables.show_table(
        programme_view.FIGURE_COLUMNS,
        programme_view.figure_rows(programme()),
        "Chiffres publiés, tels quels : ceux qui ne concordent pas restent côte à côte",
    )


def hours(positions: int, rural: float) -> None:
    """Show the hours of a week and the capacity by quarter."""
    assumed = programme_form.sliders("hours")
    tables.show_facts(programme_view.hours_facts(assumed, programme(), rural))
    rows = programme_view.quarters(positions, assumed, programme(), rural)
    title = f"Heures d'accueil de {wording.count(positions, 'poste')} par trimestre"
    show_bars(programme_view.quarter_bars(rows), title, "milliers d'heures")
    full = positions * effective_year_h(assumed, rural) / 4
    tables.show_table(
        programme_view.QUARTER_COLUMNS, programme_view.quarter_rows(rows, full), title
    )
    tables.note(
        "T1 : le trimestre où les premiers postes ouvrent. Un poste n'accueille qu'après sa "
        "formation. Le trait de chaque barre va du moins au plus selon les hypothèses."
    )
    tables.show_table(
        programme_view.ASSUMPTION_COLUMNS,
        programme_view.assumption_rows(programme(), assumed),
        "Toutes les hypothèses",
    )


def scenarios(persons: float, rural_share: float) -> None:
    """Show the sizes that are talked of."""
    chosen = programme_form.version()
    assumed = programme_form.linked()
    tables.show_table(
        programme_view.SCENARIO_COLUMNS,
        programme_view.scenario_rows(persons, chosen, assumed, rural_share),
        "Trois tailles du programme, tous les postes formés (estimations)",
    )
    tables.note(
        "4 000 : l'objectif de 2020 ; 2 800 : les postes de fin 2025 (Sénat) ; 1 000 : ce qui "
        "tiendrait sans l'État selon une estimation de la Banque des territoires. "
        f"Rapporté à {wording.number(persons, -3)} personnes en illectronisme (estimation)."
    )


def files(allocation: Allocation, found: Comparison | None, asked: Asked) -> None:
    """Offer the whole sharing as CSV and JSON."""
    with st.container(horizontal=True):
        downloads.csv_button(
            "La répartition (CSV)",
            lambda: csv_frame(allocation),
            f"repartition-{asked.level}-{asked.total}.csv",
        )
        downloads.button(
            "La répartition (JSON)",
            lambda: json.dumps(content(allocation, found), ensure_ascii=False, indent=1),
            f"repartition-{asked.level}-{asked.total}.json",
            "application/json",
        )
