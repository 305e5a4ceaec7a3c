"""Each reader on a small file in the producer's layout, with the defects of the real ones."""

import pandas as pd
import pytest

from geodata.errors import DataError
from geodata.readers.france_services import read_france_services
from geodata.readers.hosts import read_granted_positions
from geodata.readers.la_poste import read_la_poste
from geodata.readers.libraries import read_libraries
from geodata.readers.mediation import read_mediation_places, read_permanences
from geodata.readers.reference import Reference
from geodata.schema import PLACE


@pytest.fixture(scope="module")
def reference():
    return Reference.of_snapshot()


def written(tmp_path, rows, separator=";", name="f.csv", encoding="utf-8"):
    path = tmp_path / name
    pd.DataFrame(rows).to_csv(path, index=False, sep=separator, encoding=encoding)
    return path


def post(**changes):
    row = {
        "#Identifiant_du_site": "01A",
        "Libellé_du_site": "MOULINS",
        "Caractéristique_du_site": "Bureau de Poste",
        "Site_Acores_de_rattachement": "",
        "Adresse": "COURS VINCENT D OL",
        "Complément_d_adresse": "",
        "Lieu_dit": "",
        "Code_postal": "03000",
        "Localité": "MOULINS",
        "Code_INSEE": "03190",
        "Pays": "FRANCE",
        "Latitude": "46.5660",
        "Longitude": "3.3340",
        "Précision_du_géocodage": "Géocodé au numéro",
        "Numéro_de_téléphone": "3631",
        "latlong": "46.5660,3.3340",
    }
    return row | changes


def one(table):
    assert len(table.frame) == 1
    return table.frame.iloc[0]


def reason(table):
    assert len(table.rejected) == 1
    return table.rejected["reason"].iloc[0]


def test_a_postal_point(tmp_path, reference):
    table = read_la_poste(written(tmp_path, [post()]), reference)
    place = one(table)
    PLACE.check(table.frame)
    assert place["kind"] == "postal_point"
    assert place["layer"] == "postal_points"
    assert place["commune_code"] == "03190"
    assert place["phone"] == "3631"
    assert place["services"] == "Bureau de Poste"
    assert place["point_source"] == "source"
    assert table.provenance.licence.startswith("ODbL")


def test_a_row_set_aside_does_not_take_the_sound_one_of_its_identifier_with_it(tmp_path, reference):
    rows = [post(Code_INSEE="99999", Localité="NULLE PART", Code_postal=""), post()]
    rows += [post(Adresse="AILLEURS")]
    table = read_la_poste(written(tmp_path, rows), reference)
    assert one(table)["commune_code"] == "03190"
    assert table.rejected["reason"].tolist()[1] == "identifiant déjà lu : 01A"


def test_a_missing_code_is_not_one_whose_zero_was_restored(tmp_path, reference):
    rows = [
        post(Code_INSEE="3190"),
        post(**{"#Identifiant_du_site": "02A", "Code_INSEE": "", "Libellé_du_site": "YZEURE"}),
    ]
    table = read_la_poste(written(tmp_path, rows), reference)
    assert table.notes["zéro initial du code de commune rétabli"] == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ","])
def test_separators_and_encodings(tmp_path, reference, separator, encoding):
    path = written(tmp_path, [post()], separator, encoding=encoding)
    assert one(read_la_poste(path, reference))["name"] == "MOULINS"


def test_decimal_commas(tmp_path, reference):
    row = post(Latitude="46,5660", Longitude="3,3340")
    assert one(read_la_poste(written(tmp_path, [row]), reference))["lat"] == 46.566


def test_a_stale_code_is_replaced_and_counted(tmp_path, reference):
    row = post(Code_INSEE="01003", Latitude="46.0755", Longitude="4.8096", Code_postal="01090")
    table = read_la_poste(written(tmp_path, [row]), reference)
    assert one(table)["commune_code"] == "01165"
    assert table.notes == {"code de commune périmé, remplacé par l'actuel": 1}


