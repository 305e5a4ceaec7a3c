"""Counts iterations, asks whether to stop, tells of progress."""

import time
from dataclasses import replace

import numpy as np

from planning.stopping import (
    Progress,
    ProgressCallback,
    Stop,
    after_iterations,
    after_seconds,
    or_when,
)


class Watch:
    """What every step of a solver shares.

    Parameters
    ----------
    stop
        Asked once an iteration, and from inside HiGHS at a constant iteration.
    progress
        Told at most ten times a second; it may raise to cancel.
    """

    def __init__(self, stop: Stop, progress: ProgressCallback | None = None) -> None:
        self.stop = stop
        self.progress = progress
        self.iteration = 0
        self.best = np.inf
        self.bound = -np.inf
        self.stopped = stop(0, np.inf)
        self.started = time.monotonic()
        self._told = -np.inf
        self._share = 0.0

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left_s(self) -> float:
        """Seconds left where the stop counts seconds, at least one; infinite otherwise."""
        if self.stop.kind != "seconds":
            return np.inf
        return max(1.0, self.stop.value - self.seconds)

    def half(self) -> "Watch":
        """Return a watch for a first step, which stops at half of what is given at most."""
        told = self.progress

        def first_half(step: Progress) -> None:
            if told is not None:
                told(replace(step, done_share=step.done_share / 2, objective=None))

        whole = self.stop
        if whole.kind == "iterations":
            return Watch(or_when(after_iterations(int(whole.value // 2)), self.ask), first_half)
        if whole.kind == "seconds":
            return Watch(or_when(after_seconds(whole.value / 2), self.ask), first_half)
        return Watch(whole, first_half)

    def ask(self) -> bool:
        """Ask whether to stop, without counting an iteration."""
        self.stopped = self.stopped or self.stop(self.iteration, self.best)
        return self.stopped

    def tick(self) -> bool:
        """Count one iteration and ask whether to stop."""
        self.iteration += 1
        return self.ask()

    def tell(self, message: str) -> None:
        """Tell of progress, not too often."""
        if self.progress is None or self.seconds - self._told < 0.1:
            return
        self._told = self.seconds
        done = self.seconds if self.stop.kind == "seconds" else self.iteration
        share = min(done / self.stop.value, 1.0) if self.stop.value else 1.0
        self._share = max(self._share, share)
        objective = self.best if np.isfinite(self.best) else None
        bound = self.bound if np.isfinite(self.bound) else None
        self.progress(Progress(self._share, message, objective, bound))
