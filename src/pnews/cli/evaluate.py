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
def command(path: str, scheme: str, model: str, device: str, format_: str) -> None:
    """Score the tagger by strict spans against gold.

    PATH is a file of tokens and IOB2 labels (a tab between, a blank line between sentences),
    each sentence a text of its own, or a folder of articles NAME.txt with marks NAME.json. All
    go through the whole chain. How true the scores are is printed too, as expected calibration
    error.

    \b
    pnews evaluate peyma-dev.tsv --scheme peyma
    """
    from pnews.entities.tagger import load
    from pnews.evaluate import as_json, evaluate, table

    found = evaluate(path, scheme=scheme, tagger=load(scheme, model=model, device=device))
    print(as_json(found) if format_ == "json" else table(found))