def test_a_lost_zero_comes_back_and_is_counted(tmp_path, reference):
    table = read_la_poste(written(tmp_path, [post(Code_INSEE="3190")]), reference)
    assert one(table)["commune_code"] == "03190"
    assert table.notes == {"zéro initial du code de commune rétabli": 1}


@pytest.mark.parametrize("point", [("", ""), ("0", "0"), ("abc", "3.3"), ("146.5", "3.3")])
def test_without_a_point_the_place_stands_at_its_commune_and_says_so(tmp_path, reference, point):
    row = post(Latitude=point[0], Longitude=point[1])
    place = one(read_la_poste(written(tmp_path, [row]), reference))
    commune = reference.communes.loc["03190"]
    assert place["point_source"] == "commune"
    assert (place["lon"], place["lat"]) == (commune["lon"], commune["lat"])


def test_a_point_that_is_only_the_communes_says_so(tmp_path, reference):
    row = post(Précision_du_géocodage="Géocodé au centre de la commune")
    place = one(read_la_poste(written(tmp_path, [row]), reference))
    assert place["point_source"] == "commune"
    assert place["lat"] == 46.566


def test_a_point_in_another_region_is_set_aside_with_the_reason(tmp_path, reference):
    # Marseille's coordinates for a place of the Allier.
    row = post(Latitude="43.451334", Longitude="5.411872")
    table = read_la_poste(
        written(tmp_path, [post(**{"#Identifiant_du_site": "2"}), row]), reference
    )
    assert len(table.frame) == 1
    assert "km de la commune (en Provence-Alpes-Côte d'Azur)" in reason(table)
    assert table.rejected["row"].iloc[0] == 3
    assert table.rejected["id"].iloc[0] == "01A"


def test_what_cannot_be_placed_is_set_aside(tmp_path, reference):
    rows = [
        post(**{"#Identifiant_du_site": "1", "Code_INSEE": "97801", "Code_postal": "97150"}),
        post(**{"#Identifiant_du_site": "2", "Code_INSEE": "03999", "Localité": "X"})
        | {"Latitude": "", "Longitude": ""},
        post(**{"#Identifiant_du_site": "", "Adresse": "AILLEURS"}),
        post(**{"#Identifiant_du_site": "4", "Libellé_du_site": ""}),
        post(
            **{"#Identifiant_du_site": "5", "Caractéristique_du_site": "Agence postale militaire"}
        ),
    ]
    table = read_la_poste(written(tmp_path, rows), reference)
    assert len(table.frame) == 0
    assert table.provenance.set_aside == 5
    reasons = " | ".join(table.rejected["reason"])
    for part in (
        "hors du champ (ni métropole ni département d'outre-mer) : 97801",
        "code de commune inconnu : 03999",
        "sans identifiant",
        "sans nom",
        "réservé aux armées",
    ):
        assert part in reasons


def test_an_unknown_code_is_found_by_the_name_of_its_commune(tmp_path, reference):
    table = read_la_poste(written(tmp_path, [post(Code_INSEE="03999")]), reference)
    assert one(table)["commune_code"] == "03190"


def test_duplicates_are_set_aside_naming_the_line_kept(tmp_path, reference):
    rows = [
        post(),
        post(**{"#Identifiant_du_site": "02A", "Libellé_du_site": "Moulins"}),
        post(**{"#Identifiant_du_site": "03A", "Adresse": "AUTRE RUE"}),
        post(**{"Libellé_du_site": "AUTRE"}),
    ]
    table = read_la_poste(written(tmp_path, rows), reference)
    assert table.frame["id"].tolist() == ["01A", "03A"]
    assert table.rejected["reason"].tolist() == [
        "doublon de la ligne 2",
        "identifiant déjà lu : 01A",
    ]


def test_paris_is_told_by_its_arrondissement(tmp_path, reference):
    row = post(Code_INSEE="75056", Code_postal="75011", Latitude="48.8589", Longitude="2.3790")
    assert one(read_la_poste(written(tmp_path, [row]), reference))["commune_code"] == "75111"


