"""The explorer: any measure, at any level, of any part of the country."""

import streamlit as st

from views.parts import boundary, tables
from views.parts.explorer import method
from views.parts.explorer.show import restore, show


def main() -> None:
    st.title("Explorer les territoires")
    tables.lead(
        "Où vivent les personnes éloignées du numérique, et ce qui existe près d'elles : du pays "
        "à la commune, avec l'incertitude de chaque estimation."
    )
    restore()
    show()
    method.show()


with boundary.page():
    main()
