"""Bringing a file, step by step: read, matched, checked, and only then kept."""

import re
from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from geodata import catalog, importing, kept, matching
from geodata.importing import Checked, Options, Owner, covers_country
from geodata.uploads import ENCODINGS, MOST_BYTES, SEPARATORS, SUFFIXES, Reading, Sheet, read_upload
from planning.events import Author
from views.parts import boundary, cached, downloads, identity, wording
from views.parts.data import fields
from views.parts.tables import Column, note, show_table

_PREVIEW: Final = 5
_FAULTS_SHOWN: Final = 20
_NONE: Final = "(aucune)"
_SEPARATORS_FR: Final = {
    ";": "point-virgule",
    ",": "virgule",
    "\t": "tabulation",
    "|": "barre verticale",
}
_ENCODINGS_FR: Final = {
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows (cp1252)",
    "utf-16": "UTF-16",
    "latin-1": "Latin 1",
}
_VINTAGE: Final = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_DONE: Final = "import_done"
_STEPS: Final = "import_steps"
_CHECKED: Final = "import_checked"


@st.fragment
@boundary.guarded
def bring_a_file() -> None:
    """Show the steps of an import; nothing is kept before the last one."""
    st.subheader("Importer un fichier")
    done = st.session_state.pop(_DONE, "")
    if done:
        st.success(done, icon=":material/check:")
    sources = {one.id: one for one in importing.importable()}
    layer = st.selectbox(
        "Couche que ce fichier donne", list(sources), format_func=lambda one: sources[one].title
    )
    note(
        "Le fichier remplace toute la couche, jusqu'à la date que vous choisissez. Rien n'est "
        "gardé avant la dernière étape, et un fichier refusé ne change rien."
    )
    sent = st.file_uploader(
        f"Fichier CSV, XLSX, GeoJSON ou GeoPackage, {MOST_BYTES // 10**6} Mo au plus",
        type=[suffix[1:] for suffix in SUFFIXES],
        key=f"import_{st.session_state.get('import_round', 0)}",
    )
    if sent is None:
        return
    with boundary.page():
        sheet = _read(sent.file_id, sent.name, sent.getvalue)
        _preview(sheet)
        chosen = _match(layer, sheet)
        options = _options(layer)
        _check_and_keep(layer, sent.name, sheet, chosen, options)


def _read(file_id: str, name: str, content: Callable[[], bytes]) -> Sheet:
    """Return the table of the file, read again only when its reading is corrected."""
    steps = st.session_state.get(_STEPS)
    if steps is None or steps["file"] != file_id:
        st.session_state.pop(_STEPS, None)
        with st.spinner("Lecture du fichier…"):
            first = read_upload(name, content())
        steps = st.session_state[_STEPS] = {"file": file_id, "first": first, "sheet": first}
    reading = _corrected(steps["first"])
    if reading != steps["sheet"].reading:
        with st.spinner("Lecture du fichier…"):
            steps["sheet"] = read_upload(name, content(), reading)
    return steps["sheet"]


def _corrected(sheet: Sheet) -> Reading:
    """Show how the file was read, and return what the user makes of it."""
    reading = sheet.reading
    with st.container(horizontal=True):
        if sheet.kind == "CSV":
            encodings = list(dict.fromkeys([reading.encoding, *ENCODINGS]))
            encoding = st.selectbox(
                "Encodage (deviné)", encodings, format_func=_ENCODINGS_FR.get, width=240
            )
            separators = list(dict.fromkeys([reading.separator, *SEPARATORS]))
            separator = st.selectbox(
                "Séparateur (deviné)", separators, format_func=_SEPARATORS_FR.get, width=240
            )
            return Reading(encoding, separator)
        if len(sheet.sheets) > 1:
            place = sheet.sheets.index(reading.sheet)
            title = "Feuille" if sheet.kind == "XLSX" else "Couche du fichier"
            return Reading(sheet=st.selectbox(title, sheet.sheets, index=place, width=320))
    return reading


