"""`pnews annotate`."""

from __future__ import annotations

from typing import Any

import click

from pnews.cli import options


@click.command("annotate")
@options.inputs
@options.normalizing
@options.tagging
@options.linking
@options.layout
@options.output(
    "auto", "json", "jsonl", "csv", "tsv", "text", "conll", "table", default="auto"
)  # fmt: skip
def command(**given: Any) -> None:
    """Run the whole chain: normalize, tokenize, entities, resolve, article.

    Reads plain text or JSON Lines, from files or standard input. Writes JSON for one document
    and JSON Lines for more, unless --format or the end of --output's name says otherwise.

    \b
    pnews annotate file.txt | jq '.entities[] | .normalized'
    pnews annotate file.txt -o news.db
    """
    options.run("article", given, fresh=True)
