"""The scores that must not sink: `floors.json`.

An entry names its corpus and the checksum of that, so that a score is never held against another
corpus; it has what was measured and a floor (or, for errors, a ceiling).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "floors.json"


def checksum(paths: Iterable[Path]) -> str:
    """Of the names and contents of a corpus's files."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def entries(prefix: str) -> dict[str, dict[str, Any]]:
    """The entries whose names start with a prefix, without it."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name.removeprefix(prefix): entry for name, entry in found.items() if name.startswith(prefix)
    }


def below(prefix: str, figures: Mapping[str, float], sha256: str) -> list[str]:
    """A line for each figure on the wrong side of its floor or ceiling."""
    lines = []
    for name, entry in entries(prefix).items():
        if entry["sha256"] != sha256:
            return [f"{prefix}{name}: not the corpus of the floor ({entry['corpus']})"]
        value = figures[name]
        if value > entry["ceiling"] if "ceiling" in entry else value < entry["floor"]:
            lines.append(f"{prefix}{name}: {value:.4f}; {FILE.name} says {entry}")
    return lines


def keep(prefix: str, figures: Mapping[str, float], slack: float, corpus: str, sha256: str) -> None:
    """Make floors of figures, some slack below them."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    for name, value in figures.items():
        found[prefix + name] = {
            "floor": round(value - slack, 4),
            "measured": round(value, 4),
            "corpus": corpus,
            "sha256": sha256,
        }
    text = json.dumps(found, ensure_ascii=False, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")


def end(wrong: Iterable[str]) -> None:
    """Print what is wrong and exit with 1, if anything is."""
    lines = list(wrong)
    for line in lines:
        print(line, file=sys.stderr)
    if lines:
        sys.exit(1)