def test_a_file_of_another_layout_is_refused_whole(tmp_path, reference):
    path = written(tmp_path, [{"a": 1, "Latitude": 2}])
    with pytest.raises(DataError, match="Identifiant_du_site, Libellé_du_site"):
        read_la_poste(path, reference)


def fs(**changes):
    row = {
        "id_fs": "1",
        "lib_fs": "France services de Moulins",
        "adresse": "1 rue de la République",
        "complement_adresse": "Mairie",
        "insee_com": "03190",
        "code_postal": "03000",
        "latitude": "46.5660",
        "longitude": "3.3340",
        "mail": "quelquun@example.org",
        "telephone": "04 70 00 00 00",
        "h_lundi": "09:00 - 12:00 / 13:30 - 17:00",
        "h_mardi": "09:00 - 12:00 / 13:30 - 17:00",
        "h_mercredi": "",
        "h_jeudi": "",
        "h_vendredi": "",
        "h_samedi": "",
        "prise_rdv": "Oui",
        "commentaire": "Appeler Mme Dupont au 06 00 00 00 00",
        "format_fs": "Fixe",
    }
    return row | changes


def test_a_france_services(tmp_path, reference):
    place = one(read_france_services(written(tmp_path, [fs()], ","), reference))
    assert place["hours"] == "Mo-Tu 09:00-12:00,13:30-17:00"
    assert place["weekly_hours_h"] == 13
    assert place["address"] == "1 rue de la République, Mairie"
    assert place["access"] == "Prise de rendez-vous possible"
    assert not place["mobile"]


def test_no_mail_and_no_comment_is_read(tmp_path, reference):
    table = read_france_services(written(tmp_path, [fs()]), reference)
    text = table.frame.to_csv() + table.rejected.to_csv()
    assert "@" not in text
    assert "Dupont" not in text


@pytest.mark.parametrize("mobile", ["Itinérante", "Bus_équivalent"])
def test_buses_are_mobile(tmp_path, reference, mobile):
    assert one(read_france_services(written(tmp_path, [fs(format_fs=mobile)]), reference))["mobile"]


def test_a_day_not_understood_leaves_no_hours_and_is_counted(tmp_path, reference):
    table = read_france_services(written(tmp_path, [fs(h_jeudi="l'après-midi")]), reference)
    place = one(table)
    assert pd.isna(place["hours"])
    assert pd.isna(place["weekly_hours_h"])
    assert table.notes == {"horaires illisibles, non repris": 1}


@pytest.mark.parametrize("phone", ["voir le site", "a@b.fr", ""])
def test_what_is_no_telephone_is_left_out(tmp_path, reference, phone):
    place = one(read_france_services(written(tmp_path, [fs(telephone=phone)]), reference))
    assert pd.isna(place["phone"])


def permanence(**changes):
    row = {
        "id": "625",
        "nom": "Médiathèque",
        "services": "Prendre en main un ordinateur;Utiliser le numérique",
        "pivot": "0",
        "commune": "MOULINS",
        "code_postal": "03000",
        "adresse": "1 place X",
        "latitude": "46.5660",
        "longitude": "3.3340",
        "conditions_access": "Gratuit",
        "labels_nationaux": "CNFS",
        "horaires": "Mo-Fr 09:00-12:00",
        "date_maj": "2022-05-09",
        "site_web": "https://example.org/x",
    }
    return row | changes


def test_a_permanence(tmp_path, reference):
    place = one(read_permanences(written(tmp_path, [permanence()], ","), reference))
    assert place["kind"] == "permanence"
    assert place["commune_code"] == "03190"
    assert place["hours"] == "Mo-Fr 09:00-12:00"
    assert place["weekly_hours_h"] == 15
    assert place["record_date"] == "2022-05-09"
    assert place["access"] == "Gratuit"
    assert place["website"] == "https://example.org/x"


def test_wrong_hours_are_left_out_and_counted(tmp_path, reference):
    table = read_permanences(written(tmp_path, [permanence(horaires="Mo 08:30")]), reference)
    assert pd.isna(one(table)["hours"])
    assert table.notes == {"horaires illisibles, non repris": 1}


