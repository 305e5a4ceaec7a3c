"""What can be put on a département's map, and what is to be said of what cannot."""

from dataclasses import dataclass

from planning.deployment import Deployment
from views.parts import territory_view, wording
from views.parts.territory_view import PLACE_LAYERS


@dataclass(frozen=True)
class Overlays:
    """Overlays offered, name → button; layers that are missing; notes on the others."""

    options: dict[str, str]
    absent: tuple[str, ...]
    notes: tuple[str, ...]

    def default(self, linked: tuple[str, ...] | None) -> list[str]:
        """Return the overlays shown at first: those of the link, else sites and cantons."""
        wanted = ("sites", "cantons") if linked is None else linked
        return [name for name in wanted if name in self.options]


def of(department: str, plan: Deployment | None) -> Overlays:
    """Return the overlays of a département, with a plan's results when there is one."""
    options = {"sites": "Sites du plan", "tournees": "Tournées"} if plan else {}
    if territory_view.canton_lines(department):
        options["cantons"] = "Cantons"
    places, absent, notes = _places(department)
    options |= places
    granted = int(territory_view.granted(department)["positions"].sum())
    if granted:
        options["accordes"] = f"Postes accordés ({wording.number(granted)})"
    return Overlays(options, absent, notes)


def _places(department: str) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    counts = territory_view.place_counts(department)
    options, absent, empty, notes = {}, [], [], []
    for name, kind in PLACE_LAYERS.items():
        status = territory_view.layer_status(name)
        if status == "missing":
            absent.append(kind.label)
        elif not counts[name]:
            empty.append(kind.label)
        else:
            partial = ", partiel" if status == "partial" else ""
            options[name] = f"{kind.label} ({wording.number(counts[name])}{partial})"
            if partial:
                notes.append(territory_view.partial_text(name, counts[name]))
    if empty:
        notes.append(f"Aucun lieu recensé dans ce département : {wording.joined(empty)}.")
    return options, tuple(absent), tuple(notes)
