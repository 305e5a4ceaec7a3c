"""``make bench``: every measurement, one table after the other, as markdown.

Name some of them to run only those: ``python -m tests.bench deployment siting``.
"""

import subprocess
import sys

NAMES = ("access", "deployment", "need", "screens", "siting", "siting_peers", "tours", "load")


def main() -> int:
    """Run the benchmarks named, or all of them."""
    wanted = sys.argv[1:] or list(NAMES)
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"\n## {name}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
