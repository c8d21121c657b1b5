"""`pnews normalize`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pnews.cli import options

if TYPE_CHECKING:
    from pnews.document import Document


@click.command("normalize")
@options.inputs
@options.normalizing
@options.output("jsonl", "json", "text", default="jsonl")
@click.option("--diff", "mode", flag_value="diff", help="Show what changes, as a unified diff.")
@click.option(
    "--explain", "mode", flag_value="explain",
    help="A line for each edit: place, written, meant, rule, tab-separated.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Exit with 1 if anything would change.")
@click.option(
    "--in-place", "-i", "mode", flag_value="in-place", help="Put the text files themselves right."
)
@click.option("--backup", metavar="SUFFIX", help="Keep old files under their names + SUFFIX.")
def command(**given: Any) -> None:
    """Put the text right: characters, spacing, half-spaces.

    Reads plain text or JSON Lines, from files or standard input. With --format text it is a
    filter, line for line.

    \b
    pnews normalize --format text old.txt > clean.txt
    pnews normalize --diff old.txt
    pnews normalize --in-place --backup .orig articles/*.txt
    """
    mode, check = given["mode"], given["check"]
    if mode != "in-place" and given["backup"]:
        raise click.UsageError("--backup needs --in-place.")
    if mode == "in-place":
        _in_place(given)
    elif mode or check:
        _show(given)
    elif given["format_"] == "text" and given["normalizer"] == "pnews":
        _filter(given)
    else:
        options.run("normalize", given)


def _filter(given: Mapping[str, Any]) -> None:
    """The text alone, block by block."""
    import gc

    from pnews.formats.output import opened
    from pnews.formats.read import read_text
    from pnews.normalize import normalize_blocks

    gc.disable()  # nothing here goes in circles, and looking for circles takes 7 % of the time
    how = _own_options(given)
    with opened(given["output"]) as stream:
        for pieces in read_text(options.names(given), encoding=given["encoding"]):
            block = ""
            for block in normalize_blocks(pieces, **how):
                stream.write(block.encode())
            if not block.endswith("\n"):
                stream.write(b"\n")
    gc.freeze()  # nor at the end


def _show(given: Mapping[str, Any]) -> None:
    """What would change, on standard output; the exit status of --check."""
    from pnews.formats.changes import explained, unified_diff
    from pnews.formats.output import opened

    if given["mode"] == "explain" and given["normalizer"] != "pnews":
        raise click.UsageError("--explain knows the rules of pnews only; leave --normalizer out.")
    colour = given["output"] is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    changed = 0
    with opened(given["output"]) as stream:
        for name, document in _documents(given):
            if given["mode"] == "explain":
                lines = explained(name, document.text, **_own_options(given))
            elif given["mode"] == "diff":
                lines = unified_diff(name, document.aligned, colour=colour)
            else:
                lines = iter(())
            stream.writelines(f"{line}\n".encode() for line in lines)
            if document.normalized != document.text:
                changed += 1
                if given["check"]:
                    print(f"pnews: {name} would change", file=sys.stderr)
    if given["check"] and changed:
        sys.exit(1)


def _documents(given: Mapping[str, Any]) -> Iterator[tuple[str, Document]]:
    """Each document, normalised, with the name of its file, or its id in a file of several."""
    from pnews.formats.read import read
    from pnews.pipeline import Pipeline

    pipeline = Pipeline(last="normalize", options=options.stage_options(given))
    for name in options.names(given):
        for document in pipeline(read([name], encoding=given["encoding"])):
            yield (name if document.id == Path(name).name else document.id), document


def _in_place(given: Mapping[str, Any]) -> None:
    from pnews.formats.in_place import rewrite
    from pnews.normalize import stage

    if given["check"] or given["output"]:
        raise click.UsageError("--in-place goes with neither --check nor --output.")
    if not given["files"] or "-" in given["files"]:
        raise click.UsageError("--in-place needs the names of files.")
    normalize = stage(**options.stage_options(given)["normalize"])
    changed = [
        rewrite(name, normalize, encoding=given["encoding"], backup=given["backup"])
        for name in given["files"]
    ]
    print(f"pnews: {sum(changed)} of {len(changed)} files changed", file=sys.stderr)


def _own_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of pnews's own normaliser."""
    found = options.stage_options(given)["normalize"]
    return {name: found[name] for name in found if name != "normalizer"}
