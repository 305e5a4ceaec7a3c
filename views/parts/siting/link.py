"""A siting study as it stands in a link: all that it says is checked, the rest left out."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from planning.siting.study import HOST_COST_EUR, Study
from views.parts import state
from views.parts.siting import lists
from views.parts.siting.lists import CODE, MOST_IN_LINK, few

DEFAULT: Final = Study("03")

MODELS: Final = {
    "temps-moyen": "p-median",
    "couverture": "max-cover",
    "tous-couverts": "set-cover",
    "plus-long": "p-center",
    "charge": "capacitated",
}
EXISTING: Final = {"ignores": "ignored", "deplacables": "movable", "gardes": "kept"}
GROUPS: Final = {"": "", "canton": "canton", "epci": "epci", "departement": "department"}
PRIORITIES: Final = {"": "", "rural": "rural", "liste": "own"}
GRAINS: Final = {"commune": "commune", "canton": "canton"}

MOST_SITES: Final = 20_000
_COST: Final = re.compile(r"([a-z_]{3,20}):(\d{1,7})")


def read(link: Mapping[str, str], territories: Collection[str], kinds: Collection[str]) -> Study:
    """Return the study of a link; what makes no sense is by default.

    Parameters
    ----------
    link
        Query parameters, of unknown origin.
    territories, kinds
        Codes of territories and kinds of hosts that exist.
    """

    def number(name: str, low: int, high: int, default: float) -> int:
        return state.number_of(link, name, (low, high), int(default))

    def one_of(name: str, choices: Mapping[str, Any], default: str) -> Any:
        return choices[state.chosen(link, name, choices, default)]

    group_max = number("gmax", 0, MOST_SITES, 0)
    farthest = number("loin", 0, 120, 0)
    budget = number("budget", 0, 9_999_999, 0)
    return Study(
        territory=state.chosen(link, "territoire", territories, DEFAULT.territory),
        model=one_of("modele", MODELS, "temps-moyen"),
        sites=number("sites", 1, MOST_SITES, DEFAULT.sites),
        threshold_min=float(number("seuil", 1, 60, DEFAULT.threshold_min)),
        existing=one_of("existants", EXISTING, "ignores"),
        caseload=float(number("charge", 10, 20_000, DEFAULT.caseload)),
        per_site=number("parsite", 1, 20, DEFAULT.per_site),
        priority=one_of("priorite", PRIORITIES, ""),
        own_priority=lists.from_link(str(link.get("liste", ""))),
        priority_factor=number("poids", 100, 1000, 100 * DEFAULT.priority_factor) / 100,
        group=one_of("groupe", GROUPS, ""),
        group_min=min(number("gmin", 0, 500, 0), group_max or 500),
        group_max=group_max or None,
        farthest_min=float(farthest) or None,
        budget_eur=float(budget) or None,
        cost_eur=_costs(link, kinds),
        forced=_codes(link, "imposes"),
        forbidden=tuple(
            code for code in _codes(link, "interdits") if code not in _codes(link, "imposes")
        ),
        grain=one_of("besoin", GRAINS, "commune"),
        seconds=float(number("duree", 5, 120, DEFAULT.seconds)),
    )


def typed_codes(text: str, known: Collection[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the communes of a typed list, and what is wrong with it (French), if anything.

    Parameters
    ----------
    text
        Codes separated by commas, semicolons, blanks or line breaks.
    known
        Codes of the communes of the territory.
    """
    words = list(dict.fromkeys(re.split(r"[\s,;]+", text.strip().upper()))) if text.strip() else []
    strange = [word for word in words if not CODE.fullmatch(word)]
    elsewhere = [word for word in words if CODE.fullmatch(word) and word not in known]
    faults = []
    if strange:
        faults.append(f"ce ne sont pas des codes de commune : {few(strange)}")
    if elsewhere:
        faults.append(f"ces communes ne sont pas dans le territoire : {few(elsewhere)}")
    if len(words) > MOST_IN_LINK:
        faults.append(f"{len(words)} communes, pour {MOST_IN_LINK} au plus")
    return tuple(words), faults


def left_out(link: Mapping[str, str], study: Study) -> list[str]:
    """Return the parameters of a link that a study does not hold: they made no sense."""
    held = _written(study)
    return [
        name
        for name, value in held.items()
        if name in link and _plain(str(link[name])) != _plain(value)
    ]


def _plain(text: str) -> str:
    return ",".join(sorted(text.upper().split(",")))


def write(study: Study) -> dict[str, str]:
    """Return the parameters of a study; what is by default is left out."""
    default = _written(DEFAULT)
    return {name: value for name, value in _written(study).items() if value != default[name]}


def _written(study: Study) -> dict[str, str]:
    return {
        "territoire": study.territory,
        "modele": _name(MODELS, study.model),
        "sites": str(study.sites),
        "seuil": f"{study.threshold_min:.0f}",
        "existants": _name(EXISTING, study.existing),
        "charge": f"{study.caseload:.0f}",
        "parsite": str(study.per_site),
        "priorite": _name(PRIORITIES, study.priority),
        "liste": lists.in_link(study.own_priority),
        "poids": f"{100 * study.priority_factor:.0f}",
        "groupe": _name(GROUPS, study.group),
        "gmin": str(study.group_min),
        "gmax": str(study.group_max or 0),
        "loin": f"{study.farthest_min or 0:.0f}",
        "budget": f"{study.budget_eur or 0:.0f}",
        "couts": ",".join(
            f"{kind}:{cost:.0f}"
            for kind, cost in sorted(study.cost_eur.items())
            if cost != HOST_COST_EUR
        ),
        "imposes": ",".join(study.forced),
        "interdits": ",".join(study.forbidden),
        "besoin": study.grain,
        "duree": f"{study.seconds:.0f}",
    }


def _name(choices: Mapping[str, str], value: str) -> str:
    return next(name for name, one in choices.items() if one == value)


def _codes(link: Mapping[str, str], name: str) -> tuple[str, ...]:
    text = str(link.get(name, ""))
    return lists.from_link(text) if CODE.match(text.upper()) else ()


def _costs(link: Mapping[str, str], kinds: Collection[str]) -> dict[str, float]:
    found = {}
    for part in str(link.get("couts", ""))[:400].split(","):
        match = _COST.fullmatch(part)
        if match and match[1] in kinds:
            found[match[1]] = float(match[2])
    return found