def test_two_permanences_of_one_place_at_other_hours_are_both_kept(tmp_path, reference):
    rows = [permanence(), permanence(id="626", horaires="Sa 09:00-12:00"), permanence(id="627")]
    table = read_permanences(written(tmp_path, rows), reference)
    assert table.frame["id"].tolist() == ["625", "626"]
    assert reason(table) == "doublon de la ligne 2"


@pytest.mark.parametrize("site", ["mailto:a@b.fr", "a@b.fr", "www", "voir mairie"])
def test_what_is_no_web_address_is_left_out(tmp_path, reference, site):
    place = one(read_permanences(written(tmp_path, [permanence(site_web=site)]), reference))
    assert pd.isna(place["website"])


def test_the_newer_national_schema(tmp_path, reference):
    row = {
        "id": "a1",
        "pivot": "",
        "nom": "Bus numérique",
        "commune": "Moulins",
        "code_insee": "03190",
        "code_postal": "03000",
        "adresse": "1 place X",
        "complement_adresse": "",
        "latitude": "46.5660",
        "longitude": "3.3340",
        "typologie": "AUTRE|BIB",
        "telephone": "+33470000000",
        "courriels": "a@b.fr",
        "site_web": "https://example.org|https://example.com",
        "horaires": "Tu 09:00-12:00",
        "itinerance": "Itinérant|Fixe",
        "date_maj": "2024-05-02T10:00:00",
        "services": "Aide aux démarches administratives|Accès internet et matériel informatique",
        "frais_a_charge": "Gratuit",
        "modalites_acces": "Se présenter|Téléphoner",
        "mediateurs": "Jeanne Dupont",
    }
    table = read_mediation_places(written(tmp_path, [row], ","), reference)
    place = one(table)
    assert place["kind"] == "library"
    assert place["mobile"]
    assert place["record_date"] == "2024-05-02"
    assert place["services"].split(";")[1] == "Accès internet et matériel informatique"
    assert place["access"] == "Gratuit, Se présenter;Téléphoner"
    assert place["website"] == "https://example.org"
    assert "Dupont" not in table.frame.to_csv()
    assert "@" not in table.frame.to_csv()


def library(**changes):
    row = {
        "Libelle1": "Médiathèque",
        "Libelle2": "",
        "Localisation": "",
        "voie": "1 place X",
        "CP": "03000",
        "Ville": "Moulins",
        "INSEE": "03190",
        "coordonnees_ban": "46.56, 3.33",
        "coordonnees_finales": "46.56,3.33",
        "code_bib": "8724.0",
        "Statut": "Bibliothèque municipale",
        "type_adresse": "Bibliothèque ouverte au public",
        "amplitude_horaire": "20.0",
    }
    return row | changes


def test_a_library(tmp_path, reference):
    place = one(read_libraries(written(tmp_path, [library()]), reference))
    assert place["id"] == "8724"
    assert (place["lon"], place["lat"]) == (3.33, 46.56)
    assert place["weekly_hours_h"] == 20
    assert place["point_source"] == "source"


def test_a_library_known_to_be_in_its_commune_only(tmp_path, reference):
    place = one(read_libraries(written(tmp_path, [library(coordonnees_ban="")]), reference))
    assert place["point_source"] == "commune"


def test_an_office_without_public_is_set_aside(tmp_path, reference):
    rows = [library(type_adresse="Adresse administrative")]
    table = read_libraries(written(tmp_path, rows), reference)
    assert reason(table) == "adresse administrative, sans accueil du public"


@pytest.mark.parametrize("hours", ["0.0", "168.0", "-3"])
def test_impossible_weekly_hours_are_left_out_and_counted(tmp_path, reference, hours):
    table = read_libraries(written(tmp_path, [library(amplitude_horaire=hours)]), reference)
    assert pd.isna(one(table)["weekly_hours_h"])
    assert sum(table.notes.values()) == 1


