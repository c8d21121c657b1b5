"""`pnews article`."""

from __future__ import annotations

from typing import Any

import click

from pnews.cli import options


@click.command("article")
@options.inputs
@options.linking
@options.layout
@options.output("jsonl", "json", "conll", "table", "text", default="jsonl")
def command(**given: Any) -> None:
    """Tell title, lede, body and boilerplate; find quotations, speakers and news sources.

    Stages before this one are run where their layers are missing.

    \b
    pnews resolve file.txt | pnews article | jq .title
    """
    options.run("article", given)
