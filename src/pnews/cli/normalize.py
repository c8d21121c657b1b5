"""`pnews normalize`."""

from __future__ import annotations

from typing import Any

import click

from pnews.cli import options


@click.command("normalize")
@options.inputs
@options.normalizing
@options.output("jsonl", "json", "text", default="jsonl")
def command(**given: Any) -> None:
    """Put the text right: characters, spacing, half-spaces.

    Reads plain text or JSON Lines, from files or standard input.

    \b
    pnews normalize --format text old.txt > clean.txt
    """
    options.run("normalize", given)
