"""Guess the kind of a place from its name.

The source has no field for it.  The rules are tried in order, and the first that fits
wins: what a place *is* (France Services, library) comes before where it is (town hall)
and who runs it (association).  A name that says nothing is ``"other"``.
"""

import re
from typing import Final

_RULES: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "france_services",
            r"\bfrances? services?\b|\bmsap\b|\befs\b|maisons? (de |des )?services?\b",
        ),
        ("permanence", r"conseill(er|ère)s? numérique"),
        ("library", r"m[ée]diath[èe]que|biblioth[èe]que|ludoth[èe]que"),
        ("ccas", r"\bccas\b|centre communal d.action social"),
        ("other", r"\b[bp]ij\b|\binfo(rmation)?s? jeun|mission locale"),
        ("ehpad", r"\behpad\b|maison de retraite"),
        ("postal_point", r"bureau de poste|la poste\b"),
        ("town_hall", r"\bmairie\b|\bhôtel de ville\b"),
        (
            "social_centre",
            r"centres? socia|socio-?\s?culturel|\bmjc\b|jeunes et de la culture"
            r"|maison pour tous|\bmpt\b|maison de quartier|vie sociale|\bevs\b"
            r"|maison des habitant|\bmdh\b|espace social|jeunes et d.[ée]ducation populaire",
        ),
        ("third_place", r"tiers.?lieux?\b|1/3 lieu|ti.lieu|fab ?lab|\w*lab'?\d*\b"),
        (
            "association",
            r"associa?tion|familles? rurales?|\bafr\b|\budaf\d*\b|secours|restos du c|emma[üu]s"
            r"|croix.rouge|ligue de l.enseignement|f[ée]d[ée]ration|accorderie|\bapf\b|\badmr\b"
            r"|conf[ée]d[ée]ration|\bface \b|pimms|\bicare\b|\bcidff\b|\bclub\b|entraide",
        ),
        (
            "mediation_place",
            r"num[ée]ri|\bepn\b|cyber|multim[ée]dia|informatique|\btic\b|@ssistant|e-media|zoomacom",
        ),
    )
)

_MOBILE: Final = re.compile(r"\bbus\b|\bcamion|\bfourgon|itin[ée]ran", re.IGNORECASE)


def kind_of(name: str) -> str:
    """Return the kind that the name of a place suggests (see ``geodata.schema.PLACE``)."""
    return next((kind for kind, rule in _RULES if rule.search(name)), "other")


def is_mobile(name: str) -> bool:
    """Return whether the name says that the place moves."""
    return _MOBILE.search(name) is not None
