"""Lists of communes: read from a file, and kept by the server when a link cannot hold them."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

MOST_IN_LINK: Final = 200
"""Communes that a link holds by their codes; a longer list is named by its hash."""

LISTS_KEPT: Final = 64
MOST_BYTES: Final = 5_000_000
CODE: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}")

_MARK: Final = "~"
_lists: OrderedDict[str, tuple[str, ...]] = OrderedDict()


@dataclass(frozen=True)
class Listed:
    """What a file of communes holds.

    Parameters
    ----------
    codes
        Codes inside the territory, without repetition, in their order.
    outside
        Number of other communes of France in the list.
    faults
        What is wrong with the file (French); nothing may then be computed from it.
    """

    codes: tuple[str, ...]
    outside: int = 0
    faults: tuple[str, ...] = ()


def read_file(content: bytes, inside: Collection[str], every: Collection[str]) -> Listed:
    """Read a list of communes: a code a line, alone or as the first code of a table's row.

    Parameters
    ----------
    content
        The file, as text in UTF-8 or Latin-1; a first line without a code is a header.
    inside, every
        Codes of the territory, and of France.
    """
    if refused := _refused(content):
        return Listed((), faults=(refused,))
    found: dict[str, None] = {}
    strange, unknown = [], []
    for number, line in enumerate(_text(content).splitlines(), start=1):
        code = _code_of(line)
        if code in every:
            found[code] = None
        elif code:
            unknown.append(f"{code} (ligne {number})")
        elif number > 1 and line.strip(' ;,\t"'):
            strange.append(f"ligne {number}")
    faults = []
    if strange:
        faults.append(f"des lignes n'ont pas de code de commune : {few(strange)}")
    if unknown:
        faults.append(f"des codes ne sont pas ceux de communes actuelles : {few(unknown)}")
    codes = tuple(code for code in found if code in inside)
    if not faults and not codes:
        faults.append("aucune commune du territoire dans ce fichier")
    return Listed(codes, len(found) - len(codes), tuple(faults))


def _refused(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        return f"fichier de plus de {MOST_BYTES // 1_000_000} Mo"
    return "ce n'est pas un fichier de texte (CSV)" if b"\x00" in content else ""


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _code_of(line: str) -> str:
    words = (word.strip(" \"'").upper() for word in re.split(r"[;,\t]", line))
    return next((word for word in words if CODE.fullmatch(word)), "")


def few(words: list[str]) -> str:
    """Return the first words of a list, and how many follow."""
    more = f" et {len(words) - 5} autres" if len(words) > 5 else ""
    return ", ".join(word[:20] for word in words[:5]) + more


def in_link(codes: tuple[str, ...]) -> str:
    """Return how a list stands in a link: its codes, or its hash when it is long."""
    if len(codes) <= MOST_IN_LINK:
        return ",".join(codes)
    name = hashlib.sha256(",".join(codes).encode()).hexdigest()[:16]
    _lists[name] = codes
    _lists.move_to_end(name)
    while len(_lists) > LISTS_KEPT:
        _lists.popitem(last=False)
    return f"{_MARK}{name}"


def from_link(text: str) -> tuple[str, ...]:
    """Return the list of a link; empty where the server does not keep it (any more)."""
    if text.startswith(_MARK):
        return _lists.get(text[len(_MARK) :].lower(), ())
    parts = text[: 6 * MOST_IN_LINK].upper().split(",")
    return tuple(dict.fromkeys(part for part in parts if CODE.fullmatch(part)))
