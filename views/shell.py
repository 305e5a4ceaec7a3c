"""The HTML around the application: the framework's page put into French.

Pure functions on bytes: no Streamlit here.
"""

import html
import json
import re
from typing import Final

from views.parts import assets

TITLE: Final = "Inclusion numérique"

_NOSCRIPT: Final = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
_NEEDS_SCRIPT: Final = (
    b"<noscript><p>Cette application a besoin de JavaScript : activez-le dans votre navigateur, "
    b"puis rechargez la page.</p></noscript>"
)
_NOT_FOUND: Final = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Page introuvable · {title}</title>
<style>
body {{ font: 1.05rem/1.5 sans-serif; color: #1e1e1e; max-width: 40rem; margin: 4rem auto;
  padding: 0 1rem; }}
a {{ color: #000091; }}
</style>
</head>
<body>
<main>
<h1>Page introuvable</h1>
<p>Aucune page n'existe à cette adresse. Elle a pu être mal recopiée, ou n'être pas ouverte au
public sur ce site.</p>
<p><a href="{home}">Aller à la page d'accueil</a></p>
</main>
</body>
</html>
"""


def is_framework_page(body: bytes) -> bool:
    """Tell whether a page is the one in which the framework draws every screen.

    The pages of components (the map's frame) are none.
    """
    return b"<title>Streamlit</title>" in body


def page_html(body: bytes, base_path: str) -> bytes:
    """Return a page of the framework in French.

    Its script is also told where the server is: it would otherwise look for it under the
    address of each page first, at the cost of a second and of two errors.

    Parameters
    ----------
    body
        The HTML page.
    base_path
        Path under which the application is published, such as ``""`` or ``"/carte"``.
    """
    body = body.replace(b'<html lang="en"', b'<html lang="fr"', 1)
    if not is_framework_page(body):
        return body
    body = _NOSCRIPT.sub(lambda _: _NEEDS_SCRIPT, body)
    body = body.replace(b"<title>Streamlit</title>", f"<title>{TITLE}</title>".encode(), 1)
    words = f'<script src="{base_path}{assets.served("french.js")}" defer></script></head>'
    body = body.replace(b"</head>", words.encode(), 1)
    where = f"{{BACKEND_BASE_URL: location.origin + {json.dumps(base_path + '/')}}}"
    return body.replace(b"<script>", f"<script>window.__streamlit = {where};".encode(), 1)


def not_found_html(base_path: str) -> bytes:
    """Return the page shown at an address where there is none."""
    return _NOT_FOUND.format(title=TITLE, home=html.escape(base_path + "/")).encode()
