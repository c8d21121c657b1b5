"""`pnews batch`."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from pnews.cli import options

if TYPE_CHECKING:
    from pnews.batch.journal import Progress


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
@options.reading
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
                how=options.reading_of(given),
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
