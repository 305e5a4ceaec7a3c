"""Short answers, kept in memory: whole, or a part of a distant file."""

from urllib.parse import urlsplit

from geodata.answers import range_start, whole_size
from geodata.fetch import DEFAULT_LIMITS, Limits, Transfer


def ask(
    address: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    body: bytes | None = None,
    expect: str = "answer.json",
) -> bytes:
    """Return a short answer, kept in memory.

    Parameters
    ----------
    address
        An ``http`` or ``https`` address, query included.
    limits
        What the transfer may cost.
    body
        Form or query to send by POST; GET when None.
    expect
        A file name whose suffix says how the answer must begin.

    Raises
    ------
    SourceError
        When the source does not answer with the data.
    """
    transfer = Transfer(address, limits, body, None)

    def attempt() -> bytes:
        with transfer.answer({}) as response:
            return b"".join(transfer.chunks(response, 0, expect))

    return transfer.with_retries(attempt)


def ask_part(
    address: str, first: int, end: int, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[bytes, int]:
    """Return some bytes of a file, and the size of the whole.

    Parameters
    ----------
    address
        An ``http`` or ``https`` address.
    first, end
        Position of the first byte, and of the one after the last.
    limits
        What the transfer may cost.

    Raises
    ------
    SourceError
        When the source does not answer, or cannot send a part of a file.
    """
    transfer = Transfer(address, limits, None, None)
    name = urlsplit(address).path.rpartition("/")[2]

    def attempt() -> tuple[bytes, int]:
        with transfer.answer({"Range": f"bytes={first}-{end - 1}"}) as response:
            whole = whole_size(response.headers)
            if response.status_code != 206 or range_start(response.headers) != first or not whole:
                raise transfer.error(
                    "La source ne sait pas envoyer une partie d'un fichier",
                    "Téléchargez le fichier entier, puis donnez-le par son chemin.",
                )
            return b"".join(transfer.chunks(response, first, name)), whole

    return transfer.with_retries(attempt)
