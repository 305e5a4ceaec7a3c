"""« Comment est-ce calculé ? »: the figures of the explorer in plain French, with sources."""

import streamlit as st

from coverage.published import AGE_2021, DIPLOMA_2021, TOTAL_2021
from views.parts import debate, tables, travel_text, wording
from views.parts.explorer import figures
from views.parts.tables import Column

TEXT = """
**Le taux et le nombre de personnes sont des estimations.** L'Insee ne publie l'illectronisme que
pour le pays et quelques régions. On donne à chaque commune le taux que ses habitants auraient, à
âge, diplôme, ménage et niveau de vie égaux, d'après les taux nationaux ; puis on rapproche chaque
région du chiffre publié pour elle. Les chiffres régionaux sont de 2019 et d'une autre définition :
on n'en garde que **l'écart à la France de la même année**.

**L'intervalle** dit où le vrai chiffre se trouve neuf fois sur dix, d'après ce que l'on sait mal :
l'arrondi des chiffres publiés, ceux qui ne le sont pas, ce que le modèle ne voit pas d'une région
ou d'une commune, et le hasard des petits nombres. Celui d'un canton ou d'un département est
calculé pour lui, jamais additionné : **deux territoires dont les intervalles se recouvrent ne se
classent pas**.

**Le niveau** dit sur quoi l'estimation repose, commune par commune : 1, les âges et le degré
d'urbanisation ; 2, avec les diplômes, les ménages et le niveau de vie ; 3, avec les fichiers
détaillés du recensement. La carte hachure les territoires moins bien informés que les autres.
Mayotte n'a pas d'estimation : l'enquête n'y a pas lieu et les âges n'y sont pas publiés.

**L'indice de fragilité** met chaque indicateur connu sur une échelle de 0 à 10 (0 : 5 % des
habitants du pays vivent là où il est plus bas ; 10 : 95 %) et en fait la moyenne, aux poids
choisis. Un indicateur inconnu est laissé de côté et nommé, jamais compté pour 0.

**Les temps de trajet** viennent de la distance, des limites communales, de la densité et du
relief : ils servent à comparer, pas à préparer un déplacement. """ + travel_text.minutes_note()

COLUMNS = (Column("Donnée"), Column("Ce qu'elle apporte"), Column("Source et année"))


def show() -> None:
    """Show how figures are made, what they rest on, and the numbers of the public debate."""
    with st.expander("Comment est-ce calculé ?", icon=":material/help:"):
        st.markdown(TEXT)
        tables.show_table(COLUMNS, sources(), "Ce sur quoi reposent les chiffres")
    with st.expander("15,4 %, 17 %, 13 millions, 16 millions : quel chiffre croire ?"):
        debate.show_debate()


def sources() -> list[tuple[str, str, str]]:
    """Return the data of the estimate: what, what for, source and year."""
    ages = " ; ".join(
        f"{group} ans : {wording.share(figure.value)}" for group, figure in AGE_2021.items()
    )
    diplomas = (
        f"aucun diplôme : {wording.share(DIPLOMA_2021['none'].value)} ; "
        f"bac+3 et plus : {wording.share(DIPLOMA_2021['high'].value)}"
    )
    return [
        (
            f"Taux national : {wording.share(TOTAL_2021.value, 1)}",
            "le niveau d'ensemble",
            "Insee Première n° 1953, 2021",
        ),
        (f"Taux par âge ({ages})", "l'effet de l'âge", "Insee Première n° 1953, 2021"),
        (f"Taux par diplôme ({diplomas})", "l'effet du diplôme", "Insee Première n° 1953, 2021"),
        ("Taux de huit régions", "le calage régional", "Insee, publications régionales, 2019"),
        ("Âges de chaque commune", "tous les niveaux", "Insee, recensement 2021"),
        ("Diplômes et ménages", "niveaux 2 et 3", "Insee, recensements 2017, 2021 et 2022"),
        ("Niveau de vie et pauvreté", "niveaux 2 et 3, indice", "Insee, Filosofi 2021"),
    ]


def types_text() -> str:
    """Return how types are made, and how sure they are, in words."""
    found = figures.types()
    k = len(found.types)
    again = found.stability[k]
    words = {0.9: "presque les mêmes", 0.8: "à peu près les mêmes", -1.0: "en partie d'autres"}
    sure = next(text for least, text in words.items() if again >= least)
    return (
        f"**Les types** réunissent les cantons qui se ressemblent ; il y en a {k}. Leur stabilité "
        f"est de **{wording.number(again, 2)}** (indice de Rand ajusté : 1 si l'on retrouve les "
        "mêmes types quand on tire d'autres cantons au sort, 0 si c'est le hasard) : on retrouve "
        f"{sure}. Leur netteté est de {wording.number(found.silhouette[k], 2)} (silhouette) : "
        "les territoires varient sans frontière nette, et les types ne sont qu'une façon d'en "
        "parler."
    )


def show_types() -> None:
    """Show the types, what sets each apart, and how stable they are."""
    found = figures.types()
    columns = (
        Column("Type"),
        Column("Cantons", number=True),
        Column("Habitants", number=True),
        Column("Ce qui le distingue"),
    )
    rows = [
        (kind.name, wording.number(kind.cantons), wording.number(kind.people), kind.sentence)
        for kind in found.types
    ]
    tables.show_table(columns, rows, "Les types de cantons, du besoin le plus fort au plus faible")
    st.markdown(types_text())
    for text in found.notes:
        tables.note(text)
