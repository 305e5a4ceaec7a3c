"""The only module that opens a connection.

GET and POST go through the same limits: time to connect, to read and in all, size,
redirects, attempts, and only to public hosts (:mod:`geodata.guard`).  A web page answered
instead of data is refused.  On top of this, :mod:`geodata.ask` keeps short answers in memory and
:mod:`geodata.download` writes files.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlsplit

import requests  # noqa: TID251 - here and nowhere else
import urllib3

from geodata.answers import HEAD_BYTES, not_data, retry_after_s, whole_size
from geodata.deadline import Deadline
from geodata.errors import SourceError
from geodata.guard import ALLOWED, GuardedAdapter, InternalAddressError

logger = logging.getLogger(__name__)

ProgressBytes = Callable[[int, int | None], None]
"""Takes the bytes received and the whole size (None when unknown); raise to cancel."""

_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_READ_BYTES: Final = 1 << 16
_OFFLINE: Final = "Vérifiez la connexion à internet, ou déposez le fichier dans GEODATA_DIR."
_T = TypeVar("_T")
Answer: TypeAlias = requests.Response


@dataclass(frozen=True)
class Limits:
    """What a transfer may cost.

    Parameters
    ----------
    connect_s, read_s
        Seconds to connect, and between two receptions.
    total_s
        Seconds in all, attempts and pauses included.
    max_bytes
        Size of the answer.
    attempts
        How many times to try.
    backoff_s, wait_s
        First pause between two attempts (doubled each time), and the longest one
        accepted, ``Retry-After`` included.
    redirects
        How many redirections to follow.
    """

    connect_s: float = 5.0
    read_s: float = 20.0
    total_s: float = 900.0
    max_bytes: int = 3_000_000_000
    attempts: int = 4
    backoff_s: float = 0.5
    wait_s: float = 30.0
    redirects: int = 5


DEFAULT_LIMITS: Final = Limits()


class TryAgainError(Exception):
    """A fault that another attempt may cure; ``error`` is raised when none is left."""

    def __init__(self, error: SourceError, pause_s: float | None = None) -> None:
        self.error = error
        self.pause_s = pause_s
        super().__init__(str(error))


class Transfer:
    """One address asked for under limits, in one or several attempts.

    Parameters
    ----------
    address
        An ``http`` or ``https`` address.
    limits
        What the transfer may cost; its clock starts now.
    body
        Form or query to send by POST; GET when None.
    progress
        Called as bytes come, and while waiting.
    """

    def __init__(
        self, address: str, limits: Limits, body: bytes | None, progress: ProgressBytes | None
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SourceError(
                "Adresse refusée", where=address, remedy="Donnez une adresse http:// ou https://."
            )
        self.address = address
        self.body = body
        self.limits = limits
        self.progress = progress
        self.deadline = time.monotonic() + limits.total_s
        self.received = 0
        self.total: int | None = None

    def with_retries(self, attempt: Callable[[], _T]) -> _T:
        """Return what ``attempt`` returns, tried again as the limits allow."""
        number = 1
        while True:
            try:
                return attempt()
            except TryAgainError as fault:
                pause = fault.pause_s
                if pause is None:
                    pause = self.limits.backoff_s * 2 ** (number - 1)
                last = number >= self.limits.attempts or pause > self.limits.wait_s
                if last or time.monotonic() + pause > self.deadline:
                    raise fault.error from fault
                logger.info("%s: attempt %d failed (%s)", self.address, number, fault)
                self._sleep(pause)
                number += 1

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.25))
            self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.received, self.total)

    def error(self, what: str, remedy: str = _OFFLINE) -> SourceError:
        """Return an error that names the address."""
        return SourceError(what, where=self.address, remedy=remedy)

    def _left_s(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.error(
                f"Le temps accordé est écoulé ({self.limits.total_s:g} s)",
                "Relancez : le téléchargement reprendra si possible où il s'est arrêté.",
            )
        return left

    @contextmanager
    def answer(self, headers: dict[str, str]) -> Iterator[Answer]:
        """Open the connection; the answer is 200, 206, 304 or 416."""
        left = self._left_s()
        with requests.Session() as session:
            session.max_redirects = self.limits.redirects
            session.headers["Accept-Encoding"] = "identity"
            guarded = GuardedAdapter(Deadline(self.deadline))
            for scheme in ("http://", "https://"):
                session.mount(scheme, guarded)
            with self._network_errors():
                response = session.request(
                    "GET" if self.body is None else "POST",
                    self.address,
                    data=self.body,
                    headers=headers,
                    stream=True,
                    timeout=(min(self.limits.connect_s, left), min(self.limits.read_s, left)),
                )
                with response:
                    self._check_status(response)
                    yield response

    @contextmanager
    def _network_errors(self) -> Iterator[None]:
        try:
            yield
        except InternalAddressError as error:
            raise self.error(
                "Cette adresse mène à un réseau privé, elle est refusée",
                f"Donnez une adresse publique, ou autorisez ce réseau par {ALLOWED}=1.",
            ) from error
        except requests.TooManyRedirects as error:
            raise self.error("La source redirige sans fin") from error
        except requests.exceptions.SSLError as error:
            raise self.error("Le certificat de la source n'est pas reconnu") from error
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            self._left_s()
            raise TryAgainError(self.error("La source ne répond pas")) from error
        except requests.RequestException as error:
            raise self.error("L'adresse de la source n'est pas utilisable") from error

    def _check_status(self, response: Answer) -> None:
        status = response.status_code
        if status in {200, 206, 304, 416}:
            return
        error = self.error(f"La source a répondu par l'erreur {status}")
        if status in _TRY_AGAIN:
            raise TryAgainError(error, retry_after_s(response.headers.get("Retry-After")))
        raise error

    def chunks(self, response: Answer, start: int, file_name: str) -> Iterator[bytes]:
        """Yield the body, once its first bytes are known to be data."""
        self.received, self.total = start, whole_size(response.headers)
        self._check_size(self.total or 0)
        pieces = self._pieces(response)
        head = b""
        for piece in pieces:
            head += piece
            if len(head) >= HEAD_BYTES:
                break
        content_type = response.headers.get("Content-Type", "")
        fault = not_data(head, content_type, file_name, is_start=start == 0)
        if fault:
            raise self.error(f"La source a répondu {fault}")
        for piece in chain((head,), pieces):
            self.received += len(piece)
            self._check_size(self.received)
            self._tell()
            yield piece

    def _pieces(self, response: Answer) -> Iterator[bytes]:
        while piece := response.raw.read1(_READ_BYTES, decode_content=True):
            self._left_s()
            yield piece
        self._left_s()  # at the end of the time, the connection is cut as if the body had ended
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and response.raw.tell() != int(announced):
            raise TryAgainError(self.error("La réponse est tronquée"))

    def _check_size(self, size: int) -> None:
        if size > self.limits.max_bytes:
            raise self.error(
                f"Le fichier dépasse la taille admise ({self.limits.max_bytes / 1e6:.0f} Mo)",
                "Vérifiez l'adresse.",
            )
