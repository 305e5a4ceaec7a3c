"""The explorer without a browser, on the snapshot alone."""

from dataclasses import replace

import pytest

from planning import saved
from planning.events import Author
from planning.siting.study import Study
from tests.pages.conftest import quick_scenario
from tests.pages.conftest import texts as written
from views.parts import cached, register
from views.parts.explorer import results
from views.parts.siting import runs as siting_runs
from views.parts.tours import form as tours_form

PAGE = "planner/explorer.py"


def texts(page) -> str:
    """Return all that the page says, its spaces made plain."""
    return written(page).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def explorer(open_page):
    def open_(**parameters: str):
        return open_page(PAGE, **parameters)

    return open_


def box(page, name):
    return page.selectbox(key=f"explorer_{name}")


def link(page) -> dict[str, str]:
    return {
        name: value[0] if isinstance(value, list) else value
        for name, value in page.query_params.items()
    }


def test_it_opens_on_the_country_with_its_interval(explorer):
    page = explorer()
    assert not page.error
    assert not page.exception
    said = texts(page)
    assert "Part estimée des 15 ans ou plus" in said
    assert "estimation : entre" in said
    assert "Mesures à compléter" in said
    assert link(page) == {}


@pytest.mark.parametrize("zone", ["REG-84", "REG-02", "03", "2A", "75", "972", "973", "976"])
def test_every_kind_of_zone_opens(explorer, zone):
    page = explorer(zone=zone)
    assert not page.error
    assert not page.exception
    assert box(page, "zone").value == zone


def test_the_level_follows_the_zone(explorer):
    page = explorer()
    box(page, "zone").set_value("REG-84").run()
    assert page.segmented_control(key="explorer_level").value == "cantons"
    box(page, "zone").set_value("03").run()
    assert page.segmented_control(key="explorer_level").value == "communes"
    assert link(page) == {"zone": "03"}


def test_a_link_restores_the_whole_view(explorer):
    asked = {
        "zone": "03",
        "maille": "cantons",
        "mesure": "indice",
        "classes": "libres",
        "bornes": "3;6",
        "couches": "epci,mediation",
        "unite": "0301",
        "avec": "DEP-03",
        "poids": "1,1,1,1,1,3",
    }
    page = explorer(**asked)
    assert not page.error
    assert not page.exception
    assert link(page) == asked
    assert box(page, "unit").value == "0301"
    said = texts(page)
    assert "Bellerive-sur-Allier et Département Allier, côte à côte" in said
    assert "moins de 3" in said
    assert "Écart" in said


def test_hostile_links_open_the_country_and_say_so(explorer):
    page = explorer(zone="<script>", maille="../..", bornes="9;1", unite="' OR 1=1", poids="-1")
    assert not page.exception
    assert box(page, "zone").value == "FR"
    assert "n'a pas pu être comprise" in texts(page)


def test_bounds_without_meaning_keep_the_last_good_ones_and_say_what_to_write(explorer):
    page = explorer(zone="03", classes="libres", bornes="15;20")
    page.text_input(key="explorer_bounds").set_value("20 ; 15").run()
    assert "ne sont pas croissantes" in page.error[0].value
    assert "10 ; 15" in page.error[0].value
    assert link(page)["bornes"] == "15;20"
    page.text_input(key="explorer_bounds").set_value("16 ; 18 ; 22").run()
    assert not page.error
    assert link(page)["bornes"] == "16;18;22"


def test_a_unit_is_chosen_without_the_map_and_compared(explorer):
    page = explorer(zone="03")
    box(page, "unit").set_value("03190").run()
    said = texts(page)
    assert "Fiche : Moulins" in said
    assert "sur 317 communes" in said
    assert "Rang · France" in said
    box(page, "other_03190").set_value("03185").run()
    assert "Moulins et Montluçon, côte à côte" in texts(page)
    assert link(page) == {"zone": "03", "unite": "03190", "avec": "03185"}


def test_mayotte_has_no_estimate_and_says_why(explorer):
    page = explorer(zone="976", unite="97611")
    said = texts(page)
    assert "non estimé" in said
    assert "pas d&#x27;enquête (Mayotte)" in said


def test_weights_all_at_zero_are_refused(explorer):
    page = explorer(zone="03", mesure="indice", poids="1,1,1,1,1,0")
    page.number_input(key="explorer_weight_aged_65p_share").set_value(0.0).run()
    assert "Tous les poids sont nuls" in page.error[0].value


def test_types_are_named_with_what_sets_them_apart_and_their_stability(explorer):
    page = explorer(mesure="types")
    assert not page.exception
    assert page.segmented_control(key="explorer_level").value == "cantons"
    said = texts(page)
    assert "besoin fort" in said
    assert "indice de Rand ajusté" in said
    assert "canton médian" in said


