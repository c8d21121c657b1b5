"""Readers and writers, one file a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from io import BufferedReader
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

from pnews.document import Document
from pnews.errors import InputError

if TYPE_CHECKING:
    from pnews.formats.items import Item, Reading

Writer = Callable[[Iterable[Document], BinaryIO], None]
Reader = Callable[["BufferedReader", str, str, "Reading"], Iterator["Item"]]
"""Takes a stream, the place and the id of the whole, and how to read; gives its documents."""

_READERS = {
    ".jsonl": "pnews.formats.items:read_lines",
    ".ndjson": "pnews.formats.items:read_lines",
    ".csv": "pnews.formats.csv_records:read_csv",
    ".tsv": "pnews.formats.csv_records:read_csv",
    ".parquet": "pnews.formats.parquet_records:read_parquet",
    ".zip": "pnews.formats.archives:read_zip",
    ".tar": "pnews.formats.archives:read_tar",
}
"""What holds several documents, by the end of its name (less `.gz` and the like)."""

TOLD_BY_START = (".txt", ".html", ".htm", ".xhtml", ".json")
"""Endings of what `formats.read` tells apart by its start."""

_WRITERS = {
    "json": "pnews.formats.json:write_json",
    "jsonl": "pnews.formats.json:write_jsonl",
    "text": "pnews.formats.text:write_text",
    "tokens": "pnews.formats.text:write_tokens",
    "conll": "pnews.formats.conll:write_conll",
    "table": "pnews.formats.table:write_table",
}


def reader(name: str) -> Reader | None:
    """The reader of a file of several documents, imported when asked for; None for others."""
    found = next((row for ending, row in _READERS.items() if name.lower().endswith(ending)), None)
    if found is None:
        return None
    module, function = found.split(":")
    made: Reader = getattr(import_module(module), function)
    return made


def is_known(name: str) -> bool:
    """Whether a file's name ends as one that is read, once unpacked."""
    return name.lower().endswith((*_READERS, *TOLD_BY_START))


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


def output_format(name: str, to: str | None = None) -> str:
    """The format of an output file, by its ending or as `to` says; raises InputError."""
    found = to or ("jsonl" if name.endswith(".jsonl") else "")
    if found != "jsonl":
        raise InputError(f"{name}: no format of that ending; choose from .jsonl")
    return found


def write_file(documents: Iterable[Document], name: str, *, to: str | None = None) -> None:
    """Documents into a file, whole or not at all, in the format of its ending or in `to`."""
    from pnews.formats.output import opened

    with opened(name) as stream:
        writer(output_format(name, to))(documents, stream)
