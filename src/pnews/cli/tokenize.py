"""`pnews tokenize`."""

from __future__ import annotations

from typing import Any

import click

from pnews.cli import options


@click.command("tokenize")
@options.inputs
@options.output("jsonl", "json", "text", default="jsonl")
def command(**given: Any) -> None:
    """Cut the text into sentences and tokens, with lemmas.

    Stages before this one are run where their layers are missing.

    \b
    pnews normalize file.txt | pnews tokenize --format text
    """
    if given["format_"] == "text":
        given["format_"] = "tokens"
    options.run("tokenize", given)
