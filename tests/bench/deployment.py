"""Plans as a user asks for them: whole processes, from the command to the files."""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """One command to time."""

    name: str
    arguments: tuple[str, ...]
    target_s: float
    official: bool = False


CASES = (
    Case(
        "Allier, 30 positions, tours, no official file",
        ("--territory", "03", "--positions", "30"),
        15,
    ),
    Case(
        "Allier, 30 positions, tours, official files",
        ("--territory", "03", "--positions", "30"),
        15,
        official=True,
    ),
    Case(
        "Auvergne-Rhône-Alpes (4,032 communes), 400 positions, no tours",
        ("--territory", "REG-84", "--positions", "400", "--no-tours"),
        60,
    ),
)


def official_folder() -> Path | None:
    """Return the folder of the official files, if there is one."""
    named = os.environ.get("GEODATA_DIR", "").strip()
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if (folder / "laposte_poincont2.csv").is_file() else None


def timed(case: Case, folder: Path | None) -> tuple[float, float, float]:
    """Run once; return wall seconds, CPU seconds and peak memory in MB."""
    env = {k: v for k, v in os.environ.items() if k != "GEODATA_DIR"}
    if case.official and folder is not None:
        env["GEODATA_DIR"] = str(folder.resolve())
    with tempfile.TemporaryDirectory() as out:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        command = [sys.executable, "-m", "planning", "plan", *case.arguments, "--out", out]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
        wall = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024


def main() -> None:
    """Print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    folder = official_folder()
    print("| plan (whole process) | target s | wall s (median) | min–max | CPU s | peak MB |")
    print("|---|---|---|---|---|---|")
    for case in CASES:
        if case.official and folder is None:
            print(f"| {case.name} | {case.target_s:g} | skipped: no official files | | | |")
            continue
        timed(case, folder)  # once uncounted: the disk and the cache of parsed files are warm
        runs = [timed(case, folder) for _ in range(args.runs)]
        wall, cpu, memory = (list(column) for column in zip(*runs, strict=True))
        print(
            f"| {case.name} | {case.target_s:g} | {statistics.median(wall):.1f} "
            f"| {min(wall):.1f}–{max(wall):.1f} | {statistics.median(cpu):.1f} "
            f"| {max(memory):.0f} |"
        )


if __name__ == "__main__":
    main()
