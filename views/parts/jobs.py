"""Long runs beside the page: started once a key, followed by whoever waits for them.

Two sessions that ask for the same plan share one computation; a page that is closed leaves
it running, so that the next visitor finds it done.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, Generic, TypeVar

from planning.stopping import Progress

_log = logging.getLogger(__name__)

AT_ONCE: Final = 2
"""Runs at once on a server; the others wait for their turn."""

LONGEST_WAIT_S: Final = 120.0
LEAVING_S: Final = 1.0
"""Longest time that a page takes to leave a run once its button was heard."""

_TURNS: Final = threading.BoundedSemaphore(AT_ONCE)

T = TypeVar("T")


class Cancelled(Exception):  # noqa: N818 - no error: someone asked for it
    """Raised inside a run that was stopped by its user."""


class Job(Generic[T]):
    """One run: its latest progress, then its result or its error.

    ``followers`` counts the pages that wait for it.  A run that ``keeps`` takes a second
    argument: it answers yes once someone wants the best result so far.
    """

    def __init__(self, function: Callable[..., T], *, keeps: bool = False) -> None:
        self.progress = Progress(0.0, "Préparation…")
        self.followers = 0
        self._counting = threading.Lock()
        self.keeps = keeps
        self._enough = threading.Event()
        self._function = partial(function, self._told)
        if keeps:
            self._function = partial(function, self._told, self._enough.is_set)
        self._result: list[T] = []
        self._error: Exception | None = None
        self._cancel = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Job[T]":
        """Start the run."""
        self._thread.start()
        return self

    def _run(self) -> None:
        try:
            with self._turn():
                self._result.append(self._function())
        except Exception as error:  # noqa: BLE001 - given back to whoever waits
            self._error = error
        finally:
            self._done.set()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for a turn: runs share the processors with the pages that people look at.

        A run never waits for good, lest it hold up one that waits for it.
        """
        mine, until = False, time.monotonic() + LONGEST_WAIT_S
        while not mine and time.monotonic() < until:
            mine = _TURNS.acquire(timeout=0.1)
            if not mine:
                self._told(Progress(0.0, "En attente : d'autres calculs sont en cours…"))
        try:
            yield
        finally:
            if mine:
                _TURNS.release()

    def _told(self, progress: Progress) -> None:
        if self._cancel.is_set():
            raise Cancelled
        self.progress = progress

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Count a page that waits, until it leaves."""
        with self._counting:
            self.followers += 1
        try:
            yield
        finally:
            with self._counting:
                self.followers -= 1

    def cancel(self) -> None:
        """Ask the run to stop at its next word of progress, unless another page waits for it."""
        if self._left_alone():
            self._cancel.set()

    def finish(self) -> None:
        """Ask the run for its best result so far, unless another page waits for it."""
        if self._left_alone():
            self._enough.set()

    def _left_alone(self) -> bool:
        """Tell whether no other page waits.

        The page that asks leaves a moment after its button was heard: the framework starts
        its next run before it ends the one that waits.
        """
        until = time.monotonic() + LEAVING_S
        while self.followers and time.monotonic() < until:
            time.sleep(0.02)
        return not self.followers

    @property
    def stopping(self) -> bool:
        """Whether the run was asked to stop without a result; it may take a while to hear it."""
        return self._cancel.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait; tell whether the run is over."""
        return self._done.wait(seconds)

    @property
    def done(self) -> bool:
        """Whether the run is over."""
        return self._done.is_set()

    @property
    def failed(self) -> bool:
        """Whether the run is over without a result."""
        return self.done and not self._result

    def result(self) -> T:
        """Return the result, or raise what the run raised."""
        if self._error is not None:
            raise self._error
        return self._result[0]


class Jobs(Generic[T]):
    """Runs by key; the oldest finished ones beyond ``keep`` are forgotten."""

    def __init__(self, keep: int) -> None:
        self._keep: Final = keep
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job[T]] = OrderedDict()

    def get(self, key: str, function: Callable[..., T], *, keeps: bool = False) -> Job[T]:
        """Return the run of this key, started now unless it is under way or done.

        ``function`` takes a progress and, where it ``keeps``, a question: see :class:`Job`.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.failed:
                job = self._jobs[key] = Job(function, keeps=keeps).start()
            self._jobs.move_to_end(key)
            finished = [one for one, known in self._jobs.items() if known.done and one != key]
            for old in finished[: max(0, len(self._jobs) - self._keep)]:
                del self._jobs[old]
            return job

    def forget(self, key: str) -> None:
        """Forget the run of this key: the next who asks starts it again."""
        with self._lock:
            self._jobs.pop(key, None)

    def peek(self, key: str) -> Job[T] | None:
        """Return the run of this key if there is one, without starting it."""
        with self._lock:
            return self._jobs.get(key)

    def finished(self) -> list[tuple[str, T]]:
        """Return the runs that gave a result, by key, the latest asked for first."""
        with self._lock:
            known = list(self._jobs.items())
        return [(key, job.result()) for key, job in reversed(known) if job.done and not job.failed]