def _preview(sheet: Sheet) -> None:
    frame = sheet.frame
    many = wording.count(frame.shape[1], "colonne")
    lines = wording.count(len(frame), "ligne")
    first = frame.head(_PREVIEW).fillna("")
    columns = [Column("Ligne"), *(Column(name) for name in frame.columns)]
    numbered = zip(first.index, first.to_numpy(), strict=True)
    rows = [[str(number), *map(_short, row)] for number, row in numbered]
    with st.expander(f"Aperçu : {lines}, {many} ({sheet.kind})", expanded=frame.shape[1] <= 8):
        show_table(columns, rows, f"Les {len(first)} premières lignes")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _match(layer: str, sheet: Sheet) -> dict[str, str]:
    """Show which column is which, as proposed; return what the user makes of it."""
    wanted = matching.fields(catalog.source(layer))
    headers = list(sheet.frame.columns)
    proposed = matching.propose(wanted, headers)
    found = wording.count(len(proposed), "trouvée")
    st.markdown(f"**Colonnes** : {found} sur {len(wanted)}. Corrigez si besoin.")
    if not proposed:
        st.warning(
            "Aucune colonne de ce fichier n'a été reconnue. Vérifiez que c'est le bon fichier et "
            "la bonne couche, ou reliez les colonnes une à une.",
            icon=":material/table_eye:",
        )
    chosen = {}
    columns = st.columns(3)
    for rank, one in enumerate(wanted):
        guess = proposed[one.name].header if one.name in proposed else _NONE
        choices = [_NONE, *headers]
        header = columns[rank % 3].selectbox(
            fields.words(one).title,
            choices,
            index=choices.index(guess),
            key=f"match_{layer}_{one.name}",
            help=fields.help_text(one),
        )
        if header != _NONE:
            chosen[one.name] = header
    return chosen


def _options(layer: str) -> Options:
    if layer != "digital_indicators":
        return Options()
    with st.container(horizontal=True):
        unit = st.radio("Unité des valeurs", ["part de 0 à 1", "pourcentage de 0 à 100"])
        sense = st.radio("Ce que dit la valeur", ["ceux qui n'ont pas l'accès", "ceux qui l'ont"])
    return Options(percent=unit.startswith("pourcentage"), with_access=sense.endswith("l'ont"))


def _check_and_keep(
    layer: str, name: str, sheet: Sheet, chosen: dict[str, str], options: Options
) -> None:
    asked = (layer, id(sheet), tuple(sorted(chosen.items())), options)
    if st.button("Vérifier le fichier", type="primary", key="import_check"):
        with st.spinner("Vérification de toutes les lignes…"):
            checked = importing.check(layer, sheet, chosen, options)
        st.session_state[_CHECKED] = asked, checked
    known = st.session_state.get(_CHECKED)
    if known is None or known[0] != asked:
        return
    checked: Checked = known[1]
    _tell(checked)
    if not checked.refusal:
        _keep_form(checked, name)


def _tell(checked: Checked) -> None:
    """Say what would be kept and everything that is wrong, at once."""
    if checked.refusal:
        st.error(
            f"Fichier refusé, rien n'a changé. {wording.plain(checked.refusal)}",
            icon=":material/block:",
        )
    else:
        rows = wording.count(checked.rows, "ligne prête", "lignes prêtes")
        aside = wording.count(checked.set_aside, "ligne écartée", "lignes écartées")
        where = wording.count(len(checked.departments), "département")
        st.info(f"{rows} à garder, {aside}, {where}.", icon=":material/fact_check:")
        if not covers_country(checked.departments):
            st.warning(
                f"Ce fichier ne couvre que {where}{wording.FIXED}: il remplacera la couche pour "
                "tout le pays, qui sera dite partielle. Ailleurs, ce qu'elle dit sera inconnu.",
                icon=":material/travel_explore:",
            )
    for text, count in checked.notes.items():
        note(f"{wording.capital(text)} : {wording.number(count)}.")
    if len(checked.faults):
        _show_faults(checked.faults)


