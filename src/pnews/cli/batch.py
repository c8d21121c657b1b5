"""`pnews batch`."""

from __future__ import annotations

import sys
from typing import Any

import click

from pnews.cli import options


@click.command("batch")
@click.argument("folder")
@click.option("--output", "-o", required=True, metavar="FILE", help="The JSON Lines file to make.")
@click.option("--date", metavar="YYYY-MM-DD", help="Day of publication of all articles.")
@click.option("--encoding", metavar="NAME", help="Encoding of the files; detected when left out.")
@options.normalizing
@options.tagging
@options.linking
@options.layout
def command(folder: str, output: str, **given: Any) -> None:
    """Annotate every *.txt below a folder, in the order of their names, into one file.

    A file that can't be annotated is named on standard error and left out; the exit status is
    then 1.

    \b
    pnews batch articles/ -o out.jsonl
    """
    from pnews.batch import annotate_folder
    from pnews.cli.progress import bar

    done, failed = annotate_folder(
        folder,
        output,
        date=given["date"],
        encoding=given["encoding"],
        options=options.stage_options(given),
        progress=bar("annotating"),
    )
    print(f"pnews: {done} annotated, {failed} failed: {output}", file=sys.stderr)
    if failed:
        sys.exit(1)
