"""Save a plan, copy it, reopen it from the list, and from its address."""

from playwright.sync_api import expect

from tests.browser.conftest import drawn, settled


def test_save_copy_and_reopen(server, open_page):
    page = open_page(f"{server}/plan?dep=90&postes=3&tournees=non&seuil=12")
    settled(page)
    drawn(page)
    page.get_by_text("Scénarios enregistrés (").click()
    page.get_by_label("Nom du scénario").fill("Belfort, trois postes")
    page.get_by_role("button", name="Enregistrer ce plan").click()
    page.get_by_text("» enregistré.").wait_for()
    page.get_by_role("button", name="Copier").click()
    page.get_by_text("Copie enregistrée").wait_for()
    names = page.get_by_role("table").filter(has_text="jamais les résultats").locator("tbody th")
    expect(names).to_have_text(["Belfort, trois postes (copie)", "Belfort, trois postes"])
    settled(page)
    # A deletion is taken back; the choice never shows what is no longer there.
    chosen = page.get_by_role("combobox", name="Scénario")
    page.get_by_role("button", name="Supprimer").click()
    page.get_by_text("» supprimé.").wait_for()
    expect(chosen).to_have_value("Belfort, trois postes")
    page.get_by_role("button", name="Annuler la suppression").click()
    page.get_by_text("» rétabli.").wait_for()
    expect(chosen).to_have_value("Belfort, trois postes (copie)")
    # Another visitor finds it and reopens it, from another département.
    other = open_page(f"{server}/plan?dep=2B")
    settled(other)
    other.get_by_text("Scénarios enregistrés (").click()
    other.get_by_role("button", name="Rouvrir").click()
    other.get_by_text("Scénario « Belfort, trois postes (copie) »").wait_for()
    settled(other)
    address = other.url
    assert all(part in address for part in ("dep=90", "postes=3", "tournees=non", "seuil=12"))
    assert other.get_by_role("combobox", name="Département").input_value().startswith("90")
    # Its address alone gives the same plan to a third.
    third = open_page(address)
    settled(third)
    drawn(third)
    assert third.get_by_text("À 12 min ou moins d'un lieu").first.is_visible()
    third.get_by_role("tab", name="Sites").wait_for()
