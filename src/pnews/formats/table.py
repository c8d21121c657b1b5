"""A table for people: who and what is named, and where first."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from textwrap import wrap
from typing import BinaryIO

from pnews.document import Document, Entity

NAME_WIDTH = 24
"""Characters of a name on one line of its cell."""


def write_table(documents: Iterable[Document], stream: BinaryIO) -> None:
    """One table a document: a row for each cluster, then one for each other entity.

    Coloured only on a terminal. Names are aligned to the right.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    with_terminal = stream is getattr(sys.stdout, "buffer", None) and sys.stdout.isatty()
    text = TextIOWrapper(stream, "utf-8", write_through=True)
    console = Console(file=text, force_terminal=with_terminal, width=None if with_terminal else 120)
    for document in documents:
        table = Table(title=Text(document.id), title_justify="left", caption_justify="left")
        table.add_column("type", no_wrap=True)
        table.add_column("name", justify="right", no_wrap=True)
        table.add_column("English", overflow="fold")
        table.add_column("ids", overflow="fold")
        table.add_column("times", justify="right", no_wrap=True)
        table.add_column("first at", justify="right", no_wrap=True)
        for kind, name, *rest in _rows(document):
            table.add_row(Text(kind), Text(_isolated(name)), *map(Text, rest))
        console.print(table)
    text.flush()
    text.detach()


def _isolated(name: str) -> str:
    """Each line of a name closed off (U+2068 … U+2069), so that a terminal with bidirectional
    text leaves the borders of its cell in their place.
    """
    return "\n".join(f"\u2068{line}\u2069" for line in wrap(name, NAME_WIDTH) or [""])


def _rows(document: Document) -> Iterator[tuple[str, ...]]:
    entities = {entity.id: entity for entity in document.entities}
    for cluster in document.clusters:
        first = entities[cluster.mentions[0]]
        ids = " ".join(f"{key}:{value}" for key, value in cluster.ids.items())
        count = str(len(cluster.mentions))
        yield cluster.type, cluster.name, cluster.name_en or "", ids, count, str(first.start)
    for entity in document.entities:
        if entity.cluster is None:
            yield entity.type, _plain(entity), "", str(entity.value or ""), "1", str(entity.start)


def _plain(entity: Entity) -> str:
    return entity.normalized.replace("\n", " ")
