"""How long a whole process takes, from nothing: pnews on an article, hazm on nothing.

usage: python benchmarks/cold_start.py [RUNS]

The commands take turns, so that a slow moment of the machine meets all. Prints the median, the
least and the most seconds of each, and pnews's share of hazm's median.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ARTICLE = next((Path(__file__).parent.parent / "seeds").glob("*.txt"))
PNEWS = [sys.executable, "-c", "from pnews.cli import main; main()"]
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "pnews --help": [*PNEWS, "--help"],
    "pnews normalize": [*PNEWS, "normalize", str(ARTICLE)],
    "pnews annotate": [*PNEWS, "annotate", str(ARTICLE)],
    "import hazm; hazm.Normalizer()": [sys.executable, "-c", "import hazm; hazm.Normalizer()"],
}


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def measured(runs: int) -> dict[str, list[float]]:
    """One warm-up of each, then the seconds of `runs` rounds."""
    for command in COMMANDS.values():
        seconds(command)
    rounds = [{name: seconds(command) for name, command in COMMANDS.items()} for _ in range(runs)]
    return {name: [one[name] for one in rounds] for name in COMMANDS}


def main(runs: int) -> None:
    """Measure and print."""
    times = measured(runs)
    for name, taken in times.items():
        print(f"{name:<32}{median(taken):7.3f} s   ({min(taken):.3f} to {max(taken):.3f})")
    share = median(times["pnews annotate"]) / median(times["import hazm; hazm.Normalizer()"])
    print(f"pnews annotate takes {share:.2f} of hazm's start")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 7)
