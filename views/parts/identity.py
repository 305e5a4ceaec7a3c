"""Who is here, and what they may do.

Three ways, the first that is set up: a header from a trusted proxy (:mod:`views.peers`), an
OpenID Connect provider (``[auth]`` in ``.streamlit/secrets.toml``), or nobody: one user on
their own machine, whose steps are marked « non authentifié ».
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from geodata.errors import DataError
from planning.events import NOBODY, Author
from views.parts import boundary
from views.parts.tables import note
from views.peers import proxy_settings

LOCAL: Final = Author("Utilisateur de ce poste", False)
LONGEST_NAME: Final = 120

Role = Literal["prefect", "planner"]
_ROLE_FR: Final = {"prefect": "préfecture", "planner": "planification"}


@dataclass(frozen=True)
class Identity:
    """Who is here.

    Parameters
    ----------
    author
        Who signs; nobody as long as someone must sign in.
    way
        How that is known: ``"proxy"``, ``"login"`` or ``"local"``.
    groups
        Groups that the proxy or the provider tells.
    """

    author: Author
    way: Literal["proxy", "login", "local"]
    groups: frozenset[str] = frozenset()

    @property
    def known(self) -> bool:
        """Whether someone is there to sign."""
        return bool(self.author.name)


def current() -> Identity:
    """Return who is here.

    Raises
    ------
    DataError
        If the settings of the proxy contradict each other, or those of the sign-in cannot
        be read.
    """
    settings = proxy_settings()
    if settings.user_header:
        name = _clean(_header(settings.user_header))
        author = Author(name, True, name) if name else NOBODY
        return Identity(author, "proxy", groups_of(_header(settings.groups_header)))
    if _login_is_set_up():
        return from_claims(st.user.to_dict())
    return Identity(LOCAL, "local")


def from_claims(claims: Mapping[str, Any]) -> Identity:
    """Return who signed in, from the claims of an identity token."""
    if not claims.get("is_logged_in"):
        return Identity(NOBODY, "login")
    names = (claims.get(one) for one in ("name", "preferred_username", "email", "sub"))
    name = next((_clean(str(one)) for one in names if one), "")
    issued = f"{claims.get('iss', '')}#{claims.get('sub', name)}"
    claim = os.environ.get("COVERAGE_GROUPS_CLAIM", "").strip()
    author = Author(name, True, issued) if name else NOBODY
    return Identity(author, "login", groups_of(claims.get(claim)))


def groups_of(value: object) -> frozenset[str]:
    """Return groups told as a list, or as a text parted by commas, semicolons or spaces."""
    if isinstance(value, str):
        return frozenset(one for one in re.split(r"[,;\s]+", value) if one)
    if isinstance(value, Iterable):
        return frozenset(str(one) for one in value)
    return frozenset()


def why_not(identity: Identity, role: Role, department: str) -> str:
    """Return why someone may not act in a role, in French; empty when they may.

    ``COVERAGE_PREFECT_GROUP`` and ``COVERAGE_PLANNER_GROUP`` name the group that each role
    needs, with ``{dep}`` for the code of the département; without them, whoever is known may.

    Parameters
    ----------
    identity
        Who asks.
    role
        What they want to act as.
    department
        Code of the département concerned.
    """
    if not identity.known:
        return (
            "Connectez-vous pour enregistrer et signer."
            if identity.way == "login"
            else "Votre portail n'a pas transmis votre identité : rien ne peut être signé."
        )
    needed = os.environ.get(f"COVERAGE_{role.upper()}_GROUP", "").strip()
    needed = needed.replace("{dep}", department)
    if needed and needed not in identity.groups:
        return (
            f"Votre compte n'a pas le rôle de {_ROLE_FR[role]} pour ce département "
            f"(groupe « {needed} »)."
        )
    return ""


def own_department(identity: Identity, departments: Iterable[str]) -> str:
    """Return the first département for which someone's groups let them act as prefect.

    Empty where ``COVERAGE_PREFECT_GROUP`` does not tell départements apart.
    """
    needed = os.environ.get("COVERAGE_PREFECT_GROUP", "").strip()
    if "{dep}" not in needed:
        return ""
    ours = (code for code in departments if needed.replace("{dep}", code) in identity.groups)
    return next(ours, "")


def signature(author: Author) -> str:
    """Return how an author is shown: the name, and whether anyone vouched for it."""
    if not author.name:
        return "auteur effacé"
    return author.name if author.authenticated else f"{author.name} (non authentifié)"


def show() -> Identity:
    """Show who is here, with a button to sign in or out; return it."""
    identity = current()
    with st.container(horizontal=True, vertical_alignment="center"):
        if identity.known:
            note(f"Vous signez : {signature(identity.author)}")
        if identity.way == "login" and identity.known:
            st.button("Se déconnecter", on_click=boundary.guarded(st.logout), type="tertiary")
        elif identity.way == "login":
            st.button("Se connecter", on_click=boundary.guarded(st.login), icon=":material/login:")
            if st.query_params.to_dict():
                note("Après la connexion, rouvrez votre lien : elle ramène à la page d'accueil.")
    return identity


def _login_is_set_up() -> bool:
    if st.secrets.load_if_toml_exists():
        return "auth" in st.secrets
    unread = [one for one in st.get_option("secrets.files") if Path(one).is_file()]
    if unread:  # nobody may sign unnoticed where a sign-in was meant
        raise DataError(
            "Le fichier de connexion ne peut pas être lu",
            where=", ".join(unread),
            remedy="Corrigez ce fichier TOML : voir docs/deployment.md.",
        )
    return False


def _header(name: str) -> str:
    """Return a header of this visit; bytes come as Latin-1, names are often UTF-8."""
    text = st.context.headers.get(name, "") if name else ""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _clean(text: str) -> str:
    """Return a name on one line, without what is never seen."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:LONGEST_NAME]
