"""When a solver stops, and how it tells of its progress.

A *stop* is any callable ``stop(iteration, best) -> bool``; a solver asks it once an
iteration.  A *progress* is any callable that takes a :class:`Progress`; to cancel a
run, raise from it: solvers let the exception through.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from geodata.errors import DataError


class Stop(Protocol):
    """Decides whether a solver stops; ``kind`` and ``value`` are recorded in the plan."""

    @property
    def kind(self) -> str:
        """``"iterations"`` or ``"seconds"``."""

    @property
    def value(self) -> float:
        """How many of them."""

    def __call__(self, iteration: int, best: float) -> bool:
        """Return True when the solver must stop.

        Parameters
        ----------
        iteration
            Iterations done so far, from 0.
        best
            Objective of the best plan so far, infinite when there is none.
        """


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    ``done_share`` is 0–1; ``objective`` and ``bound`` are those of the best plan so
    far, ``None`` before there is one; ``message`` is a short French text.
    """

    done_share: float
    message: str
    objective: float | None = None
    bound: float | None = None


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True)
class _AfterIterations:
    value: float
    kind: str = "iterations"

    def __call__(self, iteration: int, best: float) -> bool:  # noqa: ARG002
        return iteration >= self.value


class _AfterSeconds:
    kind = "seconds"

    def __init__(self, value: float) -> None:
        self.value = value
        self._deadline: float | None = None

    def __call__(self, iteration: int, best: float) -> bool:  # noqa: ARG002
        # The clock starts at the first question, so a stop can be made early and kept.
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + self.value
        return now >= self._deadline


@dataclass(frozen=True)
class _OrWhen:
    stop: Stop
    asked: Callable[[], bool]

    @property
    def kind(self) -> str:
        return self.stop.kind

    @property
    def value(self) -> float:
        return self.stop.value

    def __call__(self, iteration: int, best: float) -> bool:
        return self.asked() or self.stop(iteration, best)


def never() -> bool:
    """Answer no: nobody asks to stop."""
    return False


def or_when(stop: Stop, asked: Callable[[], bool]) -> Stop:
    """Stop as ``stop`` does, or as soon as someone asks; the best plan so far is kept."""
    return _OrWhen(stop, asked)


def asked_of(stop: Stop) -> Callable[[], bool]:
    """Return what tells whether someone asked a stop, its own limit apart."""
    return stop.asked if isinstance(stop, _OrWhen) else never


def after_iterations(n: int) -> Stop:
    """Stop after ``n`` iterations: the same input and seed then give the same plan."""
    if n < 0:
        raise DataError(
            f"Le nombre d'itérations doit être positif ou nul : {n}", remedy="Donnez un entier ≥ 0."
        )
    return _AfterIterations(n)


def after_seconds(seconds: float) -> Stop:
    """Stop ``seconds`` seconds after the solver first asks; a new one is needed for each run."""
    if not seconds > 0:
        raise DataError(
            f"La durée de calcul doit être positive : {seconds} s",
            remedy="Donnez un nombre de secondes supérieur à 0.",
        )
    return _AfterSeconds(seconds)
