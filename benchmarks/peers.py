"""Normalise standard input line by line as a peer does; runs where the peer is installed.

python benchmarks/peers.py hazm|parsivar|shekar|rishe|versions
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import metadata

NAMES = ("hazm", "parsivar", "shekar", "rishe")


def normalizer(name: str) -> Callable[[str], str]:
    """The peer's own normaliser, as its documentation makes it."""
    if name == "hazm":
        import hazm

        return hazm.Normalizer().normalize
    if name == "parsivar":
        import parsivar

        return parsivar.Normalizer(statistical_space_correction=True).normalize
    if name == "shekar":
        import shekar

        return shekar.Normalizer()
    if name == "rishe":
        import rishe

        return rishe.Pipeline().normalize
    raise SystemExit(__doc__)


def main(name: str) -> None:
    if name == "versions":
        print(", ".join(f"{peer} {metadata.version(peer)}" for peer in NAMES))
        return
    normalize = normalizer(name)
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        print(normalize(line.rstrip("\n")).replace("\n", " "))


if __name__ == "__main__":
    main(sys.argv[1])
