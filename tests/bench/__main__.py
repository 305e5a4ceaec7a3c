"""``make bench``: every measurement, one table after the other, as markdown.

Name some of them to run only those: ``python -m tests.bench deployment siting``.  What follows
the first option goes to each of them: ``python -m tests.bench siting --instances allier``.
"""

import subprocess
import sys

NAMES = ("access", "deployment", "need", "screens", "siting", "siting_peers", "tours", "load")


def main() -> int:
    """Run the benchmarks named, or all of them."""
    given = sys.argv[1:]
    first = next((k for k, word in enumerate(given) if word.startswith("-")), len(given))
    wanted, options = given[:first] or list(NAMES), given[first:]
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"\n## {name}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}", *options], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
