"""The door: ``streamlit run app.py`` (or ``make run``) serves the application.

What browsers are told is in ``views/server.py``, what people see in ``views/main.py``.
"""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from views.main import addresses, takes_files
from views.parts import points
from views.parts.boundary import on_script_error
from views.peers import Peers, keep_peers
from views.server import Door, base_path, chosen_port, warmed

ROOT = Path(__file__).parent

keep_peers()
app = st.App(
    ROOT / "views" / "main.py",
    routes=[
        Mount("/app/static", StaticFiles(directory=ROOT / "static")),
        Mount(points.PATH, StaticFiles(directory=points.FOLDER)),
    ],
    middleware=[
        Middleware(Peers),
        Middleware(Door, base_path=base_path(), pages=addresses(), uploads=takes_files()),
    ],
    lifespan=warmed,
    on_script_error=on_script_error,
)

if __name__ == "__main__":
    port = chosen_port(os.environ.get("PORT", "8501"))
    print(f"L'application s'ouvre à l'adresse http://localhost:{port} (Ctrl+C pour l'arrêter).")
    app.run(config={"server.port": port})