def _show_faults(faults: pd.DataFrame) -> None:
    shown = faults.head(_FAULTS_SHOWN)
    columns = (Column("Ligne"), Column("Colonne"), Column("Valeur"), Column("Défaut"))
    rows = [
        (str(row), str(column) or "(toute la ligne)", _short(str(value)), str(reason))
        for row, column, value, reason in shown.itertuples(index=False, name=None)
    ]
    total = wording.count(len(faults), "défaut")
    rest = f" ; les {_FAULTS_SHOWN} premiers" if len(faults) > _FAULTS_SHOWN else ""
    show_table(columns, rows, f"{total}{rest}")
    named = faults.set_axis(["ligne", "colonne", "valeur", "défaut"], axis=1)
    downloads.csv_button("Tous les défauts (CSV)", lambda: named, "defauts-import.csv")


def _keep_form(checked: Checked, name: str) -> None:
    author = identity.current().author
    with st.form("import_keep"):
        left, right = st.columns(2)
        vintage = left.text_input(
            "Date des données (année, mois ou jour)", placeholder="2026-05", max_chars=10
        ).strip()
        days = right.selectbox(
            "Garder pendant",
            kept.RETENTION_DAYS,
            index=len(kept.RETENTION_DAYS) - 1,
            format_func=lambda one: f"{one} jours" if one < 365 else "un an",
        )
        note(f"Apporté par {author_text(author)}. Ce fichier sera effacé à la fin de ce temps.")
        sent = st.form_submit_button("Garder ces données", type="primary")
    if not sent:
        return
    if vintage and not _VINTAGE.fullmatch(vintage):
        st.warning("Écrivez la date comme 2026, 2026-05 ou 2026-05-31.", icon=":material/event:")
        return
    owner = Owner(author_text(author), owner_id(author))
    known = importing.keep(checked, owner, days=days, name=name, vintage=vintage)
    forget()
    title = catalog.source(checked.layer).title
    rows = wording.count(known.rows, "ligne gardée", "lignes gardées")
    st.session_state[_DONE] = f"{title} : {rows} jusqu'au {wording.day_text(known.until)}."
    _forget_steps()
    st.rerun()


def kept_files() -> None:
    """Show the files that were brought, and let their owner erase them."""
    found = kept.every(catalog.imports_folder())
    if not found:
        return
    st.subheader("Fichiers importés")
    titles = ("Couche", "Fichier", "Apporté par", "Le", "Gardé jusqu'au", "Lignes")
    rows = [
        (
            catalog.source(one.layer).title,
            _short(one.name) or "sans nom",
            one.owner,
            wording.day_text(one.kept_at[:10]),
            wording.day_text(one.until),
            wording.number(one.rows),
        )
        for one in found
    ]
    columns = [Column(title, number=title == "Lignes") for title in titles]
    show_table(columns, rows, "Fichiers importés, leur propriétaire et leur durée")
    mine = owner_id(identity.current().author)
    with st.container(horizontal=True):
        for one in found:
            if one.is_of(mine):
                st.button(
                    f"Effacer : {catalog.source(one.layer).title}",
                    key=f"erase_{one.layer}",
                    icon=":material/delete:",
                    on_click=boundary.guarded(_erase),
                    args=(one,),
                )


def _erase(one: kept.Kept) -> None:
    kept.delete(catalog.imports_folder(), one)
    forget()
    title = catalog.source(one.layer).title
    st.session_state[_DONE] = f"{title} : fichier effacé."


def forget() -> None:
    """Forget everything that was computed from the layers."""
    cached.forget_layers()


def _forget_steps() -> None:
    for name in (_STEPS, _CHECKED):
        st.session_state.pop(name, None)
    st.session_state["import_round"] = st.session_state.get("import_round", 0) + 1


def author_text(author: Author) -> str:
    """Return a name as readers see it, with its caution."""
    return author.name if author.authenticated else f"{author.name} (non authentifié)"


def owner_id(author: Author) -> str:
    """Return what tells two people of one name apart."""
    return f"{'signed' if author.authenticated else 'unsigned'}:{author.id or author.name}"
