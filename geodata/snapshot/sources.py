"""What each table of the snapshot is, who publishes its data, and under which licence."""

from dataclasses import dataclass
from typing import Final

from geodata.schema import Provenance
from geodata.snapshot import packages
from geodata.snapshot.packages import Package


@dataclass(frozen=True)
class Source:
    """Origin of one table; ``title`` and the other texts are shown to users (French)."""

    title: str
    producer: str
    licence: str
    vintage: str
    address: str
    made_from: tuple[Package, ...]

    def provenance(self, layer: str, rows: int, set_aside: int = 0) -> Provenance:
        """Return the provenance of the table ``layer``.

        ``sha256`` holds the hash of each package, in order, separated by spaces.
        """
        return Provenance(
            layer=layer,
            title=self.title,
            producer=self.producer,
            licence=self.licence,
            vintage=self.vintage,
            address=self.address,
            status="embedded",
            sha256=" ".join(package.sha256 for package in self.made_from),
            rows=rows,
            set_aside=set_aside,
        )


_OPEN: Final = "Licence Ouverte 2.0"
_COG: Final = "https://www.insee.fr/fr/information/2560452"
_EPCI: Final = "https://www.collectivites-locales.gouv.fr"
_IGN: Final = "https://geoservices.ign.fr/adminexpress"
_DILA: Final = "https://lannuaire.service-public.fr"
_ANCT: Final = "https://cartographie.societenumerique.gouv.fr"
_EARTH: Final = "https://www.naturalearthdata.com"

SOURCES: Final = {
    "communes": Source(
        "Communes et arrondissements municipaux",
        "INSEE (codes, population, âges), La Poste (codes postaux), DGCL (EPCI), IGN (superficie), "
        "DILA (point de la mairie), JRC GHSL (urbanisation), Mapzen (altitude)",
        f"{_OPEN} ; CC BY 4.0 (JRC) ; attributions Mapzen Terrain Tiles",
        "COG 2026, population 2023, âges 2021, urbanisation 2025",
        _COG,
        (
            packages.CODES,
            packages.OUTLINES,
            packages.AGES,
            packages.URBANISATION,
            packages.ALTITUDE,
        ),
    ),
    "outlines": Source(
        "Contours des communes",
        "IGN",
        _OPEN,
        "2021, ramenés au COG 2026",
        _IGN,
        (packages.OUTLINES, packages.CODES),
    ),
    "neighbours": Source(
        "Communes limitrophes",
        "IGN (calcul sur les contours)",
        _OPEN,
        "2021, ramenés au COG 2026",
        _IGN,
        (packages.OUTLINES, packages.CODES),
    ),
    "departments": Source(
        "Départements", "INSEE", _OPEN, "COG 2026, population 2023", _COG, (packages.CODES,)
    ),
    "regions": Source(
        "Régions", "INSEE", _OPEN, "COG 2026, population 2023", _COG, (packages.CODES,)
    ),
    "epcis": Source(
        "Intercommunalités à fiscalité propre",
        "DGCL, INSEE",
        _OPEN,
        "2026, population 2023",
        _EPCI,
        (packages.CODES,),
    ),
    "cantons": Source(
        "Cantons (canton-ou-ville)",
        "INSEE",
        _OPEN,
        "2024, population 2023",
        _COG,
        (packages.OUTLINES, packages.CODES),
    ),
    "town_halls": Source(
        "Mairies", "DILA", _OPEN, "2026", _DILA, (packages.OUTLINES, packages.CODES)
    ),
    "former_codes": Source(
        "Anciens codes des communes", "INSEE", _OPEN, "COG 2026", _COG, (packages.CODES,)
    ),
    "places": Source(
        "Lieux de médiation numérique d'Auvergne-Rhône-Alpes",
        "ANCT, Hinaura",
        _OPEN,
        "2021-05 à 2022-09",
        _ANCT,
        (packages.PLACES,),
    ),
    "base_map": Source(
        "Fond de carte",
        "Natural Earth, IGN",
        f"Domaine public ; {_OPEN}",
        "Natural Earth 4",
        _EARTH,
        (packages.COUNTRIES, packages.WATERS, packages.OUTLINES),
    ),
}
