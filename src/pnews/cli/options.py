"""Options that several commands share, as decorators, and the one way that a stage is run."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pnews.formats.items import Reading

Command = Callable[..., Any]

STAGES: dict[str, tuple[str, ...]] = {
    "normalize": ("normalizer", "characters", "digits", "diacritics", "half_spaces"),
    "entities": ("scheme", "model", "device"),
    "resolve": ("kb", "kb_only"),
    "article": ("body_only",),
}
"""Which options belong to which stage."""


def inputs(command: Command) -> Command:
    """FILES… and how to read them."""
    for decorate in (
        click.argument("files", nargs=-1, metavar="[FILE]..."),
        click.option(
            "--encoding", metavar="NAME", help="Encoding of text files; detected when left out."
        ),
        click.option("--id", "id_", metavar="ID", help="Id of the only document."),
        click.option(
            "--date", metavar="YYYY-MM-DD", help="Day of publication, which dates are told from."
        ),
    ):
        command = decorate(command)
    return command


UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def _size(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """A number of bytes: `500KB`, `10MB`, `1.5G`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *([KMG]?)B?", value.strip(), re.IGNORECASE)
    size = int(float(found[1]) * UNITS[found[2].upper()]) if found else 0
    if not size:
        raise click.BadParameter(f"{value!r} is not a size; write it as 10MB.")
    return size


def reading(command: Command) -> Command:
    """How the files of a batch are read: what `reading_of` makes a `Reading` of."""
    for decorate in (
        click.option(
            "--encoding", metavar="NAME", help="Encoding of texts; detected when left out."
        ),
        click.option("--date", metavar="YYYY-MM-DD", help="Day of publication of all articles."),
        click.option(
            "--max-document-size", "limit", callback=_size, default="10MB", show_default=True,
            metavar="SIZE", help="Documents that are larger, unpacked, are failures.",
        ),
        click.option(
            "--title-key", metavar="NAME", help="With a title, to be put before the text."
        ),
        click.option(
            "--date-key", default="date", show_default=True, metavar="NAME",
            help="With the day of publication.",
        ),
        click.option(
            "--id-key", default="id", show_default=True, metavar="NAME", help="With the id."
        ),
        click.option(
            "--text-key", "--text-column", default="text", show_default=True, metavar="NAME",
            help="Field of a record, or column of a table, with the text.",
        ),
        click.option("--html", is_flag=True, help="Read all texts as web pages."),
    ):  # fmt: skip
        command = decorate(command)
    return command


def reading_of(given: Mapping[str, Any]) -> Reading:
    """The `Reading` that the options ask for."""
    from pnews.document import iso_day
    from pnews.formats.items import Reading

    names = ("encoding", "html", "text_key", "id_key", "date_key", "title_key", "limit")
    date = iso_day(given["date"]) if given["date"] else None
    return Reading(date=date, **{name: given[name] for name in names})


def output(*formats: str, default: str) -> Callable[[Command], Command]:
    """--format and --output."""

    def decorate(command: Command) -> Command:
        command = click.option(
            "--format", "-f", "format_", type=click.Choice(formats), default=default,
            show_default=default != "auto", help="What to write.",
        )(command)  # fmt: skip
        if "table" in formats:
            command = bidi(command)
        return click.option(
            "--output", "-o", metavar="FILE", help="Where to write; standard output by default."
        )(command)

    return decorate


def bidi(command: Command) -> Command:
    """--bidi, for what is shown on a terminal."""
    return click.option(
        "--bidi", type=click.Choice(["auto", "on", "off"]), default="auto", show_default=True,
        help="Put right-to-left lines in the order they are seen in, for terminals that don't.",
    )(command)  # fmt: skip


def normalizing(command: Command) -> Command:
    """The options of the normalize stage."""
    for decorate in (
        click.option(
            "--half-spaces", type=click.Choice(["aggressive", "safe", "off"]),
            default="aggressive", show_default=True,
            help="Repair of half-spaces: what is likelier than not, what is all but certain, none.",
        ),
        click.option(
            "--diacritics", type=click.Choice(["keep", "drop"]), default="keep",
            show_default=True, help="Vowel signs.",
        ),
        click.option(
            "--digits", type=click.Choice(["persian", "ascii", "keep"]), default="persian",
            show_default=True, help="Digits outside Latin words and addresses.",
        ),
        click.option(
            "--characters", type=click.Choice(["mend", "keep"]), default="mend",
            show_default=True,
            help="Letters, digits, marks and spacing: by the rules, or left as they stand.",
        ),
        click.option(
            "--normalizer", type=click.Choice(["pnews", "hazm", "parsivar"]), default="pnews",
            show_default=True, help="The engine; offsets stay true with each.",
        ),
    ):  # fmt: skip
        command = decorate(command)
    return command


def tagging(command: Command) -> Command:
    """The options of the entities stage."""
    for decorate in (
        click.option(
            "--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True,
            help="Where the tagger runs; cuda needs onnxruntime-gpu.",
        ),
        click.option(
            "--model", type=click.Choice(["fast", "accurate", "open"]), default="fast",
            show_default=True,
            help="The tagger: a small one; the encoder that it learnt from; a small one that"
            " learnt from no corpus of others.",
        ),
        click.option(
            "--scheme", type=click.Choice(["news", "peyma", "arman"]), default="news",
            show_default=True, help="Entity types: pnews's own ten, or a corpus's.",
        ),
    ):  # fmt: skip
        command = decorate(command)
    return command


def linking(command: Command) -> Command:
    """The options of the resolve stage."""
    for decorate in (
        click.option("--kb-only", is_flag=True, help="Ask only that table, not the shipped one."),
        click.option(
            "--kb", metavar="FILE.tsv",
            help="A table of your own names: type, name, English name, ids, aliases.",
        ),
    ):  # fmt: skip
        command = decorate(command)
    return command


def layout(command: Command) -> Command:
    """The options of the article stage."""
    return click.option(
        "--body-only", is_flag=True, help="Leave out what is named in boilerplate only."
    )(command)


def run(last: str, given: Mapping[str, Any], *, fresh: bool = False) -> None:
    """Read, run the stages up to `last`, write: the body of each command of the chain."""
    from pnews.formats import writer
    from pnews.formats.output import opened
    from pnews.formats.read import read
    from pnews.pipeline import Pipeline

    write = writer(_format(given["format_"], given["output"]))
    pipeline = Pipeline(last=last, fresh=fresh, options=stage_options(given))
    documents = pipeline(
        read(names(given), encoding=given["encoding"], id=given["id_"], date=given["date"])
    )
    if given["format_"] == "table":
        write = partial(write, bidi=given["bidi"])  # type: ignore[call-arg]
    with opened(given["output"]) as stream:
        write(documents, stream)


def _format(chosen: str, output: str | None) -> str:
    """The format asked for; where that is `auto`, the one that the output's name asks for."""
    from pnews.formats import format_by_ending, output_format

    if chosen == "auto" and output and output != "-" and format_by_ending(output):
        return output_format(output)
    return chosen


def names(given: Mapping[str, Any]) -> Sequence[str]:
    """The files to read; standard input where none is named."""
    files: Sequence[str] = given["files"] or ("-",)
    if "-" in files and sys.stdin.isatty():
        print("pnews: reading standard input; end it with Ctrl-D", file=sys.stderr)
    return files


def stage_options(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The given options, each under its stage."""
    return {
        stage: {name: given[name] for name in names if name in given}
        for stage, names in STAGES.items()
    }
