"""Thousands of points as files that browsers fetch once and keep: their name is their hash."""

import atexit
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(tempfile.mkdtemp(prefix="points-"))
"""Of this server alone, removed when it stops; ``app.py`` serves it at :data:`PATH`."""

PATH: Final = "/app/points"
FROM_FRAME: Final = f"../..{PATH}"
"""Address of the folder, as seen from the map's frame."""

atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def publish(rows: Iterable[Sequence[Any]]) -> str:
    """Write rows ``(lat, lon, title, line…)`` and return their address from the map's frame."""
    kept = [[round(float(lat), 4), round(float(lon), 4), *rest] for lat, lon, *rest in rows]
    content = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    name = f"{hashlib.sha256(content).hexdigest()[:16]}.json"
    path = FOLDER / name
    if not path.is_file():
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
    return f"{FROM_FRAME}/{name}"
