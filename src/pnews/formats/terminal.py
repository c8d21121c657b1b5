"""The text of documents on a terminal, what is named marked in it."""

from __future__ import annotations

import os
import sys
from codecs import getwriter
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from pnews import data
from pnews.document import Document
from pnews.formats.bidi import Bidi, shown, turned, visual

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

RLM = "\u200f"
"""Behind a label, so that a number after it isn't read on from its Latin letters."""

RLI, PDI = "\u2067", "\u2069"
"""Right-to-left isolate, and its end."""

FILE_WIDTH = 80
"""Columns of what doesn't go to a terminal."""


def console_on(stream: BinaryIO, *, width: int) -> Console:
    """A console that writes to the stream: a terminal if that is one, else `width` columns wide."""
    from rich.console import Console

    class Unix(Console):
        """One that leaves a closed pipe to the command line, which ends on it quietly."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    terminal = stream is getattr(sys.stdout, "buffer", None) and sys.stdout.isatty()
    return Unix(
        file=cast(IO[str], getwriter("utf-8")(stream)),
        force_terminal=terminal,
        width=None if terminal else width,
        highlight=False,
    )


def write_terminal(documents: Iterable[Document], stream: BinaryIO, *, bidi: Bidi = "auto") -> None:
    """The normalised text, cut to the width; each mention is painted and followed by its type.

    Without colours (NO_COLOR, a file, a pipe) a mention stands in brackets: `[باکو LOC]`.
    Boilerplate is dim.
    """
    from rich.text import Text

    console = console_on(stream, width=FILE_WIDTH)
    turn = turned(bidi, os.environ, terminal=console.is_terminal)
    shows = console.is_terminal or turn
    coloured = console.is_terminal and not console.no_color and console.color_system is not None
    for number, document in enumerate(documents):
        if number:
            console.print()
        console.print(Text(shown(document.id), style="bold" if coloured else ""))
        console.print()
        for paragraph in _paragraphs(document, coloured, RLM if shows else ""):
            for line in paragraph.wrap(console, console.width - 1):
                line.rstrip()
                console.print(_placed(line, console, turn), soft_wrap=True)


def _placed(line: Text, console: Console, turn: bool) -> Text:
    """A line as it goes out: turned and to the right, or, for a terminal that may turn it itself,
    told to be right to left. A space stands before: VTE loses a mark that comes first in a line.
    """
    from rich.text import Text

    if turn and line:
        found = visual(line)
        found.pad_left(console.width - found.cell_len)
        return found
    if console.is_terminal and line:
        return Text.assemble(" " * (console.width - line.cell_len), RLI, line, PDI)
    return line


def _paragraphs(document: Document, coloured: bool, behind: str) -> Iterator[Text]:
    """The lines of the normalised text; `behind` stands behind each label."""
    from rich.text import Text

    text = document.normalized
    styles = {kind: style for kind, *_, style in data.rows("entity_types")}
    dim = [
        document.aligned.text_span(block.start, block.end)
        for block in document.blocks
        if block.kind == "boilerplate" or block.repeats is not None
    ]
    entities = iter(sorted(document.entities, key=lambda entity: entity.norm_start))
    entity = next(entities, None)
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        faint = coloured and any(start <= at < stop for start, stop in dim)
        found = Text(style="dim" if faint else "")
        while entity is not None and entity.norm_start < end:
            if entity.norm_start >= at:
                found.append(shown(text[at : entity.norm_start]))
                name = shown(entity.normalized.replace("\n", " "))
                if coloured:
                    found.append(f" {name} {entity.type} ", styles[entity.type])
                else:
                    found.append(f"[{name} {entity.type}]")
                found.append(behind)
                at = entity.norm_end
            entity = next(entities, None)
        found.append(shown(text[at:end]) if at < end else "")
        at = max(end + 1, at)
        yield found
