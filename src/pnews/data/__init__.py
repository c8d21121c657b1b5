"""What ships in the package: lexicons, models, the knowledge base. Each has a NOTICE.

Tables are UTF-8 with tab-separated columns, one row a line; lines that start with `#` are
comments. They are read on first use and kept.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pnews.errors import ModelError

FOLDER = Path(__file__).parent


def path(name: str) -> Path:
    """The file of this name; raises ModelError if the installation lacks it."""
    found = FOLDER / name
    if not found.is_file():
        raise ModelError(f"{found}: missing from the installation; install pnews again")
    return found


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `name`.tsv."""
    lines = path(f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """The first column of `name`.tsv."""
    return frozenset(row[0] for row in rows(name))


@cache
def letter_names() -> frozenset[str]:
    """How the Latin letters are called (بی, سی), from `abbreviations.tsv`."""
    return frozenset(form.rstrip(".") for form, kind in rows("abbreviations") if kind == "letter")
