"""The programme's money and hours as rows of tables: no Streamlit here."""

from typing import Final

import pandas as pd

from planning.programme import (
    Assumed,
    Assumption,
    Programme,
    capacity,
    effective_week_h,
    scenarios,
    training_months,
    yearly_cost,
)
from views.parts import wording
from views.parts.bars import Bar
from views.parts.tables import Column, Fact

QUARTERS: Final = 8
FORM_OF: Final = {
    "cost": ("public_share", "bonus_share", "employer_cost_eur"),
    "hours": (
        "continuing_training_h",
        "travel_h",
        "travel_rural_h",
        "preparation_h",
        "initial_training_h",
        "opening_quarters",
    ),
}

COST_COLUMNS: Final = (
    Column("Année de convention"),
    Column("État", number=True),
    Column("Structures d'accueil", number=True),
    Column("Salaires en tout", number=True),
)
SUBSIDY_COLUMNS: Final = (
    Column("Convention"),
    Column("Par année"),
    Column("Majoration"),
    Column("Ce qu'il faut savoir"),
    Column("Source"),
)
FIGURE_COLUMNS: Final = (Column("Chiffre publié"), Column("Valeur"), Column("Date et source"))
ASSUMPTION_COLUMNS: Final = (
    Column("Hypothèse"),
    Column("Valeur", number=True),
    Column("Intervalle", number=True),
    Column("D'où elle vient"),
)
QUARTER_COLUMNS: Final = (
    Column("Trimestre"),
    Column("Heures d'accueil", number=True),
    Column("Au moins", number=True),
    Column("Au plus", number=True),
    Column("Part de la pleine capacité", number=True),
)
SCENARIO_COLUMNS: Final = (
    Column("Postes"),
    Column("Heures par an", number=True),
    Column("Minutes par personne et par an", number=True),
    Column("Accompagnements par an", number=True),
    Column("Personnes par poste", number=True),
    Column("État, conventions entières", number=True),
    Column("Structures, conventions entières", number=True),
)
_HOSTS: Final = {"public": "employeur public", "private": "employeur privé"}


def euros(value: float) -> str:
    """Return euros, in millions above one."""
    if abs(value) >= 1e6:
        return f"{wording.number(value / 1e6, 1)}{wording.FIXED}M€"
    return f"{wording.number(value)}{wording.FIXED}€"


def cost_rows(positions: int, version: str, assumed: Assumed) -> list[tuple[str, ...]]:
    """Return the cost of a plan by year of its agreements."""
    table = yearly_cost(positions, version, assumed)
    return [
        (
            f"{year}" if row.aided else "suivante, sans aide",
            euros(row.state_eur),
            euros(row.host_eur),
            euros(row.state_eur + row.host_eur),
        )
        for year, row in zip(table.index, table.itertuples(index=False), strict=True)
    ]


def cost_frame(positions: int, version: str, assumed: Assumed) -> pd.DataFrame:
    """Return the same as a table for a spreadsheet."""
    names = {"year": "annee", "state_eur": "etat_eur", "host_eur": "structures_eur"}
    table = yearly_cost(positions, version, assumed).reset_index()
    return table.assign(aided=table["aided"].map({True: "oui", False: "non"})).rename(
        columns={**names, "aided": "avec_aide"}
    )


def subsidy_rows(found: Programme) -> list[tuple[str, ...]]:
    """Return the subsidies with their sources."""
    return [
        (
            f"{one.version}, {_HOSTS[one.host]}, {one.months} mois",
            " puis ".join(euros(value) for value in one.by_year_eur),
            " puis ".join(euros(value) for value in one.bonus_by_year_eur)
            if any(one.bonus_by_year_eur)
            else "aucune connue",
            one.note,
            f"{one.source} ({one.date})",
        )
        for one in found.subsidies
    ]


