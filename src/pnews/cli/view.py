"""`pnews view`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pnews.cli import options

if TYPE_CHECKING:
    from pnews.document import Document


@click.command("view")
@options.inputs
@options.normalizing
@options.tagging
@options.linking
@options.layout
@click.option("--open", "open_", is_flag=True, help="Show the page in the browser.")
@click.option("--terminal", is_flag=True, help="Show the text here instead, its names marked.")
@options.bidi
@click.option("--output", "-o", metavar="PAGE.html", help="The page to make; - is standard output.")
def command(**given: Any) -> None:
    """Make a web page to read annotated articles on: one file, which needs no network.

    Reads what `annotate` and `batch` write; text and other records are annotated first.

    \b
    pnews view out.jsonl -o page.html
    pnews view --open file.txt
    pnews view --terminal file.txt
    """
    if given["terminal"]:
        _in_terminal(given)
        return
    if given["open_"] and given["output"] == "-":
        raise click.UsageError("--open needs a file; leave -o - out.")
    if not (given["open_"] or given["output"]) and sys.stdout.isatty():
        raise click.UsageError("name a page with -o page.html, or give --open or --terminal.")
    from pnews.formats.output import opened
    from pnews.formats.page import write_page

    with _page(given) as name, opened(name) as stream:
        write_page(_annotated(given), stream)
    if given["open_"]:
        _open(str(name))


def _in_terminal(given: Mapping[str, Any]) -> None:
    from pnews.formats.output import opened
    from pnews.formats.terminal import write_terminal

    if given["open_"]:
        raise click.UsageError("--open shows a page; leave --terminal out.")
    with opened(given["output"]) as stream:
        write_terminal(_annotated(given), stream, bidi=given["bidi"])


@contextmanager
def _page(given: Mapping[str, Any]) -> Iterator[str | None]:
    """Where the page goes: what --output names, else a file to open, in a folder of its own."""
    if given["output"] or not given["open_"]:
        yield given["output"]
        return
    from tempfile import mkdtemp

    folder = Path(mkdtemp(prefix="pnews-"))
    try:
        yield str(folder / "page.html")
    except BaseException:
        folder.rmdir()
        raise


def _open(name: str) -> None:
    import webbrowser

    address = Path(name).resolve().as_uri()
    if webbrowser.open(address):
        print(f"pnews: opened {name}", file=sys.stderr)
    else:
        print(f"pnews: no browser found here; open {name} in one", file=sys.stderr)
        sys.exit(1)


def _annotated(given: Mapping[str, Any]) -> Iterator[Document]:
    """The documents of the files; those that aren't annotated to the end are first."""
    from pnews.formats.read import read
    from pnews.pipeline import Pipeline

    @cache
    def pipeline() -> Pipeline:
        return Pipeline(options=options.stage_options(given))

    found = read(
        options.names(given), encoding=given["encoding"], id=given["id_"], date=given["date"]
    )
    for done, group in groupby(found, lambda document: document.has("blocks")):
        yield from (group if done else pipeline()(group))  # noqa: B031 (one use a branch)
