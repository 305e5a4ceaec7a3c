"""The steps of a proposal, and the state that each leads to.

    draft ── submitted ──▶ submitted ── accepted ──▶ accepted ── reopened ──▶ resubmitted
      ▲│                    │      │
      ││ discarded     withdrawn  returned (with a reason)
      ││                    ▼      ▼
      │▼             withdrawn     returned
    discarded          │               │
    (restored)         └── submitted ──┴──▶ resubmitted ── as submitted

A step that the state does not allow is refused in words.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from geodata.errors import DataError

State = Literal[
    "draft", "submitted", "returned", "resubmitted", "withdrawn", "accepted", "discarded"
]
Step = Literal[
    "saved", "submitted", "returned", "withdrawn", "accepted", "reopened", "discarded",
    "restored",
]  # fmt: skip

# Step → state before (None: nothing written yet) → state after.
_TRANSITIONS: Final[Mapping[Step, Mapping[State | None, State]]] = MappingProxyType(
    {
        "saved": {
            None: "draft", "draft": "draft", "returned": "returned", "withdrawn": "withdrawn",
        },
        "submitted": {
            None: "submitted", "draft": "submitted",
            "returned": "resubmitted", "withdrawn": "resubmitted",
        },
        "returned": {"submitted": "returned", "resubmitted": "returned"},
        "withdrawn": {"submitted": "withdrawn", "resubmitted": "withdrawn"},
        "accepted": {"submitted": "accepted", "resubmitted": "accepted"},
        "reopened": {"accepted": "resubmitted"},
        "discarded": {"draft": "discarded"},
        "restored": {"discarded": "draft"},
    }
)  # fmt: skip
STEPS: Final = tuple(_TRANSITIONS)
WAITING: Final[tuple[State, ...]] = ("submitted", "resubmitted")
"""States in which a proposal waits for the planner's answer."""

STEP_FR: Final[Mapping[Step, str]] = MappingProxyType(
    {
        "saved": "enregistrer un brouillon",
        "submitted": "transmettre la proposition",
        "returned": "la renvoyer",
        "withdrawn": "la retirer",
        "accepted": "l'accepter",
        "reopened": "la rouvrir",
        "discarded": "supprimer ce brouillon",
        "restored": "rétablir ce brouillon",
    }
)
STATE_FR: Final[Mapping[State, str]] = MappingProxyType(
    {
        "draft": "brouillon",
        "submitted": "transmise",
        "returned": "renvoyée",
        "resubmitted": "transmise à nouveau",
        "withdrawn": "retirée",
        "accepted": "acceptée",
        "discarded": "brouillon supprimé",
    }
)
_WHY_NOT: Final[Mapping[State | None, str]] = MappingProxyType(
    {
        None: "elle n'a pas encore été transmise",
        "draft": "ce n'est encore qu'un brouillon",
        "submitted": "elle est transmise et attend une réponse",
        "resubmitted": "elle est transmise et attend une réponse",
        "returned": "elle a été renvoyée à la préfecture",
        "withdrawn": "la préfecture l'a retirée",
        "accepted": "elle est acceptée",
        "discarded": "ce brouillon est supprimé",
    }
)


def next_state(state: State | None, step: Step) -> State:
    """Return the state after a step.

    Raises
    ------
    DataError
        If the state does not allow it; the sentence says why.
    """
    after = _TRANSITIONS[step].get(state)
    if after is None:
        raise DataError(
            f"Il n'est pas possible de {STEP_FR[step]} : {_WHY_NOT[state]}",
            remedy="Rechargez la page pour voir où en est la proposition.",
        )
    return after


def allowed(state: State, step: Step) -> bool:
    """Tell whether a step can be taken from a state."""
    return state in _TRANSITIONS[step]
