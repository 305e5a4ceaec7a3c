from tests.pages.conftest import texts

PAGE = "planner/compare.py"


def test_without_a_second_plan_it_offers_some(open_page):
    page = open_page(PAGE, a_dep="90", a_postes="5", a_tournees="non")
    assert not page.error
    assert not page.exception
    assert "Choisissez le plan B" in texts(page)
    offer = next(one for one in page.button if one.label.startswith("6 postes"))
    offer.click().run()
    assert "Les deux plans en chiffres" in texts(page)
    assert page.query_params["b_postes"] in ("6", ["6"])
    assert page.query_params["a_dep"] in ("90", ["90"])


def test_a_link_restores_both_plans(open_page):
    page = open_page(
        PAGE, a_dep="90", a_postes="2", a_tournees="non",
        b_dep="90", b_postes="4", b_tournees="non", b_recherche="seuil", b_seuil="12",
    )  # fmt: skip
    assert not page.error
    said = texts(page)
    assert "Territoire de Belfort, 2 postes" in said
    assert "sans tournées" in said
    assert "le plus de personnes à 12 min" in said
    assert "Lieux des postes fixes" in said
    assert page.query_params["b_seuil"] in ("12", ["12"])


def test_plans_of_two_departments_say_that_only_figures_compare(open_page):
    page = open_page(PAGE, a_dep="90", a_postes="2", a_tournees="non",
                     b_dep="2A", b_postes="3", b_tournees="non")  # fmt: skip
    assert not page.error
    assert "ne portent pas sur le même territoire" in texts(page)


def test_hostile_links_are_left_out(open_page):
    page = open_page(PAGE, a_dep="<script>", b_postes="1e99", couleur="'><b>", ecarts="x")
    assert not page.exception
    assert "n'a pas pu être comprise" in texts(page)
