"""`pnews batch`."""

from __future__ import annotations

import re
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from pnews.cli import options

if TYPE_CHECKING:
    from pnews.batch.journal import Progress
    from pnews.formats.items import Reading

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def _size(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """A number of bytes: `500KB`, `10MB`, `1.5G`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *([KMG]?)B?", value.strip(), re.IGNORECASE)
    size = int(float(found[1]) * UNITS[found[2].upper()]) if found else 0
    if not size:
        raise click.BadParameter(f"{value!r} is not a size; write it as 10MB.")
    return size


@click.command("batch")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--output", "-o", required=True, metavar="FILE", help="The file to make.")
@click.option("--to", metavar="FORMAT", help="Its format, whatever its ending.")
@click.option("--workers", "-j", type=click.IntRange(1), help="Processes; all cores by default.")
@click.option("--resume", is_flag=True, help="Go on where an unfinished batch stopped.")
@click.option("--force", is_flag=True, help="Start anew, whatever is there.")
@click.option("--quiet", "-q", is_flag=True, help="Tell only what failed, in one line.")
@click.option(
    "--glob", "globs", multiple=True, metavar="PATTERN",
    help="Files of folders to read, by name or path: '*.txt'. By default those of known endings.",
)  # fmt: skip
@click.option("--html", is_flag=True, help="Read all texts as web pages.")
@click.option(
    "--text-key", "--text-column", default="text", show_default=True, metavar="NAME",
    help="Field of a record, or column of a table, with the text.",
)  # fmt: skip
@click.option("--id-key", default="id", show_default=True, metavar="NAME", help="With the id.")
@click.option(
    "--date-key", default="date", show_default=True, metavar="NAME",
    help="With the day of publication.",
)  # fmt: skip
@click.option("--title-key", metavar="NAME", help="With a title, to be put before the text.")
@click.option(
    "--max-document-size", "limit", callback=_size, default="10MB", show_default=True,
    metavar="SIZE", help="Documents that are larger, unpacked, are failures.",
)  # fmt: skip
@click.option("--date", metavar="YYYY-MM-DD", help="Day of publication of all articles.")
@click.option("--encoding", metavar="NAME", help="Encoding of texts; detected when left out.")
@options.normalizing
@options.tagging
@options.linking
@options.layout
def command(inputs: tuple[str, ...], output: str, **given: Any) -> None:
    """Annotate files, folders and archives into one file, in their order, and never lose one.

    Reads texts, web pages, JSON Lines, CSV, TSV and Parquet, zip and tar archives of them, all
    also compressed (.gz, .bz2, .xz, .zst), and standard input (-). Documents that fail go to
    out.errors.jsonl, and the rest go on; the exit status is then 1. Stopped by anything, the
    same command with --resume goes on and gives the same file.

    \b
    pnews batch articles/ -o out.jsonl
    pnews batch dump.jsonl.gz --title-key title -o out.jsonl --resume
    """
    from pnews.batch import annotate_files
    from pnews.cli.progress import Bar
    from pnews.errors import StoppedError

    if given["resume"] and given["force"]:
        raise click.UsageError("--resume goes on and --force starts anew: give one of them.")
    try:
        with Bar(quiet=given["quiet"]) as bar:
            progress = annotate_files(
                inputs,
                output,
                how=_reading(given),
                options=options.stage_options(given),
                watch=bar,
                **{name: given[name] for name in ("globs", "to", "workers", "resume", "force")},
            )
    except StoppedError as error:
        raise StoppedError(f"{error}, then: {_resuming()}") from None
    except KeyboardInterrupt:
        print(f"pnews: stopped; go on with: {_resuming()}", file=sys.stderr)
        sys.exit(130)
    _report(progress, output, quiet=given["quiet"])


def _reading(given: dict[str, Any]) -> Reading:
    from pnews.document import iso_day
    from pnews.formats.items import Reading

    names = ("encoding", "html", "text_key", "id_key", "date_key", "title_key", "limit")
    date = iso_day(given["date"]) if given["date"] else None
    return Reading(date=date, **{name: given[name] for name in names})


def _resuming() -> str:
    """The command that was given, with --resume."""
    words = [word for word in sys.argv[1:] if word != "--force"]
    return shlex.join(["pnews", *words, *([] if "--resume" in words else ["--resume"])])


def _report(progress: Progress | None, output: str, *, quiet: bool) -> None:
    """The summary, a line that says how many failed, and the exit status."""
    from pnews.batch.journal import places
    from pnews.cli.progress import summary

    errors = places(output).errors
    if progress is None:
        print(f"pnews: {output} is finished; nothing to resume", file=sys.stderr)
        sys.exit(1 if errors.exists() else 0)
    if not quiet:
        summary(progress)
        print(
            f"pnews: {progress.annotated} annotated, {progress.failed} failed: {output}",
            file=sys.stderr,
        )
    if progress.failed:
        print(
            f"pnews: {progress.failed} of {progress.read} documents failed: see {errors.name}",
            file=sys.stderr,
        )
        sys.exit(1)