def figure_rows(found: Programme) -> list[tuple[str, ...]]:
    """Return the published figures, each reading on its own row; disagreement is said."""
    rows = []
    for one in found.figures:
        for value, date, source in one.readings:
            dated = ", ".join(text for text in (wording.day_text(date) if date else "", source)
                              if text)  # fmt: skip
            title = f"{one.title} (chiffres qui ne concordent pas)" if one.disagree else one.title
            shown = f"{value} {one.unit}" if value[-1:].isdigit() else value
            rows.append((title, shown, dated or "—"))
    return rows


def assumption_rows(found: Programme, assumed: Assumed) -> list[tuple[str, ...]]:
    """Return every assumption: its value, its range, where it comes from."""
    return [
        (
            one.title,
            _value(one, assumed[one.key]),
            f"{_value(one, one.low)} à {_value(one, one.high)}" if one.low != one.high else "—",
            one.source,
        )
        for one in found.assumptions
    ]


def _value(one: Assumption, value: float) -> str:
    if one.unit == "part":
        return wording.share(value)
    digits = 0 if value == round(value) else 1
    unit = f"{wording.FIXED}{one.unit}" if one.unit else ""
    return f"{wording.number(value, digits)}{unit}"


def hours_facts(assumed: Assumed, found: Programme, rural: float) -> list[Fact]:
    """Return the effective hours of a week and what they rest on."""
    worst, best = found.extremes()
    low, high = effective_week_h(worst, rural), effective_week_h(best, rural)
    return [
        Fact(
            "Heures d'accueil d'une semaine",
            f"{wording.number(effective_week_h(assumed, rural), 1)}{wording.FIXED}h",
            f"sur 35 ; selon les hypothèses, de {wording.number(low, 1)} à "
            f"{wording.number(high, 1)}{wording.FIXED}h",
            strong=True,
        ),
        Fact(
            "Formation avant le premier accueil",
            f"{wording.number(training_months(assumed), 1)} mois",
            f"{wording.number(assumed['initial_training_h'])} h de formation initiale",
        ),
        Fact(
            "Part rurale des personnes servies",
            wording.share(rural),
            "elle allonge les déplacements (estimation)",
        ),
    ]


def quarters(
    positions: int, assumed: Assumed, found: Programme, rural: float
) -> list[tuple[str, float, float, float]]:
    """Return (quarter, hours, at least, at most) of each quarter from the first opening."""
    worst, best = found.extremes()
    opening = {"opening_quarters": assumed["opening_quarters"]}
    runs = [
        capacity(positions, QUARTERS, one, rural)
        for one in (assumed, {**worst, **opening}, {**best, **opening})
    ]
    return [
        (f"T{k}", float(run), float(low), float(high))
        for k, run, low, high in zip(runs[0].index, *runs, strict=True)
    ]


def quarter_rows(rows: list[tuple[str, float, float, float]], full: float) -> list[tuple[str, ...]]:
    """Return the capacity by quarter as text; ``full`` is that of all positions trained."""
    return [
        (
            name,
            wording.number(hours, -2),
            wording.number(low, -2),
            wording.number(high, -2),
            wording.share(hours / full if full else 0.0),
        )
        for name, hours, low, high in rows
    ]


def quarter_bars(rows: list[tuple[str, float, float, float]]) -> list[Bar]:
    """Return the capacity by quarter as bars, in thousands of hours."""
    return [Bar(name, value / 1000, low / 1000, high / 1000) for name, value, low, high in rows]


def scenario_rows(
    persons: float, version: str, assumed: Assumed, rural_share: float
) -> list[tuple[str, ...]]:
    """Return the sizes that are talked of, side by side."""
    table = scenarios(persons, version, assumed, rural_share)
    return [
        (
            wording.number(positions),
            wording.number(row.hours_h, -3),
            wording.number(row.minutes_per_person, 1),
            wording.number(row.interventions, -3),
            wording.number(row.persons_per_position, -1),
            euros(row.state_eur),
            euros(row.host_eur),
        )
        for positions, row in zip(table.index, table.itertuples(index=False), strict=True)
    ]
