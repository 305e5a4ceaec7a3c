"""Files that the browser loads: where they are, their addresses and how they were fetched.

Nothing comes from an outside host: the libraries of the map and the font of the reports
stand in ``static/vendor``, committed with their licences.  ``python -m views.parts.assets``
fetches them again with npm at the versions below and refuses a package whose hash differs.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from geodata.errors import SourceError

STATIC_DIR: Final = Path(__file__).parents[2] / "static"
VENDOR_DIR: Final = STATIC_DIR / "vendor"

# The map's frame is served from <base>/component/<name>/index.html: a relative address
# reaches the static files whatever path the application is published under.
FROM_FRAME: Final = "../../app/static"


@dataclass(frozen=True)
class Library:
    """A pinned library or font; ``files`` are (path in the package, SHA-256).

    ``package`` is the package's name where it is not ``name``.
    """

    name: str
    version: str
    package_sha256: str
    files: tuple[tuple[str, str], ...]
    package: str = ""

    @property
    def folder(self) -> str:
        """Folder under ``static/vendor``; the version in its name lets browsers keep it."""
        return f"{self.name}-{self.version}"


LIBRARIES: Final = (
    Library(
        "leaflet",
        "1.9.4",
        "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
        (
            ("dist/leaflet.js", "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"),
            (
                "dist/leaflet.css",
                "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
            ),
            ("LICENSE", "53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb"),
        ),
    ),
    Library(
        "topojson-client",
        "3.1.0",
        "889fadb422f6236d0f8337a236ce6499f258b75e44b81733b13bd971067322bf",
        (
            (
                "dist/topojson-client.min.js",
                "25cd02ae486cc5063e0215a4e4cfb15de83700c87ac48bac4d57dc6aaf3ebb89",
            ),
            ("LICENSE", "4c4d15b635e04e691825a76db7d33f7f2033b55669a7430011694f31e6c65999"),
        ),
    ),
    Library(  # the reports' font: no browser loads it
        "source-sans-3",
        "0.4.1",
        "eb41834f563921e19b18b40bc924b97110983aef800d9cb67b9186f546311828",
        (
            (
                "400Regular/SourceSans3_400Regular.ttf",
                "393fb5b878ceed04aebc34b097e853ae5138c51d0c34b496ce8e2b47e0d0b94a",
            ),
            (
                "700Bold/SourceSans3_700Bold.ttf",
                "7109021766e915ecd9721e28d11dfc732d57affda49e4ca15bb6d1529add7fdd",
            ),
            ("LICENSE_FONT", "09746787287a289323b0ec3cff4d1a4a801331b82b7207c1e186f5d26619a392"),
        ),
        package="@expo-google-fonts/source-sans-3",
    ),
)


def vendored(name: str, file: str) -> str:
    """Return the address of a vendored file, as seen from the map's frame."""
    library = next(one for one in LIBRARIES if one.name == name)
    return f"{FROM_FRAME}/vendor/{library.folder}/{file}"


@cache
def own(file: str, folder: str = FROM_FRAME) -> str:
    """Return the address of a file of ours; its hash lets browsers keep it for good."""
    digest = hashlib.sha256((STATIC_DIR / file).read_bytes()).hexdigest()[:8]
    return f"{folder}/{file}?v={digest}"


def served(file: str) -> str:
    """Return the address of a file of ours under the path of the application."""
    return own(file, "/app/static")


@cache
def outlines() -> Mapping[str, str]:
    """Return logical name (``"communes-03"``) → address of the outlines, from their index."""
    index = STATIC_DIR / "outlines" / "index.json"
    if not index.is_file():
        raise SourceError(
            "Les contours de la carte sont absents",
            where=str(index),
            remedy="Lancez « python -m geodata snapshot ».",
        )
    entries = json.loads(index.read_text(encoding="utf-8"))
    return {name: f"{FROM_FRAME}/outlines/{entry['file']}" for name, entry in entries.items()}


def mismatches() -> list[str]:
    """Return the vendored files that are missing or are not those of the pinned packages."""
    wrong = []
    for library in LIBRARIES:
        for source, expected in library.files:
            path = VENDOR_DIR / library.folder / Path(source).name
            found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "absent"
            if found != expected:
                wrong.append(f"{path.relative_to(STATIC_DIR)} : {found}")
    return wrong


def fetch(library: Library) -> None:
    """Fetch one library with npm, check its hash and write the files named.

    Raises
    ------
    SourceError
        The package is not the pinned one.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{library.package or library.name}@{library.version}"
        command = ["npm", "pack", "--silent", wanted]
        name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        package = Path(folder) / name.stdout.strip().splitlines()[-1]
        found = hashlib.sha256(package.read_bytes()).hexdigest()
        if found != library.package_sha256:
            raise SourceError(
                f"Le paquet {wanted} n'est pas celui attendu",
                where=f"SHA-256 {found}",
                remedy="Vérifiez la version épinglée dans views/parts/assets.py.",
            )
        target = VENDOR_DIR / library.folder
        target.mkdir(parents=True, exist_ok=True)
        with tarfile.open(package) as archive:
            for source, _ in library.files:
                member = archive.extractfile(f"package/{source}")
                if member is None:
                    raise SourceError(f"Fichier absent du paquet {wanted}", where=source)
                (target / Path(source).name).write_bytes(member.read())


def main() -> int:
    """Fetch every library, then check what was written."""
    try:
        for library in LIBRARIES:
            fetch(library)
    except (SourceError, subprocess.CalledProcessError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in mismatches():
        print(line, file=sys.stderr)
    return 1 if mismatches() else 0


if __name__ == "__main__":
    raise SystemExit(main())
