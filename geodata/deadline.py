"""A time at which connections are cut from outside, whatever they are doing.

A server may answer a byte now and then, for ever, each within the time between two receptions.
"""

import socket  # noqa: TID251 - cuts what fetch.py opens
import time
from contextlib import suppress
from threading import Lock, Timer


class Deadline:
    """A time, and the connections that do not outlive it.

    Parameters
    ----------
    at_s
        The time, in seconds of ``time.monotonic``.
    """

    def __init__(self, at_s: float) -> None:
        self._at_s = at_s
        self._lock = Lock()
        self._twins: list[socket.socket] = []
        self._timer = Timer(max(0.0, self.left_s()), self._cut)
        self._timer.daemon = True

    def left_s(self) -> float:
        """Return the seconds left, negative when the time is over."""
        return self._at_s - time.monotonic()

    def watch(self, opened: socket.socket) -> None:
        """Cut a connection when the time is over, unless :meth:`stop` comes first."""
        with self._lock:
            # A twin, because encryption takes the socket itself over.
            self._twins.append(opened.dup())
            if not self._timer.is_alive() and not self._timer.finished.is_set():
                self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.cancel()
        with self._lock:
            for twin in self._twins:
                twin.close()
            self._twins.clear()

    def _cut(self) -> None:
        with self._lock:
            for twin in self._twins:
                with suppress(OSError):  # already closed by the other side
                    twin.shutdown(socket.SHUT_RDWR)
