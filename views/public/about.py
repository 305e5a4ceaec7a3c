"""About the application: who serves it, what it rests on, what it keeps, how accessible it is."""

import os

import streamlit as st

from geodata import catalog
from views.parts import boundary, tables, wording
from views.parts.tables import Column

TESTED = (
    "Chaque page est vérifiée automatiquement à chaque version : outil axe (règles WCAG 2.2 A et "
    "AA), accès au clavier seul, 360 px de large, langue, titre de page. Tout ce que dit une carte "
    "est aussi dans un tableau ou une liste."
)
KNOWN_LIMITS = (
    "Le tableau où une préfecture change des postes est dessiné sur un canevas : il se lit mal "
    "avec un lecteur d'écran. Le formulaire « Déplacer des postes sans le tableau » fait de même.",
    "Les rapports PDF sont balisés, mais n'ont pas été vérifiés par un outil PDF/UA ; la page à "
    "imprimer et le classeur disent la même chose.",
    "Quelques textes de la bibliothèque d'affichage restent en anglais (menu des tableaux).",
)


def main() -> None:
    st.title("À propos")
    tables.lead(
        "Une application libre qui estime où vivent les personnes éloignées du numérique, et aide "
        "à décider où poster des conseillers et où faire passer des tournées."
    )
    st.subheader("Qui publie ce service")
    st.markdown(_operator())
    st.subheader("Ce qui est estimé, ce qui est publié")
    st.markdown(
        "Les besoins et les temps de trajet sont des **estimations**, marquées comme telles, avec "
        "leur méthode et leur marge. Une proposition de l'application n'est pas une décision. Les "
        "fiches de lieux viennent de leurs producteurs et portent leur date : téléphonez avant de "
        "vous déplacer."
    )
    st.subheader("Données personnelles")
    st.markdown(
        "Aucun compte n'est demandé au public, aucun traceur n'est posé, aucune mesure d'audience "
        "n'est faite. Une adresse tapée n'est envoyée qu'à la Géoplateforme de l'IGN, après "
        "accord, et n'est pas gardée. Ce que les préfectures et la planification signent "
        "(propositions, commentaires) est gardé dans un registre daté ; un commentaire peut être "
        "effacé par son auteur et l'est de lui-même à la fin de sa conservation."
    )
    st.subheader("Accessibilité")
    st.markdown(
        f"**État : non audité par un tiers** (ce n'est pas une déclaration de conformité au RGAA). "
        f"{TESTED} Limites connues :\n\n" + "\n".join(f"- {text}" for text in KNOWN_LIMITS)
    )
    st.subheader("Sources et licences")
    tables.show_table(
        (Column("Couche"), Column("Producteur"), Column("Licence"), Column("Millésime")),
        [
            (one.title, one.producer, one.licence, wording.day_text(one.vintage))
            for one in catalog.sources().values()
        ],
        "Couches que l'application sait lire",
        scrolls=True,
    )
    tables.note("Code sous licence MIT ; police des rapports : Source Sans 3, licence OFL 1.1.")


def _operator() -> str:
    """Return who serves the application, as the server's settings name them (Markdown)."""
    name = os.environ.get("COVERAGE_OPERATOR", "").strip()
    contact = os.environ.get("COVERAGE_CONTACT", "").strip()
    if not name:
        return (
            "Ce serveur n'a pas indiqué qui le publie : il s'agit d'un usage local ou d'un essai. "
            "Un service ouvert au public l'indique ici (`COVERAGE_OPERATOR`, `COVERAGE_CONTACT`), "
            "avec sa déclaration d'accessibilité."
        )
    told = f"Service publié par **{wording.plain(name)}**."
    return (
        f"{told} Contact, accessibilité comprise : {wording.plain(contact)}." if contact else told
    )


with boundary.page():
    main()
