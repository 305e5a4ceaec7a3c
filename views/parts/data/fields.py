"""What the columns that a layer reads are called in French, with an example of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geodata.matching import Field
from geodata.matching import title as plain_title
from geodata.readers.rows import plain
from views.parts import wording


@dataclass(frozen=True)
class Words:
    """A column as people know it: its title, an example of what stands in it."""

    title: str
    example: str


_TITLES: Final = {
    "id": ("Identifiant", "03190-mediatheque"),
    "id_fs|Identifiant_du_site|code_bib": ("Identifiant", "A00012"),
    "nom|lib_fs|Libellé_du_site|Libelle1": ("Nom du lieu", "Médiathèque de Moulins"),
    "Libelle2": ("Nom du lieu (suite)", "Annexe des Champins"),
    "Raison sociale": ("Nom de l'employeur", "Conseil départemental de l'Allier"),
    "commune|Ville|Localité": ("Nom de la commune", "Moulins"),
    "code_postal|CP": ("Code postal", "03000"),
    "code_insee|insee_com|INSEE|Code commune INSEE|CODGEO|code": (
        "Code Insee de la commune", "03190"
    ),
    "adresse|voie|Localisation": ("Adresse (numéro et voie)", "8 place du Maréchal de Lattre"),
    "complement_adresse": ("Complément d'adresse", "Bâtiment B"),
    "latitude": ("Latitude (degrés)", "46,5662"),
    "longitude": ("Longitude (degrés)", "3,3333"),
    "coordonnees_ban": ("Coordonnées de l'adresse", "46.5662,3.3333"),
    "coordonnees_finales": ("Coordonnées retenues", "46.5662,3.3333"),
    "Précision_du_géocodage": ("Précision de la position", "numéro"),
    "type_adresse": ("Précision de l'adresse", "numéro"),
    "telephone|Numéro_de_téléphone": ("Téléphone", "04 70 00 00 00"),
    "site_web": ("Site internet", "https://exemple.fr"),
    "horaires": ("Horaires (norme OpenStreetMap)", "Mo-Fr 09:00-12:00,14:00-17:00"),
    **{
        f"h_{day}": (f"Horaires du {day}", "09:00-12:00 14:00-17:00") for day in wording.DAYS[:6]
    },
    "services": ("Services, séparés par des « ; »", "Prendre en main un ordinateur"),
    "date_maj": ("Date de la fiche", "2026-05-31"),
    "typologie": ("Type de lieu", "BIB"),
    "itinerance": ("Lieu itinérant", "Itinérant"),
    "conditions_access": ("Coût pour le public", "Gratuit"),
    "modalites_acces": ("Comment y accéder", "Se présenter"),
    "prise_rdv": ("Adresse de prise de rendez-vous", "https://exemple.fr/rdv"),
    "prise_en_charge_specifique": ("Accueil adapté", "Handicaps moteurs"),
    "format_fs": ("Site fixe ou itinérant", "Site principal"),
    "Caractéristique_du_site": ("Type de point de contact", "Agence postale communale"),
    "Statut": ("Statut", "municipale"),
    "amplitude_horaire": ("Heures d'ouverture par semaine", "24"),
    "Nombre de conseillers validés par le COSELEC": ("Nombre de postes accordés", "2"),
    "Date de validation en comité de sélection": ("Date de l'accord", "31/03/2023"),
    "Type": ("Public ou privé", "publique"),
    "SIRET": ("SIRET de l'employeur", "14 chiffres"),
    "Code département|DEP": ("Code du département", "03"),
    "Investissement financier estimatif total de l’Etat": ("Aide de l'État (€)", "50000"),
    "ZRR": ("En zone de revitalisation rurale", "oui"),
    "QPV": ("En quartier prioritaire", "non"),
    "France services": ("Labellisé France Services", "non"),
    "REG": ("Code de la région", "84"),
    "EPCI": ("Code (SIREN) de l'EPCI", "200071140"),
    "ARR": ("Code de l'arrondissement", "032"),
    "CANOV": ("Code du canton", "0313"),
    "ZE2020": ("Zone d'emploi", "8413"),
    "UU2020": ("Unité urbaine", "03401"),
    "AAV2020": ("Aire d'attraction", "199"),
    "BV2022": ("Bassin de vie", "03190"),
    "DENS": ("Niveau de densité (1 à 7)", "3"),
    "PMUN19": ("Habitants en 2019", "19474"),
    "p13_pop": ("Habitants en 2013", "19474"),
    "p23_pop": ("Habitants en 2023", "19206"),
    "TX_NSCOL15P": ("Non scolarisés sans diplôme (%)", "24,1"),
    "TX_MENSEUL": ("Personnes seules (% des ménages)", "52,0"),
    "TX_FAMMONO": ("Familles monoparentales (%)", "12,3"),
    "TX_65ETPLUS": ("65 ans ou plus (%)", "25,2"),
    "TX_25ETMOINS": ("25 ans ou moins (%)", "27,9"),
    "P22_POP": ("Habitants", "19206"),
    "P22_POP0014": ("De 0 à 14 ans", "2700"),
    "P22_POP1529": ("De 15 à 29 ans", "3600"),
    "P22_POP3044": ("De 30 à 44 ans", "3300"),
    "P22_POP4559": ("De 45 à 59 ans", "3400"),
    "P22_POP6074": ("De 60 à 74 ans", "3500"),
    "P22_POP7589": ("De 75 à 89 ans", "2100"),
    "P22_POP90P": ("90 ans ou plus", "500"),
    "C22_MEN": ("Ménages", "10400"),
    "C22_MENPSEUL": ("Ménages d'une personne", "5400"),
    "C22_MENFAMMONO": ("Familles monoparentales", "1200"),
    "P21_NSCOL15P": ("15 ans ou plus non scolarisés", "14900"),
    "P21_NSCOL15P_DIPLMIN": ("… sans diplôme", "3500"),
    "P21_NSCOL15P_BEPC": ("… avec le brevet", "900"),
    "P21_NSCOL15P_CAPBEP": ("… avec un CAP ou un BEP", "3700"),
    "P21_NSCOL15P_BAC": ("… avec le baccalauréat", "2500"),
    "NBPERSMENFISC21": ("Personnes des ménages fiscaux", "18100"),
    "MED21": ("Niveau de vie médian (€ par an)", "20150"),
    "TP6021": ("Taux de pauvreté (%)", "24,0"),
    "no_fast_broadband_share": ("Locaux sans très haut débit", "0,12"),
    "no_4g_share": ("Population sans 4G", "0,04"),
}  # fmt: skip
"""Names of the producers, parted by bars → title and example."""


_WORDS: Final[Mapping[str, Words]] = {
    plain(name): Words(*told) for names, told in _TITLES.items() for name in names.split("|")
}


def words(field: Field) -> Words:
    """Return how a column is called; by its producer's name where nothing better is known."""
    return _WORDS.get(plain(field.name), Words(plain_title(field), ""))


def help_text(field: Field) -> str:
    """Return an example of what stands in a column, and what its producer calls it."""
    example = words(field).example
    told = f"Exemple : {example}. " if example else ""
    return f"{told}Nom dans le fichier du producteur : « {field.name} »."
