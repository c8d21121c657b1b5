"""Readers and writers, one file a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain, islice
from typing import BinaryIO

from pnews.document import Document

Writer = Callable[[Iterable[Document], BinaryIO], None]

_WRITERS = {
    "json": "pnews.formats.json:write_json",
    "jsonl": "pnews.formats.json:write_jsonl",
    "text": "pnews.formats.text:write_text",
    "tokens": "pnews.formats.text:write_tokens",
    "conll": "pnews.formats.conll:write_conll",
    "table": "pnews.formats.table:write_table",
}


def writer(name: str) -> Writer:
    """The writer of a format, imported when asked for."""
    module, function = _WRITERS[name].split(":")
    found: Writer = getattr(import_module(module), function)
    return found


def write_one_or_lines(documents: Iterable[Document], stream: BinaryIO) -> None:
    """JSON for one document, JSON Lines for more."""
    several: Iterator[Document] = iter(documents)
    head = list(islice(several, 2))
    writer("json" if len(head) == 1 else "jsonl")(chain(head, several), stream)
