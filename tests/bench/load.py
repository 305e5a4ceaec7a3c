"""Thirty people at once, for ten minutes: ``python -m tests.bench.load``.

29 visitors speak the framework's protocol (:mod:`tests.bench.visitor`); one person in Chromium
switches the département on the map and is timed as a user would be.  ``--minutes``,
``--sessions`` and ``--think`` make it shorter or harder; the snapshot alone, or the official
files where ``GEODATA_DIR`` names them.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests.bench.visitor import Visitor
from tests.browser.conftest import CHROMIUM, DESKTOP, drawn, serve

DEPARTMENT: Final = "Département"
COMMUNE: Final = "Votre commune ou votre code postal"
COMMUNES: Final = ("Moulins", "35000", "Lyon 3", "97411", "Mende", "saint etienne", "20000")
SWITCHES: Final = ("Creuse", "Gers", "Lozère", "Finistère", "Nord", "Allier", "Var")

# Who comes: a page, what they change on it, and how many of ten they are.
PEOPLE: Final = (("plan", DEPARTMENT, 3), ("departement", DEPARTMENT, 3), ("trouver", COMMUNE, 4))

TARGET_P95_S: Final = 2.0
TARGET_MB: Final = 1_000
LEAVES_SHARE: Final = 0.05
"""Chance to close the page, even in the middle of a run, and to come back."""


@dataclass
class Account:
    """What happened."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    memory_mb: list[float] = field(default_factory=list)
    processor_s: list[float] = field(default_factory=list)
    left: int = 0


async def come_and_go(
    number: int, address: str, until: float, think_s: float, told: Account
) -> None:
    """Visit, change, think, and now and then leave in the middle, until the end."""
    rng = random.Random(number)
    crowd = [person for person in PEOPLE for _ in range(person[2])]
    page, label, _ = crowd[number % len(crowd)]
    await asyncio.sleep(rng.uniform(0, min(think_s, 20)))
    while time.monotonic() < until:
        try:
            async with Visitor(address, page) as visitor:
                told.seconds[f"{page}, ouverture"].append(await visitor.open())
                await stay(visitor, label, until, (rng, think_s), told)
                told.errors.update(visitor.errors)
        except (OSError, TimeoutError, LookupError, ConnectionError) as error:
            told.errors[f"{page}: {type(error).__name__} {str(error)[:80]}"] += 1


async def stay(
    visitor: Visitor, label: str, until: float, habits: tuple[random.Random, float], told: Account
) -> None:
    """Change something again and again; leave at random, even before the answer."""
    rng, think_s = habits
    while time.monotonic() < until:
        await asyncio.sleep(rng.uniform(0.5, 1.5) * think_s)
        change = (
            visitor.type(label, rng.choice(COMMUNES))
            if label == COMMUNE
            else visitor.choose(label, rng)
        )
        if rng.random() < LEAVES_SHARE:
            answer = asyncio.ensure_future(change)
            await asyncio.sleep(0.05)
            answer.cancel()
            told.left += 1
            return
        told.seconds[f"{visitor.page}, changement"].append(await change)


def crowd(address: str, count: int, until: float, think_s: float, told: Account) -> None:
    async def everyone() -> None:
        await asyncio.gather(
            *(come_and_go(number, address, until, think_s, told) for number in range(count))
        )

    asyncio.run(everyone())


def watch_memory(pid: int, until: float, told: Account) -> None:
    """Note the resident memory of the server, in MB, and its processor time, in seconds."""
    page_mb = os.sysconf("SC_PAGE_SIZE") / 1e6
    while time.monotonic() < until:
        try:
            resident = Path(f"/proc/{pid}/statm").read_text().split()[1]
            spent_s = processor_s(pid)
        except (OSError, IndexError):
            return
        told.memory_mb.append(int(resident) * page_mb)
        told.processor_s.append(spent_s)
        time.sleep(2)


def processor_s(pid: int) -> float:
    """Return the processor time that a process has spent, in seconds."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def one_in_a_browser(page: Page, address: str, until: float, think_s: float, told: Account) -> None:
    """Switch the département on the map, again and again."""
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: told.errors.update([f"page: {error}"]))
    page.goto(f"{address}/?dep=48")
    key = drawn(page)
    rank = 0
    while time.monotonic() < until:
        box = page.get_by_role("combobox", name=DEPARTMENT)
        box.click()
        box.fill(SWITCHES[rank % len(SWITCHES)])
        page.wait_for_timeout(300)
        started = time.perf_counter()
        page.keyboard.press("Enter")
        frame = page.wait_for_selector("[class*=st-key-carte-] iframe").content_frame()
        frame.wait_for_selector(f"#map_div[data-drawn]:not([data-drawn='{key}'])")
        told.seconds["plan, changement dans Chromium"].append(time.perf_counter() - started)
        key = drawn(page)
        rank += 1
        page.wait_for_timeout(1000 * think_s)


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def report(told: Account, sessions: int, minutes: float) -> bool:
    """Print what happened; tell whether every target is met."""
    print(f"{sessions} sessions, {minutes:g} min, load {os.getloadavg()[0]:.1f}\n")
    print("| what | runs | p50 s | p95 s | max s |\n|---|---|---|---|---|")
    for what, values in sorted(told.seconds.items()):
        middle = statistics.median(values)
        print(f"| {what} | {len(values)} | {middle:.2f} | {p95(values):.2f} | {max(values):.2f} |")
    first, last = told.memory_mb[0], told.memory_mb[-1]
    half = told.memory_mb[len(told.memory_mb) // 2]
    print(
        f"\nResident memory: {first:.0f} MB at the start, {half:.0f} half-way, {last:.0f} at the "
        f"end, {max(told.memory_mb):.0f} at most (target {TARGET_MB}). "
        f"Left in the middle of a run: {told.left}."
    )
    runs = sum(map(len, told.seconds.values()))
    spent = told.processor_s[-1] - told.processor_s[0]
    print(
        f"Processor time of the server: {spent:.0f} s for {runs} runs, {spent / runs:.2f} s each."
    )
    for error, times in told.errors.most_common():
        print(f"Error, {times} times: {error}")
    changes = [one for what, all_ in told.seconds.items() if "changement" in what for one in all_]
    print(f"Switches: p95 {p95(changes):.2f} s (target {TARGET_P95_S:g}).")
    met = p95(changes) <= TARGET_P95_S and max(told.memory_mb) < TARGET_MB
    return met and not told.errors


def main() -> int:
    """Run it; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--think", type=float, default=10, help="mean seconds between two actions")
    given = parser.parse_args()
    told, pids = Account(), []
    settings = {k: os.environ[k] for k in ("GEODATA_DIR",) if os.environ.get(k)}
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serve(Path(folder), pids.append, **settings) as address,
    ):
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport=DESKTOP, locale="fr-FR")
        page.set_default_timeout(180_000)
        page.goto(address)
        drawn(page)  # the server is warm
        until = time.monotonic() + 60 * given.minutes
        count = given.sessions - 1
        beside = [
            threading.Thread(target=watch_memory, args=(pids[0], until, told)),
            threading.Thread(target=crowd, args=(address, count, until, given.think, told)),
        ]
        for thread in beside:
            thread.start()
        one_in_a_browser(page, address, until, given.think, told)
        for thread in beside:
            thread.join()
        browser.close()
    return 0 if report(told, given.sessions, given.minutes) else 1


if __name__ == "__main__":
    sys.exit(main())
