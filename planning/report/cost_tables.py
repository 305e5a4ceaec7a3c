"""What a plan's positions cost by year, in its report: published amounts, stated assumptions."""

from planning.explain import number
from planning.programme import Version, programme, yearly_cost
from planning.report.content import Cell, Column, Note, Quantity, Table

VERSION: Version = "V2"


def cost_blocks(positions: int) -> list[Table | Note]:
    """Return the cost of positions by year of their agreements, and what it leaves out."""
    known = programme()
    costs = yearly_cost(positions, VERSION, known.values())
    rows: list[tuple[Cell, ...]] = []
    for year, row in costs.iterrows():
        name = f"année {year}" if row["aided"] else f"année {year}, sans aide de l'État"
        state, host = float(row["state_eur"]), float(row["host_eur"])
        rows.append((name, *(Quantity(v, "euros") for v in (state, host, state + host))))
    salary = next(one for one in known.assumptions if one.key == "employer_cost_eur")
    subsidies = [one for one in known.subsidies if one.version == VERSION]
    sources = " ; ".join(f"{one.source} ({one.date})" for one in subsidies)
    return [
        Table(
            name="Coût par an",
            caption=f"Salaires de {positions} postes à temps plein, par année de convention "
            f"(barème {VERSION})",
            columns=(
                Column("Année", 1.6),
                Column("État", number=True),
                Column("Structures d'accueil", number=True),
                Column("Total", number=True),
            ),
            rows=tuple(rows),
        ),
        Note(
            f"Estimation. Salaire chargé d'un poste : {number(salary.value)} € par an "
            f"(hypothèse, de {number(salary.low)} à {number(salary.high)} €) ; part des "
            "employeurs publics et majorations : moyennes nationales. Trajets, matériel et "
            "véhicules ne sont pas compris : leur coût n'est pas publié, la structure d'accueil "
            f"le paie. Sources du barème : {sources}."
        ),
    ]
