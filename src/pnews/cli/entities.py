"""`pnews entities`."""

from __future__ import annotations

from typing import Any

import click

from pnews.cli import options


@click.command("entities")
@options.inputs
@options.tagging
@options.output("jsonl", "json", "conll", "table", "text", default="jsonl")
def command(**given: Any) -> None:
    """Find who and what is named.

    Stages before this one are run where their layers are missing.

    \b
    pnews tokenize file.txt | pnews entities --format conll
    """
    options.run("entities", given)