def grant(**changes):
    row = {
        "Raison sociale": "COMMUNE DE MOULINS",
        "Nombre de conseillers validés par le COSELEC": "2",
        "Date de validation en comité de sélection": "24/03/2021",
        "Type": "publique",
        "SIRET": "1",
        "Code département": "3",
        "Code commune INSEE": "3190",
        "Code postal": "3000",
        "Investissement financier estimatif total de l’Etat": "110858",
        "ZRR": "non",
        "QPV": "Non défini",
        "France services": "oui",
    }
    return row | changes


def test_a_grant(tmp_path, reference):
    table = read_granted_positions(written(tmp_path, [grant()]), reference)
    row = one(table)
    assert row["commune_code"] == "03190"
    assert row["department"] == "03"
    assert row["positions"] == 2
    assert row["date"] == "2021-03-24"
    assert row["subsidy_eur"] == 110858
    assert row["host_kind"] == "public"
    assert not row["in_qpv"]
    assert row["france_services"]
    assert table.notes == {"zéro initial du code de commune rétabli": 1}


def test_a_mail_address_written_in_an_address_is_taken_out_and_counted(tmp_path, reference):
    rows = [library(voie="Mairie - biblio@example.org"), library(code_bib="2", voie="x@y.fr")]
    table = read_libraries(written(tmp_path, rows), reference)
    assert table.frame["address"].iloc[0] == "Mairie"
    assert pd.isna(table.frame["address"].iloc[1])
    assert table.notes == {"adresse électronique retirée": 2}


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("OFFICE DU TOURISME / MME PICON LUCILE", "OFFICE DU TOURISME"),
        ("Madame Aline Dupont, 6 rue de X", "6 rue de X"),
        ("CALA LONGA MME DUPONT", "CALA LONGA"),
        ("12 rue Madame", "12 rue Madame"),
        ("3 place de Mme de Sévigné", "3 place de Mme de Sévigné"),
    ],
)
def test_the_name_of_a_person_is_taken_out_of_an_address(tmp_path, reference, address, kept):
    table = read_libraries(written(tmp_path, [library(voie=address)]), reference)
    assert one(table)["address"] == kept


def test_a_library_whose_name_is_a_mail_address_is_named_by_its_status(tmp_path, reference):
    table = read_libraries(written(tmp_path, [library(Libelle1="a@b.fr")]), reference)
    assert one(table)["name"] == "Bibliothèque municipale"
    assert table.notes == {"sans nom propre, désigné par son statut": 1}


def test_a_library_at_somebodys_home_is_set_aside(tmp_path, reference):
    table = read_libraries(written(tmp_path, [library(Libelle1="Domicile de X")]), reference)
    assert reason(table) == "chez un particulier"


def test_the_trader_of_a_shop_is_not_named(tmp_path, reference):
    changes = {"Complément_d_adresse": "ANNIE DUPONT"}
    shop = post(**changes, **{"Caractéristique_du_site": "Relais poste commerçant"})
    assert one(read_la_poste(written(tmp_path, [shop]), reference))["address"] == (
        "COURS VINCENT D OL"
    )
    agency = post(**changes | {"Complément_d_adresse": "MAIRIE"})
    assert one(read_la_poste(written(tmp_path, [agency]), reference))["address"] == (
        "COURS VINCENT D OL, MAIRIE"
    )


def test_two_grants_to_one_host_are_two(tmp_path, reference):
    table = read_granted_positions(written(tmp_path, [grant(), grant()]), reference)
    assert table.frame["positions"].sum() == 4


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"Nombre de conseillers validés par le COSELEC": "deux"}, "nombre de postes"),
        ({"Nombre de conseillers validés par le COSELEC": "0"}, "nombre de postes"),
        ({"Type": "mixte"}, "type de structure inconnu : mixte"),
        ({"Code commune INSEE": "97801"}, "hors du champ"),
        ({"Code commune INSEE": "03999"}, "code de commune inconnu"),
    ],
)
def test_a_bad_grant_is_set_aside(tmp_path, reference, changes, why):
    table = read_granted_positions(written(tmp_path, [grant(**changes)]), reference)
    assert why in reason(table)
