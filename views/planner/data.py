"""Data page: what the results rest on, what was set aside, and how to load what is missing."""

from datetime import UTC, datetime

import streamlit as st

from geodata import catalog, kept
from geodata.catalog import Source
from views.parts import boundary, downloads, wording
from views.parts.data import fetching
from views.parts.data import importing as import_view
from views.parts.data import layers as layers_view
from views.parts.tables import Column, lead, note, show_table


def main() -> None:
    st.title("Données")
    lead(
        "Chaque couche dit qui la publie, de quand elle date, combien de lignes ont été gardées "
        "et combien ont été écartées, avec la raison."
    )
    kept.sweep(catalog.imports_folder())
    found = layers_view.catalogue(str(catalog.folder()))
    show_table(
        layers_view.COLUMNS,
        layers_view.rows(found, datetime.now(UTC).date()),
        "Couches connues de cette version",
    )
    note(layers_view.AGES_NOTE)
    for layer in found:
        if layer.fault:
            st.error(f"{layer.source.title} : {wording.plain(layer.fault)}")
    import_view.kept_files()
    show_rejected([layer for layer in found if len(layer.rejected)])
    import_view.bring_a_file()
    load_missing([layer.source for layer in found if layers_view.wanted(layer)])


def load_missing(sources: list[Source]) -> None:
    """Offer to load what is missing: from a folder, or from the producers' addresses."""
    if not sources:
        return
    st.subheader("Charger les couches (dossier ou adresse)")
    fetchable = [source for source in sources if source.can_fetch]
    folder, address = st.tabs(["Depuis un dossier", "Depuis leur adresse"])
    with folder:
        st.markdown(
            "Déposez les fichiers dans un dossier, puis démarrez l'application avec ce dossier :\n"
            "`GEODATA_DIR=/chemin/du/dossier make run`"
        )
        names = [(source.title, " ou ".join(source.files)) for source in sources]
        show_table((Column("Couche"), Column("Nom du fichier")), names, "Fichiers attendus")
    with address:
        chosen = st.multiselect(
            "Couches à télécharger",
            fetchable,
            default=[one for one in fetchable if one.content == "places"],
            format_func=layers_view.offer_text,
        )
        total = sum(source.size_mb for source in chosen)
        label = f"Télécharger ({wording.size(total * 1e6)})" if chosen else "Télécharger"
        st.button(
            label,
            type="primary",
            disabled=not chosen,
            key="fetch",
            on_click=boundary.guarded(fetching.ask),
            args=([one.id for one in chosen],),
        )
        note("Une connexion à internet est nécessaire. Rien n'est gardé d'un fichier refusé.")
        fetching.show()


def show_rejected(found: list[layers_view.Layer]) -> None:
    """Show why rows were set aside, and offer them."""
    if not found:
        return
    st.subheader("Lignes écartées")
    for layer in found:
        count = wording.count(len(layer.rejected), "ligne écartée", "lignes écartées")
        with st.expander(f"{layer.source.title} : {count}"):
            columns = (Column("Raison"), Column("Lignes", number=True))
            show_table(columns, layers_view.reasons(layer.rejected), "Raisons")
            name = f"lignes-ecartees-{layer.source.id}.csv"
            downloads.csv_button("Lignes écartées (CSV)", lambda one=layer: one.rejected, name)


with boundary.page():
    main()
