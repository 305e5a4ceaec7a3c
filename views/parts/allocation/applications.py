"""Applications on screen: a file of hosts, whom to accept, and why not the others."""

import hashlib
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from planning.accept import accepted_frame
from planning.applications import Decision, Quotas, choose
from planning.applying import EXAMPLE, MAX_BYTES, Applications, read_applications
from planning.stopping import ProgressCallback
from views.parts import downloads, tables, travel_text, wording
from views.parts.allocation import data as allocation_data
from views.parts.allocation.view import Asked
from views.parts.following import follow
from views.parts.jobs import Jobs
from views.parts.tables import Column, Fact

HOST_COLUMNS: Final = (
    Column("Structure"),
    Column("Commune"),
    Column("Type"),
    Column("Demandés", number=True),
    Column("Acceptés", number=True),
    Column("Personnes servies", number=True),
    Column("Pourquoi"),
)
REJECTED_COLUMNS: Final = (Column("Ligne"), Column("Structure"), Column("Pourquoi"))
SHOWN: Final = 200


@st.cache_resource(max_entries=1, show_spinner=False)
def runs() -> Jobs[Decision]:
    """Return the choices made or under way."""
    return Jobs(keep=8)


def show(asked: Asked) -> None:
    """Show the part of applications: the file, the quotas, the decision."""
    st.markdown(
        "Déposez le fichier des structures candidates : une ligne par structure, colonnes "
        "**structure ; commune ; type ; postes** (commune : code Insee, ou nom avec le département "
        "entre parenthèses ; type : public ou privé)."
    )
    downloads.button("Un exemple (CSV)", lambda: EXAMPLE, "candidatures-exemple.csv", "text/csv")
    file = st.file_uploader(
        "Fichier des candidatures (CSV)", type=["csv", "txt"], key="applications_file",
        max_upload_size=MAX_BYTES // 1_000_000,
    )  # fmt: skip
    left, right = st.columns(2)
    private = left.slider("Part du privé au plus, par département (%)", 0, 100, 100, step=5)
    threshold = right.slider("Une personne est servie à moins de (minutes)", 5, 45, 20)
    if file is None:
        tables.note(
            "Le contingent de chaque département est sa part dans la répartition ci-dessus. Le "
            "fichier reste sur cette machine et n'est pas gardé."
        )
        return
    content = file.getvalue()
    read = read_applications(content, file.name)
    by_department = replace(asked, level="department", keep=False)
    units = allocation_data.allocation(by_department).units
    quotas = Quotas(units["positions"].to_dict(), private / 100, float(threshold))
    digest = hashlib.sha256(content).hexdigest()
    key = f"{digest}-{private}-{threshold}-{by_department}"
    job = runs().get(key, partial(_choose, read, quotas))
    decision = follow(job, "Choix parmi les candidatures")
    _results(read, decision)


def _choose(read: Applications, quotas: Quotas, progress: ProgressCallback) -> Decision:
    return choose(read.frame, quotas, progress=progress)


def _proof(gap: float) -> str:
    if gap == 0:
        return "meilleur choix"
    return (
        "calcul arrêté avant la fin" if gap == float("inf") else f"à {wording.share(gap, 2)} près"
    )


def _results(read: Applications, decision: Decision) -> None:
    found = decision.applications
    accepted = found["accepted"]
    known = decision.departments[decision.departments["estimated"].astype(bool)]
    worst = float(decision.departments["gap"].max()) if len(decision.departments) else 0.0
    tables.show_facts(
        [
            Fact("Postes acceptés", wording.number(int(accepted.sum())),
                 f"sur {wording.number(int(found['positions'].sum()))} demandés", strong=True),
            Fact("Structures acceptées", wording.number(int((accepted > 0).sum())),
                 f"sur {wording.number(len(found))} candidates"),
            Fact("Personnes servies", wording.number(float(known["served"].sum()), -2),
                 "personnes en illectronisme à portée (estimation)"),
            Fact("Preuve", _proof(worst),
                 "de chaque département, selon le modèle"),
        ]
    )  # fmt: skip
    ordered = found.sort_values(["department", "accepted"], ascending=[True, False])
    rows = [
        (
            row.host,
            f"{row.commune} ({row.department})",
            "public" if row.kind == "public" else "privé",
            wording.number(row.positions),
            wording.number(row.accepted),
            wording.number(row.persons),
            wording.capital(row.why),
        )
        for row in ordered.head(SHOWN).itertuples(index=False)
    ]
    tables.show_table(
        HOST_COLUMNS, rows, "Candidatures, par département", "Aucune ligne valable.", scrolls=True
    )
    if len(found) > SHOWN:
        tables.note(f"Les {SHOWN} premières ; le fichier à télécharger les a toutes.")
    tables.note(travel_text.minutes_note())
    downloads.csv_button(
        "Les décisions (CSV)", lambda: accepted_frame(decision), "candidatures-decisions.csv"
    )
    if len(read.rejected):
        rejected = [
            (str(row.line), row.host or "(sans nom)", row.reason)
            for row in read.rejected.itertuples(index=False)
        ]
        tables.show_table(REJECTED_COLUMNS, rejected, "Lignes écartées, avec leurs raisons")
