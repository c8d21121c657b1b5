"""`pnews resolve`."""

from __future__ import annotations

from typing import Any

import click

from pnews.cli import options


@click.command("resolve")
@options.inputs
@options.linking
@options.output("jsonl", "json", "conll", "table", "text", default="jsonl")
def command(**given: Any) -> None:
    """Group the mentions of one person, place or body; add English names and ids.

    Stages before this one are run where their layers are missing.

    \b
    pnews entities file.txt | pnews resolve --format table
    """
    options.run("resolve", given)
