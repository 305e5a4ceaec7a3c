"""A file is brought on the data page: a good one, and one of 50 MB that is none."""

from tests.browser.conftest import serve, settled

LAYER = "Très haut débit et 4G"


def bring(page, path) -> None:
    box = page.get_by_role("combobox", name="Couche que ce fichier donne")
    box.click()
    box.fill(LAYER)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("option").first.wait_for(state="hidden")
    settled(page)
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", path)


def test_a_wrong_file_of_50_mb_changes_nothing_then_a_good_one_is_kept(tmp_path, open_page):
    zeros = tmp_path / "zeros.csv"
    with zeros.open("wb") as file:
        file.truncate(50_000_000)
    good = tmp_path / "4g.csv"
    good.write_text("codgeo;sans_4g\n01001;0,25\n01002;0,1\n99999;0,3\n01004;0\n", "utf-8")
    with serve(tmp_path) as address:
        page = open_page(f"{address}/donnees")
        settled(page)
        bring(page, zeros)
        page.get_by_text("Le fichier est vide").wait_for()
        assert not (tmp_path / "imports").exists()
        page.get_by_role("button", name="Retirer").first.click()
        page.get_by_text("Le fichier est vide").wait_for(state="hidden")
        page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", good)
        page.get_by_role("button", name="Vérifier le fichier").click()
        page.get_by_text("code de commune inconnu : 99999").wait_for()
        assert not (tmp_path / "imports").exists()
        page.get_by_role("button", name="Garder ces données").click()
        page.get_by_text("3 lignes gardées").wait_for()
        settled(page)
        table = page.get_by_role("table").filter(has_text="Producteur et licence")
        assert table.get_by_text("importée en partie").is_visible()
        assert page.get_by_role("button", name="Effacer").is_visible()
        assert len(list(tmp_path.glob("imports/*.csv"))) == 1
        page.close()  # before its server