def test_it_says_how_figures_are_made_and_what_the_debate_counts(explorer):
    said = texts(explorer(zone="90"))
    assert "neuf fois sur dix" in said
    assert "Insee Première n° 1953" in said
    assert "16 millions" in said


def test_the_view_is_found_again_after_another_page(explorer):
    page = explorer(zone="48", maille="epci")
    page.switch_page("planner/data.py").run()
    page.query_params.clear()
    page.switch_page(PAGE).run()
    assert box(page, "zone").value == "48"
    assert link(page) == {"zone": "48", "maille": "epci"}


def test_the_listing_has_every_unit_with_its_interval(explorer):
    page = explorer(zone="03")
    frame = page.dataframe[0].value
    assert len(frame) == 317
    assert {"Taux d'illectronisme (%)", "Taux : de (%)", "Personnes : à", "Niveau"} <= set(frame)
    few = frame[frame["Habitants (2023)"] < 100]
    assert (few["Personnes en illectronisme (personnes)"] % 5 == 0).all()


def test_a_file_that_the_user_brings_adds_its_measure_to_the_map_and_to_the_index(
    explorer, tmp_path, monkeypatch
):
    before = explorer(zone="03", unite="03190")
    assert "sans-4g" not in box(before, "measure").options
    monkeypatch.setattr(cached, "LOOK_EVERY_S", 0.0)
    monkeypatch.setenv("GEODATA_DIR", str(tmp_path))
    file = tmp_path / "indicateurs-numeriques.csv"
    file.write_text("code;no_4g_share\n03190;0,04\n03185;0,02\n03001;0,30\n")
    page = explorer(zone="03", unite="03190", mesure="sans-4g")
    assert not page.exception
    assert box(page, "measure").value == "sans-4g"
    said = texts(page)
    assert "Population sans 4G" in said
    assert "4,0 %" in said


def shown_result(page):
    return page.selectbox(key="explorer_result")


def test_the_plan_is_laid_over_the_map_with_its_tables_and_its_link(explorer):
    page = explorer(zone="90")
    assert list(shown_result(page).options)[:2] == ["Aucun", "Plan du département"]
    shown_result(page).set_value("plan").run()
    assert "Sites du plan" not in texts(page)  # not made yet: it is offered
    next(one for one in page.button if one.label.startswith("Calculer ce plan")).click().run()
    assert not page.exception
    assert "Sites du plan" in texts(page)
    assert "site du plan (nombre de postes)" in texts(page)
    assert link(page)["resultats"] == "plan"
    again = explorer(zone="90", resultats="plan")
    assert "Sites du plan" in texts(again)
    box(again, "zone").set_value("48").run()
    assert "Sites du plan" not in texts(again)
    assert not again.error


def test_a_saved_scenario_and_made_tours_are_among_the_results(explorer):
    scenario = quick_scenario("90")
    kept = saved.save(register.store(), "Essai de Belfort", scenario, {}, Author("Moi", False))
    cached.plan_job(scenario).wait(90)
    choice = tours_form.choice(
        "23", vans=1, weeks=2, isolated=20, caseload=60, max_stops=2, bases=(), effort="rapide"
    )
    cached.tour_job(choice).wait(90)
    page = explorer(zone="90", resultats=f"scenario-{kept.id}")
    assert "Scénario « Essai de Belfort »" in shown_result(page).options
    assert "Sites du plan" in texts(page)
    page = explorer(zone="23")
    word = next(one for one in results.sources("23") if one.startswith("tournees-"))
    shown_result(page).set_value(word).run()
    assert "Arrêts des tournées" in texts(page)
    assert link(page)["resultats"] == word


def test_a_siting_result_is_drawn_as_its_sites():
    study = replace(Study("90"), sites=2, seconds=5.0)
    siting_runs.plan(study).wait(60)
    (word, (name, source)), *_ = [
        pair for pair in results.sources("90").items() if pair[0].startswith("implantation-")
    ]
    assert results.WORD.fullmatch(word)
    assert "2 sites" in name
    drawn = results.drawn(source)
    assert sum(len(layer["rows"]) for layer in drawn.layers) == 2
    assert len(drawn.tables[0].rows) == 2


@pytest.mark.parametrize("word", ["scenario-0123456789ab", "implantation-0123456789ab"])
def test_a_result_that_is_gone_is_told(explorer, word):
    page = explorer(zone="90", resultats=word)
    assert "plus gardé sur ce serveur" in texts(page)
    assert "resultats" not in link(page)


def test_own_bounds_do_not_outlive_their_measure(explorer):
    page = explorer(zone="03", classes="libres", bornes="16;20")
    box(page, "measure").set_value("personnes").run()
    assert not page.error
    assert link(page)["bornes"] != "16;20"
