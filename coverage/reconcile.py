"""The numbers in public debate side by side: what each one counts, and why they differ.

None of them is wrong: they answer different questions.  Each keeps its own definition, year
and source; what is computed here from a published figure says so.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage.published import PYRAMID_2021, TOTAL_2021

ADULTS_2021: Final = sum(PYRAMID_2021.values())
"""People of 15 and over, France with Mayotte, all dwellings, census of 2021."""


@dataclass(frozen=True)
class PublicFigure:
    """A figure that readers meet; every text is French.

    Parameters
    ----------
    figure
        As it is quoted.
    unit
        What is counted, and among whom.
    definition
        What makes someone count.
    year
        Of what is measured, or when it was said.
    source, address
        Who publishes it, and where it can be read.
    differs
        How it differs from the rate used here.
    share
        As a share (0–1) of the people it is about; ``None`` where none is published.
    persons
        As a number of persons; ``None`` where none is published or computed.
    used
        Whether it is the figure that the estimates rest on.
    """

    figure: str
    unit: str
    definition: str
    year: str
    source: str
    address: str
    differs: str
    share: float | None = None
    persons: float | None = None
    used: bool = False


def _millions(persons: float) -> str:
    return f"{persons / 1e6:.1f} millions".replace(".", ",")


PUBLIC_FIGURES: Final = (
    PublicFigure(
        figure="15,4 %",
        unit="des personnes de 15 ans et plus en logement ordinaire, France hors Mayotte",
        definition="Ne pas avoir utilisé internet dans les trois derniers mois (13,9 %), ou "
        "l'utiliser sans les compétences de base (1,5 %) dans cinq domaines : information, "
        "communication, logiciels, protection de la vie privée, résolution de problèmes.",
        year="2021",
        source="Insee Première n° 1953, juin 2023",
        address="https://www.insee.fr/fr/statistiques/7633654",
        differs="C'est le taux retenu ici. Rapporté à toutes les personnes de 15 ans et plus du "
        f"recensement, il ferait environ {_millions(TOTAL_2021.value * ADULTS_2021)} de "
        "personnes (calcul).",
        share=TOTAL_2021.value,
        persons=TOTAL_2021.value * ADULTS_2021,
        used=True,
    ),
    PublicFigure(
        figure="17 % (16,5 %)",
        unit="des personnes de 15 ans et plus en logement ordinaire, France hors Mayotte",
        definition="Ne pas avoir utilisé internet dans l'année (15 %), ou l'utiliser sans aucune "
        "compétence (2 %) dans quatre domaines.",
        year="2019",
        source="Insee Première n° 1780, octobre 2019",
        address="https://www.insee.fr/fr/statistiques/4241397",
        differs="Autre définition : l'année au lieu de trois mois, quatre domaines au lieu de "
        "cinq. Les deux taux ne se soustraient pas : à définition harmonisée, l'Insee mesure une "
        "baisse de 3 points de 2019 à 2021.",
        share=0.165,
    ),
    PublicFigure(
        figure="19 %",
        unit="des personnes de 15 ans et plus, France hors Mayotte",
        definition="Illectronisme au sens de l'Insee, à cette date.",
        year="2017",
        source="Insee Références, 2019",
        address="https://recherche-naf.insee.fr/fr/statistiques/4238593?sommaire=4238635",
        differs="Millésime plus ancien ; à ne pas confondre avec les 19 % du Baromètre du "
        "numérique.",
        share=0.19,
    ),
    PublicFigure(
        figure="13 millions",
        unit="de personnes « éloignées du numérique », en France",
        definition="Chiffre des annonces publiques ; ce n'est pas l'illectronisme que mesure "
        "l'Insee.",
        year="2020 à 2024",
        source="Annonces gouvernementales sur l'inclusion numérique",
        address="",
        differs="Autre définition : il dépasse de moitié ce que donne le taux de 2021. Nous n'en "
        "connaissons pas de répartition par âge ou par territoire : rien ici n'en dépend.",
        persons=13e6,
    ),
    PublicFigure(
        figure="16 millions (31,5 %)",
        unit="des personnes de plus de 18 ans, France métropolitaine",
        definition="« Éloignement du numérique » : pas d'accès à internet (4,5 millions), ou un "
        "accès mais le sentiment de ne pas être compétent (11,5 millions).",
        year="2023",
        source="ANCT, Crédoc et Université Rennes 2 (CREAD-M@rsouin), « La société numérique "
        "française : définir et mesurer l'éloignement numérique », avril 2023 ; champ et parts "
        "repris par Stratégies",
        address="https://strategies.fr/actualites/culture-tech/LQ1800263C/1-personne-sur-3.html",
        differs="Compte des internautes qui se disent peu à l'aise, que l'illectronisme, qui "
        "constate des compétences, ne compte pas ; ni les moins de 18 ans, ni l'outre-mer. "
        f"16 millions pour 31,5 % supposent {_millions(16e6 / 0.315)} de personnes (calcul).",
        share=0.315,
        persons=16e6,
    ),
    PublicFigure(
        figure="19 %",
        unit="des personnes interrogées",
        definition="Déclarer ne pas maîtriser les usages de base du numérique.",
        year="2025",
        source="Baromètre du numérique 2025, cité par un amendement du Sénat (décembre 2025)",
        address="https://conferenceconsensuslogement.senat.fr/enseance/2025-2026/138/"
        "Amdt_II-476.html",
        differs="Une déclaration d'ensemble, non la mesure de compétences une à une ; chiffre "
        "lu dans un document qui le cite.",
        share=0.19,
    ),
)
"""The figure used here first, then older ones of its kind, then those of other definitions."""


@dataclass(frozen=True)
class LeftOut:
    """People whom the published rate does not cover: text in French, persons where known."""

    who: str
    persons: float | None
    year: str
    source: str
    address: str
    effect: str


LEFT_OUT: Final = (
    LeftOut(
        who="Personnes de 65 ans et plus en maison de retraite ou en long séjour",
        persons=652_000,
        year="2015",
        source="Insee, recensement de la population 2015",
        address="https://insee.fr/fr/statistiques/3569148?geo=METRO-1&sommaire=3569168",
        effect="L'enquête porte sur les logements ordinaires. Ces personnes figurent au "
        "recensement, donc dans le nombre d'habitants : le taux leur est appliqué comme aux "
        "autres de leur âge, alors que personne ne l'a mesuré chez elles.",
    ),
    LeftOut(
        who="Habitants de Mayotte",
        persons=None,
        year="2021",
        source="Insee Première n° 1953, juin 2023",
        address="https://www.insee.fr/fr/statistiques/7633654",
        effect="L'enquête ne couvre pas Mayotte, et l'âge de ses habitants n'est pas dans les "
        "données embarquées : aucune estimation n'y est donnée.",
    ),
    LeftOut(
        who="Enfants de moins de 15 ans",
        persons=None,
        year="2021",
        source="Insee Première n° 1953, juin 2023",
        address="https://www.insee.fr/fr/statistiques/7633654",
        effect="Tous les taux publiés portent sur les personnes de 15 ans et plus.",
    ),
)


def reconciliation() -> pd.DataFrame:
    """Return the public figures as a table.

    Returns
    -------
    DataFrame
        One row a figure, in the order of :data:`PUBLIC_FIGURES`; the columns are the fields
        of :class:`PublicFigure`.
    """
    return pd.DataFrame([vars(figure) for figure in PUBLIC_FIGURES])
