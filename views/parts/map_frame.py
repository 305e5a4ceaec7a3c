"""The map's frame on the page: a constant base map, and one group of layers that varies.

What varies is described by plain values, see :mod:`views.parts.map`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import folium
import streamlit as st
from folium.template import Template
from streamlit import runtime
from streamlit_folium import _component_func, st_folium

from views.parts import assets, boundary

CREDIT: Final = "Contours : IGN, INSEE · Fond : Natural Earth · Leaflet"


class BaseMap(folium.Map):
    """The constant map; only files of ours, and neither jQuery nor Bootstrap."""

    default_js: Final = [
        ("leaflet", assets.vendored("leaflet", "leaflet.js")),
        ("topojson", assets.vendored("topojson-client", "topojson-client.min.js")),
        ("carte", assets.own("map.js")),
        ("outils", assets.own("map_tools.js")),
    ]
    default_css: Final = [
        ("leaflet_css", assets.vendored("leaflet", "leaflet.css")),
        ("carte_css", assets.own("map.css")),
    ]
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} ="
        " Carte.create({{ this.get_name()|tojson }}, {{ this.base|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, base: Mapping[str, Any]) -> None:
        super().__init__(tiles=None)
        self.base = base


class Layers(folium.FeatureGroup):
    """Everything that varies, as one group."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} ="
        " Carte.layers({{ this._parent.get_name() }}, {{ this.spec|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, spec: Mapping[str, Any]) -> None:
        super().__init__(show=False)
        self.spec = spec


def _register() -> None:
    """Let the server answer for the map's frame.

    A component imported outside a page's run (the warm-up does) is not registered by the
    framework, and is then nowhere to be found.
    """
    if runtime.exists():
        registry = runtime.get_instance().component_registry
        if registry.get_component_path(_component_func.name) is None:
            registry.register_component(_component_func)


def show(
    spec: Mapping[str, Any],
    key: str,
    height: int = 560,
    on_pick: Callable[[str], None] | None = None,
) -> None:
    """Draw the map; call it inside a fragment.

    The browser sends nothing back but, where ``on_pick`` is given, the code of the area that
    was clicked: moving the map runs nothing.
    """
    found = assets.outlines()
    urls = [found[name] for name in ("base", "departments") if name in found]
    with st.container(key=f"carte-{key}"):
        _register()
        st_folium(
            BaseMap({"urls": urls, "credit": CREDIT}),
            key=key,
            height=height,
            use_container_width=True,
            returned_objects=["last_object_clicked"] if on_pick else [],
            feature_group_to_add=Layers(spec),
            on_change=boundary.guarded(partial(_picked, key, on_pick)) if on_pick else None,
        )


def _picked(key: str, on_pick: Callable[[str], None]) -> None:
    """Tell which area was clicked; a click elsewhere says nothing."""
    place = (st.session_state.get(key) or {}).get("last_object_clicked") or {}
    code = place.get("code")
    if isinstance(code, str):
        on_pick(code)
