"""What moved positions change: access, equity and cost, against what they are compared with."""

from typing import Final

from planning.adjust import DECAY, Adjusted, positions_of
from planning.deployment import Deployment
from planning.fixed import busiest_team
from planning.programme import programme, yearly_cost
from views.parts import wording
from views.parts.proposals import view as proposal_view
from views.parts.tables import Column, Fact

GRANT: Final = "V2"
"""Rules of 2023, the latest published amounts."""


def facts(plan: Deployment, now: Adjusted, start: Adjusted, other: str = "plan") -> list[Fact]:
    """Return the figures of positions as adjusted, each with the other side's.

    Parameters
    ----------
    plan
        The plan that both sides start from.
    now, start
        The two sides.
    other
        What the other side is called.
    """
    used, had = int(now.positions.sum()), int(start.positions.sum())
    return [
        Fact(
            "Postes fixes placés",
            wording.number(used),
            f"{other} : {wording.number(had)} ; {wording.count(plan.mobile.mobile, 'poste')} "
            "de plus en tournée",
            strong=used != had,
        ),
        *_access(plan, now, start, other),
        *_equity(now, start, other),
        *_cost(used + plan.mobile.mobile, had + plan.mobile.mobile, other),
    ]


def changed_text(plan: Deployment, now: Adjusted, start: Adjusted) -> str:
    """Return what differs from the plan in words: positions, and communes that become far."""
    before, after = positions_of(plan, start), positions_of(plan, now)
    moved = proposal_view.changes_text(before, after)
    if not moved:
        return "Aucun poste n'est changé par rapport au plan."
    limit = plan.scenario.isolated_min
    names, people = plan.situation.points["name"], plan.situation.weights > 0
    farther = names[(now.minutes > limit) & (start.minutes <= limit) & people]
    nearer = names[(now.minutes <= limit) & (start.minutes > limit) & people]
    told = f"Par rapport au plan : {moved}."
    for side, what in ((farther, "au-delà"), (nearer, "en deçà")):
        if len(side):
            shown = wording.joined([*side[:8], *(["d'autres"] if len(side) > 8 else [])])
            many = wording.count(len(side), "commune passe", "communes passent")
            told += f" {many} {what} de {wording.number(limit)} min : {shown}."
    return told


SIDES: Final = (
    Column("Chiffre"),
    Column("Plan", number=True),
    Column("Proposition", number=True),
)


def side_rows(plan: Deployment, now: Adjusted, start: Adjusted) -> list[tuple[str, ...]]:
    """Return the figures of the plan and of a proposal side by side."""
    both = zip(facts(plan, start, start), facts(plan, now, start), strict=True)
    return [(planned.title, planned.value, proposed.value) for planned, proposed in both]


def _access(plan: Deployment, now: Adjusted, start: Adjusted, other: str) -> list[Fact]:
    if now.reach is None or start.reach is None:
        return []
    limit = plan.scenario.threshold_min
    share, was = now.reach.share_within[limit], start.reach.share_within[limit]
    inputs = plan.situation.siting_inputs()
    busy, was_busy = (busiest_team(inputs, one.positions, one.load) for one in (now, start))
    return [
        Fact(
            f"Personnes à {limit} min ou moins",
            wording.share(share, 1),
            _gap(share - was, other),
            strong=abs(share - was) >= 0.0005,
        ),
        Fact(
            "Temps de trajet moyen",
            wording.minutes(now.reach.mean_min, 1),
            f"modélisé ; {other} : {wording.minutes(start.reach.mean_min, 1)}",
        ),
        Fact(
            f"Communes à plus de {wording.number(plan.scenario.isolated_min)} min",
            wording.number(now.isolated),
            f"{other} : {wording.number(start.isolated)}",
        ),
        Fact(
            "Personnes par équipe, au lieu le plus chargé",
            wording.number(busy),
            f"{other} : {wording.number(was_busy)}",
        ),
    ]


def _equity(now: Adjusted, start: Adjusted, other: str) -> list[Fact]:
    near = f"{wording.number(DECAY.limit_min)} min"
    return [
        Fact(
            "Inégalité d'accès (indice de Gini)",
            wording.number(now.equity.gini, 2),
            f"{other} : {wording.number(start.equity.gini, 2)} ; 0 = autant de temps de "
            "conseiller pour chacun",
        ),
        Fact(
            f"Personnes sans poste fixe à moins de {near}",
            wording.share(now.equity.share_below, 1),
            f"{other} : {wording.share(start.equity.share_below, 1)}",
        ),
    ]


def _cost(positions: int, others: int, other: str) -> list[Fact]:
    (state, host, years), (state_was, host_was, _) = _money(positions), _money(others)
    return [
        Fact(
            f"Aide de l'État sur {years} ans",
            _euros(state),
            f"estimation, barème de 2023 ; {other} : {_euros(state_was)}",
            strong=positions != others,
        ),
        Fact(
            f"Reste aux structures sur {years} ans, au moins",
            _euros(host),
            f"{_salary()}, sans trajets ni matériel ; {other} : {_euros(host_was)}",
        ),
    ]


def _money(positions: int) -> tuple[float, float, int]:
    """Return what the State and the hosts pay in the years of an agreement, and the years."""
    table = yearly_cost(positions, GRANT, programme().values())
    aided = table[table["aided"]]
    return float(aided["state_eur"].sum()), float(aided["host_eur"].sum()), len(aided)


def _salary() -> str:
    """Return the yearly cost counted for a counsellor, the least of its range, and the most."""
    known = next(one for one in programme().assumptions if one.key == "employer_cost_eur")
    return (
        f"salaires seuls, à {wording.number(known.value)} € par an (jusqu'à "
        f"{wording.number(known.high)} €)"
    )


def _euros(value: float) -> str:
    if value >= 1e6:
        return f"{wording.number(value / 1e6, 2)}{wording.FIXED}M€"
    return f"{wording.number(value, -3)}{wording.FIXED}€"


def _gap(difference: float, other: str) -> str:
    if abs(difference) < 0.0005:
        return f"comme le {other}"
    return f"{wording.points(difference, 1)} par rapport au {other}"
