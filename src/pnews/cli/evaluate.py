"""`pnews evaluate`."""

from __future__ import annotations

import click

from pnews.cli import options


@click.command("evaluate")
@click.argument("path")
@options.tagging
@click.option(
    "--format", "-f", "format_", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="What to write.",
)  # fmt: skip
def command(path: str, scheme: str, format_: str) -> None:
    """Score the tagger by strict spans against gold.

    PATH is a file of tokens and IOB2 labels (a tab between, a blank line between sentences) or
    a folder of articles NAME.txt with marks NAME.json, which go through the whole chain.

    \b
    pnews evaluate peyma-dev.tsv --scheme peyma
    """
    from pnews.evaluate import as_json, evaluate, table

    scores = evaluate(path, scheme=scheme)
    print(as_json(scores) if format_ == "json" else table(scores))
