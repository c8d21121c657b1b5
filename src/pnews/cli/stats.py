"""`pnews stats`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pnews.cli import options


@click.command("stats")
@click.argument("files", nargs=-1, metavar="[FILE.jsonl]...")
@click.option("--top", metavar="N", type=click.IntRange(min=1), default=10, show_default=True,
              help="How many of each list, months apart.")  # fmt: skip
@click.option(
    "--type", "types", multiple=True, default=("PER", "LOC", "ORG"), show_default=True,
    type=click.Choice(["PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT"]),
    help="Count names of this type; may be given again.",
)  # fmt: skip
@click.option("--by", metavar="FIELD", help="Count by a field of the records too (under extra).")
@click.option(
    "--within", type=click.Choice(["sentence", "document"]), default="sentence",
    show_default=True, help="What two names must share to be named together.",
)  # fmt: skip
@click.option(
    "--calendar", type=click.Choice(["gregorian", "solar"]), default="gregorian",
    show_default=True, help="Whose months.",
)  # fmt: skip
@click.option("--html", metavar="FILE", help="Write a page with plots too (needs pnews[plots]).")
@options.output("table", "json", "csv", default="table")
def command(
    files: Sequence[str],
    top: int,
    types: Sequence[str],
    by: str | None,
    within: str,
    calendar: str,
    html: str | None,
    bidi: str,
    format_: str,
    output: str | None,
) -> None:
    """Count who is named most, when, by whom and with whom, and who is quoted.

    Reads what pnews annotate or pnews batch wrote, from files or standard input.

    \b
    pnews stats out.jsonl
    pnews stats --by agency --format csv out.jsonl > counts.csv
    pnews stats --html counts.html out.jsonl
    """
    from functools import partial

    from pnews.formats.output import opened
    from pnews.formats.read import read
    from pnews.formats.statistics import WRITERS
    from pnews.statistics import Tally

    if html:
        from pnews.formats.plots import check

        check()
    tally = Tally(types=types, by=by, within=within, calendar=calendar)  # type: ignore[arg-type]
    for document in read(options.names({"files": files})):
        tally.add(document)
    found = tally.statistics(top)
    if html:
        from pnews.formats.plots import write_page

        with opened(html) as stream:
            write_page(found, stream)
    write = WRITERS[format_]
    if format_ == "table":
        write = partial(write, bidi=bidi)
    with opened(output) as stream:
        write(found, stream)
