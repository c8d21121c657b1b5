"""`pnews evaluate`."""

from __future__ import annotations

import click

from pnews.cli import options


@click.command("evaluate")
@click.argument("path", metavar="GOLD")
@options.tagging
@click.option("--predictions", metavar="FILE", help="Score these; leave the pipeline alone.")
@click.option(
    "--compare", nargs=2, metavar="A B",
    help="Two systems side by side, each fast, accurate or a file of predictions.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn by chance.")
@click.option(
    "--format", "-f", "format_", type=click.Choice(["table", "json"]), default="table",
    show_default=True, help="What to write.",
)  # fmt: skip
def command(
    path: str,
    scheme: str,
    model: str,
    device: str,
    predictions: str | None,
    compare: tuple[str, str] | None,
    seed: int,
    format_: str,
) -> None:
    """Score the pipeline, or predictions, against gold.

    GOLD and predictions are a table of tokens and IOB2 labels (.tsv, CoNLL), pnews JSON Lines,
    or a folder of articles NAME.txt with marks NAME.json. Printed are strict, partial and
    type-only scores with an interval, the calibration error, what was taken for what, and the
    worst texts; with --compare, whether two systems differ by more than chance.

    \b
    pnews evaluate peyma-dev.tsv --scheme peyma
    pnews evaluate gold.jsonl --predictions mine.jsonl
    pnews evaluate gold/ --compare fast accurate
    """
    from pnews.entities.tagger import load
    from pnews.evaluate import compare as compared
    from pnews.evaluate import evaluate, report

    if compare and predictions:
        raise click.UsageError("--compare names its own predictions; leave --predictions out.")
    if compare:
        both = compared(path, compare, scheme=scheme, device=device, seed=seed)
        write = report.comparison_json if format_ == "json" else report.comparison_table
        print(write(both))
        return
    tagger = None if predictions else load(scheme, model=model, device=device)
    found = evaluate(path, scheme=scheme, tagger=tagger, predictions=predictions, seed=seed)
    print(report.as_json(found) if format_ == "json" else report.table(found))
