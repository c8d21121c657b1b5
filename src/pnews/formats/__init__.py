"""Readers and writers, one file a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from io import BufferedReader
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from pnews.document import Document
from pnews.errors import InputError
from pnews.formats.output import opened

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


class Format(NamedTuple):
    """A row of the table: where the writer is, the file names it is for, the extra it needs.

    `extra` is a package and the extra of pnews that installs it.
    """

    writer: str
    endings: tuple[str, ...] = ()
    extra: tuple[str, str] | None = None


FORMATS = {
    "auto": Format("pnews.formats:write_one_or_lines"),
    "json": Format("pnews.formats.json:write_json"),
    "jsonl": Format("pnews.formats.json:write_jsonl", (".jsonl", ".ndjson")),
    "jsonl.gz": Format("pnews.formats.json_compressed:write_gzip", (".jsonl.gz",)),
    "jsonl.zst": Format("pnews.formats.json_compressed:write_zstd", (".jsonl.zst",)),
    "text": Format("pnews.formats.text:write_text"),
    "tokens": Format("pnews.formats.text:write_tokens"),
    "parquet": Format("pnews.formats.parquet:write_parquet", (".parquet",), ("pyarrow", "parquet")),
    "sqlite": Format("pnews.formats.sqlite:write_sqlite", (".sqlite", ".sqlite3", ".db")),
    "csv": Format("pnews.formats.csv:write_csv", (".csv",)),
    "tsv": Format("pnews.formats.csv:write_tsv", (".tsv",)),
    "conll": Format("pnews.formats.conll:write_conll", (".conll",)),
    "brat": Format("pnews.formats.brat:write_brat", (".brat.tar.gz", ".brat.tgz")),
    "table": Format("pnews.formats.table:write_table"),
}
"""All that can be written. Those with endings can hold any number of documents in one file."""

OUTPUTS = tuple(name for name, format_ in FORMATS.items() if format_.endings)
"""The formats of `write_file`, and what `--to` takes."""


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
    module, function = FORMATS[name].writer.split(":")
    found: Writer = getattr(import_module(module), function)
    return found


def output_format(name: str, to: str | None = None) -> str:
    """The format of a file by the end of its name, or `to`; `-`, standard output, is JSON Lines.

    Raises InputError for an ending or format that isn't one of `OUTPUTS`, and where what it needs
    isn't installed. Ask before the work is done.
    """
    found = to or format_by_ending(name)
    if found is None:
        endings = " ".join(ending for format_ in FORMATS.values() for ending in format_.endings)
        raise InputError(f"{name}: no format ends like this; use one of {endings} or --to")
    if found not in OUTPUTS:
        raise InputError(f"{name}: {found!r} is no file format; use one of {' '.join(OUTPUTS)}")
    if extra := FORMATS[found].extra:
        try:
            import_module(extra[0])
        except ImportError as error:
            raise InputError(
                f"{name}: {found} needs {extra[0]} ({error}); pip install 'pnews[{extra[1]}]'"
            ) from None
    return found


def format_by_ending(name: str) -> str | None:
    """Which of `OUTPUTS` a file's name asks for, if any."""
    if name == "-":
        return "jsonl"
    for format_ in OUTPUTS:
        if name.lower().endswith(FORMATS[format_].endings):
            return format_
    return None


def write_file(documents: Iterable[Document], name: str, *, to: str | None = None) -> None:
    """Write documents to a file in the format of its name, or `to`: whole or not at all.

    The same documents give the same bytes. Memory doesn't grow with their number. Raises
    InputError as `output_format` does, and where the folder can't be written.
    """
    write = writer(output_format(name, to))
    with opened(name) as stream:
        write(documents, stream)


def write_one_or_lines(documents: Iterable[Document], stream: BinaryIO) -> None:
    """JSON for one document, JSON Lines for more."""
    several: Iterator[Document] = iter(documents)
    head = list(islice(several, 2))
    writer("json" if len(head) == 1 else "jsonl")(chain(head, several), stream)
