"""A table for people: who and what is named, and where first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from pnews.document import Document, value_text
from pnews.formats.bidi import Bidi, shown, turned, visual
from pnews.formats.terminal import console_on

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NAME_WIDTH = 24
NARROW = 100, 18
"""Columns of a name on one line of its cell; in a table of fewer than 100 columns, 18."""

ID_WIDTH = 15
"""Columns of the longest id that is common, `geonames:102358`."""

FILE_WIDTH = 120
"""Columns of a table that doesn't go to a terminal."""


def write_table(documents: Iterable[Document], stream: BinaryIO, *, bidi: Bidi = "auto") -> None:
    """One table a document: a row for each cluster, then one for each other entity.

    Coloured only on a terminal. Names are aligned to the right.
    """
    from rich.table import Table
    from rich.text import Text

    console = console_on(stream, width=FILE_WIDTH)
    turn = turned(bidi, os.environ, terminal=console.is_terminal)
    for document in documents:
        title = Text(shown(document.id))
        table = Table(title=title, title_justify="left", caption_justify="left")
        table.add_column("type", no_wrap=True)
        table.add_column("name", justify="right", no_wrap=True)
        table.add_column("English", overflow="fold")
        table.add_column("ids, value", overflow="fold", min_width=ID_WIDTH)
        table.add_column("times", justify="right", no_wrap=True)
        table.add_column("at", justify="right", no_wrap=True)
        for kind, name, *rest in _rows(document):
            cell = name_cell(name, console, turn)
            table.add_row(Text(kind), cell, *(Text(shown(each)) for each in rest))
        console.print(table)


def name_cell(name: str, console: Console, turn: bool) -> Text:
    """A name in lines of a cell, none of it acting on the terminal: turned, or each line closed
    off (U+2068 … U+2069), so that a terminal with bidirectional text leaves the borders of the
    cell in their place.
    """
    from rich.text import Text

    width = NARROW[1] if console.width < NARROW[0] else NAME_WIDTH
    lines = list(Text(shown(name)).wrap(console, width)) or [Text()]
    for line in lines:
        line.rstrip()
    return Text("\n").join(
        visual(line) if turn else Text(f"\u2068{line.plain}\u2069") for line in lines
    )


def _rows(document: Document) -> Iterator[tuple[str, ...]]:
    entities = {entity.id: entity for entity in document.entities}
    for cluster in document.clusters:
        starts = [entities[each].start for each in cluster.mentions if each in entities]
        ids = " ".join(f"{key}:{value}" for key, value in cluster.ids.items())
        first = str(min(starts)) if starts else ""
        count = str(len(cluster.mentions))
        yield cluster.type, cluster.name, cluster.name_en or "", ids, count, first
    for entity in document.entities:
        if entity.cluster is None:
            name = entity.normalized.replace("\n", " ")
            yield entity.type, name, "", value_text(entity), "1", str(entity.start)
