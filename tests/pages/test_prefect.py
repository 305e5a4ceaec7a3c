from planning.adjust import adjust
from tests.pages.conftest import quick_scenario, texts
from views.parts import cached, canton_view

PAGE = "prefect/department.py"


def test_facts_rank_and_cantons(open_page):
    page = open_page(PAGE, dep="90")
    said = texts(page)
    assert not page.error
    assert "Rang parmi les départements" in said
    assert "Aucun plan n'est encore calculé" in said
    page.button[0].click().run()
    said = texts(page)
    assert not page.error
    assert "Postes fixes et accès par canton" in said
    assert "comme le plan" in said


def plan():
    job = cached.plan_job(quick_scenario("90"))
    assert job.wait(60)
    return job.result()


def test_the_table_starts_from_the_plan():
    table = canton_view.editable(plan())
    assert table["positions"].sum() == plan().fixed.positions.sum()
    assert (table["positions"].to_numpy()[:1] > 0).all()
    assert table.index.is_unique


def test_what_is_moved_changes_what_is_shown():
    table = canton_view.editable(plan())
    positions = canton_view.read_positions(table)
    start = adjust(plan(), positions)
    more = adjust(plan(), {**positions, table.index[-1]: 1})
    facts = canton_view.effect(plan(), more, start)
    assert facts[0].value != facts[0].note
    assert facts[0].strong
    rows = canton_view.canton_rows(plan(), more)
    assert len(rows) == canton_view.canton_names(plan()).nunique()


def test_an_edited_table_is_read_with_care():
    table = canton_view.editable(plan()).head(3).assign(positions=[None, -2, 4])
    assert list(canton_view.read_positions(table).values()) == [4]
