import pytest
import streamlit as st  # noqa: TID251 - its settings are changed

from geodata.errors import DataError
from planning.events import Author
from views.parts import identity
from views.parts.identity import Identity

CLAIMS = {
    "is_logged_in": True,
    "iss": "https://id.example",
    "sub": "42",
    "name": "Jean  Martin\n",
    "email": "x@example.org",
    "roles": ["prefet-03"],
}
KNOWN = Identity(Author("Jean Martin", True), "login", frozenset({"prefet-03"}))


@pytest.fixture(autouse=True)
def no_group(monkeypatch):
    for name in ("COVERAGE_PREFECT_GROUP", "COVERAGE_PLANNER_GROUP", "COVERAGE_GROUPS_CLAIM"):
        monkeypatch.delenv(name, raising=False)


def test_claims_tell_who_signs(monkeypatch):
    monkeypatch.setenv("COVERAGE_GROUPS_CLAIM", "roles")
    found = identity.from_claims(CLAIMS)
    assert found == Identity(
        Author("Jean Martin", True, "https://id.example#42"), "login", frozenset({"prefet-03"})
    )


@pytest.mark.parametrize(("missing", "name"), [
    (("name",), "x@example.org"), (("name", "email"), "42"), (("name", "email", "sub"), ""),
])  # fmt: skip
def test_who_has_no_name_is_called_by_what_there_is(missing, name):
    claims = {key: value for key, value in CLAIMS.items() if key not in missing}
    assert identity.from_claims(claims).author.name == name


def test_whoever_did_not_sign_in_is_nobody():
    found = identity.from_claims({"is_logged_in": False})
    assert not found.known
    assert "Connectez-vous" in identity.why_not(found, "prefect", "03")
    forgotten = Identity(Author("", False), "proxy")
    assert "portail" in identity.why_not(forgotten, "prefect", "03")


def test_groups_bound_who_does_what(monkeypatch):
    assert identity.why_not(KNOWN, "prefect", "03") == ""
    assert identity.why_not(KNOWN, "planner", "03") == ""  # nothing is set up: the audience decides
    monkeypatch.setenv("COVERAGE_PREFECT_GROUP", "prefet-{dep}")
    monkeypatch.setenv("COVERAGE_PLANNER_GROUP", "anct")
    assert identity.why_not(KNOWN, "prefect", "03") == ""
    assert "prefet-48" in identity.why_not(KNOWN, "prefect", "48")
    assert "anct" in identity.why_not(KNOWN, "planner", "03")


@pytest.mark.parametrize(("value", "groups"), [
    ("a, b;c  d", {"a", "b", "c", "d"}), (["a", 1], {"a", "1"}), (None, set()), ("", set()),
    (7, set()),
])  # fmt: skip
def test_groups_come_as_they_may(value, groups):
    assert identity.groups_of(value) == groups


def test_a_signature_says_whether_anyone_vouched_for_it():
    assert identity.signature(identity.LOCAL).endswith("(non authentifié)")
    assert identity.signature(KNOWN.author) == "Jean Martin"
    assert identity.signature(Author("", False)) == "auteur effacé"


def test_a_prefect_starts_from_their_own_department(monkeypatch):
    assert identity.own_department(KNOWN, ["01", "03"]) == ""
    monkeypatch.setenv("COVERAGE_PREFECT_GROUP", "prefet-{dep}")
    assert identity.own_department(KNOWN, ["01", "03"]) == "03"
    assert identity.own_department(KNOWN, ["01"]) == ""


def test_a_secrets_file_that_cannot_be_read_lets_nobody_sign(monkeypatch, tmp_path):
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\nclient_id = ")
    monkeypatch.setattr(st, "get_option", lambda _: [str(tmp_path / "absent"), str(broken)])
    with pytest.raises(DataError, match="fichier de connexion") as refused:
        identity.current()
    assert str(broken) in refused.value.where
    broken.unlink()
    assert identity.current() == Identity(identity.LOCAL, "local")
