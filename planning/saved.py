"""Saved scenarios: choices under a name, never results.

Each is a stream of the register (:mod:`planning.store`): every version of the choices stays.
A plan is computed again when its scenario is reopened; the versions of the data that it was
saved with tell whether the figures can still be the same.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from geodata.errors import DataError
from geodata.schema import Provenance
from planning.events import Author, Event, Stream
from planning.scenario import Scenario
from planning.store import Store

KIND: Final = "scenario"
LONGEST_NAME: Final = 120


@dataclass(frozen=True)
class SavedScenario:
    """A scenario with its name.

    Parameters
    ----------
    id
        Name of its stream.
    name
        What its author called it.
    scenario
        The choices.
    data_versions
        Layer → version of the data at the time, see :func:`data_versions`.
    author
        Who saved the latest version of the choices.
    created_at, changed_at
        UTC.
    version
        Number of its last event: what a change must name.
    """

    id: str
    name: str
    scenario: Scenario
    data_versions: Mapping[str, str]
    author: Author
    created_at: datetime
    changed_at: datetime
    version: int

    @property
    def stream(self) -> Stream:
        """Its stream in the register."""
        return Stream(KIND, self.id)


def data_versions(sources: Iterable[tuple[Provenance, bool]]) -> dict[str, str]:
    """Return layer → vintage and beginning of the file's hash, of the layers that were there."""
    return {
        one.layer: f"{one.vintage} {one.sha256[:12]}".strip()
        for one, _ in sources
        if one.status != "missing"
    }


def changed_layers(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the layers that came, went or changed between two :func:`data_versions`."""
    return sorted(layer for layer in then.keys() | now.keys() if then.get(layer) != now.get(layer))


def save(
    store: Store, name: str, scenario: Scenario, versions: Mapping[str, str], author: Author
) -> SavedScenario:
    """Save a scenario under a name; names need not differ.

    Raises
    ------
    DataError
        If the name is empty or too long.
    """
    return _saved(store, Stream(KIND, uuid.uuid4().hex), name, _choices(scenario, versions), author)


def copy(store: Store, saved: SavedScenario, name: str, author: Author) -> SavedScenario:
    """Save the same choices under another name."""
    choices = _choices(saved.scenario, saved.data_versions) | {"copy_of": saved.id}
    return _saved(store, Stream(KIND, uuid.uuid4().hex), name, choices, author)


def rename(store: Store, saved: SavedScenario, name: str, author: Author) -> SavedScenario:
    """Change the name.

    Raises
    ------
    ConflictError
        If someone changed the scenario since it was read.
    DataError
        If the name is empty or too long.
    """
    store.append(saved.stream, "renamed", author, {"name": _name(name)}, after=saved.version)
    return reopen(store, saved.id)


def change(
    store: Store,
    saved: SavedScenario,
    scenario: Scenario,
    versions: Mapping[str, str],
    author: Author,
) -> SavedScenario:
    """Save other choices under the same name; the earlier ones stay in the register.

    Raises
    ------
    ConflictError
        If someone changed the scenario since it was read.
    """
    choices = _choices(scenario, versions)
    store.append(saved.stream, "changed", author, choices, after=saved.version)
    return reopen(store, saved.id)


def delete(store: Store, saved: SavedScenario, author: Author) -> None:
    """Take a scenario off the list.

    Raises
    ------
    ConflictError
        If someone changed the scenario since it was read.
    """
    store.append(saved.stream, "deleted", author, {}, after=saved.version)


def reopen(store: Store, scenario_id: str) -> SavedScenario:
    """Return a saved scenario.

    Raises
    ------
    DataError
        If it does not exist, was deleted, or holds choices that this version does not know.
    """
    found = _fold(store.read(Stream(KIND, scenario_id)))
    if found is None:
        raise DataError(
            "Ce scénario n'existe pas, ou a été supprimé",
            where=scenario_id,
            remedy="Choisissez-en un dans la liste des scénarios enregistrés.",
        )
    return found


def list_saved(store: Store) -> list[SavedScenario]:
    """Return the saved scenarios, the latest changed first.

    Those that this version of the application cannot read are left out: :func:`reopen` says
    why.
    """
    found = []
    for events in store.read_all(KIND).values():
        try:
            saved = _fold(events)
        except DataError:
            continue
        if saved is not None:
            found.append(saved)
    return sorted(found, key=lambda one: (one.changed_at, one.id), reverse=True)


def _saved(
    store: Store, stream: Stream, name: str, choices: dict[str, Any], author: Author
) -> SavedScenario:
    store.append(stream, "saved", author, {**choices, "name": _name(name)}, after=0)
    return reopen(store, stream.id)


def _choices(scenario: Scenario, versions: Mapping[str, str]) -> dict[str, Any]:
    return {"choices": scenario.to_dict(), "data_versions": dict(versions)}


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise DataError(
            "Un scénario a besoin d'un nom",
            where=f"{len(name)} caractères, de 1 à {LONGEST_NAME}",
            remedy="Donnez-lui un nom court, par exemple « Allier, 30 postes ».",
        )
    return name


def _fold(events: tuple[Event, ...]) -> SavedScenario | None:
    """Return what the events of a stream make, ``None`` for nothing or what was deleted."""
    if not events or any(event.kind == "deleted" for event in events):
        return None
    written = [(event, event.payload) for event in events if event.payload is not None]
    named = [payload["name"] for _, payload in written if "name" in payload]
    chosen = [(event, payload) for event, payload in written if "choices" in payload]
    if not named or not chosen:
        return None
    latest, choices = chosen[-1]
    try:
        scenario, versions = Scenario.from_dict(choices["choices"]), dict(choices["data_versions"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            "Ce scénario a été enregistré par une autre version de l'application",
            where=f"{type(error).__name__} : {error}",
            remedy="Refaites ses choix dans un nouveau scénario.",
        ) from error
    return SavedScenario(
        id=events[0].stream.id,
        name=str(named[-1]),
        scenario=scenario,
        data_versions=versions,
        author=latest.author,
        created_at=events[0].at,
        changed_at=events[-1].at,
        version=events[-1].number,
    )
